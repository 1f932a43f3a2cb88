// Reads a CSV of requests: every row's request, and everything that is wrong, with its place, all at once.

import type {FieldRules} from '../field-rules.ts';
import {createChecker} from './check.ts';
import type {CsvGiven, CsvReading} from './problem.ts';
import {readSheet} from './sheet.ts';

/**
 * Reads a CSV of requests.
 *
 * @param bytes the file: UTF-8 with or without byte order mark, or UTF-16; separated by `,` `;` or tab
 * @param fileName for messages only
 * @param given what counts for every row, whatever its cells say (for example --since), or where they say nothing
 */
export function readRequestsCsv(
  bytes: Uint8Array,
  fileName: string,
  rules: FieldRules,
  given: CsvGiven = {},
): CsvReading {
  const read = readSheet(bytes, fileName);
  if (!read.ok) return {fileName, rows: [], problems: read.problems, ok: false};
  return createChecker(rules, given)(read.sheet);
}
