import {PassThrough, Writable} from 'node:stream';
import {expect, test} from 'vitest';
import {tellLostOutput} from '../../source/program/lost-output.ts';

const failure = (code: string, message = 'refused') => Object.assign(new Error(message), {code});

function streams() {
  let said = '';
  const stdout = new PassThrough();
  const stderr = new Writable({
    write(text, _encoding, done) {
      said += String(text);
      done();
    },
  });
  const pipes = {stdout, stderr} as unknown as Parameters<typeof tellLostOutput>[0];
  return {stdout, stderr, pipes, told: () => said};
}

test.each([
  ['ENOSPC', 'no space is left for it'],
  ['EDQUOT', 'no space is left for it'],
  ['EFBIG', 'no space is left for it'],
  ['EBADF', 'a b'],
])('output that cannot be written (%s) is told once, in clean words, and remembered', (code, why) => {
  const {stdout, pipes, told} = streams();
  const lost = tellLostOutput(pipes, 'The run goes on.');
  expect(lost()).toBe(false);
  for (let count = 0; count < 2; count++) stdout.emit('error', failure(code, 'a\u001b]0;x\u0007 b'));
  expect(told()).toBe(`Standard output cannot be written: ${why}. The run goes on.\n`);
  expect(lost()).toBe(true);
});

test.each(['EPIPE', 'EIO'])('a reader that has left (%s) has what it wanted', code => {
  const {stdout, pipes, told} = streams();
  const lost = tellLostOutput(pipes, '');
  stdout.emit('error', failure(code));
  expect([told(), lost()]).toEqual(['', false]);
});

test('where nothing can be said any more the work goes on', () => {
  const {stderr, pipes} = streams();
  tellLostOutput(pipes, '');
  expect(() => stderr.emit('error', failure('EPIPE'))).not.toThrow();
});
