// Where everything goes, from nothing but the size of the terminal: bands from top to bottom, columns from left to
// right. Widths depend on the size alone, never on the numbers shown, so that nothing jumps while it runs.

export const smallest = {columns: 40, rows: 8};

/** How much a row of the grid can show: cells by folder, one bar, words, or only a percentage. */
export type Mode = 'cells' | 'bar' | 'short' | 'tiny';

/** Rows of each band; 0 where there is no room for it. In their order on the screen. */
export type Bands = {
  readonly title: 0 | 1;
  readonly gapAbove: 0 | 1;
  readonly totals: 1;
  readonly rates: 0 | 1;
  /** Paused, stopping, done, a question, the filter: never more than one line, always in the same place. */
  readonly notice: 0 | 1;
  readonly gapBelow: 0 | 1;
  readonly head: 0 | 1;
  readonly list: number;
  readonly more: 0 | 1;
  readonly footer: 1;
};

export type Grid = {
  readonly mode: Mode;
  /** Cells of the whole row, margins included. */
  readonly width: number;
  readonly name: number;
  readonly state: number;
  /** Folder cells and how wide each is, without the gap before it. */
  readonly cells: number;
  readonly cell: number;
  /** The column of the other folders. */
  readonly others: number;
  readonly bar: number;
  readonly percent: number;
  readonly counts: number;
};

export type Layout =
  | {readonly fits: false; readonly columns: number; readonly rows: number}
  | {
      readonly fits: true;
      readonly columns: number;
      readonly rows: number;
      readonly margin: number;
      /** Cells between the margins. */
      readonly inner: number;
      readonly bands: Bands;
      readonly grid: Grid;
    };

/** Pointer and the blank behind it, before every row of a list. */
export const gutter = 2;
export const columnGap = 2;

/** The layout of a terminal of this size. Its bands together are exactly `rows` high. */
export function dashboardLayout(columns: number, rows: number): Layout {
  if (columns < smallest.columns || rows < smallest.rows) return {fits: false, columns, rows};
  const margin = columns >= 80 ? 1 : 0;
  const inner = columns - 2 * margin;
  return {fits: true, columns, rows, margin, inner, bands: bandsFor(rows), grid: gridFor(columns, inner)};
}

function bandsFor(rows: number): Bands {
  // What is given up last comes first; the list keeps at least three rows.
  const wanted = ['rates', 'title', 'notice', 'head', 'more', 'gapAbove', 'gapBelow'] as const;
  let left = rows - 2 - 3;
  const given = {rates: 0, title: 0, notice: 0, head: 0, more: 0, gapAbove: 0, gapBelow: 0} as Record<
    (typeof wanted)[number],
    0 | 1
  >;
  for (const band of wanted) {
    const room = band === 'gapAbove' ? 12 : band === 'gapBelow' ? 30 : 1;
    if (left < 1 || rows < room) continue;
    given[band] = 1;
    left -= 1;
  }
  return {...given, totals: 1, footer: 1, list: left + 3};
}

function gridFor(columns: number, inner: number): Grid {
  const none = {state: 0, cells: 0, cell: 0, others: 0, bar: 0, percent: 4, counts: 0};
  if (columns < 60) {
    // pointer, glyph and a blank, name, percent
    return {...none, mode: 'tiny', width: inner, name: inner - gutter - 2 - columnGap - none.percent};
  }
  if (columns < 80) {
    const counts = 13;
    const name = inner - gutter - 2 - columnGap - none.percent - columnGap - counts;
    return {...none, mode: 'short', width: inner, name, counts};
  }
  if (columns < 120) {
    const counts = 15;
    const state = columns < 100 ? 16 : 18;
    const left = inner - gutter - 3 * columnGap - 1 - state - none.percent - counts;
    const name = Math.min(32, Math.max(20, Math.floor(left * 0.7)));
    return {...none, mode: 'bar', width: inner, name, state, counts, bar: left - name};
  }
  const counts = columns < 150 ? 17 : 19;
  const others = 7;
  const state = columns < 150 ? 15 : columns < 190 ? 22 : 28;
  const least = columns < 150 ? 22 : 28;
  const room = inner - gutter - least - columnGap - state - columnGap - others - columnGap - counts;
  const cells = Math.max(2, Math.min(12, Math.floor(room / 12)));
  const cell = Math.min(12, Math.floor(room / cells) - columnGap);
  const name = Math.min(44, least + room - cells * (cell + columnGap));
  return {mode: 'cells', width: inner, name, state, cells, cell, others, bar: 0, percent: 0, counts};
}

/** Cells a full row of the grid takes, gaps included. */
export function gridWidth(grid: Grid): number {
  const glyph = grid.mode === 'tiny' || grid.mode === 'short' ? 2 : 0;
  const first = gutter + glyph + grid.name;
  const after = (width: number) => (width > 0 ? columnGap + width : 0);
  if (grid.mode === 'cells') {
    const folders = grid.cells * (grid.cell + columnGap);
    return first + after(grid.state) + folders + after(grid.others) + after(grid.counts);
  }
  if (grid.mode === 'bar') {
    return first + after(grid.state) + after(grid.bar) + 1 + grid.percent + after(grid.counts);
  }
  return first + after(grid.percent) + after(grid.counts);
}

/** The bands of a level further in: the list gives rows to the problem above it and the details below it. */
export type InnerBands = {
  readonly problem: number;
  readonly list: number;
  readonly details: number;
};

/** Together exactly `bands.list` rows. The details' room depends on the height alone: a next step is often two lines. */
export function innerBands(bands: Bands, problemLines: number): InnerBands {
  const details =
    bands.list >= 18 ? 6 : bands.list >= 14 ? 5 : bands.list >= 10 ? 4 : bands.list >= 6 ? 2 : 0;
  const problem = Math.max(0, Math.min(problemLines, bands.list - details - 3));
  return {problem, details, list: bands.list - details - problem};
}
