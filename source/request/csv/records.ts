// The records of a CSV text with the lines they stand on. csv-parse does the parsing; nothing is dropped silently.
import {CsvError, parse} from 'csv-parse/sync';
import type {Delimiter} from './text.ts';

/** A quote that is not where one can be. `after`: the cell goes on behind its closing quote. `open`: never closed. */
export type QuoteFault = {
  readonly kind: 'after' | 'open';
  /** Index of the cell. */
  readonly cell: number;
  /** The record as it stands in the file, without the end of its line. */
  readonly raw: string;
};

export type CsvRecord = {
  /** The line its first cell stands on, from 1. */
  readonly line: number;
  readonly lastLine: number;
  /** Of a record with a fault: as its line reads when the quote is a letter like any other, or is not there. */
  readonly cells: readonly string[];
  readonly fault?: QuoteFault;
  /** Empty cells behind the last column, that were cut off. */
  readonly cut?: number;
  /** How many cells its line has, and the header, where Microsoft's list has been turned into ours. */
  readonly asRead?: {readonly cells: number; readonly header: number};
  /** So many empty cells were put at its end, which Excel had left out. */
  readonly filled?: number;
};

/** What could not be read, since too many quotes before it are never closed. */
export type Unread = {
  /** The line it begins on, from 1. */
  readonly line: number;
  /** Up to the end of the file, as it stands there. */
  readonly text: string;
};

export type CsvRecords = {
  readonly records: readonly CsvRecord[];
  readonly unread?: Unread;
};

/** Whoever has mended this many open quotes sees the next ones. */
const mostOpenQuotes = 50;
/** A row that is larger than this is taken as it stands. */
const longestSuspect = 200_000;

const lineEnds = ['\r\n', '\n', '\r'];
const lineEnd = /\r\n|\r|\n/g;
const firstLineEnd = /\r\n|\r|\n/;
const lastLineEnd = /(?:\r\n|\r|\n)$/;

/** What csv-parse hands over with the option `raw`; its types do not know. */
type Parsed = {readonly record: string[]; readonly raw: string};

/** Lenient parsing takes "a"b as it stands, quotes and all; only the strict parser tells it from a quoted quote. */
function faultOf(cells: readonly string[], raw: string, delimiter: Delimiter): QuoteFault | undefined {
  const cell = cells.findIndex(each => each.startsWith('"'));
  if (cell === -1) return undefined;
  try {
    parse(raw, {delimiter, record_delimiter: lineEnds});
    return undefined;
  } catch {
    return {kind: 'after', cell, raw: raw.replace(lastLineEnd, '')};
  }
}

/** Where a line that is in quotes at its end opened them: the cell, and the quote's offset. */
function openQuote(line: string, delimiter: Delimiter): {cell: number; offset: number} | undefined {
  let cell = 0;
  let opened: number | undefined;
  let atStart = true;
  for (let index = 0; index < line.length; index++) {
    const letter = line[index];
    if (opened !== undefined) {
      if (letter !== '"') continue;
      if (line[index + 1] === '"') index++;
      else opened = undefined;
    } else if (letter === delimiter) {
      cell++;
      atStart = true;
      continue;
    } else if (letter === '"' && atStart) opened = index;
    atStart = false;
  }
  return opened === undefined ? undefined : {cell, offset: opened};
}

/** The first line of a text as a record of its own: the quote that it leaves open is taken away. */
function brokenLine(text: string, delimiter: Delimiter, line: number): CsvRecord | undefined {
  const first = text.split(firstLineEnd, 1)[0] ?? '';
  const open = openQuote(first, delimiter);
  if (open === undefined) return undefined;
  const mended = first.slice(0, open.offset) + first.slice(open.offset + 1);
  const [cells] = parse(mended, {delimiter, relax_quotes: true, relax_column_count: true}) as string[][];
  if (cells === undefined) return undefined;
  return {line, lastLine: line, cells, fault: {kind: 'open', cell: open.cell, raw: first}};
}

function restOf(text: string): string {
  const end = firstLineEnd.exec(text);
  return end === null ? '' : text.slice(end.index + end[0].length);
}

type Reader = {
  readonly delimiter: Delimiter;
  /** Cells of the header; undefined until it is read. */
  expected: number | undefined;
  openQuotesLeft: number;
};

const isBlank = (cells: readonly string[]) => cells.every(cell => cell.trim() === '');

/**
 * A quote that is missing somewhere makes one record of several lines. Where the first line has the right number of
 * cells without the quote, and the lines after it read well on their own, that is what has happened.
 */
function apart(record: CsvRecord, raw: string, reader: Reader): readonly CsvRecord[] {
  const {expected, delimiter} = reader;
  const fits = record.fault === undefined && record.cells.length === expected;
  if (fits || expected === undefined || record.lastLine === record.line) return [record];
  if (raw.length > longestSuspect || reader.openQuotesLeft === 0) return [record];
  const broken = brokenLine(raw, delimiter, record.line);
  if (broken?.cells.length !== expected) return [record];
  reader.openQuotesLeft--;
  const {records, unread} = readFrom(restOf(raw), record.line + 1, reader);
  const good = unread === undefined && records.some(each => each.cells.length === expected);
  return good ? [broken, ...records] : [record];
}

function readFrom(text: string, firstLine: number, reader: Reader): CsvRecords {
  const records: CsvRecord[] = [];
  const {delimiter} = reader;
  let line = firstLine;
  let offset = 0;
  try {
    parse(text, {
      delimiter,
      record_delimiter: lineEnds,
      // Rows of another length, stray quotes and empty lines are all told by us, with their place.
      relax_column_count: true,
      relax_quotes: true,
      skip_empty_lines: false,
      raw: true,
      on_record: (parsed: unknown) => {
        const {record: cells, raw} = parsed as Parsed;
        // csv-parse's own count takes a quoted CR LF for two lines.
        const lastLine = line + (raw.replace(lastLineEnd, '').match(lineEnd)?.length ?? 0);
        const fault = faultOf(cells, raw, delimiter);
        const record = {line, lastLine, cells, ...(fault === undefined ? {} : {fault})};
        for (const each of apart(record, raw, reader)) records.push(each);
        if (reader.expected === undefined && !isBlank(cells)) reader.expected = cells.length;
        line = lastLine + 1;
        offset += raw.length;
        // Of a CR LF between two records, csv-parse gives the CR only.
        if (raw.endsWith('\r') && text[offset] === '\n') offset++;
        // Kept here already; csv-parse need not keep it too.
        return null;
      },
    });
    return {records};
  } catch (error) {
    if (!(error instanceof CsvError) || error.code !== 'CSV_QUOTE_NOT_CLOSED') throw error;
  }
  // The quote swallows the rest of the text: its line is broken, and the lines after it stand for themselves.
  const swallowed = text.slice(offset);
  const broken = brokenLine(swallowed, delimiter, line);
  if (broken === undefined || reader.openQuotesLeft === 0) return {records, unread: {line, text: swallowed}};
  reader.openQuotesLeft--;
  const rest = readFrom(restOf(swallowed), line + 1, reader);
  return {...rest, records: [...records, broken, ...rest.records]};
}

/** @param firstLine the number of the text's first line in its file */
export function readRecords(text: string, delimiter: Delimiter, firstLine: number): CsvRecords {
  return readFrom(text, firstLine, {delimiter, expected: undefined, openQuotesLeft: mostOpenQuotes});
}
