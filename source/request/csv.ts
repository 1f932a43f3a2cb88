// Reads a CSV of requests: every row's request, and everything that is wrong, with its place, all at once.
import {cleanText} from '../engine/clean.ts';
import {buildRequest} from './build-request.ts';
import {type Column, columnsOf} from './csv-columns.ts';
import {duplicateProblems} from './csv-duplicates.ts';
import {type CsvProblem, type CsvReading, type CsvRow, place, together} from './csv-problem.ts';
import {type CsvRecord, readRecords} from './csv-records.ts';
import {headerProblems, shapeProblem} from './csv-shape.ts';
import {decodeCsv, delimiterOf, isSpreadsheet} from './csv-text.ts';
import {effective} from './endpoint.ts';
import {type Answers, type FieldKey, type FieldRules, type Finding, fieldOf} from './fields.ts';
import {withoutSecrets} from './without-secrets.ts';

const mostBadLines = 20;

function isSecretKey(key: FieldKey): boolean {
  return fieldOf(key).kind === 'secret';
}

/** An empty cell and the word "blank" both mean "not given". */
function answerOf(cell: string, key: FieldKey): string | undefined {
  if (isSecretKey(key)) return cell === '' || cell === 'blank' ? undefined : cell;
  const trimmed = cell.trim();
  if (trimmed === '' || trimmed.toLowerCase() === 'blank') return undefined;
  return key === 'destinationFolder' || key === 'sourceFolder' ? cell : trimmed;
}

type RowContext = {
  readonly columns: readonly Column[];
  readonly byKey: ReadonlyMap<FieldKey, Column>;
  readonly headerLine: number;
  readonly rules: FieldRules;
  readonly overrides: Answers;
};

function readRow(record: CsvRecord, context: RowContext): {row: CsvRow; problems: CsvProblem[]} {
  const answers: Partial<Record<FieldKey, string>> = {};
  for (const [key, column] of context.byKey) {
    const answer = answerOf(record.cells[column.number - 1] ?? '', key);
    if (answer !== undefined) answers[key] = answer;
  }
  Object.assign(answers, context.overrides);
  const built = buildRequest(answers, context.rules);
  const findings = built.ok ? built.advice : built.findings;
  return {
    row: {line: record.line, answers: withoutSecrets(answers), built},
    problems: findings.map(({key, finding}) => problemOf(key, finding, answers, record.line, context)),
  };
}

function problemOf(
  key: FieldKey,
  finding: Finding,
  answers: Answers,
  line: number,
  context: RowContext,
): CsvProblem {
  const column = context.byKey.get(key);
  const {severity, sentence} = finding;
  if (column === undefined && severity === 'error' && effective(answers, key) === '') {
    const missing = `There is no column "${fieldOf(key).label}". ${sentence}`;
    return {severity, line: context.headerLine, field: key, sentence: missing};
  }
  const given = isSecretKey(key) ? undefined : answers[key];
  return {
    severity,
    line,
    ...(column === undefined ? {} : place(column)),
    field: key,
    sentence,
    ...(given === undefined ? {} : {value: cleanText(given, 60)}),
    ...(finding.fix === undefined ? {} : {fix: cleanText(finding.fix.label, 80)}),
  };
}

/**
 * Reads a CSV of requests.
 *
 * @param bytes the file: UTF-8 with or without byte order mark, or UTF-16; separated by `,` `;` or tab
 * @param fileName for messages only
 * @param overrides answers that count for every row, whatever its cells say (for example --since)
 */
export function readRequestsCsv(
  bytes: Uint8Array,
  fileName: string,
  rules: FieldRules,
  overrides: Answers = {},
): CsvReading {
  const refused = (...problems: CsvProblem[]): CsvReading => ({fileName, rows: [], problems, ok: false});
  const error = (line: number, sentence: string): CsvProblem => ({severity: 'error', line, sentence});

  if (isSpreadsheet(bytes))
    return refused(
      error(1, 'This is a spreadsheet, not a CSV. Open it in its program and save it as "CSV UTF-8".'),
    );
  const decoded = decodeCsv(bytes);
  if (!decoded.ok) {
    const more = decoded.bad.length - mostBadLines;
    return refused(
      ...decoded.bad.slice(0, mostBadLines).map(({line, byte}, index) => ({
        ...error(line, `Byte ${byte} of this line is not UTF-8. Save the file again as "CSV UTF-8".`),
        ...(index === mostBadLines - 1 && more > 0 ? {more} : {}),
      })),
    );
  }
  const {delimiter, skip} = delimiterOf(decoded.text);
  const {records, unclosed} = readRecords(decoded.text.slice(skip), delimiter, skip === 0 ? 1 : 2);
  const filled = records.filter(record => record.cells.some(cell => cell.trim() !== ''));
  const [header, ...rest] = filled;
  const unclosedProblem = (columns: readonly Column[]): CsvProblem[] => {
    if (unclosed === undefined) return [];
    const column = columns[unclosed.cell];
    const sentence =
      'A quote is opened here and never closed, so the rest of the file cannot be read. Close it.';
    return [{...error(unclosed.line, sentence), ...(column === undefined ? {} : place(column))}];
  };
  if (header === undefined) {
    const [problem] = unclosedProblem([]);
    return refused(
      problem ?? error(1, 'The file is empty. "mailferry template O365-IMAP" prints a sample to fill in.'),
    );
  }
  const columns = columnsOf(header.cells);
  if (columns.every(column => column.state !== 'known')) {
    return refused(
      error(
        header.line,
        'The first row must hold the names of the fields, such as "Source user id". "mailferry template O365-IMAP" prints a sample.',
      ),
    );
  }
  const byKey = new Map<FieldKey, Column>();
  for (const column of columns) {
    if (column.key !== undefined && !byKey.has(column.key)) byKey.set(column.key, column);
  }
  const context: RowContext = {columns, byKey, headerLine: header.line, rules, overrides};

  const rows: CsvRow[] = [];
  const problems: CsvProblem[] = [...headerProblems(columns, header.line), ...unclosedProblem(columns)];
  for (const record of rest) {
    const shape = shapeProblem(record, columns);
    if (shape !== undefined) {
      problems.push(shape);
      continue;
    }
    const read = readRow(record, context);
    rows.push(read.row);
    problems.push(...read.problems);
  }
  if (rest.length === 0 && unclosed === undefined) {
    problems.push(
      error(header.line, 'There is no request below the header. Every further row is one request.'),
    );
  }
  problems.push(...duplicateProblems(rows, byKey.get('destinationFolder')));
  const told = together(problems, header.line);
  return {
    fileName,
    rows,
    problems: told,
    ok: rows.length > 0 && told.every(each => each.severity !== 'error'),
  };
}
