// Runs tests of a tree, and tells how each ended.
import {execFile} from 'node:child_process';
import {existsSync, readFileSync, rmSync} from 'node:fs';
import {join, relative} from 'node:path';

/** ms a test may take: code that is taken out may leave it waiting for ever. */
const patience = 20_000;
/** ms after which Vitest is ended: what is left waiting may keep it from ending by itself. */
export const mostPatience = 120_000;
/** Bytes that Vitest may print. */
const mostOutput = 64 * 1024 * 1024;

/** What became of tests: failed by what one asserts, or only since it was not done in time. */
export type Ended = 'failed' | 'out of time' | 'passed' | 'not run';

/** A test as Vitest's JSON has it. */
export type Told = {
  /** With the titles that it stands below. */
  readonly fullName: string;
  /** 'passed', 'failed', or a word for one that did not run. */
  readonly status: string;
  readonly failureMessages?: readonly string[];
};

type Outcome = {
  readonly testResults?: readonly {readonly name: string; readonly assertionResults?: readonly Told[]}[];
};

/** What finds a test by its title as written, with its placeholders. */
export function patternOf(title: string): string {
  return title
    .split(/%[sjid]/)
    .map(part => part.replaceAll(/[\\^$.+?()[\]{}|*]/g, '\\$&'))
    .join('.*');
}

/** How the tests of that title ended, all together. */
export function endOf(told: readonly Told[], title: string): Ended {
  const pattern = new RegExp(patternOf(title));
  const own = told.filter(({fullName}) => pattern.test(fullName));
  const failures = own.filter(({status}) => status === 'failed');
  if (failures.length === 0) return own.some(({status}) => status === 'passed') ? 'passed' : 'not run';
  const messages = failures.flatMap(({failureMessages = []}) => failureMessages);
  const late = messages.length > 0 && messages.every(message => /Test timed out in \d+ms/.test(message));
  return late ? 'out of time' : 'failed';
}

/** How one test ends. @param file below the tree's test/ */
export async function endAlone(tree: string, file: string, title: string): Promise<Ended> {
  const told = await vitest(tree, [file], ['-t', patternOf(title)], mostPatience);
  return told === undefined ? 'out of time' : endOf(told.get(file) ?? [], title);
}

/**
 * All tests of some files, several files at once: by file, as given, below the tree's test/.
 * @param most ms
 */
export async function runFiles(
  tree: string,
  files: readonly string[],
  most: number,
): Promise<ReadonlyMap<string, readonly Told[]>> {
  return (await vitest(tree, files, [], most)) ?? new Map();
}

/** Undefined where it did not end in time. */
function vitest(
  tree: string,
  files: readonly string[],
  options: readonly string[],
  most: number,
): Promise<ReadonlyMap<string, readonly Told[]> | undefined> {
  const outcome = join(tree, 'outcome.json');
  rmSync(outcome, {force: true});
  const args = [
    join(tree, 'node_modules/vitest/vitest.mjs'),
    'run',
    ...files.map(file => join('test', file)),
    ...options,
    ...['--reporter', 'json', '--outputFile', outcome, '--testTimeout', `${patience}`],
  ];
  return new Promise((resolve, reject) => {
    const settings = {cwd: tree, maxBuffer: mostOutput, timeout: most};
    execFile(process.execPath, args, settings, (error, _, stderr) => {
      if (error?.killed === true) resolve(undefined);
      else if (!existsSync(outcome)) reject(new Error(`Vitest has told nothing: ${stderr}`));
      else resolve(readOutcome(JSON.parse(readFileSync(outcome, 'utf8')) as Outcome, tree));
    });
  });
}

function readOutcome({testResults = []}: Outcome, tree: string): ReadonlyMap<string, readonly Told[]> {
  return new Map(
    testResults.map(({name, assertionResults = []}) => [
      relative(join(tree, 'test'), name),
      assertionResults,
    ]),
  );
}
