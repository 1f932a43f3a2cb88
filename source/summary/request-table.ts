// The requests as rows of the table, with as many columns as the width allows.

import type {RequestState} from '../engine/events.ts';
import {formatBytes} from '../format/bytes.ts';
import {formatCount} from '../format/count.ts';
import {cellWidth, fit} from '../format/fit.ts';
import type {RequestSnapshot} from '../progress/snapshot.ts';
import {foreign} from '../ui/cells.ts';
import {type Column, columnWidths} from '../ui/table.tsx';
import {symbols} from '../ui/theme.ts';

type Field = {
  readonly column: Column;
  /** Narrowest window, in columns, that shows it. */
  readonly from: number;
  readonly text: (request: RequestSnapshot) => string;
};

const glyphs: Readonly<Record<RequestState, () => string>> = {
  Pending: () => symbols.circle,
  Verifying: () => symbols.circle,
  Invalid: () => symbols.cross,
  Submitted: () => symbols.circle,
  Processing: () => symbols.bullet,
  Processed: () => symbols.tick,
  Failed: () => symbols.cross,
  Stopped: () => symbols.dash,
};

function stateText({state, counts}: RequestSnapshot): string {
  const partly = state === 'Processed' && counts.failed + counts.skipped > 0;
  return `${partly ? symbols.warning : glyphs[state]()} ${state}`;
}

/** A number that is not known is not 0. */
function known(request: RequestSnapshot, count: number): string {
  return request.folders.length === 0 && request.state !== 'Processed' ? symbols.dash : formatCount(count);
}

const number = (title: string, from: number, of: (request: RequestSnapshot) => number): Field => ({
  column: {title, align: 'right', least: title.length},
  from,
  text: request => known(request, of(request)),
});

const fields: readonly Field[] = [
  {
    column: {title: 'Mailbox', cut: 'middle', least: 12},
    from: 0,
    text: request => foreign(request.source),
  },
  {column: {title: 'State', least: 11}, from: 0, text: stateText},
  number('Selected', 100, request => request.counts.selected),
  number('Copied', 50, request => request.counts.copied),
  number('There already', 77, request => request.counts.alreadyPresent),
  number('Skipped', 100, request => request.counts.skipped),
  number('Failed', 0, request => request.counts.failed),
  {
    column: {title: 'Size', align: 'right', least: 7},
    from: 90,
    text: request => (request.counts.bytes > 0 ? formatBytes(request.counts.bytes) : ''),
  },
  {
    column: {title: 'Destination', cut: 'middle', least: 12},
    from: 130,
    text: request =>
      foreign(
        request.destinationFolder === ''
          ? request.destination
          : `${request.destination} ${symbols.arrow} ${request.destinationFolder}`,
      ),
  },
];

export type RequestTable = {
  readonly columns: readonly Column[];
  /** Cells filled to the widths of the whole table, so that a window of it is as wide as the whole. */
  readonly rows: readonly (readonly string[])[];
};

export function requestTable(
  requests: readonly RequestSnapshot[],
  width: number,
  dryRun = false,
): RequestTable {
  const shown = fields.filter(field => width >= field.from);
  const columns = shown.map(({column}) =>
    dryRun && column.title === 'Copied' ? {...column, title: 'To copy'} : column,
  );
  const rows = requests.map(request => shown.map(field => field.text(request)));
  const widths = columnWidths(columns, rows, width);
  return {
    columns,
    rows: rows.map(row =>
      row.map((text, index) =>
        fit(text, Math.max(cellWidth(text), widths[index] ?? 0), {align: columns[index]?.align ?? 'left'}),
      ),
    ),
  };
}
