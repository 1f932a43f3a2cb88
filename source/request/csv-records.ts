// The records of a CSV text with the lines they stand on. csv-parse does the parsing; nothing is dropped silently.
import {CsvError, parse} from 'csv-parse/sync';
import type {Delimiter} from './csv-text.ts';

export type CsvRecord = {
  /** The line its first cell stands on, from 1. */
  readonly line: number;
  readonly lastLine: number;
  readonly cells: readonly string[];
  /** Index of the first cell that begins with a quote and goes on after the closing one: "a"b. */
  readonly badQuote?: number;
};

export type CsvRecords = {
  readonly records: readonly CsvRecord[];
  /** A quote that is never closed swallows the rest of the file: where its record begins, and its cell's index. */
  readonly unclosed?: {readonly line: number; readonly cell: number};
};

/** Lenient parsing takes "a"b as it stands, quotes and all; only the strict parser tells it from a quoted quote. */
function badQuoteOf(cells: readonly string[], raw: string, delimiter: Delimiter): number | undefined {
  const suspect = cells.findIndex(cell => cell.startsWith('"'));
  if (suspect === -1) return undefined;
  try {
    parse(raw, {delimiter, record_delimiter: lineEnds});
    return undefined;
  } catch {
    return suspect;
  }
}

/** What csv-parse hands over with the option `raw`; its types do not know. */
type Parsed = {readonly record: string[]; readonly raw: string};

const lineEnds = ['\r\n', '\n', '\r'];
const lineEnd = /\r\n|\r|\n/g;
const lastLineEnd = /(?:\r\n|\r|\n)$/;

/** @param firstLine the number of the text's first line in its file */
export function readRecords(text: string, delimiter: Delimiter, firstLine: number): CsvRecords {
  const records: CsvRecord[] = [];
  let line = firstLine;
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
        const badQuote = badQuoteOf(cells, raw, delimiter);
        records.push({line, lastLine, cells, ...(badQuote === undefined ? {} : {badQuote})});
        line = lastLine + 1;
        // Kept here already; csv-parse need not keep it too.
        return null;
      },
    });
  } catch (error) {
    if (!(error instanceof CsvError) || error.code !== 'CSV_QUOTE_NOT_CLOSED') throw error;
    const {index} = error as CsvError & {index?: unknown};
    return {records, unclosed: {line, cell: typeof index === 'number' ? index : 0}};
  }
  return {records};
}
