// How the rows of the summary are shared out between the failures and the table of requests.
import {tableHeight} from '../ui/table.tsx';

export const smallest = {columns: 40, rows: 8};

export type Wanted = {
  /** Lines of the verdict, and of the line where the report is. */
  readonly verdict: number;
  readonly report: number;
  /** Lines of all failures by reason. */
  readonly groups: number;
  readonly requests: number;
};

export type SummaryLayout = {
  readonly gap: 0 | 1;
  readonly groups: number;
  /** Rows of requests in the table; 0: no table. */
  readonly tableRows: number;
  /** The line that says how many requests are not on screen. */
  readonly more: 0 | 1;
};

/** Title, verdict, totals, report and footer always fit; the rest gets what is left. */
export function summaryLayout(rows: number, wanted: Wanted): SummaryLayout {
  const gap = rows >= 16 ? 1 : 0;
  const fixed = 1 + gap + wanted.verdict + 1 + wanted.report + gap + 1;
  const left = Math.max(0, rows - fixed);
  const table = wanted.requests === 0 ? 0 : tableHeight(wanted.requests);
  const tableLeast =
    left >= 12 || (wanted.groups === 0 && left >= 6) ? Math.min(table, tableHeight(1) + 1) : 0;
  const separator = wanted.groups > 0 ? gap : 0;
  const most = Math.max(Math.floor(left / 2), left - table - separator);
  const groups = Math.max(0, Math.min(wanted.groups, left - tableLeast - separator, most));
  const room = left - groups - (groups > 0 ? separator : 0);
  if (table > 0 && table <= room) return {gap, groups, tableRows: wanted.requests, more: 0};
  const tableRows = Math.max(0, Math.min(wanted.requests, Math.floor((room - 1 - 3) / 2)));
  return {gap, groups, tableRows, more: tableRows > 0 ? 1 : 0};
}
