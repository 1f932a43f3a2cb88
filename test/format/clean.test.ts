import fc from 'fast-check';
import {expect, test} from 'vitest';
import {cleanText} from '../../source/format/clean.ts';
import {anyCharacter} from '../helpers/any-character.ts';

test.each([
  ['colour and cursor sequences', 'a\x1b[31;1mb\x1b[2Jc', 'abc'],
  ['8-bit control sequences', 'a\x9b31mb', 'ab'],
  ['window titles and hyperlinks', 'a\x1b]0;owned\x07b\x1b]8;;http://x.example\x1b\\c', 'abc'],
  ['device control strings', 'a\x1bPq#0;1\x1b\\b', 'ab'],
  ['a string is no longer than up to the next one', 'a\x9db\x9dc\x07d\x90e\x1b]f\x9c', 'abde'],
  ['an unfinished sequence keeps its text', 'a\x1b]0;rest', 'a0;rest'],
  ['bidi overrides and isolates', 'exe\u202egpj\u202c \u2066x\u2069', 'exegpj x'],
  ['zero width and blank letters', 'a\u200bb\u200d\ufeffc\u3164\u00add', 'abcd'],
  ['bell, backspace, NUL, DEL', 'a\x07b\x08c\0d\x7f', 'abcd'],
  ['line breaks of every kind', 'a\r\nb\nc\u2028d\x85e', 'a b c d e'],
  ['a tab', 'a\tb', 'a b'],
  ['lone surrogates', 'a\ud800b\udc00', 'a\ufffdb\ufffd'],
  ['what is honest stays', ' Gelöschte Elemente 日本 😀 ', ' Gelöschte Elemente 日本 😀 '],
])('%s', (_name, dirty, clean) => {
  expect(cleanText(dirty)).toBe(clean);
});

test('stacks of combining marks are cut down', () => {
  expect(cleanText(`a${'\u0301'.repeat(200)}b`)).toBe(`a${'\u0301'.repeat(8)}b`);
});

test('the length is bounded by code points, and dots say so', () => {
  expect(cleanText('😀'.repeat(10), 10)).toBe('😀'.repeat(10));
  // Dots that a terminal without Unicode shows too.
  expect(cleanText('😀'.repeat(11), 10)).toBe(`${'😀'.repeat(7)}...`);
});

test('no text whatever leaves anything a terminal would act on', () => {
  const hostile = fc.array(
    fc.oneof(
      fc.constantFrom(
        '\x1b',
        '\x1b[',
        '\x1b]',
        '\x9b',
        '\x9d',
        '\x07',
        '\r',
        '\n',
        '\u202e',
        '\u200b',
        '\ud83d',
      ),
      fc.string({unit: anyCharacter, maxLength: 6}),
    ),
    {maxLength: 60},
  );
  fc.assert(
    fc.property(hostile, fc.integer({min: 1, max: 80}), (parts, most) => {
      const cleaned = cleanText(parts.join(''), most);
      expect(cleaned).not.toMatch(/[\p{Cc}\p{Cf}]/u);
      expect(cleaned.isWellFormed()).toBe(true);
      expect([...cleaned].length).toBeLessThanOrEqual(most);
      expect(cleanText(cleaned, most)).toBe(cleaned);
    }),
  );
});

test('no character that draws nothing gets through between letters', () => {
  const unwanted =
    /[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}\p{Cs}\u2028\u2029]/u;
  const all = Array.from({length: 0x10000}, (_, code) => String.fromCharCode(code));
  expect(all.filter(each => unwanted.test(cleanText(`a${each}b`)))).toEqual([]);
  expect(all.filter(each => /\p{M}/u.test(each) && cleanText(each.repeat(9)).length === 9)).toEqual([]);
});

test('a text of many megabytes costs no more than its bound', () => {
  expect(cleanText('\x1b]'.repeat(10_000_000), 20)).toBe('...');
});

test('blanks without end cost no more than other text', () => {
  // Looked through from each blank again, these take minutes.
  for (let count = 0; count < 100; count++) expect(cleanText('\t'.repeat(45_000), 2000)).toHaveLength(2000);
});
