import fc from 'fast-check';
import {expect, test} from 'vitest';
import {readStructure} from '../../../source/engine/imap/body-structure.ts';

const text = (bytes = 12, lines = 1) =>
  `("text" "plain" ("charset" "utf-8") NIL NIL "7bit" ${bytes} ${lines} NIL NIL NIL NIL)`;
const envelope = '("Thu, 1 Oct 2020" "a (b) \\"c\\"" (("A" NIL "a" "b.c")) NIL NIL NIL NIL NIL NIL "<1@b>")';
const message = (inner: string) =>
  `("message" "rfc822" NIL NIL NIL "7bit" 400 ${envelope} ${inner} 20 NIL NIL NIL NIL)`;
const multipart = (...parts: readonly string[]) =>
  `(${parts.join('')} "mixed" ("boundary" "x") ("attachment" ("filename" "y")) NIL NIL)`;
const before = '* 1 FETCH (UID 7 BODYSTRUCTURE ';
const read = (value: string) => readStructure(`${before}${value})`, before.length);

test('a text alone has no parts and no depth', () => {
  expect(read(text())).toEqual({parts: 0, depth: 0, longestLine: 5});
});

test('the parts of all multiparts count together, also those inside messages', () => {
  const inner = message(multipart(text(), text(), text()));
  expect(read(multipart(text(), multipart(text(), text()), inner))).toMatchObject({parts: 8, depth: 3});
});

test('messages inside messages count by level', () => {
  let nested = text();
  for (let level = 0; level < 31; level++) nested = message(nested);
  expect(read(nested)).toMatchObject({parts: 0, depth: 31});
});

test('a text of many bytes in few lines has a long line', () => {
  expect(read(multipart(text(), text(50_002, 1)))?.longestLine).toBe(25_000);
  expect(read(text(50_000, 0))?.longestLine).toBe(50_000);
  expect(read(text(7800, 100))?.longestLine).toBeLessThan(78);
});

test('NIL where something should be, literals, and what breaks off', () => {
  expect(read('("text" "plain" NIL NIL NIL NIL 12 1)')).toMatchObject({parts: 0});
  expect(read('("application" "pdf" ("name" {12}) NIL NIL "base64" 50000)')).toEqual({
    parts: 0,
    depth: 0,
    longestLine: 0,
  });
  for (const value of ['', 'NIL', '("text" (', '('.repeat(5000), ')']) expect(read(value)).toBeUndefined();
});

test('whatever a server sends, reading ends', () => {
  const piece = fc.constantFrom(
    '(',
    ')',
    '"',
    '\\',
    ' ',
    'NIL',
    '{3}',
    '"text"',
    '"message"',
    '"rfc822"',
    '99',
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(piece, fc.string()), {maxLength: 60}), pieces => {
      const found = readStructure(pieces.join(''), 0);
      if (found !== undefined) expect(found.parts).toBeGreaterThanOrEqual(0);
    }),
  );
});
