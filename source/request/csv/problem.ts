// What can be said about a CSV of requests, and where.
import {cleanText} from '../../format/clean.ts';
import type {Built} from '../build-request.ts';
import {type Answers, type FieldKey, fieldOf} from '../fields.ts';
import type {Column} from './columns.ts';
import type {Edit} from './edit.ts';

/** What would put it right. */
export type CsvFix = {
  /** What to write instead: 'use john, baya.com'. */
  readonly label: string;
  /** Nothing else can have been meant: it may be done without asking. */
  readonly sure: boolean;
  readonly edits: readonly Edit[];
};

export type CsvProblem = {
  /** An error refuses the file; a warning or advice does not. */
  readonly severity: 'error' | 'warning' | 'advice';
  /** From 1; of a row that spans lines, its first. */
  readonly line: number;
  /** Absent where the whole row or file is meant. */
  readonly column?: {readonly number: number; readonly name: string};
  readonly field?: FieldKey;
  readonly sentence: string;
  /** What the cell holds, cleaned and bounded. Never a secret. */
  readonly value?: string;
  readonly fix?: CsvFix;
  /** Further lines of which the same is true. */
  readonly more?: number;
};

/** What counts for every row of a file. */
export type CsvGiven = {
  /** In place of what the row says. */
  readonly overrides?: Answers;
  /** Where the row says nothing. */
  readonly fill?: Answers;
};

export type CsvRow = {
  readonly line: number;
  /** Clear secrets are left out; they are in the request only. */
  readonly answers: Answers;
  readonly built: Built;
};

export type CsvReading = {
  /** For messages: the name that was given. */
  readonly fileName: string;
  /** Rows whose cells could be told apart; also those with findings. */
  readonly rows: readonly CsvRow[];
  /** In the order of the file. */
  readonly problems: readonly CsvProblem[];
  /** There are requests, and no error. */
  readonly ok: boolean;
};

/** Where a problem of this column stands. */
export function place(column: Column): Pick<CsvProblem, 'column'> {
  return {column: {number: column.number, name: column.name}};
}

/** Advice, and what is said of the header, is told once with the number of lines it is true of. */
export function together(problems: readonly CsvProblem[], headerLine: number): CsvProblem[] {
  const kept: CsvProblem[] = [];
  const seen = new Map<string, number>();
  for (const problem of problems) {
    if (problem.severity !== 'advice' && problem.line !== headerLine) {
      kept.push(problem);
      continue;
    }
    const same = `${problem.field} ${problem.column?.number} ${problem.sentence}`;
    const index = seen.get(same);
    const first = index === undefined ? undefined : kept[index];
    if (index === undefined || first === undefined) {
      seen.set(same, kept.length);
      kept.push(problem);
    } else {
      kept[index] = {...first, more: (first.more ?? 0) + 1};
    }
  }
  return kept
    .map(problem => (problem.line === headerLine ? withoutMore(problem) : problem))
    .sort(
      (left, right) => left.line - right.line || (left.column?.number ?? 0) - (right.column?.number ?? 0),
    );
}

/** A column is missing once, however many rows miss it. */
function withoutMore({more: _, ...problem}: CsvProblem): CsvProblem {
  return problem;
}

/** What a problem is about: its column, or the field where the file has none for it and the sentence does not name it. */
export function subjectOf({column, field, sentence}: CsvProblem): string {
  if (column !== undefined) return column.name;
  const label = field === undefined ? '' : fieldOf(field).label;
  return sentence.includes(`"${label}"`) ? '' : label;
}

/** One problem as compilers print one: `users.csv:4: error: column 1 (Source user id) "john@baya.com": …`. */
export function problemLine(fileName: string, problem: CsvProblem): string {
  const {severity, line, column, value, sentence, fix, more = 0} = problem;
  const subject = subjectOf(problem);
  const name = subject === '' ? '' : ` ${column === undefined ? subject : `(${subject})`}`;
  const cell = column === undefined ? name : ` column ${column.number}${name}`;
  const held = value === undefined ? '' : ` "${value}"`;
  const where = cell + held === '' ? '' : `${cell}${held}:`;
  const mend = fix === undefined ? '' : ` Fix: ${fix.label}.`;
  const others = more === 0 ? '' : ` (and ${more} more ${more === 1 ? 'line' : 'lines'})`;
  return `${cleanText(fileName, 200)}:${line}: ${severity}:${where} ${sentence}${mend}${others}`;
}
