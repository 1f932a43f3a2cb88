import fc from 'fast-check';
import stringWidth from 'string-width';
import {describe, expect, test} from 'vitest';
import {cellWidth, fit, truncate} from '../../source/format/fit.ts';
import {anyCharacter} from '../helpers/any-character.ts';

const mixed = fc
  .array(
    fc.constantFrom(
      'a',
      'é',
      'e\u0301',
      '界',
      '한',
      '👍🏽',
      '👨‍👩‍👧',
      '🇩🇪',
      '\t',
      '\n',
      '\u001b[31m',
      '\u202e',
      ' ',
      'ไทย',
      '\u200b',
      '…',
    ),
  )
  .map(parts => parts.join(''));

describe('fit', () => {
  test('is exactly as wide as asked, whatever the text', () => {
    fc.assert(
      fc.property(
        fc.oneof(mixed, fc.string({unit: anyCharacter})),
        fc.integer({min: 0, max: 30}),
        fc.constantFrom('left', 'right', 'center'),
        fc.constantFrom('end', 'middle'),
        (text, width, align, ellipsis) => {
          expect(stringWidth(fit(text, width, {align, ellipsis}))).toBe(width);
        },
      ),
      {numRuns: 500},
    );
  });

  test('aligns', () => {
    expect(fit('ab', 5)).toBe('ab   ');
    expect(fit('ab', 5, {align: 'right'})).toBe('   ab');
    expect(fit('ab', 5, {align: 'center'})).toBe(' ab  ');
  });

  test('pads where a wide character does not fit into the last cell', () => {
    expect(fit('世界世界', 6)).toBe('世界… ');
  });

  test('lets no control character through', () => {
    expect(fit('a\u001b[2Jb\r\n', 12)).toBe('a [2Jb      ');
  });
});

describe('truncate', () => {
  test('keeps what fits as it is', () => {
    expect(truncate('Sent Items', 10)).toBe('Sent Items');
  });

  test('cuts at the end or in the middle', () => {
    expect(truncate('Projects/2026/Munich', 10)).toBe('Projects/…');
    expect(truncate('Projects/2026/Munich', 10, {ellipsis: 'middle'})).toBe('Proje…nich');
    expect(truncate('Projects', 5, {mark: '~'})).toBe('Proj~');
  });

  test('never splits a family or a combining accent', () => {
    expect(truncate('👨‍👩‍👧👨‍👩‍👧👨‍👩‍👧', 4)).toBe('👨‍👩‍👧…');
    expect(truncate('e\u0301e\u0301e\u0301', 2)).toBe('e\u0301…');
    expect(cellWidth('e\u0301')).toBe(1);
  });

  test('has no room for the mark at width 0', () => {
    expect(truncate('abc', 0)).toBe('');
    expect(truncate('abc', 1)).toBe('…');
  });
});
