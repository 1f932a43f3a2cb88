// From the name on the command line to requests: a CSV or a profile, with the options that count for all of them.
import {resolve} from 'node:path';
import type {Options} from '../command-line/option-table.ts';
import {shellWord, type TypedCommand, typedCommand} from '../command-line/typed-command.ts';
import {countOf} from '../format/count.ts';
import type {InputProblem} from '../lines/input-schema.ts';
import type {Profiles} from '../profiles/store.ts';
import {buildRequest, type Found} from '../request/build-request.ts';
import {readRequestsCsv} from '../request/csv/csv.ts';
import {type CsvGiven, type CsvProblem, problemLine} from '../request/csv/problem.ts';
import {csvTooLarge} from '../request/csv/size.ts';
import {fieldOf} from '../request/fields.ts';
import {withFolders} from '../request/for-all.ts';
import type {Request} from '../request/schema.ts';
import {InputRefused} from './input-refused.ts';
import {forAllOf, rulesOf} from './run-options.ts';
import type {System} from './system.ts';
import {UsageProblem} from './system.ts';

/** What a name is looked up in. */
export type SavedProfiles = Pick<Profiles, 'get' | 'list'> & {
  /** How a command is typed that finds them. */
  readonly command?: TypedCommand;
};

export type Loaded = {
  readonly requests: readonly Request[];
  /** The CSV's absolute path or the profile's name: what a later run resumes from. */
  readonly from: string;
  /** What to know, said before it starts: lines for people, and each of it for programs. */
  readonly advice: readonly string[];
  readonly notes: readonly InputProblem[];
};

/**
 * @param options with the profile's own (withProfile)
 * @throws UsageProblem with the problems of the file, one a line
 */
export async function load(
  name: string,
  options: Options,
  profiles: SavedProfiles,
  system: System,
): Promise<Loaded> {
  const profile = profiles.get(name);
  if (profile?.kind === 'request') {
    const {fill, answers} = forAllOf(options);
    const built = buildRequest({...fill, ...profile.answers, ...answers}, rulesOf(options, system.env));
    const told = (found: readonly Found[]) => found.map(each => inProfile(name, each));
    if (!built.ok) {
      const sentence = `The profile "${name}" is not valid`;
      throw new InputRefused(
        [`${sentence}:`, ...built.findings.map(findingLine).map(line => `  ${line}`)],
        `${sentence}.`,
        told(built.findings),
      );
    }
    return {
      requests: [withFolders(built.request, options)],
      from: name,
      advice: built.advice.map(findingLine),
      notes: told(built.advice),
    };
  }
  const path = pathOf(name, profiles, system);
  const bytes = await readCsvFile(path, name, profiles, system);
  const reading = readRequestsCsv(bytes, path, rulesOf(options, system.env), givenOf(options));
  const {errors, others} = apart(reading.problems);
  if (errors.length > 0) {
    const sentence = `${path} has ${countOf(errors.length, 'problem')}; nothing was copied.`;
    throw new InputRefused(
      [
        sentence,
        ...linesOf(errors, name),
        ...(others.length === 0 ? [] : ['', `${countOf(others.length, 'note')} besides:`]),
        ...linesOf(others, name),
        ...(errors.some(({fix}) => fix?.sure)
          ? [
              '',
              `"${typed(name, profiles)(`check ${shellWord(name)} --fix OUT.csv`)}" writes the file with what can be mended, mended.`,
            ]
          : []),
      ],
      sentence,
      reading.problems.map(problem => inCsv(path, problem)),
    );
  }
  const requests = reading.rows.flatMap(row => (row.built.ok ? [row.built.request] : []));
  if (requests.length === 0)
    throw new UsageProblem(
      `${path} has no request: only a header row. Write one request in each further row.`,
    );
  return {
    requests: requests.map(request => withFolders(request, options)),
    from: profile === undefined ? path : name,
    advice: linesOf(reading.problems, name),
    notes: reading.problems.map(problem => inCsv(path, problem)),
  };
}

function findingLine({key, finding}: Found): string {
  return `${fieldOf(key).label}: ${finding.sentence}`;
}

function inProfile(file: string, {key, finding}: Found): InputProblem {
  const {severity, sentence, fix} = finding;
  return {file, severity, field: key, sentence, ...(fix === undefined ? {} : {fix: fix.label})};
}

/** A problem of the file as programs are told it. */
export function inCsv(file: string, {fix, ...problem}: CsvProblem): InputProblem {
  return {file, ...problem, ...(fix === undefined ? {} : {fix: fix.label})};
}

/** What counts for every row of a CSV. */
export function givenOf(options: Options): CsvGiven {
  const {answers, fill = {}} = forAllOf(options);
  return {overrides: answers, fill};
}

/** What refuses the file, apart from what is only to be looked at. */
export function apart(problems: readonly CsvProblem[]): {
  readonly errors: readonly CsvProblem[];
  readonly others: readonly CsvProblem[];
} {
  const isError = ({severity}: CsvProblem) => severity === 'error';
  return {errors: problems.filter(isError), others: problems.filter(problem => !isError(problem))};
}

/** Who has corrected the first hundred knows what is wrong with the others. */
const mostProblems = 100;

export function linesOf(problems: readonly CsvProblem[], name: string): string[] {
  const lines = problems.slice(0, mostProblems).map(problem => problemLine(name, problem));
  const more = problems.length - lines.length;
  return more > 0 ? [...lines, `and ${countOf(more, 'more', 'more')}.`] : lines;
}

export function pathOf(name: string, profiles: SavedProfiles, system: System): string {
  const profile = profiles.get(name);
  return resolve(system.files.workingDirectory, profile?.kind === 'csv' ? profile.path : name);
}

/** The absolute path of a CSV, or of the one that a profile names. @throws UsageProblem where it cannot be read */
export async function csvPath(name: string, profiles: SavedProfiles, system: System): Promise<string> {
  const path = pathOf(name, profiles, system);
  await readCsvFile(path, name, profiles, system);
  return path;
}

/** Where the profiles are matters only to who names one. */
function typed(name: string, {get, command}: SavedProfiles): TypedCommand {
  return (get(name) === undefined ? undefined : command) ?? typedCommand();
}

/** @throws UsageProblem where it cannot be read */
export async function readCsvFile(
  path: string,
  name: string,
  profiles: SavedProfiles,
  system: System,
): Promise<Uint8Array> {
  try {
    return await system.files.read(path);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (code === 'ENOENT' && profiles.get(name)?.kind === 'csv')
      throw new UsageProblem(
        `The profile "${name}" is for ${path}, which is not there. Put the file there, or say where it is: ${typed(name, profiles)(`profiles save ${shellWord(name)} FILE.csv --yes`)}`,
      );
    if (code === 'ENOENT') {
      const known = profiles.list().map(each => each.name);
      const saved = known.length === 0 ? 'no profile is saved' : `the saved profiles are ${known.join(', ')}`;
      throw new UsageProblem(`There is no file ${path} and no profile "${name}" (${saved}). Check the name.`);
    }
    if (code === 'EISDIR') throw new UsageProblem(`${path} is a folder. Give the CSV file in it.`);
    if (code === 'EACCES' || code === 'EPERM')
      throw new UsageProblem(`${path} may not be read. Check its rights and owner.`);
    if (code === 'EFBIG') throw new UsageProblem(`${path} is too large: ${csvTooLarge}`);
    throw new UsageProblem(`${path} cannot be read (${code}). Check the file.`);
  }
}
