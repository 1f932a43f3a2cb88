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
/** Cells of a name from which on it has a line of its own where there is no room beside it. */
const longName = 32;
const gap = '  ';

/**
 * The columns that there is room for, names of runs first; FROM, the last one, is cut to what is left.
 * @param rows the header first
 * @param columns of the terminal
 */
export function fitRuns(rows: readonly (readonly string[])[], columns: number): string {
  const [header = []] = rows;
  const widths = header.map((_, column) => Math.max(...rows.map(row => cellWidth(row[column] ?? ''))));
  const [names = 0] = widths;
  const usual = Math.max(0, ...rows.map(([name = '']) => name.length).filter(length => length <= longName));
  const widthOf = (those: readonly number[], from: number) =>
    those.reduce((sum, column) => {
      const width = widths[column] ?? 0;
      return sum + gap.length + (header[column] === 'FROM' ? Math.min(width, from) : width);
    }, 0);
  const sets = spared.map(without =>
    [...header.keys()].filter(column => column > 0 && !without.includes(header[column] ?? '')),
  );
  const those = sets.find(each => usual + widthOf(each, leastFrom) <= columns) ?? sets.at(-1) ?? [];
  const first = Math.max(0, Math.min(names, columns - widthOf(those, leastFrom)));
  const from = columns - first - widthOf(those, 0);
  const line = (row: readonly string[]) => {
    const [name = ''] = row;
    const rest = those.map(column =>
      header[column] === 'FROM'
        ? short(row[column] ?? '', from, 'middle')
        : (row[column] ?? '').padEnd(widths[column] ?? 0),
    );
    const apart = name.length > first ? `${name}\n` : '';
    return apart + [(apart === '' ? name : '').padEnd(first), ...rest].join(gap).trimEnd();
  };
  return rows.map(row => `${line(row)}\n`).join('');
}
