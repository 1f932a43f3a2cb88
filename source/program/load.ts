// From the name on the command line to requests: a CSV or a profile, with the options that count for all of them.
import {resolve} from 'node:path';
import {countOf} from '../format/count.ts';
import type {Options} from '../option-table.ts';
import type {Profiles} from '../profiles/store.ts';
import {buildRequest} from '../request/build-request.ts';
import {readRequestsCsv} from '../request/csv.ts';
import {type CsvGiven, type CsvProblem, problemLine} from '../request/csv-problem.ts';
import {fieldOf} from '../request/fields.ts';
import {withFolders} from '../request/for-all.ts';
import type {Request} from '../request/schema.ts';
import {forAllOf, rulesOf} from './run-options.ts';
import type {System} from './system.ts';
import {UsageProblem} from './system.ts';

/** What a name is looked up in. */
export type SavedProfiles = Pick<Profiles, 'get' | 'list'>;

export type Loaded = {
  readonly requests: readonly Request[];
  /** The CSV's absolute path or the profile's name: what a later run resumes from. */
  readonly from: string;
  /** What to know, said before it starts. */
  readonly advice: readonly string[];
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
    if (!built.ok)
      throw new UsageProblem(
        [
          `The profile "${name}" is not valid:`,
          ...built.findings.map(({key, finding}) => `  ${fieldOf(key).label}: ${finding.sentence}`),
        ].join('\n'),
      );
    return {
      requests: [withFolders(built.request, options)],
      from: name,
      advice: built.advice.map(({key, finding}) => `${fieldOf(key).label}: ${finding.sentence}`),
    };
  }
  const path = pathOf(name, profiles, system);
  const bytes = await readCsvFile(path, name, profiles, system);
  const reading = readRequestsCsv(bytes, path, rulesOf(options, system.env), givenOf(options));
  const {errors, others} = apart(reading.problems);
  if (errors.length > 0)
    throw new UsageProblem(
      [
        `${path} has ${countOf(errors.length, 'problem')}; nothing was copied.`,
        ...linesOf(errors, name),
        ...(others.length === 0 ? [] : ['', `${countOf(others.length, 'note')} besides:`]),
        ...linesOf(others, name),
        ...(errors.some(({fix}) => fix?.sure)
          ? ['', `"mailferry check ${name} --fix OUT.csv" writes the file with what can be mended, mended.`]
          : []),
      ].join('\n'),
    );
  const requests = reading.rows.flatMap(row => (row.built.ok ? [row.built.request] : []));
  if (requests.length === 0)
    throw new UsageProblem(
      `${path} has no request: only a header row. Write one request in each further row.`,
    );
  return {
    requests: requests.map(request => withFolders(request, options)),
    from: profile === undefined ? path : name,
    advice: linesOf(reading.problems, name),
  };
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
    if (code === 'ENOENT') {
      const known = profiles.list().map(each => each.name);
      const saved = known.length === 0 ? 'no profile is saved' : `the saved profiles are ${known.join(', ')}`;
      throw new UsageProblem(`There is no file ${path} and no profile "${name}" (${saved}). Check the name.`);
    }
    if (code === 'EISDIR') throw new UsageProblem(`${path} is a folder. Give the CSV file in it.`);
    if (code === 'EACCES' || code === 'EPERM')
      throw new UsageProblem(`${path} may not be read. Check its rights and owner.`);
    throw new UsageProblem(`${path} cannot be read (${code}). Check the file.`);
  }
}
