// The rows of a CSV as they are shown before anything runs: what each asks for and what is wrong with it. Pure.
import {countOf} from '../../format/count.ts';
import {type CsvProblem, type CsvReading, subjectOf} from '../../request/csv/problem.ts';
import {answered, effective, loginName} from '../../request/endpoint.ts';
import type {Answers, End} from '../../request/fields.ts';
import {keyOf} from '../../request/fields.ts';
import type {Request} from '../../request/schema.ts';
import {exact, foreign, type Line, short, span, wrapText} from '../../ui/cells.ts';
import {type Role, symbols} from '../../ui/theme.ts';

/** A line of the file that is a request or has something wrong with it. */
export type CsvLine = {
  readonly line: number;
  /** Absent where the row's cells could not be told apart, and for the header. */
  readonly answers?: Answers;
  readonly problems: readonly CsvProblem[];
};

export type CsvView = {
  readonly reading: CsvReading;
  /** All of `csvLines(reading)`. */
  readonly lines: readonly CsvLine[];
  readonly index: number;
  readonly onlyBad: boolean;
};

function worst(problems: readonly CsvProblem[]): CsvProblem['severity'] | undefined {
  return (['error', 'warning', 'advice'] as const).find(severity =>
    problems.some(problem => problem.severity === severity),
  );
}

/** Every line with something to show, in the order of the file. */
export function csvLines({rows, problems}: CsvReading): readonly CsvLine[] {
  const byLine = new Map<number, CsvProblem[]>();
  for (const problem of problems) byLine.set(problem.line, [...(byLine.get(problem.line) ?? []), problem]);
  const known = new Set(rows.map(row => row.line));
  const others = [...byLine.keys()].filter(line => !known.has(line));
  return [
    ...rows.map(({line, answers}) => ({line, answers, problems: byLine.get(line) ?? []})),
    ...others.map(line => ({line, problems: byLine.get(line) ?? []})),
  ].sort((left, right) => left.line - right.line);
}

export function shownLines(lines: readonly CsvLine[], onlyBad: boolean): readonly CsvLine[] {
  return onlyBad ? lines.filter(soughtIn(lines)) : lines;
}

/** What is looked for in these lines, all of the file: errors; where there is none warnings, then advice. */
export function soughtIn(lines: readonly CsvLine[]): (line: CsvLine | undefined) => boolean {
  const most = worst(lines.flatMap(({problems}) => problems));
  return line => line !== undefined && most !== undefined && worst(line.problems) === most;
}

export function hasError(line: CsvLine | undefined): boolean {
  return line !== undefined && worst(line.problems) === 'error';
}

export function requestsOf({rows}: CsvReading): Request[] {
  return rows.flatMap(({built}) => (built.ok ? [built.request] : []));
}

/** What keeps the file from being run; undefined where nothing does. */
export function csvObstacle(lines: readonly CsvLine[]): string | undefined {
  const bad = lines.filter(hasError).length;
  if (bad > 0)
    return `${countOf(bad, 'line')} ${bad === 1 ? 'has' : 'have'} errors. Mend them here: e changes the line, tab takes over what is offered, a mends all that is plain.`;
  return lines.every(line => line.answers === undefined) ? 'There is no request in this file.' : undefined;
}

function login(answers: Answers, end: End): string {
  const userId = answered(answers, keyOf(end, 'UserId'));
  // An address in the user id is an error of its own; with the domain behind it, it would look like another.
  if (userId.includes('@')) return userId;
  return loginName({userId, domain: answered(answers, keyOf(end, 'Domain'))});
}

const marks: Readonly<Record<CsvProblem['severity'], Role>> = {
  error: 'fail',
  warning: 'warn',
  advice: 'warn',
};

function markOf(problems: readonly CsvProblem[]): {glyph: string; role: Role; words: string} {
  const severity = worst(problems);
  const errors = problems.filter(problem => problem.severity === 'error').length;
  if (severity === undefined) return {glyph: symbols.tick, role: 'ok', words: ''};
  if (severity === 'error') return {glyph: symbols.cross, role: 'fail', words: countOf(errors, 'error')};
  return {glyph: symbols.warning, role: marks[severity], words: 'note'};
}

export type CsvColumns = {
  readonly line: number;
  readonly end: number;
  readonly folder: number;
  readonly words: number;
};

export function csvColumns(columns: number): CsvColumns {
  const line = 6;
  const words = 9;
  const room = columns - line - words - 9;
  const folder = room >= 60 ? Math.floor(room * 0.25) : 0;
  return {line, words, folder, end: Math.max(4, Math.floor((room - folder) / 2))};
}

export function csvHeading(columns: CsvColumns): Line {
  const text =
    `  ${exact('line', columns.line - 1, {align: 'right'})}  ${exact('', 2)}${exact('source', columns.end)}   ` +
    `${exact('destination', columns.end)}${columns.folder > 0 ? ` ${exact('folder', columns.folder)}` : ''}`;
  return [span(text, 'dim')];
}

export function csvLine({line, answers, problems}: CsvLine, selected: boolean, columns: CsvColumns): Line {
  const mark = markOf(problems);
  const pointer = span(selected ? `${symbols.pointer} ` : '  ', 'accent');
  const number = span(`${exact(String(line), columns.line - 1, {align: 'right'})}  `, 'dim');
  const glyph = span(`${mark.glyph} `, mark.role);
  if (answers === undefined) {
    const first = problems[0]?.sentence ?? '';
    const room = columns.end * 2 + 3 + columns.folder;
    return [pointer, number, glyph, span(short(foreign(first), room), mark.role)];
  }
  const folder = effective(answers, 'destinationFolder');
  return [
    pointer,
    number,
    glyph,
    span(exact(foreign(login(answers, 'source')), columns.end, {ellipsis: 'middle'})),
    span(` ${exact(symbols.arrow, 1)} `, 'dim'),
    span(exact(foreign(login(answers, 'destination')), columns.end, {ellipsis: 'middle'})),
    ...(columns.folder > 0 ? [span(` ${exact(foreign(folder), columns.folder, {ellipsis: 'middle'})}`)] : []),
    span(` ${mark.words}`, mark.role),
  ];
}

/** What is wrong with the line the cursor is on, each with its column and what to write instead. */
export function csvProblemLines(line: CsvLine | undefined, columns: number, most: number): Line[] {
  const lines = (line?.problems ?? []).flatMap((problem): Line[] => {
    const role = marks[problem.severity];
    const subject = subjectOf(problem);
    const where = subject === '' ? '' : `${foreign(subject)}: `;
    const value = problem.value === undefined ? '' : ` It holds "${foreign(problem.value)}".`;
    const fix = problem.fix === undefined ? '' : ` Tab: ${foreign(problem.fix.label)}.`;
    const more = problem.more === undefined ? '' : ` (${countOf(problem.more, 'more line')})`;
    const text = `${where}${foreign(problem.sentence)}${value}${fix}${more}`;
    const mark = problem.severity === 'error' ? symbols.cross : symbols.warning;
    return wrapText(text, columns - 2, 3).map(
      (part, index): Line => [
        span(index === 0 ? `${mark} ` : '  ', role),
        span(part, index === 0 ? role : 'plain'),
      ],
    );
  });
  if (lines.length <= most) return lines;
  return [...lines.slice(0, Math.max(0, most - 1)), [span('  and more in this line', 'dim')]];
}

/** One line above the table: how many there are, and how many are bad. */
export function csvSummary({reading, lines}: Pick<CsvView, 'reading' | 'lines'>): Line {
  const bad = lines.filter(hasError).length;
  const noted = lines.filter(line => ['warning', 'advice'].includes(worst(line.problems) ?? '')).length;
  return [
    {text: countOf(reading.rows.length, 'request'), bold: true},
    span('   '),
    bad === 0
      ? span(`${symbols.tick} no errors`, 'ok')
      : span(`${symbols.cross} ${countOf(bad, 'line')} with errors`, 'fail'),
    ...(noted === 0
      ? []
      : [span('   '), span(`${symbols.warning} ${countOf(noted, 'line')} to look at`, 'warn')]),
  ];
}
