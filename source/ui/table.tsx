// The bridge to ink-table, for small tables that do not change. ink-table is CommonJS and asks for Ink with
// require(), which cannot load Ink's module graph (it awaits at top level), so Ink is put into the CommonJS cache
// first. ink-table counts widths in String.length and knows no limit: cells are cut and filled here, by terminal
// cells, and its borders are drawn to the same widths.

import {createRequire, Module} from 'node:module';
import * as ink from 'ink';
import {Text} from 'ink';
import {type ComponentType, createContext, type PropsWithChildren, useContext} from 'react';
import {cellWidth, type Ellipsis} from '../format/fit.ts';
import {exact} from './cells.ts';
import {roleProps, symbols} from './theme.ts';

type Row = Readonly<Record<string, string>>;
type CellProps = PropsWithChildren<{readonly column?: number}>;
type InkTableProps = {
  readonly data: readonly Row[];
  readonly columns: readonly string[];
  readonly padding: number;
  readonly header: ComponentType<CellProps>;
  readonly cell: ComponentType<CellProps>;
  readonly skeleton: ComponentType<CellProps>;
};

const require = createRequire(import.meta.url);
const inkFile = require.resolve('ink', {paths: [require.resolve('ink-table')]});
if (!require.cache[inkFile]) {
  const planted = new Module(inkFile);
  planted.filename = inkFile;
  planted.exports = ink;
  planted.loaded = true;
  require.cache[inkFile] = planted;
}
const {default: InkTable} = require('ink-table') as {default: ComponentType<InkTableProps>};

export type Column = {
  readonly title: string;
  readonly align?: 'left' | 'right';
  /** Where a long text is cut. */
  readonly cut?: Ellipsis;
  /** Never narrower than this, if the table has to shrink. */
  readonly least?: number;
};

const padding = 1;

/** The cells each column gets in a table of at most `columns` cells; the widest shrink first. */
export function columnWidths(
  titles: readonly Column[],
  rows: readonly (readonly string[])[],
  columns: number,
): number[] {
  const widths = titles.map((column, index) =>
    Math.max(cellWidth(column.title), ...rows.map(row => cellWidth(row[index] ?? '')), 1),
  );
  const borders = titles.length * (2 * padding + 1) + 1;
  let over = widths.reduce((sum, width) => sum + width, borders) - columns;
  while (over > 0) {
    const index = widths.reduce(
      (most, width, at) => (width > (titles[at]?.least ?? 4) && width > (widths[most] ?? 0) ? at : most),
      widths.findIndex((width, at) => width > (titles[at]?.least ?? 4)),
    );
    const width = widths[index];
    if (width === undefined) break;
    widths[index] = width - 1;
    over--;
  }
  return widths;
}

/** Lines a table of so many rows takes: ink-table draws a line between any two. */
export function tableHeight(rows: number): number {
  return 2 * rows + 3;
}

// ink-table keeps the components it was built with for ever, so what changes reaches them through a context.
const Widths = createContext<readonly number[]>([]);

function useWidth(column: number | undefined): number | undefined {
  const widths = useContext(Widths);
  return column === undefined ? undefined : widths[column];
}

function Cell({column, children}: CellProps) {
  const width = useWidth(column);
  const text = String(children ?? '');
  return <Text>{width === undefined ? text : ` ${exact(text.slice(padding).trimEnd(), width)} `}</Text>;
}

function Heading(props: CellProps) {
  const width = useWidth(props.column);
  const text = String(props.children ?? '').trim();
  return <Text bold>{width === undefined ? text : ` ${exact(text, width)} `}</Text>;
}

function Skeleton({column, children}: CellProps) {
  const width = useWidth(column);
  const text = String(children ?? '').replaceAll(/[^ ]/gu, border => symbols.borders[border] ?? border);
  const line = width === undefined ? text : text.slice(0, 1).repeat(width + 2 * padding);
  return <Text {...roleProps.dim}>{line}</Text>;
}

type Props = {
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly string[])[];
  /** Cells the whole table may take. */
  readonly width: number;
};

export function Table({columns, rows, width}: Props) {
  const widths = columnWidths(columns, rows, width);
  const data = rows.map(row =>
    Object.fromEntries(
      columns.map((column, index) => [
        column.title,
        exact(row[index] ?? '', widths[index] ?? 1, {
          align: column.align ?? 'left',
          ellipsis: column.cut ?? 'end',
        }),
      ]),
    ),
  );
  return (
    <Widths.Provider value={widths}>
      <InkTable
        // What it was given first stays in its borders; a table of other widths is another table.
        key={widths.join()}
        data={data}
        columns={columns.map(column => column.title)}
        padding={padding}
        header={Heading}
        cell={Cell}
        skeleton={Skeleton}
      />
    </Widths.Provider>
  );
}
