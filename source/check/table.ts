// The check of many mailboxes as text: a line a mailbox, then what stands in the way by cause, then what it all comes
// to. Pure; as wide as the terminal is, or unbroken.

import {detailWords} from '../engine/problems/detail.ts';
import {formatBytes} from '../format/bytes.ts';
import {cleanText} from '../format/clean.ts';
import {countOf, formatCount} from '../format/count.ts';
import {formatForecast, formatRange} from '../format/duration.ts';
import {cellWidth} from '../format/fit.ts';
import {exact, foreign, wrapText} from '../ui/cells.ts';
import {symbols} from '../ui/theme.ts';
import {mailWords, sizeWords, withinDates} from './asked.ts';
import type {Cause} from './causes.ts';
import {longestText, oneLine, unbroken} from './one-line.ts';
import type {CheckRow, CheckTotals} from './row.ts';

type Column = {
  readonly title: string;
  readonly width: number;
  /** Terminals narrower than this do without it. */
  readonly from: number;
  readonly text: (row: CheckRow) => string;
};

const columns: readonly Column[] = [
  {title: 'FOLDERS', width: 9, from: 80, text: row => `${row.selectedFolders} of ${row.folders}`},
  {title: 'MESSAGES', width: 10, from: 0, text: row => leastOf(formatCount(row.messages), row.uncounted)},
  {title: 'SIZE', width: 9, from: 0, text: row => sizeCell(row)},
  {title: 'STAY', width: 8, from: 100, text: row => formatCount(row.excluded)},
  {title: 'REFUSED', width: 8, from: 110, text: row => (row.refused === 0 ? '' : formatCount(row.refused))},
  {
    title: 'FREE',
    width: 9,
    from: 100,
    text: row => (row.freeBytes === undefined ? '' : formatBytes(row.freeBytes)),
  },
  {
    title: 'TIME',
    width: 15,
    from: 80,
    text: ({forecast}) => (forecast === undefined ? '' : formatRange(forecast.low, forecast.high)),
  },
];

/** '20 GB+' where some folders are not in it. */
function leastOf(number: string, missing: number | undefined): string {
  return missing === undefined ? number : `${number}+`;
}

function sizeCell({bytes, unsized, uncounted}: CheckRow): string {
  if (unsized !== undefined && bytes === 0) return '';
  return leastOf(formatBytes(bytes), unsized ?? uncounted);
}

const glyphWidth = 2;
const least = 16;

/** Beside a mailbox where there is so much room, else below it. */
const leastBeside = 40;
const mostReasonLines = 5;

/** A heading and a line a mailbox, in the order of the list; why one cannot be copied may take more lines. */
export function tableLines(rows: readonly CheckRow[], width: number): string[] {
  // A column in which nobody has anything is left out: no server tells it.
  const shown = columns.filter(
    column => column.from <= width && rows.some(row => row.state === 'ready' && column.text(row) !== ''),
  );
  const taken = shown.reduce((all, column) => all + column.width + 1, glyphWidth);
  const longest = rows.reduce((most, row) => Math.max(most, cellWidth(foreign(row.source))), 7);
  const name = Math.max(least, Math.min(longest, width - taken));
  const line = (glyph: string, mailbox: string, cells: readonly string[]) =>
    `${glyph.padEnd(glyphWidth)}${exact(mailbox, name, {ellipsis: 'middle'})}${cells.join('')}`.trimEnd();
  const head = shown.map(column => ` ${column.title.padStart(column.width)}`);
  return [
    line('', 'MAILBOX', head),
    ...rows.flatMap(row => {
      const mailbox = foreign(row.source);
      if (row.state !== 'ready') {
        const why = cleanText(row.problems[0]?.sentence ?? '', longestText);
        if (width === unbroken) return line(symbols.cross, mailbox, [`  ${why}`]);
        const beside = width - name - glyphWidth - 2;
        const room = beside < leastBeside ? width - 4 : beside;
        const reason = wrapText(why, room, mostReasonLines);
        const first = room === beside ? [`  ${reason.shift() ?? ''}`] : [];
        const below = ' '.repeat(width - room);
        return [line(symbols.cross, mailbox, first), ...reason.map(text => below + text)];
      }
      const cells = shown.map(column => ` ${column.text(row).padStart(column.width)}`);
      return line(row.problems.length === 0 ? symbols.tick : symbols.warning, mailbox, cells);
    }),
  ];
}

/** Mailboxes named under one cause; check.csv has them all. */
const mostNames = 12;

/** One cause: how many and why, what to do, where more is written, which mailboxes. */
export function causeLines({problem, mailboxes, stops}: Cause, width: number): string[] {
  const [first] = mailboxes;
  const varied = mailboxes.some(each => each.problem.sentence !== first?.problem.sentence);
  const names = [...new Set(mailboxes.map(({row}) => foreign(row.source)))];
  const amount =
    names.length === 0
      ? ''
      : `${countOf(names.length, 'mailbox', 'mailboxes')}${varied ? ', such as' : ''}: `;
  const more = names.length - mostNames;
  const listed = `${names.slice(0, mostNames).join(', ')}${more > 0 ? ` and ${countOf(more, 'more', 'more')}: see check.csv` : ''}`;
  const mark = stops ? symbols.cross : symbols.warning;
  const isNamed = names.length === 1 && problem.sentence.includes(names[0] ?? '');
  if (width === unbroken) {
    const who = names.length === 0 || isNamed ? '' : ` Mailboxes: ${listed}`;
    return [`${mark}   ${amount}${oneLine(problem)}${who}`];
  }
  const room = Math.max(20, width - 4);
  const text = (words: string) => cleanText(words, longestText);
  const indented = (lines: readonly string[], lead = '    ') =>
    lines.map((text, index) => (index === 0 ? lead : '    ') + text);
  return [
    ...indented(wrapText(`${amount}${text(problem.sentence)}`, room, Number.POSITIVE_INFINITY), `${mark}   `),
    ...(problem.nextStep === undefined
      ? []
      : indented(
          wrapText(text(problem.nextStep), room, Number.POSITIVE_INFINITY),
          `  ${symbols.arrow.padEnd(2)}`,
        )),
    // Whole, so that it can be clicked or copied; a terminal breaks it by itself.
    ...(problem.link === undefined ? [] : [`    ${problem.link}`]),
    ...(problem.detail === undefined ? [] : indented(wrapText(foreign(detailWords(problem) ?? ''), room, 4))),
    ...(isNamed ? [] : indented(wrapText(listed, room, 8))),
  ];
}

/** What is said once for all, without a mailbox. */
export function adviceLines(advice: Pick<Cause, 'problem'>, width: number): string[] {
  const {problem} = advice;
  return causeLines({code: problem.code, stops: false, problem, mailboxes: []}, width);
}

/** What all of them come to, in one sentence or two. */
export function closingLines(totals: CheckTotals, atOnce: number, width: number): string[] {
  const {requests, ready, dated, forecast} = totals;
  const bad = requests - ready;
  const some = `${formatCount(ready)} of ${countOf(requests, 'mailbox', 'mailboxes')} can be copied`;
  const work =
    ready === 0 || forecast === undefined
      ? ''
      : `: ${mailWords(totals)}${dated === undefined ? '' : ` ${withinDates}`}${sizeWords(totals)}, ${formatForecast(forecast.low, forecast.high)}${ready > 1 ? ` with ${atOnce} at once` : ''}`;
  const text = `${some}${work}.${bad === 0 ? '' : ` ${formatCount(bad)} cannot: see above.`} Nothing was copied or created.`;
  return wrapText(text, width, 6);
}
