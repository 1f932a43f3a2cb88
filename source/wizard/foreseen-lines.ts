// The messages that the destination will refuse, as a list to move through: a line each, and of the one under the cursor
// why, and what to do. Pure.
import {foreseenColumns} from '../check/foreseen-lines.ts';
import type {Inspection} from '../engine/look/inspection.ts';
import {countOf, formatCount} from '../format/count.ts';
import {visibleWindow} from '../progress/select.ts';
import {type Line, short, span} from '../ui/cells.ts';
import {symbols} from '../ui/theme.ts';
import {problemLines} from './check-lines.ts';

/** Lines that the reason of the one under the cursor may take. */
const reasonRows = 6;

/** At most `rows` lines. */
export function foreseenView(
  {foreseen = [], foreseenInAll = foreseen.length}: Pick<Inspection, 'foreseen' | 'foreseenInAll'>,
  index: number,
  columns: number,
  rows: number,
): Line[] {
  const first = foreseenInAll > foreseen.length ? `, here the first ${formatCount(foreseen.length)}` : '';
  const title = `${countOf(foreseenInAll, 'message')} will be refused${first}`;
  const height = Math.max(1, rows - reasonRows - 4);
  const {start, end, above, below} = visibleWindow(
    foreseen.length,
    height,
    index,
    index - Math.floor(height / 2),
  );
  const current = foreseen[index];
  return [
    [{...span(short(title, columns)), bold: true}],
    ...foreseen.slice(start, end).map((each, offset): Line => {
      const selected = start + offset === index;
      return [
        span(selected ? `${symbols.pointer} ` : '  ', 'accent'),
        {...span(foreseenColumns(each, columns - 2)), bold: selected},
      ];
    }),
    [span(above + below > 0 ? `  ${above} above, ${below} below` : '', 'dim')],
    [],
    ...(current === undefined ? [] : problemLines(current.problem, columns, reasonRows)),
  ].slice(0, rows);
}
