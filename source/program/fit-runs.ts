// The list of runs in a narrow terminal: names of runs are whole, since they are typed; what they say already goes first.
import {cellWidth} from '../format/fit.ts';
import {short} from '../ui/cells.ts';

/** What is gone without, in this order: the name of a run begins with when it started. */
const spared: readonly (readonly string[])[] = [
  [],
  ['STARTED'],
  ['STARTED', 'FROM'],
  ['STARTED', 'FROM', 'MESSAGES'],
];
/** Cells of FROM with which it still says something. */
const leastFrom = 12;
/** Cells between two columns. */
const gap = 2;

type Rows = readonly (readonly string[])[];

/**
 * The rows with the columns that there is room for; FROM, the last one, is cut to what is left.
 * @param rows the header first
 * @param columns of the terminal
 */
export function fitRuns(rows: Rows, columns: number): Rows {
  const [header = []] = rows;
  const widths = header.map((_, column) => Math.max(...rows.map(row => cellWidth(row[column] ?? ''))));
  const widthOf = (those: readonly number[], from: number) =>
    those.reduce(
      (sum, column) =>
        sum +
        gap +
        Math.min(widths[column] ?? 0, header[column] === 'FROM' ? from : Number.POSITIVE_INFINITY),
      -gap,
    );
  const sets = spared.map(without =>
    [...header.keys()].filter(column => !without.includes(header[column] ?? '')),
  );
  const those = sets.find(each => widthOf(each, leastFrom) <= columns) ?? sets.at(-1) ?? [];
  const room = columns - widthOf(those, 0);
  return rows.map(row =>
    those.map(column =>
      header[column] === 'FROM' ? short(row[column] ?? '', room, 'middle') : (row[column] ?? ''),
    ),
  );
}
