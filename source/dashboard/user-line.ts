// One mailbox in one line, in the columns of the layout.
import {formatCount} from '../format/count.ts';
import {arrived} from '../progress/draft.ts';
import type {RequestSnapshot} from '../progress/snapshot.ts';
import {eighths} from '../ui/bar.ts';
import {blank, column, foreign, type Line, type Span, span} from '../ui/cells.ts';
import {type Role, symbols} from '../ui/theme.ts';
import {folderCell, othersCell} from './folder-cell.ts';
import {type FolderColumn, splitFolders} from './folder-columns.ts';
import {columnGap, type Grid, gutter} from './layout.ts';
import {fractionOf, percent} from './progress.ts';
import {briefCount, type RunMood, requestWord, type Word} from './words.ts';

const gap = blank(columnGap);

/** Pointer or blank before a row. */
export function pointerSpan(selected: boolean): Span {
  return selected ? span(`${symbols.pointer} `, 'accent') : blank(gutter);
}

/** The names of the columns. */
export function userHead(grid: Grid, columns: readonly FolderColumn[]): Line {
  const head = (text: string, width: number, align: 'left' | 'right' = 'left') =>
    column(text, width, 'dim', {align});
  if (grid.mode === 'tiny' || grid.mode === 'short') {
    return [
      blank(gutter + 2),
      head('MAILBOX', grid.name + columnGap + grid.percent),
      ...(grid.counts > 0 ? [gap, head('MESSAGES', grid.counts, 'right')] : []),
    ];
  }
  const first = [blank(gutter), head('MAILBOX', grid.name), gap, head('STATE', grid.state), gap];
  if (grid.mode === 'bar') {
    return [...first, head('', grid.bar + 1 + grid.percent), gap, head('MESSAGES', grid.counts, 'right')];
  }
  const cells = Array.from({length: grid.cells}, (_, index) => [
    head(foreign(columns[index]?.label ?? ''), grid.cell),
    gap,
  ]).flat();
  return [
    ...first,
    ...cells,
    head('others', grid.others, 'right'),
    gap,
    head('MESSAGES', grid.counts, 'right'),
  ];
}

export type UserRow = {
  readonly request: RequestSnapshot;
  /** What the row is called; the sign-in name unless several rows share it. */
  readonly label: string;
  readonly selected: boolean;
  readonly mood: RunMood;
};

/** Exactly `gridWidth(grid)` cells. */
export function userLine(
  {request, label, selected, mood}: UserRow,
  grid: Grid,
  columns: readonly FolderColumn[],
): Line {
  const word = requestWord(request, mood);
  const name = (width: number) => column(foreign(label), width, 'plain', {ellipsis: 'middle'});
  const pointer = pointerSpan(selected);
  const done = progressText(request);
  if (grid.mode === 'tiny' || grid.mode === 'short') {
    const glyph = [column(word.glyph, 1, word.role), blank(1)];
    const start = [
      pointer,
      ...glyph,
      name(grid.name),
      gap,
      column(done, grid.percent, 'plain', {align: 'right'}),
    ];
    if (grid.mode === 'tiny') return start;
    return [...start, gap, briefSpan(request, word, grid.counts)];
  }
  const first = [pointer, name(grid.name), gap];
  if (isLost(request)) {
    const hint = column(grid.counts >= 17 ? 'enter: what to do' : 'enter: why', grid.counts, 'dim', {
      align: 'right',
    });
    const middle = grid.width - gutter - grid.name - 2 * columnGap - grid.counts;
    return [...first, wordSpan(word, middle), gap, hint];
  }
  const counts = column(countsText(request, grid.counts), grid.counts, 'plain', {align: 'right'});
  if (grid.mode === 'bar') {
    const bar = span(eighths(fractionOf(request), grid.bar), barRole(request));
    const share = column(done, grid.percent, 'plain', {align: 'right'});
    return [...first, wordSpan(word, grid.state), gap, bar, blank(1), share, gap, counts];
  }
  const known = request.folders.length > 0;
  const split = splitFolders(request.folders, columns);
  const cells = Array.from({length: grid.cells}, (_, index) => [
    folderCell(split.cells[index] ?? [], known && index < columns.length, grid.cell),
    gap,
  ]).flat();
  const others = othersCell(split.others, known, grid.others);
  return [...first, wordSpan(word, grid.state), gap, ...cells, others, gap, counts];
}

/** Failed before any folder was known: the reason takes the place of the cells. */
function isLost(request: RequestSnapshot): boolean {
  return request.problem !== undefined && request.folders.length === 0;
}

export function wordSpan({glyph, word, role}: Word, width: number): Span {
  return column(`${glyph} ${word}`, width, role);
}

function progressText(request: RequestSnapshot): string {
  if (request.folders.length === 0 && request.state !== 'Processed') return '';
  return percent(fractionOf(request)).replace(' ', '');
}

function barRole(request: RequestSnapshot): Role {
  if (request.state === 'Processed')
    return request.counts.failed + request.counts.skipped > 0 ? 'warn' : 'ok';
  if (request.state === 'Failed') return 'fail';
  return request.state === 'Stopped' ? 'warn' : 'accent';
}

/** '4,210/9,870' while it runs, '2,331' when all of it is at the destination. */
function countsText(request: RequestSnapshot, width: number): string {
  if (request.folders.length === 0 && request.counts.selected === 0)
    return request.measured === undefined ? '' : formatCount(request.measured.messages);
  const {selected} = request.counts;
  const done = arrived(request.counts);
  if (done === selected && request.state === 'Processed') return formatCount(selected);
  const text = `${formatCount(done)}/${formatCount(selected)}`;
  return text.length <= width ? text : `${briefCount(done)}/${briefCount(selected)}`;
}

/** In narrow windows the last column is the count while it copies, else the word for the state. */
function briefSpan(request: RequestSnapshot, word: Word, width: number): Span {
  const plain = request.state === 'Processing' && word.role === 'accent' && request.counts.selected > 0;
  const text = isLost(request) ? request.state.toLowerCase() : word.word;
  if (!plain) return column(text, width, word.role, {align: 'right'});
  const counts = `${briefCount(arrived(request.counts))}/${briefCount(request.counts.selected)}`;
  return column(counts, width, 'plain', {align: 'right'});
}

/** What each mailbox is called: its sign-in name; with the destination folder where that is not unique. */
export function userLabels(requests: readonly RequestSnapshot[]): readonly string[] {
  const times = new Map<string, number>();
  for (const {source} of requests) times.set(source, (times.get(source) ?? 0) + 1);
  return requests.map(request => {
    if ((times.get(request.source) ?? 0) < 2) return request.source;
    return `${request.source} ${symbols.arrow} ${request.destinationFolder || request.destination}`;
  });
}
