// A CSV while it is mended on the screen: what it is now, what it was before, what its file holds. Pure.
import {applyEdits, type Edit} from '../../request/csv/edit.ts';
import type {CsvFix, CsvProblem, CsvReading} from '../../request/csv/problem.ts';
import {readSheet, type Sheet} from '../../request/csv/sheet.ts';

export type Desk = {
  /** Absent where the file could not be read as a CSV at all: then there is nothing to mend here. */
  readonly sheet?: Sheet;
  /** As it stands in the file. */
  readonly saved?: Sheet;
  /** What its file held when it was read. */
  readonly bytes: Uint8Array;
  /** Before each change, the newest last. */
  readonly before: readonly Sheet[];
  /** Why there is no sheet. */
  readonly problems: readonly CsvProblem[];
};

/** Each is a whole sheet, but shares the rows that no edit was about. */
const mostUndo = 200;

export function openDesk(bytes: Uint8Array, fileName: string): Desk {
  const read = readSheet(bytes, fileName);
  if (!read.ok) return {bytes, before: [], problems: read.problems};
  return {sheet: read.sheet, saved: read.sheet, bytes, before: [], problems: []};
}

/** There is something that its file does not have. */
export function isChanged({sheet, saved}: Desk): boolean {
  return sheet !== saved;
}

/** The desk with another sheet; the one before can be had back. */
export function changed(desk: Desk, sheet: Sheet): Desk {
  if (desk.sheet === undefined || sheet === desk.sheet) return desk;
  return {...desk, sheet, before: [...desk.before, desk.sheet].slice(-mostUndo)};
}

export function edited(desk: Desk, edits: readonly Edit[]): Desk {
  return desk.sheet === undefined ? desk : changed(desk, applyEdits(desk.sheet, edits));
}

export function undone(desk: Desk): Desk {
  const sheet = desk.before.at(-1);
  return sheet === undefined ? desk : {...desk, sheet, before: desk.before.slice(0, -1)};
}

/** What is offered for a line: that of its first error, else of its first warning. */
export function fixOffered(problems: readonly CsvProblem[]): CsvFix | undefined {
  const offering = problems.filter(problem => problem.fix !== undefined);
  return (offering.find(problem => problem.severity === 'error') ?? offering[0])?.fix;
}

/** How many places would be mended without asking. */
export function sureFixes({problems}: CsvReading): number {
  return problems.filter(problem => problem.fix?.sure).length;
}
