// Measurements as a table: medians over the rounds, and mailferry beside each peer of the same round.
import type {Taken} from './measure.ts';

/** What each contender took, one entry a round, in the same order for all. */
export type Rounds = ReadonlyMap<string, readonly Taken[]>;

/** Of those that are numbers; NaN where none is. */
export function median(values: readonly number[]): number {
  const sorted = values.filter(value => !Number.isNaN(value)).sort((one, other) => one - other);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2;
}

/** A number, or '-' where there is none. */
export const figure = (value: number, digits = 0) => (Number.isFinite(value) ? value.toFixed(digits) : '-');

/** How many times as fast the first one of the map was as `name`, in the same round. */
function advantage(rounds: Rounds, name: string): number {
  const [own = []] = rounds.values();
  const other = rounds.get(name) ?? [];
  return median(own.map((taken, round) => (other[round]?.seconds ?? Number.NaN) / taken.seconds));
}

export const copyHeader = ['', 'msg/s', 'MB/s', 's', 'CPU s', 'peak MB', 'mailferry is'];

/**
 * @param mail that was copied, bytes
 * @param limit the row that is no program but what the servers allow: mailferry's share of it is told
 */
export function copyRows(
  rounds: Rounds,
  mail: {readonly messages: number; readonly bytes: number},
  limit: string,
): string[][] {
  return [...rounds].map(([name, taken], index) => {
    const seconds = median(taken.map(each => each.seconds));
    return [
      name,
      figure(mail.messages / seconds),
      figure(mail.bytes / 1e6 / seconds),
      figure(seconds, 2),
      figure(median(taken.map(each => each.cpuSeconds)), 2),
      figure(median(taken.map(each => each.peakMb))),
      index === 0
        ? ''
        : name === limit
          ? `${figure(advantage(rounds, name) * 100)} % of it`
          : `${figure(advantage(rounds, name), 2)} x as fast`,
    ];
  });
}

/** A Markdown table that also reads well in a terminal. The first `texts` columns are text, the others numbers. */
export function tableText(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  texts = 1,
): string {
  const widths = header.map((title, column) =>
    Math.max(title.length, ...rows.map(row => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]) =>
    `| ${widths.map((width, column) => (column < texts ? (cells[column] ?? '').padEnd(width) : (cells[column] ?? '').padStart(width))).join(' | ')} |\n`;
  const rule = widths.map((width, column) =>
    column < texts ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`,
  );
  return line(header) + line(rule) + rows.map(line).join('');
}
