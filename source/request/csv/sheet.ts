// A CSV file as it is read, checked, mended and written again: columns, rows, and how the file was written.

import type {FieldKey} from '../fields.ts';
import {type Column, columnsByKey, columnsOf} from './columns.ts';
import {isMicrosoftHeader, microsoftCells, microsoftColumns} from './microsoft.ts';
import type {CsvProblem} from './problem.ts';
import {type CsvRecord, readRecords, type Unread} from './records.ts';
import {filledUp, shortRows} from './short.ts';
import {type Delimiter, decodeCsv, delimiterOf, isSpreadsheet, type LineEnd, lineEndOf} from './text.ts';

export type Sheet = {
  readonly fileName: string;
  /** What is written again as it was: German spreadsheets want `;` and the mark. */
  readonly delimiter: Delimiter;
  readonly lineEnd: LineEnd;
  /** Excel's own first line `sep=;` with its end; '' where there is none. */
  readonly separatorLine: string;
  /** A byte order mark, without which spreadsheets take UTF-8 for something else. */
  readonly mark: boolean;
  /** The bytes were no UTF-8; that they are Windows-1252 is a guess that nobody has confirmed yet. */
  readonly guessed: boolean;
  /** It was read as UTF-16, and is written as UTF-8. */
  readonly utf16: boolean;
  /** Microsoft's own list has been turned into ours; what of it could not be read stands in its own columns still. */
  readonly microsoft: boolean;
  readonly headerLine: number;
  readonly columns: readonly Column[];
  /** Without empty ones. `line` tells them apart. */
  readonly rows: readonly CsvRecord[];
  readonly emptyRows: number;
  /** Stands behind the rows, and is written again as it is. */
  readonly unread?: Unread;
};

export type SheetRead =
  | {readonly ok: true; readonly sheet: Sheet}
  | {readonly ok: false; readonly problems: readonly CsvProblem[]};

const mostBadLines = 20;

function refused(line: number, sentence: string): SheetRead {
  return {ok: false, problems: [{severity: 'error', line, sentence}]};
}

/** Spreadsheets add empty cells behind the last column. */
function withoutBlankEnd(row: CsvRecord, width: number): CsvRecord {
  const isLonger = row.cells.length > width && row.cells.slice(width).every(cell => cell.trim() === '');
  return isLonger ? {...row, cells: row.cells.slice(0, width), cut: row.cells.length - width} : row;
}

/**
 * One separator too many in the header alone: no row goes so far, so nothing can have moved, and its last columns, which
 * have no name, are empty in each.
 */
function withNamelessEnd(records: readonly CsvRecord[]): readonly CsvRecord[] {
  const [header, ...rows] = records.filter(record => !isBlank(record));
  const names = header?.cells ?? [];
  const named = names.findLastIndex(name => name.trim() !== '') + 1;
  if (named === names.length || rows.some(({cells}) => cells.length > named)) return records;
  const end = names.slice(named).map(() => '');
  return records.map(row =>
    row.fault === undefined && row.cells.length === named ? {...row, cells: [...row.cells, ...end]} : row,
  );
}

const isBlank = ({cells}: CsvRecord) => cells.every(cell => cell.trim() === '');

/**
 * Reads a file as far as it can be read without knowing what its cells mean.
 *
 * @param bytes UTF-8 with or without byte order mark, UTF-16, or Windows-1252; separated by `,` `;` or tab
 * @param fileName for messages only
 */
export function readSheet(bytes: Uint8Array, fileName: string): SheetRead {
  if (isSpreadsheet(bytes))
    return refused(1, 'This is a spreadsheet, not a CSV. Open it in its program and save it as "CSV UTF-8".');
  const decoded = decodeCsv(bytes);
  if (!decoded.ok) {
    const more = decoded.bad.length - mostBadLines;
    return {
      ok: false,
      problems: decoded.bad.slice(0, mostBadLines).map((bad, index) => ({
        severity: 'error',
        ...bad,
        ...(index === mostBadLines - 1 && more > 0 ? {more} : {}),
      })),
    };
  }
  const {delimiter, skip} = delimiterOf(decoded.text);
  const {records: asRead, unread} = readRecords(decoded.text.slice(skip), delimiter, skip === 0 ? 1 : 2);
  const records = withNamelessEnd(asRead);
  const [header, ...rows] = records.filter(record => !isBlank(record));
  if (header === undefined)
    return refused(1, 'The file is empty. "mailferry template O365-IMAP" prints a sample to fill in.');
  if (header.fault !== undefined)
    return refused(
      header.line,
      'A quote in the header is opened and never closed, or stands inside a name. Correct the header.',
    );
  const microsoft = isMicrosoftHeader(header.cells);
  const columns = microsoft ? microsoftColumns(header.cells) : columnsOf(header.cells);
  if (columns.every(column => column.state !== 'known'))
    return refused(
      header.line,
      'The first row must hold the names of the fields, such as "Source user id". "mailferry template O365-IMAP" prints a sample.',
    );
  const width = header.cells.length;
  const turned = (cells: readonly string[]) => (microsoft ? microsoftCells(header.cells, cells) : cells);
  const asTurned = {columns, places: placesOf({columns}), width, turned};
  const short = shortRows(records, header);
  const rowOf = (record: CsvRecord): CsvRecord => {
    const filled = short.has(record) ? filledUp(record, asTurned) : undefined;
    if (filled !== undefined) return filled;
    const row = withoutBlankEnd(record, width);
    if (!microsoft) return row;
    return {...row, cells: turned(row.cells), asRead: {cells: row.cells.length, header: width}};
  };
  return {
    ok: true,
    sheet: {
      fileName,
      delimiter,
      separatorLine: decoded.text.slice(0, skip),
      lineEnd: lineEndOf(decoded.text),
      mark: decoded.mark || decoded.encoding !== 'utf-8',
      guessed: decoded.encoding === 'windows-1252',
      utf16: decoded.encoding === 'utf-16',
      microsoft,
      headerLine: header.line,
      columns,
      rows: rows.map(rowOf),
      emptyRows: records.length - rows.length - 1,
      ...(unread === undefined ? {} : {unread}),
    },
  };
}

/** Where in a row's cells each field stands. */
export function placesOf({columns}: Pick<Sheet, 'columns'>): ReadonlyMap<FieldKey, number> {
  const indexes = new Map(columns.map((column, index) => [column.id, index]));
  return new Map([...columnsByKey(columns)].map(([key, {id}]) => [key, indexes.get(id) ?? -1]));
}

/** Everything in it could be read, and every cell stands in its column. */
export function isSound(sheet: Pick<Sheet, 'columns' | 'rows' | 'unread'>): boolean {
  return sheet.unread === undefined && sheet.rows.every(row => isAligned(row, sheet));
}

/** Its cells can be told apart, and there is one for each column. */
export function isAligned({cells, fault}: CsvRecord, {columns}: Pick<Sheet, 'columns'>): boolean {
  return fault === undefined && cells.length === columns.length;
}
