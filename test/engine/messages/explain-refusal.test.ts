// Refusals without a reason, and the messages they were for.
import fc from 'fast-check';
import {expect, test} from 'vitest';
import {examineMessage} from '../../../source/engine/messages/examine.ts';
import {explainRefusal} from '../../../source/engine/messages/explain-refusal.ts';

const bad11 = 'Command Argument Error. 11';

function explained(text: string, words = bad11, limit?: number) {
  const bytes = Buffer.from(text, 'latin1');
  const findings = examineMessage(bytes);
  return explainRefusal(words, {size: bytes.length, findings, ...(limit === undefined ? {} : {limit})});
}
const code = (text: string, words?: string, limit?: number) => explained(text, words, limit)?.code;

function parts(count: number): string {
  return `Content-Type: multipart/mixed; boundary=b\r\n\r\n${'--b\r\n\r\nx\r\n'.repeat(count)}--b--\r\n`;
}

test('the limits are the last that is taken', () => {
  const line = (length: number) => `Subject: x\r\n\r\n${'y'.repeat(length)}\r\n`;
  expect(code(line(10_239))).toBe('message-refused-unexplained');
  expect(code(line(10_240))).toBe('message-line-too-long');
  expect(code(line(10_240), 'Command Error. 10')).toBe('message-line-too-long');
  expect(code(parts(250))).toBe('message-refused-unexplained');
  expect(code(parts(251))).toBe('message-too-many-parts');
  // Where counting ends, it is not said that the message does.
  const sentence = (message: string) => explained(message)?.sentence;
  expect(sentence(parts(251))).toContain('has 251 parts');
  expect(sentence(parts(1500))).toContain('has at least 1,001 parts');
  expect(sentence(`Subject: x\r\n${'Content-Type: message/rfc822\r\n\r\n'.repeat(300)}`)).toContain(
    'at least 100 levels deep',
  );
  expect(code('Subject: x\r\n\r\nabc', bad11, 17)).toBe('message-refused-unexplained');
  expect(code('Subject: x\r\n\r\nabc', bad11, 16)).toBe('message-too-large');
});

test('a multipart in a multipart counts with all its parts, and each level once', () => {
  const inner = parts(3);
  const both = `Content-Type: multipart/mixed; boundary=c\r\n\r\n--c\r\n${inner}\r\n--c\r\n\r\ny\r\n--c--\r\n`;
  expect(examineMessage(Buffer.from(both))).toMatchObject({parts: 5, depth: 2});
});

test('an unknown charset is found in any header of any message inside, a language suffix is none', () => {
  expect(explained('Subject: =?TELETEX?Q?x?=\r\n\r\nx')?.sentence).toContain('TELETEX');
  expect(code('Subject: =?utf-8*en?B?eA==?= =?iso-8859-1?Q?x?=\r\n\r\nx')).toBe(
    'message-refused-unexplained',
  );
});

test('words that are not of this kind are left to the catalogue', () => {
  for (const words of [
    'Request is throttled. Suggested Backoff Time: 5 milliseconds',
    'Server Unavailable. 15',
    '',
  ])
    expect(explained('Subject: x\r\n\r\nx', words)).toBeUndefined();
});

test('no message, however broken, makes it throw or hang', () => {
  const piece = fc.constantFrom(
    'Content-Type: multipart/mixed; boundary=b\r\n\r\n',
    'Content-Type: message/rfc822\r\n\r\n',
    '--b\r\n',
    '--b--\r\n',
    '\r\n',
    '\n',
    '=?x?B?',
    '\0',
    'Subject: a\r\n',
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(piece, fc.string()), {maxLength: 60}), pieces => {
      const said = explained(pieces.join(''));
      expect(said?.scope).toBe('message');
      expect(said?.verdict).toBe('skip');
    }),
  );
  examineMessage(Buffer.from('Content-Type: message/rfc822\r\n\r\n'.repeat(20_000)));
});
