import fc from 'fast-check';
import {expect, test} from 'vitest';
import {cellWidth} from '../../source/format/fit.ts';
import {barParts, eighths, share} from '../../source/ui/bar.ts';
import {
  clipLine,
  joinPieces,
  joinRanked,
  lineText,
  lineWidth,
  span,
  spread,
  wrapText,
} from '../../source/ui/cells.ts';
import {sparkline} from '../../source/ui/sparkline.ts';
import {symbols, useAsciiSymbols} from '../../source/ui/theme.ts';
import {movedIndex} from '../../source/ui/virtual-list.ts';

const words = fc.string({unit: fc.constantFrom('a', 'é', '会', '👩‍👩‍👧', ' ', 'z'), maxLength: 40});
const width = fc.integer({min: 0, max: 60});

test('lines are never wider than asked, whatever they hold', () => {
  fc.assert(
    fc.property(fc.array(words, {maxLength: 5}), width, (texts, room) => {
      const line = texts.map(text => span(text));
      expect(lineWidth(clipLine(line, room))).toBeLessThanOrEqual(room);
      expect(lineWidth(spread(line, [span('right')], room))).toBeLessThanOrEqual(room);
      const segments = texts.map((text, rank) => ({line: [span(text)], rank}));
      expect(lineWidth(joinRanked(segments, room, 3))).toBeLessThanOrEqual(room);
      for (const part of wrapText(texts.join(' '), Math.max(1, room), 3)) {
        expect(cellWidth(part)).toBeLessThanOrEqual(Math.max(1, room));
      }
    }),
  );
});

test('joined pieces read the same, up to blanks at the end', () => {
  fc.assert(
    fc.property(fc.array(words, {maxLength: 6}), texts => {
      const line = texts.map((text, index) => (index % 2 === 0 ? span(text) : span(text, 'ok')));
      expect(lineText(joinPieces(line)).trimEnd()).toBe(lineText(line).trimEnd());
    }),
  );
  expect(
    joinPieces([span('a', 'ok'), span('  '), span('b', 'ok'), span(' '), span('c'), span('  ')]),
  ).toEqual([span('a  b ', 'ok'), span('c')]);
});

test('the least important segments go first and the rest keep their order', () => {
  const segments = [
    {line: [span('rate')], rank: 2},
    {line: [span('left')], rank: 0},
    {line: [span('failed')], rank: 1},
  ];
  expect(lineText(joinRanked(segments, 18, 2))).toBe('rate  left  failed');
  expect(lineText(joinRanked(segments, 17, 2))).toBe('left  failed');
  expect(lineText(joinRanked(segments, 9, 2))).toBe('left');
});

test('a wrapped sentence loses no word and marks where it is cut', () => {
  expect(wrapText('Ask the administrator to switch IMAP on', 20, 3)).toEqual([
    'Ask the',
    'administrator to',
    'switch IMAP on',
  ]);
  expect(wrapText('Ask the administrator to switch IMAP on', 20, 2)).toEqual([
    'Ask the',
    'administrator to sw…',
  ]);
});

test('bars are exact: never full before the end, never empty once begun', () => {
  fc.assert(
    fc.property(
      fc.double({min: 0, max: 1, noNaN: true}),
      fc.integer({min: 1, max: 60}),
      (fraction, cells) => {
        const text = eighths(fraction, cells);
        expect(cellWidth(text)).toBe(cells);
        expect(text === '█'.repeat(cells)).toBe(fraction === 1);
        expect(text.trim() === '').toBe(fraction === 0);
        const {filled, empty} = barParts(fraction, cells);
        expect(filled.length + empty.length).toBe(cells);
        if (fraction < 1) expect(empty).not.toBe('');
      },
    ),
  );
  expect(eighths(0.5, 3)).toBe('█▌ ');
  expect([share(1, 0), share(-1, 5), share(9, 5), share(Number.NaN, 5)]).toEqual([0, 0, 1, 0]);
});

test('bars and sparklines have ASCII twins of the same width', () => {
  useAsciiSymbols(true);
  try {
    expect(eighths(0.5, 4)).toBe('##  ');
    expect(cellWidth(eighths(0.33, 7))).toBe(7);
    expect(sparkline([0, 5, 10], 3)).toBe('_=#');
    expect([...(symbols.barEmpty + symbols.barFull)].every(sign => sign < '\u007f')).toBe(true);
  } finally {
    useAsciiSymbols(false);
  }
});

test('the sparkline shows the newest values and what was before as nothing', () => {
  expect(sparkline([9, 0, 4, 8], 3)).toBe('▁▅█');
  expect(sparkline([8], 3)).toBe('▁▁█');
  expect(sparkline([], 3)).toBe('▁▁▁');
  expect(sparkline([1, 2], 0)).toBe('');
});

test('moves stay inside the list', () => {
  expect(movedIndex('up', 0, 5, 10)).toBe(0);
  expect(movedIndex('down', 9, 5, 10)).toBe(9);
  expect(movedIndex('page-down', 0, 5, 10)).toBe(4);
  expect(movedIndex('page-up', 2, 5, 10)).toBe(0);
  expect(movedIndex('last', 0, 5, 10)).toBe(9);
  expect(movedIndex('down', 0, 5, 0)).toBe(0);
});
