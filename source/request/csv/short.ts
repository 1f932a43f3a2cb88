// Rows as Excel writes them: sixteen at a time, all sixteen without the last columns that none of them has anything
// in. They are as good as whole; a row in which a separator got lost is shorter too, and its cells have moved.
// https://www.stata.com/support/faqs/data-management/how-excel-writes-empty-cells/
import {buildRequest, type Found} from '../build-request.ts';
import type {FieldRules} from '../field-rules.ts';
import {type Answers, type FieldKey, fieldOf} from '../fields.ts';
import {answersIn} from './answers.ts';
import type {Column} from './columns.ts';
import type {CsvRecord} from './records.ts';

const lotSize = 16;
/** Rows of a lot that bear each other out. One or two may have lost the same separator. */
const enough = 3;

/**
 * The short rows that are as Excel writes them: most of their lot, and enough of it, are as long as they are.
 *
 * @param records all of the file from its first, also empty ones: Excel counts them too
 */
export function shortRows(records: readonly CsvRecord[], header: CsvRecord): ReadonlySet<CsvRecord> {
  const found = new Set<CsvRecord>();
  const width = header.cells.length;
  const lotFrom = (start: number) =>
    records.slice(start, start + lotSize).filter(({cells}) => cells.some(isGiven));
  const first = Math.floor(records.indexOf(header) / lotSize) * lotSize;
  // The header has something in every column, so all of its lot is as long as it is.
  if (!isMost(width, lotFrom(first))) return found;
  for (let start = first + lotSize; start < records.length; start += lotSize) {
    const lot = lotFrom(start);
    for (const record of lot) {
      const {fault, cells} = record;
      if (fault === undefined && cells.length < width && isMost(cells.length, lot, enough)) found.add(record);
    }
  }
  return found;
}

/** More than half of these rows have so many cells, and so many rows at least. */
function isMost(width: number, rows: readonly CsvRecord[], least = 0): boolean {
  const {length} = rows.filter(({cells}) => cells.length === width);
  return length * 2 > rows.length && length >= least;
}

const isGiven = (cell: string) => cell.trim() !== '';

/** Nothing that the options say: a file is read the same way with all of them. */
const anyRules: FieldRules = {
  passwordPolicy: 'off',
  allowPlaintext: true,
  microsoft: {clientId: '00000000-0000-0000-0000-000000000000', tenant: 'example.com', hasProof: true},
};

/** Where in a row's cells each field stands. */
type Places = ReadonlyMap<FieldKey, number>;

function errorsOf(answers: Answers): readonly Found[] {
  const built = buildRequest(answers, anyRules);
  return built.ok ? [] : built.findings.filter(({finding}) => finding.severity === 'error');
}

/** The first column of a short row whose cell is not right as it stands: what is in it may come from further right. */
export function oddColumn(
  {cells}: CsvRecord,
  columns: readonly Column[],
  places: Places,
): Column | undefined {
  const answers = answersIn(cells, places);
  const wrong = new Set(errorsOf(answers).map(({key}) => key));
  return columns.find(({key}) => key !== undefined && answers[key] !== undefined && wrong.has(key));
}

/** It may be empty in any request, or the rules say where it may not. A password that is not there may have moved. */
function mayBeMissing({key}: Column): boolean {
  return key === undefined || (fieldOf(key).kind !== 'secret' && !/(?:UserId|Domain|Server)$/.test(key));
}

export type Header = {
  readonly columns: readonly Column[];
  readonly places: Places;
  /** Of a row as it stands: as many as there are names in the header. */
  readonly width: number;
  /** A row's cells in these columns. */
  readonly turned: (cells: readonly string[]) => readonly string[];
};

/**
 * A short row with the empty cells that Excel left out; undefined where it is not sure that they were at its end. What
 * is there must be right in its own column, or be written in a way that is known there: 31.01.2019 for a day.
 */
export function filledUp(record: CsvRecord, header: Header): CsvRecord | undefined {
  const {columns, places, width, turned} = header;
  const filled = width - record.cells.length;
  const missing = columns.filter(({number}) => number > record.cells.length && number <= width);
  if (!missing.every(mayBeMissing)) return undefined;
  const cells = turned([...record.cells, ...Array.from({length: filled}, () => '')]);
  const answers = answersIn(cells, places);
  const isWrong = ({key, finding}: Found) =>
    missing.some(column => column.key === key) || (answers[key] !== undefined && finding.fix?.sure !== true);
  return errorsOf(answers).some(isWrong) ? undefined : {...record, cells, filled};
}
