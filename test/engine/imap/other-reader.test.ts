// What is taken of an answer that imapflow has read: a message as it came, or nothing.
import fc from 'fast-check';
import parser from 'imapflow/lib/handler/imap-parser.js';
import {expect, it} from 'vitest';
import {messageOf} from '../../../source/engine/imap/other-reader.ts';

const message = Buffer.from('Subject: \xfc\r\n\r\n)\0\xff\r\n', 'latin1');
const sound = (body = `{${message.length}}\r\n`, size = message.length) =>
  `* 3 FETCH (UID 7 FLAGS (\\Seen NIL $\xc3\xbc) INTERNALDATE " 1-Jul-1996 02:44:25 -0700" RFC822.SIZE ${size} BODY[] ${body})`;

/** @param line as it came, literals taken out */
async function read(line: string, literals: readonly Buffer[] = [message]) {
  const {attributes} = await parser(Buffer.from(line, 'latin1'), {literals: [...literals]});
  return messageOf((attributes as Parameters<typeof messageOf>[0][] | undefined)?.[1], 7);
}

it('a message is taken as it came', async () => {
  const taken = await read(sound());
  expect(taken).toMatchObject({
    uid: 7,
    // Latin-1, as our own reader gives them.
    flags: ['\\Seen', 'NIL', '$\xc3\xbc'],
    internalDate: ' 1-Jul-1996 02:44:25 -0700',
    size: message.length,
  });
  expect(taken?.body?.bytes).toEqual(message);
  expect((await read(sound('"a \\"b\\" \xc3\xbc"', 8), []))?.body?.bytes).toEqual(Buffer.from('a "b" ü'));
});

it.each([
  ['another UID', sound().replace('UID 7', 'UID 8')],
  ['no UID', sound().replace('UID 7 ', '')],
  ['no flags', sound().replace(/FLAGS \(.*?\) /, '')],
  ['flags that are no list', sound().replace(/FLAGS \(.*?\) /, 'FLAGS NIL ')],
  ['a list for a flag', sound().replace('\\Seen', '(\\Seen)')],
  ['no date', sound().replace(/INTERNALDATE ".*?" /, '')],
  ['no size', sound().replace(/RFC822.SIZE \d+ /, '')],
  ['another size', sound(undefined, message.length + 1)],
  ['a part of the message', sound().replace('BODY[]', 'BODY[TEXT]')],
  ['no message', sound('NIL')],
  ['a string that was no UTF-8', sound('"\xff"', 3)],
  ['nothing', '* 3 FETCH ()'],
  ['no list', '* 3 FETCH 7'],
])('nothing is taken where there is %s', async (_, line) => {
  expect(await read(line)).toBeUndefined();
});

it('nothing is taken for the message but its own bytes, however the answer is damaged', async () => {
  const edit = fc.record({
    at: fc.nat(sound().length),
    cut: fc.nat(12),
    put: fc.string({unit: fc.constantFrom(...'()[]{}"\\ <>.*~70\0\xff'), maxLength: 4}),
  });
  let taken = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(edit, {maxLength: 3}), async edits => {
      const line = edits.reduce(
        (text, {at, cut, put}) => text.slice(0, at) + put + text.slice(at + cut),
        sound(),
      );
      const found = await read(line).catch(() => undefined);
      if (found === undefined) return;
      taken++;
      expect(found.uid).toBe(7);
      expect(found.body?.bytes).toEqual(message);
    }),
    {numRuns: 2000},
  );
  // Some damage does no harm, and a check of nothing would be none.
  expect(taken).toBeGreaterThan(100);
});
