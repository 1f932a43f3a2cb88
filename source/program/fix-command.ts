// `mailferry check FILE --fix OUT`: writes the CSV as it would be right, and says what was changed and what is left.

import {resolve} from 'node:path';
import type {Options} from '../command-line/option-table.ts';
import {shellWord} from '../command-line/typed-command.ts';
import {eventVersion} from '../engine/events.ts';
import type {Replace} from '../files/whole-file.ts';
import {cleanText} from '../format/clean.ts';
import {countOf} from '../format/count.ts';
import {jsonText} from '../format/json.ts';
import type {FixedLine} from '../lines/input-schema.ts';
import {createChecker} from '../request/csv/check.ts';
import {type Change, mendSheet} from '../request/csv/mend.ts';
import type {CsvProblem} from '../request/csv/problem.ts';
import {EncodingError, LayoutError, sheetBytes} from '../request/csv/save.ts';
import {readSheet, type Sheet} from '../request/csv/sheet.ts';
import type {LineOutput} from './face.ts';
import {InputRefused} from './input-refused.ts';
import {apart, givenOf, inCsv, linesOf, pathOf, readCsvFile, type SavedProfiles} from './load.ts';
import {rulesOf} from './run-options.ts';
import {type System, UsageProblem} from './system.ts';
import {tellPerson} from './tell-person.ts';

type Parts = {readonly options: Options; readonly profiles: SavedProfiles; readonly system: System};

const toUtf8 = 'the file is UTF-8 now, with a byte order mark; it was UTF-16';

/** Who has seen the first hundred changes knows what was done. */
const mostChanges = 100;

/**
 * @param name the CSV's path, or a profile that names one
 * @param out where to write, as typed
 * @returns the exit code: 0 where no error is left in the file that was written, else 2
 * @throws UsageProblem where the file cannot be read or written
 */
export async function fixCommand(
  name: string,
  out: string,
  output: LineOutput,
  {options, profiles, system}: Parts,
): Promise<number> {
  if (profiles.get(name)?.kind === 'request')
    throw new UsageProblem(`"${name}" is a saved request; --fix mends CSV files.`);
  const path = pathOf(name, profiles, system);
  const original = await readCsvFile(path, name, profiles, system);
  const read = readSheet(original, path);
  if (!read.ok) throw refusedCsv(path, read.problems, name);
  const given = givenOf(options);
  const mended = mendSheet(read.sheet, createChecker(rulesOf(options, system.env), given), given.fill);
  const {sheet} = mended;
  const changes = sheet.utf16 ? [{sentence: toUtf8}, ...mended.changes] : mended.changes;
  const bytes = bytesOf(sheet, path);
  const target = resolve(system.files.workingDirectory, out);
  const isRead = target === path || (await system.files.isSame(target, path));
  await write(target, bytes, options.yes && (isRead ? {only: original} : true), system);
  // Read again as anybody will: its lines and columns are those of the new file.
  const again = readSheet(bytes, target);
  const problems = again.ok
    ? createChecker(rulesOf(options, system.env), given)(again.sheet).problems
    : again.problems;
  const {errors, others} = apart(problems);
  const exitCode = errors.length === 0 ? 0 : 2;
  if (output === 'jsonl') {
    const told = problems.map(problem => inCsv(target, problem)).map(({file: _, ...problem}) => problem);
    const about = {version: eventVersion, type: 'fixed', at: system.now(), exitCode} as const;
    const line: FixedLine = {...about, file: target, changes, problems: told};
    system.stdout.write(`${jsonText(line)}\n`);
  } else if (output === 'plain') {
    system.stdout.write(`${changesText(changes, target, name)}\n`);
    for (const line of leftLines(errors, others, out)) tellPerson(line, system);
  }
  return exitCode;
}

function refusedCsv(path: string, problems: readonly CsvProblem[], name: string): InputRefused {
  const sentence = `${path} cannot be mended; nothing was written.`;
  const told = problems.map(problem => inCsv(path, problem));
  return new InputRefused([sentence, ...linesOf(problems, name)], sentence, told);
}

function bytesOf(sheet: Sheet, path: string): Uint8Array {
  try {
    return sheetBytes(sheet);
  } catch (error) {
    if (error instanceof LayoutError)
      throw new UsageProblem(`${path} cannot be mended: ${error.message}; nothing was written.`);
    if (!(error instanceof EncodingError)) throw error;
    throw new UsageProblem(
      `${path} cannot be mended: ${error.message}; nothing was written. Save it again as "CSV UTF-8".`,
    );
  }
}

async function write(target: string, bytes: Uint8Array, replace: Replace, {files}: System): Promise<void> {
  try {
    await files.write(target, bytes, replace);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
    if (code === 'EEXIST')
      throw new UsageProblem(
        `${target} is there already; nothing was written. Choose another name, or add --yes to replace it.`,
      );
    if (code === 'ECHANGED')
      throw new UsageProblem(
        `${target} was changed by somebody while it was mended; nothing was written. Run this again.`,
      );
    if (code === 'ENOTFILE' || code === 'EISDIR')
      throw new UsageProblem(
        `${target} is there already and is no file; nothing was written. Name a file for --fix.`,
      );
    if (code === 'EBUSY')
      throw new UsageProblem(
        `${target} cannot be written: another program, such as Excel, has it open. Close it there, or choose another name.`,
      );
    throw new UsageProblem(`${target} cannot be written (${code}). Choose another folder for --fix.`);
  }
}

function changesText(changes: readonly Change[], target: string, name: string): string {
  const shown = changes.slice(0, mostChanges).map(({line, sentence}) => {
    const where = line === undefined ? '' : `line ${line}: `;
    return `  ${where}${cleanText(sentence, 300)}`;
  });
  const more = changes.length - shown.length;
  return [
    changes.length === 0
      ? `Nothing in ${cleanText(name, 200)} could be mended without asking.`
      : `${countOf(changes.length, 'change')} to ${cleanText(name, 200)}:`,
    ...shown,
    ...(more > 0 ? [`  and ${countOf(more, 'more', 'more')}.`] : []),
    `Written to ${target}, for you alone to read: it may hold passwords.`,
  ].join('\n');
}

function leftLines(errors: readonly CsvProblem[], others: readonly CsvProblem[], out: string): string[] {
  const done = `No error is left. Next: mailferry check ${shellWord(out)}`;
  if (errors.length === 0 && others.length === 0) return [done];
  return [
    errors.length === 0 ? done : `${countOf(errors.length, 'error')} left, to be mended by hand:`,
    ...linesOf(errors, out),
    ...(others.length === 0 ? [] : [`${countOf(others.length, 'note')}:`]),
    ...linesOf(others, out),
  ];
}
