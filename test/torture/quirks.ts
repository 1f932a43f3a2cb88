// Takes the code out that handles a quirk of Exchange, or defends against another fault, and sees the test that proves it
// fail; each alone, in a copy of the tree, where the test has passed with the code. What fails here is a test that would
// not notice.
import {execFile} from 'node:child_process';
import {
  cpSync,
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
import {type Ended, endAlone, endOf, mostPatience, runFiles, type Told} from './named-tests.ts';
import type {Part, PartJob} from './part.ts';
import {mistakeOf} from './proof.ts';

const root = join(import.meta.dirname, '../..');

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

/** ms in which all tests that are named here have ended. */
const mostControl = 20 * 60_000;

async function run({until, only, say, tally}: PartJob): Promise<void> {
  const chosen = [...numbered()].filter(({which, subject}) => [undefined, which, subject].includes(only));
  const left = chosen.values();
  const waited: string[] = [];
  tally.planned(chosen.length);
  say('the tests with all code in its place');
  const whole = await withAll(chosen.map(({defence}) => defence));
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
        const mistake = await mistakeOf(endOf(whole.get(defence.test) ?? [], defence.title), {
          withCode: () => ended(tree, defence),
          without: () => without(tree, defence),
          late: () => waited.push(which),
        });
        if (mistake === undefined) continue;
        const again = `npm run torture -- --only quirks --case ${which}`;
        tally.failed(`${named}: "${defence.title}" ${mistake}`, again);
      }
    } finally {
      rmSync(tree, {recursive: true, force: true});
    }
  };
  await Promise.all(Array.from({length: together}, worker));
  // Code whose lack makes wait for ever.
  tally.note(
    'tests that failed only by not ending in time, and passed with the code right after',
    waited.sort().join(', ') || 'none',
  );
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

/** What all tests come to that these name, with nothing taken out; by file. */
async function withAll(chosen: readonly Defence[]): Promise<ReadonlyMap<string, readonly Told[]>> {
  const tree = mkdtempSync(join(tmpdir(), 'mailferry-quirks-'));
  try {
    copyTree(tree);
    if (chosen.some(({built}) => built === true)) await build(tree);
    return await runFiles(tree, [...new Set(chosen.map(({test}) => test))], mostControl);
  } finally {
    rmSync(tree, {recursive: true, force: true});
  }
}

/** How the test of a defence ends without its code. */
async function without(tree: string, defence: Defence): Promise<Ended> {
  const {change} = defence;
  const path = join(tree, 'source', change.file);
  const whole = readFileSync(path, 'utf8');
  writeFileSync(
    path,
    whole.replace(change.code, () => change.instead),
  );
  try {
    return await ended(tree, defence);
  } finally {
    writeFileSync(path, whole);
  }
}

/** How the test of a defence ends in a tree as it is. */
async function ended(tree: string, {test, title, built}: Defence): Promise<Ended> {
  try {
    if (built && !(await build(tree))) return 'not run';
    return await endAlone(tree, test, title);
  } finally {
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
