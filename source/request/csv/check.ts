// Everything there is to say about a sheet: every row's request, and everything that is wrong, with its place.
import {cleanText} from '../../format/clean.ts';
import {buildRequest, type Found} from '../build-request.ts';
import {checkField} from '../check-field.ts';
import {effective} from '../endpoint.ts';
import type {FieldRules} from '../field-rules.ts';
import {type Answers, type FieldKey, fieldOf} from '../fields.ts';
import type {Finding, Fix} from '../finding.ts';
import {dayForm} from '../rules.ts';
import {blankAtAnEnd} from '../secret-text.ts';
import {withoutSecrets} from '../without-secrets.ts';
import {answersIn, isSecretKey, rowAnswers} from './answers.ts';
import {type Column, columnsByKey, readAs} from './columns.ts';
import {duplicateProblems} from './duplicates.ts';
import {offeredKeys, typosIn, waits} from './guess.ts';
import {
  type CsvFix,
  type CsvGiven,
  type CsvProblem,
  type CsvReading,
  type CsvRow,
  place,
  together,
} from './problem.ts';
import type {CsvRecord} from './records.ts';
import {headerProblems, mayBeSecret, movedProblem, shapeProblem, vacantColumns} from './shape.ts';
import {placesOf, type Sheet} from './sheet.ts';

type Context = {
  readonly sheet: Sheet;
  readonly rules: FieldRules;
  readonly given: CsvGiven;
  readonly byKey: ReadonlyMap<FieldKey, Column>;
  readonly places: ReadonlyMap<FieldKey, number>;
  readonly offered: ReadonlySet<FieldKey>;
  /** Of an unknown name, and empty in all rows that are whole. */
  readonly vacant: ReadonlySet<Column>;
};

type Checked = {readonly row?: CsvRow; readonly problems: readonly CsvProblem[]};

function checkRow(record: CsvRecord, context: Context): Checked {
  const {sheet, given, rules, places, offered, vacant} = context;
  const shape = shapeProblem(record, sheet, vacant);
  if (shape !== undefined) return {problems: [shape]};
  const own = answersIn(record.cells, places);
  const answers = rowAnswers(own, given);
  const built = buildRequest(answers, rules);
  const all = built.ok ? built.advice : built.findings;
  const errors = all.filter(({finding}) => finding.severity === 'error');
  const moved = movedProblem(record, sheet, new Set(errors.map(({key}) => key)));
  if (moved !== undefined) return {problems: [moved]};
  // An address in the user id brings its domain along: that none is given need not be said besides.
  const brought = new Set(
    errors.flatMap(({key, finding}) =>
      Object.keys(finding.fix?.answers ?? {}).filter(other => other !== key),
    ),
  );
  const findings = all.filter(
    found => !(brought.has(found.key) && answers[found.key] === undefined) && !waits(found, answers, offered),
  );
  return {
    row: {line: record.line, answers: withoutSecrets(answers), built},
    problems: [
      ...filledAdvice(record),
      ...guessProblems(record, context),
      ...findings.map(found =>
        problemOf(found.key, withCause(found, own, record), {own, answers}, record.line, context),
      ),
    ],
  };
}

/** The same for each such row, so that it is told once. */
function filledAdvice({line, filled}: CsvRecord): CsvProblem[] {
  if (filled === undefined) return [];
  const sentence =
    'The row is shorter than the header, as Excel writes rows whose last cells are empty. It is read so: they are empty.';
  return [{severity: 'advice', line, sentence}];
}

/** With what is likely the cause, in a file. */
function withCause({key, finding}: Found, own: Answers, {cells}: CsvRecord): Finding {
  // Blanks behind every separator were written to be read by people, and are no part of a password.
  if (finding.sentence === blankAtAnEnd && cells.slice(1).every(cell => cell === '' || /^\s/.test(cell)))
    return because(finding, 'Every cell of this row has one behind its separator, so it is likely none.');
  if (finding.sentence === dayForm && /\d/.test(own[key] ?? ''))
    return because(finding, 'Excel writes days anew at each save: format their column as text first.');
  return finding;
}

function because(finding: Finding, cause: string): Finding {
  return {...finding, sentence: `${finding.sentence} ${cause}`};
}

const beyondAscii = /[^\u0000-\u007F]/;

/** Each cell that reads differently in another encoding, to be looked at. */
function guessProblems(record: CsvRecord, {sheet}: Context): CsvProblem[] {
  if (!sheet.guessed) return [];
  return sheet.columns.flatMap((column, index): CsvProblem[] => {
    const cell = record.cells[index] ?? '';
    if (!beyondAscii.test(cell)) return [];
    const value = mayBeSecret(column) ? {} : {value: cleanText(cell, 60)};
    const field = readAs(column);
    return [
      {
        severity: 'error',
        line: record.line,
        ...place(column),
        ...(field === undefined ? {} : {field}),
        sentence:
          'The file is not UTF-8. It looks like Windows-1252, in which spreadsheets save a plain "CSV"; this cell is read so, but nothing says that it is right. Save the file again as "CSV UTF-8".',
        ...value,
        fix: {label: 'read it as Windows-1252', sure: false, edits: [{kind: 'accept-encoding'}]},
      },
    ];
  });
}

type RowAnswers = {
  /** From the row's cells. */
  readonly own: Answers;
  readonly answers: Answers;
};

/** A fix that overwrites what another cell says, or may say, is not for a machine to decide. */
function fixOf(key: FieldKey, fix: Fix, answers: Answers, line: number, {offered}: Context): CsvFix {
  const contradicts = Object.entries(fix.answers).some(([other, text]) => {
    const now = (answers[other as FieldKey] ?? '').trim();
    const isRead = !offered.has(other as FieldKey);
    return other !== key && !(isRead && (now === '' || now.toLowerCase() === text.toLowerCase()));
  });
  // The screens' name of a choice is none that a cell can hold.
  const choice = fieldOf(key).kind === 'choice' ? fix.answers[key] : undefined;
  return {
    label: cleanText(choice === undefined ? fix.label : `use ${choice}`, 80),
    sure: fix.sure === true && !contradicts,
    edits: [{kind: 'answers', line, answers: fix.answers}],
  };
}

const controls = /[\u0000-\u001F\u007F-\u009F]+/g;

/** A NUL or a line break in a cell comes from a damaged file or a bad paste. */
function withoutControls(
  key: FieldKey,
  answers: Answers,
  line: number,
  rules: FieldRules,
): CsvFix | undefined {
  const text = answers[key] ?? '';
  if (isSecretKey(key)) return undefined;
  const clean = text.replace(controls, ' ').trim();
  if (clean === text || checkField(key, {...answers, [key]: clean}, rules)?.severity === 'error')
    return undefined;
  return {
    label: `use ${cleanText(clean, 60)}`,
    sure: false,
    edits: [{kind: 'answers', line, answers: {[key]: clean}}],
  };
}

function problemOf(
  key: FieldKey,
  finding: Finding,
  {own, answers}: RowAnswers,
  line: number,
  context: Context,
): CsvProblem {
  const {byKey, sheet, given, rules} = context;
  const column = byKey.get(key);
  const {severity, sentence} = finding;
  const label = fieldOf(key).label;
  if (column === undefined && severity === 'error' && effective(answers, key) === '') {
    const way = isSecretKey(key) ? '' : ` Add it, or give one for all rows: --set "${label}=VALUE".`;
    const missing = `There is no column "${label}". ${sentence}${way}`;
    return {severity, line: sheet.headerLine, field: key, sentence: missing};
  }
  const text = isSecretKey(key) ? undefined : answers[key];
  const value = text === undefined ? {} : {value: cleanText(text, 60)};
  // What counts for all rows is wrong once, and not in any of them.
  if (own[key] === undefined && given.fill?.[key] !== undefined)
    return {severity, line: sheet.headerLine, field: key, sentence: `For all rows: ${sentence}`, ...value};
  const fix =
    finding.fix === undefined
      ? withoutControls(key, answers, line, rules)
      : fixOf(key, finding.fix, answers, line, context);
  return {
    severity,
    line,
    ...(column === undefined ? {} : place(column)),
    field: key,
    sentence,
    ...value,
    ...(fix === undefined ? {} : {fix}),
  };
}

function microsoftAdvice({headerLine}: Sheet): CsvProblem {
  return {
    severity: 'advice',
    line: headerLine,
    sentence:
      "This is the list of Microsoft's own migration: EmailAddress is read as the destination in Office 365, UserName and Password as the source. It says nothing of the source's server, nor of a password or a folder at the destination.",
  };
}

function wholeProblems(sheet: Sheet): CsvProblem[] {
  const {headerLine, unread, rows} = sheet;
  const problems: CsvProblem[] = [];
  if (sheet.microsoft) problems.push(microsoftAdvice(sheet));
  if (unread !== undefined) {
    const sentence =
      'From this line on nothing could be read, so it stands there unchanged: too many quotes before it are never closed. Close them, save the file and read it again.';
    problems.push({severity: 'error', line: unread.line, sentence});
  }
  if (rows.length === 0 && unread === undefined) {
    const sentence = 'There is no request below the header. Every further row is one request.';
    problems.push({severity: 'error', line: headerLine, sentence});
  }
  return problems;
}

/** Reads one sheet after the other, each an edit of the one before: rows that have not changed are not checked again. */
export type CsvChecker = (sheet: Sheet) => CsvReading;

/** @param given what counts for every row */
export function createChecker(rules: FieldRules, given: CsvGiven): CsvChecker {
  let known = new WeakMap<CsvRecord, Checked>();
  let before: Sheet | undefined;
  return sheet => {
    const same = before !== undefined && before.columns === sheet.columns && before.guessed === sheet.guessed;
    if (!same) known = new WeakMap();
    before = sheet;
    const byKey = columnsByKey(sheet.columns);
    const places = placesOf(sheet);
    const context: Context = {
      sheet,
      rules,
      given,
      byKey,
      places,
      offered: offeredKeys(sheet),
      vacant: vacantColumns(sheet),
    };
    const rows: CsvRow[] = [];
    const typos = typosIn(sheet, rules, given);
    const problems: CsvProblem[] = [...wholeProblems(sheet), ...headerProblems(sheet, typos)];
    for (const record of sheet.rows) {
      let checked = known.get(record);
      if (checked === undefined) {
        checked = checkRow(record, context);
        known.set(record, checked);
      }
      if (checked.row !== undefined) rows.push(checked.row);
      problems.push(...checked.problems);
    }
    problems.push(...duplicateProblems(rows, byKey));
    const told = together(problems, sheet.headerLine);
    return {
      fileName: sheet.fileName,
      rows,
      problems: told,
      ok: rows.length > 0 && told.every(each => each.severity !== 'error'),
    };
  };
}
