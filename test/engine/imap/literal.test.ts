// Literals in pieces.
import {expect, test} from 'vitest';
import {emptyLiteral, Literal, Pieces} from '../../../source/engine/imap/literal.ts';

test('bytes and beginnings are the same however the pieces lie', () => {
  const text = 'Subject: x\r\n\r\nbody';
  for (const size of [1, 2, 5, text.length]) {
    const pieces = [];
    for (let at = 0; at < text.length; at += size) pieces.push(Buffer.from(text.slice(at, at + size)));
    const literal = new Literal(pieces);
    expect([literal.length, literal.bytes.toString()]).toEqual([text.length, text]);
    const begun = literal.beginning(bytes => bytes.includes('\r\n\r\n')).toString();
    expect(text.startsWith(begun) && begun.includes('\r\n\r\n')).toBe(true);
    expect(literal.beginning(() => false).toString()).toBe(text);
  }
  expect([
    emptyLiteral.length,
    emptyLiteral.bytes.length,
    emptyLiteral.beginning(() => false).length,
  ]).toEqual([0, 0, 0]);
});

test('the beginning of a literal in twenty thousand pieces is looked at a few times only', () => {
  const literal = new Literal(Array.from({length: 20_000}, () => Buffer.from('x')));
  let looks = 0;
  const whole = literal.beginning(() => {
    looks++;
    return false;
  });
  expect([whole.length, looks <= 20]).toEqual([20_000, true]);
});

test('pieces come out as they went in, small ones joined', () => {
  const pieces = new Pieces();
  const bytes = Buffer.from(Array.from({length: 100_000}, (_, at) => at % 251));
  for (let at = 0; at < bytes.length; at++) pieces.add(bytes.subarray(at, at + 1));
  const joined = pieces.take();
  expect(joined.length).toBeLessThan(1000);
  expect(Buffer.concat(joined).equals(bytes)).toBe(true);
  expect(pieces.empty).toBe(true);
  const large = Array.from({length: 600}, () => Buffer.alloc(4096));
  for (const piece of large) pieces.add(piece);
  expect(pieces.take()).toEqual(large);
});
