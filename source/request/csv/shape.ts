// What is wrong with the shape of a CSV: its header, and rows whose cells do not fit it.
import {cleanText} from '../../format/clean.ts';
import {countOf} from '../../format/count.ts';
import {type FieldKey, fieldOf} from '../fields.ts';
import {portRule, serverRule} from '../rules.ts';
import {findType} from '../types.ts';
import {type Column, readAs} from './columns.ts';
import type {IsTypo} from './guess.ts';
import {type CsvFix, type CsvProblem, place} from './problem.ts';
import type {CsvRecord} from './records.ts';
import {isAligned, isSound, placesOf, type Sheet} from './sheet.ts';
import {oddColumn} from './short.ts';

function cellsOf(sheet: Sheet, column: Column): readonly string[] {
  const index = sheet.columns.indexOf(column);
  return sheet.rows.filter(row => isAligned(row, sheet)).map(row => row.cells[index] ?? '');
}

/** It says nothing that the column before it does not say. */
function saysTheSame(sheet: Sheet, column: Column): boolean {
  const first = sheet.columns.find(each => each.key === column.key && each !== column);
  if (first === undefined) return false;
  const theirs = cellsOf(sheet, first);
  return cellsOf(sheet, column).every((cell, row) => cell.trim() === '' || cell === theirs[row]);
}

/** Only where every row is sound: else nobody knows which of its cells would have to go. */
function leaveOut(sheet: Sheet, column: Column, sure: boolean): Pick<CsvProblem, 'fix'> {
  if (!isSound(sheet)) return {};
  const label = `leave the column ${column.name === '' ? column.number : `"${column.name}"`} out`;
  return {fix: {label, sure, edits: [{kind: 'remove-column', column: column.id}]}};
}

function headerProblem(sheet: Sheet, column: Column, isTypo: IsTypo): Omit<CsvProblem, 'line'> | undefined {
  const {key, name} = column;
  const label = key === undefined ? '' : fieldOf(key).label;
  switch (column.state) {
    case 'unknown':
      if (key === undefined)
        return {
          severity: 'error',
          sentence: `There is no field "${name}". Correct the name of the column, or leave it out.`,
          ...leaveOut(sheet, column, false),
        };
      return {
        severity: 'error',
        field: key,
        sentence: `There is no field "${name}". Did you mean "${label}"?`,
        fix: {
          label: `use ${label}`,
          sure: isTypo(column, key),
          edits: [{kind: 'name-column', column: column.id, key}],
        },
      };
    case 'doubled':
      return {
        severity: 'error',
        ...(key === undefined ? {} : {field: key}),
        sentence: `There are two columns for "${label}". Remove one of them.`,
        ...leaveOut(sheet, column, saysTheSame(sheet, column)),
      };
    case 'empty':
      if (cellsOf(sheet, column).every(cell => cell.trim() === '')) return undefined;
      return {
        severity: 'warning',
        sentence: 'This column has no name, so what is in it is not read.',
        ...leaveOut(sheet, column, false),
      };
    case 'known':
      return undefined;
  }
}

export function headerProblems(sheet: Sheet, isTypo: IsTypo): CsvProblem[] {
  return sheet.columns.flatMap((column): CsvProblem[] => {
    const problem = headerProblem(sheet, column, isTypo);
    return problem === undefined ? [] : [{...problem, ...place(column), line: sheet.headerLine}];
  });
}

function faultProblem(
  {line, lastLine, fault}: CsvRecord,
  columns: readonly Column[],
): CsvProblem | undefined {
  if (fault === undefined) return undefined;
  const column = columns.find(({number}) => number === fault.cell + 1);
  const sentence =
    fault.kind === 'open'
      ? 'A quote is opened here and never closed. Close it at the end of the cell, or double it where it is meant.'
      : 'The cell goes on after its closing quote. Put the whole cell in quotes and double each quote inside it.';
  const label = fault.kind === 'open' ? 'leave the quote out' : 'take the cell as it stands, quotes and all';
  return {
    severity: 'error',
    line,
    ...(column === undefined ? {} : place(column)),
    sentence: lastLine > line ? `${sentence} It reaches to line ${lastLine}: is a quote missing?` : sentence,
    fix: {label, sure: false, edits: [{kind: 'accept-quotes', line}]},
  };
}

const nameOf = ({name, number}: Column) => (name === '' ? `column ${number}` : name);

/** Whoever works in Excel sees no separators, and has no other way to have them all written. */
function shortAdvice(record: CsvRecord, columns: readonly Column[]): string {
  const odd = oddColumn(record, columns, placesOf({columns}));
  const first =
    odd === undefined
      ? 'Keep the separator of an empty cell.'
      : `"${odd.name}" is not right as it stands: is a separator missing?`;
  return ` ${first} Excel leaves the last empty cells out: write "blank" into its last column.`;
}

/** Columns of no known name in which nobody has anything, as far as the rows are whole: no password is missing there. */
export function vacantColumns(sheet: Sheet): ReadonlySet<Column> {
  const whole = sheet.rows.filter(row => isAligned(row, sheet));
  if (whole.length === 0) return new Set();
  const isVacant = ({state}: Column, index: number) =>
    state === 'unknown' && whole.every(({cells}) => (cells[index] ?? '').trim() === '');
  return new Set(sheet.columns.filter(isVacant));
}

function lengthProblem(
  record: CsvRecord,
  columns: readonly Column[],
  vacant: ReadonlySet<Column> = new Set(),
): CsvProblem {
  const {line, lastLine, cells, cut = 0} = record;
  const isLong = cells.length + cut > columns.length;
  const {asRead = {cells: cells.length, header: columns.length}} = record;
  const reaches = lastLine > line ? ` It reaches to line ${lastLine}: is a quote missing?` : '';
  const advice = isLong ? ' Put a cell that holds the separator in quotes.' : shortAdvice(record, columns);
  const missing = columns.slice(cells.length);
  // What was left out may have stood further left; with a password behind it, that would come to light.
  const harmless = missing.every(
    column => column.state === 'empty' || vacant.has(column) || !mayBeSecret(column),
  );
  const pad: CsvFix = {
    label: `leave ${cleanText(missing.map(nameOf).join(', '), 60)} empty`,
    sure: false,
    edits: [{kind: 'pad', line}],
  };
  return {
    severity: 'error',
    line,
    sentence: `The row has ${countOf(asRead.cells + cut, 'cell')}, but the header has ${asRead.header}.${reaches === '' ? advice : reaches}`,
    ...(isLong || !harmless ? {} : {fix: pad}),
  };
}

/** Cells are only trusted to stand in their columns where their number is right: else a secret might be shown. */
export function shapeProblem(
  record: CsvRecord,
  {columns}: Pick<Sheet, 'columns'>,
  vacant: ReadonlySet<Column>,
): CsvProblem | undefined {
  const fault = faultProblem(record, columns);
  if (fault !== undefined) return fault;
  return record.cells.length === columns.length ? undefined : lengthProblem(record, columns, vacant);
}

/** Nobody knows what is in a column without a name, or with one that is no field's: 'Kennwort', say. */
export function mayBeSecret({key, state}: Column): boolean {
  return state !== 'known' || key === undefined || fieldOf(key).kind === 'secret';
}

/**
 * Empty cells behind the last column are what spreadsheets add, or the end of a row in which a separator too many has
 * moved everything: then something behind the password is wrong, and nothing that stands there may be shown.
 *
 * @param wrong the fields of the row that have errors
 */
export function movedProblem(
  record: CsvRecord,
  {columns}: Pick<Sheet, 'columns'>,
  wrong: ReadonlySet<FieldKey>,
): CsvProblem | undefined {
  if (record.cut === undefined) return undefined;
  const first = columns.findIndex(mayBeSecret);
  const behind = first === -1 ? [] : columns.slice(first + 1);
  const isMoved = behind.some(({key, state}) => key !== undefined && state === 'known' && wrong.has(key));
  return isMoved ? lengthProblem(record, columns) : undefined;
}

type Sign = (text: string) => boolean;

/** What can be told by its look to stand in its own column. */
function signOf(key: FieldKey): Sign | undefined {
  if (key === 'type') return text => findType(text) !== undefined;
  if (key.endsWith('Port')) return text => portRule(text) === undefined;
  if (key.endsWith('Server')) return text => text.includes('.') && serverRule(text) === undefined;
  // A domain tells nothing: a password may look like one.
  return undefined;
}

/** The index of the last cell up to which each cell stands in its own column, by the look of them; -1 where none. */
function lastInPlace({cells}: CsvRecord, columns: readonly Column[]): number {
  let last = -1;
  for (const [index, column] of columns.entries()) {
    const key = readAs(column);
    const sign = key === undefined ? undefined : signOf(key);
    const text = (cells[index] ?? '').trim();
    if (sign === undefined || text === '') continue;
    if (!sign(text)) break;
    last = index;
  }
  return last;
}

/**
 * The indexes of a row's cells that may hold a password. Where cells are too many or too few, nobody knows which of
 * those behind the last one that is surely in place have moved.
 */
export function hiddenCells(record: CsvRecord, {columns}: Pick<Sheet, 'columns'>): ReadonlySet<number> {
  const shift = record.cells.length + (record.cut ?? 0) - columns.length;
  const inPlace = record.fault === undefined ? lastInPlace(record, columns) : -1;
  const around = record.fault === undefined ? 0 : 1;
  const hidden = new Set<number>();
  for (const [index, column] of columns.entries()) {
    if (!mayBeSecret(column)) continue;
    hidden.add(index);
    const from = Math.max(inPlace + 1, index + Math.min(0, shift) - around);
    const to = index + Math.max(0, shift) + around;
    for (let cell = from; cell <= to; cell++) hidden.add(cell);
  }
  return hidden;
}
