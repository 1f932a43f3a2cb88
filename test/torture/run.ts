// npm run torture: breaks mailferry on purpose, in every way we know, and counts what became of the mail.
import {spawnSync} from 'node:child_process';
import {existsSync, readFileSync, writeFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import {fileURLToPath} from 'node:url';
import {machineText} from '../../bench/machine.ts';
import {dovecotVersion} from '../servers/dovecot.ts';
import {showOn} from './display.ts';
import {
  brokenLine,
  evidencePage,
  mendedPage,
  notesOf,
  scoresLine,
  scoresTable,
  type Versions,
  verdict,
} from './evidence.ts';
import {isThere, lackOf} from './needs.ts';
import {readOptions, type TortureOptions, usage} from './options.ts';
import {type PartEntry, parts} from './parts.ts';
import {runParts} from './rig.ts';
import {isClean, type Score} from './score.ts';

const names = parts.map(({name}) => name);
const root = fileURLToPath(new URL('../..', import.meta.url));
const page = fileURLToPath(new URL('../EVIDENCE.md', import.meta.url));

function versionOf(file: string): string {
  const {version} = JSON.parse(readFileSync(file, 'utf8')) as {version: string};
  return version;
}

const versions = (): Versions => ({
  mailferry: versionOf(fileURLToPath(new URL('../../package.json', import.meta.url))),
  node: process.versions.node,
  dovecot: dovecotVersion(),
  imapflow: versionOf(createRequire(import.meta.url).resolve('imapflow/package.json')),
});

/** Of the checkout when the rig began; undefined where this is none. */
const commit = commitOf(root);

/** With a word where the files are not the commit's; the page itself is written anew after each part. */
function commitOf(root: string): string | undefined {
  const git = (...args: string[]) => spawnSync('git', args, {cwd: root, encoding: 'utf8'});
  const {status, stdout} = git('rev-parse', '--short', 'HEAD');
  if (status !== 0) return undefined;
  const changed = git('status', '--porcelain', '--', '.', ':!test/EVIDENCE.md').stdout.trim();
  return changed === '' ? stdout.trim() : `${stdout.trim()} and changes`;
}

const pageSoFar = (): string => (existsSync(page) ? readFileSync(page, 'utf8') : '');

/** Why what was asked for cannot begin; undefined where it can. */
function hindrance(asked: readonly PartEntry[], {record, case: which}: TortureOptions): string | undefined {
  const [part] = asked;
  if (record && which !== undefined && brokenLine(pageSoFar(), part?.name ?? '', which) === undefined)
    return `test/EVIDENCE.md calls no ${part?.name} ${which} broken: with --case, --record mends only what is broken there.`;
  return lackOf(asked, isThere);
}

/** Part by part: a rig that is stopped keeps what it has. */
function record(score: Score, {only, seed, minutes, case: which}: TortureOptions): void {
  const some = only.length === 0 ? '' : ` --only ${only.join(',')}`;
  const long = minutes === undefined ? '' : ` --minutes ${minutes}`;
  const command = `npm run torture --${some} --seed ${seed}${long} --record`;
  const day = new Date().toISOString().slice(0, 10);
  const before = pageSoFar();
  const made = {day, command, commit, versions: versions(), machine: machineText()};
  writeFileSync(
    page,
    which === undefined
      ? evidencePage(before, [score], parts, made)
      : mendedPage(before, score, which, parts, made),
  );
}

async function main(options: TortureOptions): Promise<void> {
  const asked = parts.filter(({name}) => options.only.length === 0 || options.only.includes(name));
  const why = hindrance(asked, options);
  if (why !== undefined) {
    process.stderr.write(`${why}\n`);
    process.exitCode = 2;
    return;
  }
  const display = showOn(process.stdout);
  const stop = () => {
    display.print('stopped');
    process.exit(130);
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  const minutes = options.minutes ?? asked.reduce((sum, part) => sum + part.minutes, 0);
  const scored = (score: Score) => options.record && record(score, options);
  const scores = await runParts(asked, {...options, minutes}, {display, now: Date.now, scored});
  for (const score of scores) display.print(`\n${[score.part, ...notesOf(score)].join('\n')}`);
  display.print('');
  display.print(scoresTable(scores));
  const counted = scoresLine(parts, scores);
  if (counted !== '') display.print(counted);
  display.print(verdict(scores));
  if (options.record) display.print(`Written: ${page}`);
  // Servers and programs that a part lost hold of must not keep a finished rig.
  process.exit(scores.every(isClean) ? 0 : 1);
}

let options: TortureOptions | undefined;
try {
  options = readOptions(process.argv.slice(2), names);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${usage(names)}`);
  process.exitCode = 2;
}
if (options !== undefined) await main(options);
