// Takes the code out that handles a quirk of Exchange, or defends against another fault, and sees the test that proves it
// fail; each alone, in a copy of the tree. What fails here is a test that would not notice.
import {execFile} from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import type {Defence} from '../helpers/defence.ts';
import {proofs} from '../servers/exchange/proofs.ts';
import {defences} from './defences.ts';
import type {Part, PartJob} from './part.ts';

const root = join(import.meta.dirname, '../..');
/** ms a test may take: code that is taken out may leave it waiting for ever. */
const patience = 20_000;
/** ms after which Vitest is ended: what is left waiting may keep it from ending by itself. */
const mostPatience = 120_000;
/** Bytes that Vitest may print. */
const mostOutput = 64 * 1024 * 1024;

type Outcome = {
  readonly numFailedTests?: number;
  readonly numPassedTests?: number;
  readonly testResults?: readonly {
    readonly assertionResults?: readonly {readonly failureMessages?: readonly string[]}[];
  }[];
};

/** What became of a test: failed by what it asserts, or only since it was not done in time. */
type Ended = 'failed' | 'out of time' | 'passed' | 'not run';

export const quirks: Part = {
  name: 'quirks',
  about: 'the code for each of the 30 quirks of Exchange, and each other defence, taken out: its test fails',
  run,
};

/** By what it is for: the number of a quirk, or the subject of other defences. */
const all: readonly (readonly [string, Defence])[] = [
  ...proofs.map(proof => [`${proof.fact}`, proof] as const),
  ...Object.entries(defences).flatMap(([subject, each]) => each.map(defence => [subject, defence] as const)),
];

/** As many at once; each has a copy of the tree of its own. */
const together = 2;

async function run({until, only, say, tally}: PartJob): Promise<void> {
  const chosen = [...numbered()].filter(({which, subject}) => [undefined, which, subject].includes(only));
  const left = chosen.values();
  const waited: string[] = [];
  const worker = async () => {
    const tree = mkdtempSync(join(tmpdir(), 'mailferry-quirks-'));
    try {
      copyTree(tree);
      // Both take from the same ones.
      for (const {which, subject, defence} of left) {
        if (only === undefined && Date.now() >= until) return;
        const kind = subject in defences ? 'defence' : 'quirk';
        const named = `${kind} ${which} (${defence.about})`;
        say(named);
        tally.tried(`${kind} ${subject}`);
        const outcome = await without(tree, defence);
        if (outcome === 'out of time') waited.push(which);
        if (outcome === 'failed' || outcome === 'out of time') continue;
        tally.failed(
          `${named}: "${defence.title}" ${outcome === 'passed' ? 'passes without the code' : 'did not run'}`,
          `npm run torture -- --only quirks --case ${which}`,
        );
      }
    } finally {
      rmSync(tree, {recursive: true, force: true});
    }
  };
  await Promise.all(Array.from({length: together}, worker));
  tally.note('defences known', `${chosen.length}`);
  // Mostly code whose lack makes wait for ever; on a machine that is too busy it may be any other, which proves nothing.
  tally.note('tests that failed only by not ending in time', waited.sort().join(', ') || 'none');
}

/** Each with its number among those of its subject, from 1. */
function* numbered(): Generator<{which: string; subject: string; defence: Defence}> {
  const seen = new Map<string, number>();
  for (const [subject, defence] of all) {
    const number = (seen.get(subject) ?? 0) + 1;
    seen.set(subject, number);
    yield {which: `${subject}.${number}`, subject, defence};
  }
}

/** What a test needs, and runtime/ for those of the built program. */
function copyTree(tree: string): void {
  for (const name of ['source', 'test', 'runtime', 'package.json', 'tsconfig.json', 'vitest.config.ts'])
    cpSync(join(root, name), join(tree, name), {recursive: true});
  // The packages one by one: what a build keeps beside them is its own tree's.
  const packages = join(tree, 'node_modules');
  mkdirSync(packages);
  for (const name of readdirSync(join(root, 'node_modules')))
    if (name === '.bin' || !name.startsWith('.'))
      symlinkSync(join(root, 'node_modules', name), join(packages, name));
}

/** How the test of a defence ends without its code. */
async function without(tree: string, {change, test, title, built}: Defence): Promise<Ended> {
  const path = join(tree, 'source', change.file);
  const whole = readFileSync(path, 'utf8');
  writeFileSync(
    path,
    whole.replace(change.code, () => change.instead),
  );
  try {
    if (built && !(await build(tree))) return 'not run';
    return await outcomeOf(tree, join('test', test), title);
  } finally {
    writeFileSync(path, whole);
    rmSync(join(tree, 'dist'), {recursive: true, force: true});
  }
}

/** Whether it could be built. */
function build(tree: string): Promise<boolean> {
  return new Promise(resolve => {
    execFile(process.execPath, [join('runtime', 'build.mjs')], {cwd: tree, timeout: mostPatience}, error =>
      resolve(error === null),
    );
  });
}

function outcomeOf(tree: string, file: string, title: string): Promise<Ended> {
  const pattern = title
    .split(/%[sjid]/)
    .map(part => part.replaceAll(/[\\^$.+?()[\]{}|*]/g, '\\$&'))
    .join('.*');
  const told = join(tree, 'outcome.json');
  const args = [
    file,
    '-t',
    pattern,
    '--reporter',
    'json',
    '--outputFile',
    told,
    '--testTimeout',
    `${patience}`,
  ];
  const vitest = join(tree, 'node_modules/vitest/vitest.mjs');
  rmSync(told, {force: true});
  return new Promise((resolve, reject) => {
    execFile(
      process.execPath,
      [vitest, 'run', ...args],
      {cwd: tree, maxBuffer: mostOutput, timeout: mostPatience},
      (error, _, stderr) => {
        if (error?.killed === true) {
          resolve('out of time');
          return;
        }
        if (!existsSync(told)) {
          reject(new Error(`Vitest has told nothing: ${stderr}`));
          return;
        }
        resolve(endOf(JSON.parse(readFileSync(told, 'utf8')) as Outcome));
      },
    );
  });
}

function endOf({numFailedTests = 0, numPassedTests = 0, testResults = []}: Outcome): Ended {
  if (numFailedTests === 0) return numPassedTests > 0 ? 'passed' : 'not run';
  const failures = testResults.flatMap(({assertionResults = []}) =>
    assertionResults.flatMap(({failureMessages = []}) => failureMessages),
  );
  const late = failures.length > 0 && failures.every(message => /Test timed out in \d+ms/.test(message));
  return late ? 'out of time' : 'failed';
}
