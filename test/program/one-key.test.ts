// Several keys in one piece, as a slow line brings them.
import {EventEmitter} from 'node:events';
import fc from 'fast-check';
import {expect, test} from 'vitest';
import {Keys, oneKeyAtATime} from '../../source/program/one-key.ts';

const split = (...pieces: readonly string[]) => {
  const keys = new Keys();
  return pieces.flatMap(piece => keys.of(piece));
};

test.each([
  [['2\r'], ['2', '\r']],
  [['\u001B[A\u001B[1;5Bq'], ['\u001B[A', '\u001B[1;5B', 'q']],
  [['jö\u007F\t'], ['j', 'ö', '\u007F', '\t']],
  [['\u001BOPx\u001B[[Ay'], ['\u001BOP', 'x', '\u001B[[A', 'y']],
  [['\u001Ba\u001B'], ['\u001Ba', '\u001B']],
  [['x'.repeat(40)], ['x'.repeat(40)]],
  [['e\u001B[200~two\nlines\u001B[201~\r'], ['e', '\u001B[200~two\nlines\u001B[201~', '\r']],
  [
    ['\u001B[200~in ', 'three\r', ' pieces\u001B[201~q'],
    ['\u001B[200~in ', 'three\r', ' pieces\u001B[201~', 'q'],
  ],
])('%j are the keys %j', (pieces, keys) => {
  expect(split(...pieces)).toEqual(keys);
});

test('nothing is lost and nothing made up, whatever comes', () => {
  const piece = fc.string({
    unit: fc.constantFrom('a', '\u001B', '[', '2', '0', '1', '~', '\r', 'ö', '😀', 'O', ';'),
  });
  fc.assert(
    fc.property(fc.array(piece, {maxLength: 8}), pieces => {
      expect(split(...pieces).join('')).toBe(pieces.join(''));
    }),
  );
});

class Keyboard extends EventEmitter {
  readonly pieces: string[] = [];
  isTTY = true;
  read = () => this.pieces.shift() ?? null;
  type(piece: string) {
    this.pieces.push(piece);
    this.emit('readable');
  }
}

test('a screen that listens after the first key is given the next one, also where nobody listened between', async () => {
  const real = new Keyboard();
  const keyboard = oneKeyAtATime(real as unknown as NodeJS.ReadStream);
  const heard: string[] = [];
  const done = Promise.withResolvers<void>();
  const second = () => {
    for (let key = keyboard.read(); key !== null; key = keyboard.read()) heard.push(`second ${key}`);
    if (heard.length === 3) done.resolve();
  };
  const first = () => {
    for (let key = keyboard.read(); key !== null; key = keyboard.read()) heard.push(`first ${key}`);
    keyboard.removeListener('readable', first);
    setTimeout(() => keyboard.addListener('readable', second), 1);
  };
  keyboard.addListener('readable', first);
  real.type('e2\r');
  await done.promise;
  expect(heard).toEqual(['first e', 'second 2', 'second \r']);
  expect(keyboard.isTTY).toBe(true);
});
