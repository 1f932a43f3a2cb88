// One try: a migration that is killed once or more, gone on with to its end, and compared.
import {existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {type Point, points} from '../../source/engine/points.ts';
import {csvText, jsonLines} from '../cli/place.ts';
import {startByteGate} from './byte-gate.ts';
import {compareMail, type Difference} from './golden.ts';
import {type Site, type Variant, variants} from './kill-site.ts';
import type {KilledProgram, KilledRun, Moment} from './killed-program.ts';
import {cutPower} from './power-cut.ts';

/**
 * At a point, or when so many bytes have gone to the destination. `power`: of what the disk was not told to keep only so
 * much is left, in percent. `late`: the mail that was sent arrives when the next run has looked for it once.
 */
export type Kill = (Moment | {readonly bytes: number}) & {readonly power?: number; readonly late?: true};

export type Try = {readonly variant: Variant; readonly kills: readonly Kill[]};

/** How a run ends that nobody kills. */
export type Golden = {
  readonly exitCode: number;
  /** How often it passes each point. */
  readonly passings: ReadonlyMap<Point, number>;
  /** Bytes that go to the destination. */
  readonly bytes: number;
};

export type Outcome = {
  /** Kills that came: at each the process had passed nothing after its point. */
  readonly killed: number;
  /** Each run's points. */
  readonly runs: readonly (readonly Point[])[];
  readonly difference: Difference;
  /** Sentences, none where every promise was kept. */
  readonly wrong: readonly string[];
};

/** `multiappend/intent-written:2/bytes:40000:power:30`, for --case. */
export function caseOf({variant, kills}: Try): string {
  const parts = kills.map(kill => {
    const at = 'bytes' in kill ? `bytes:${kill.bytes}` : `${kill.point}:${kill.nth}`;
    return `${at}${kill.power === undefined ? '' : `:power:${kill.power}`}${kill.late === true ? ':late' : ''}`;
  });
  return [variant, ...parts].join('/');
}

/** @throws Error with a sentence for a person */
export function readCase(text: string): Try {
  const [name, ...parts] = text.split('/');
  const variant = variants.find(each => each === name);
  if (variant === undefined) throw new Error(`"${name}" is none of ${variants.join(', ')}.`);
  const kills = parts.map((part): Kill => {
    const [what, number, how, kept] = part.split(':');
    const count = Number(number);
    const point = points.find(each => each === what);
    if (!Number.isInteger(count) || count < 1 || (point === undefined && what !== 'bytes'))
      throw new Error(`"${part}" is neither a point with its number nor bytes with theirs.`);
    const also: Pick<Kill, 'power' | 'late'> =
      how === 'late' ? {late: true} : how === 'power' ? {power: Number(kept)} : {};
    return point === undefined ? {bytes: count, ...also} : {point, nth: count, ...also};
  });
  return {variant, kills};
}

let users = 0;

/** A run that nobody kills, and what it leaves. @throws Error where that is not what the source holds */
export async function learn(variant: Variant, site: Site, program: KilledProgram): Promise<Golden> {
  return somewhere(variant, site, async place => {
    const run = await place.run(program);
    const failed = totalsOf(run)?.failed;
    const {lost, doubled, foreign} = compareMail(site.golden(variant), await site.read(variant, place.user));
    const wrong = [...lost, ...doubled, ...foreign];
    if (wrong.length > 0 || failed !== site.refused(variant))
      throw new Error(
        `The run that nobody kills: ${[...wrong, run.stdout.slice(-2_000), run.stderr].join('\n')}`,
      );
    const passings = new Map<Point, number>();
    for (const point of run.passed) passings.set(point, (passings.get(point) ?? 0) + 1);
    return {exitCode: run.code ?? -1, passings, bytes: place.bytes()};
  });
}

/** Carries it out; the mailbox and all files of it are removed after. */
export async function carryOut(
  {variant, kills}: Try,
  site: Site,
  program: KilledProgram,
  golden: Pick<Golden, 'exitCode'>,
): Promise<Outcome> {
  return somewhere(variant, site, async place => {
    const runs: Point[][] = [];
    const wrong: string[] = [];
    let killed = 0;
    for (const kill of kills) {
      const run = await place.run(program, kill);
      runs.push([...run.passed]);
      if (run.signal !== 'SIGKILL') {
        if (run.code !== golden.exitCode) wrong.push(`the run to be killed ended with ${said(run)}`);
        continue;
      }
      killed += 1;
      if (kill.power !== undefined) cutPower(place.state, kill.power);
      if ('point' in kill && run.passed.at(-1) !== kill.point)
        wrong.push(`killed after ${run.passed.at(-1)}, not at ${kill.point}`);
    }
    const last = await place.run(program);
    runs.push([...last.passed]);
    if (last.code !== golden.exitCode) wrong.push(`the run after it ended with ${said(last)}`);
    const {failed, selected} = totalsOf(last) ?? {};
    if (failed !== site.refused(variant) || selected !== site.messages)
      wrong.push(`the run after it counts ${selected} selected, ${failed} failed`);
    const again = await place.run(program);
    const {copied} = totalsOf(again) ?? {};
    if (again.code !== golden.exitCode || copied !== 0)
      wrong.push(`a run with nothing to do copied ${copied} and ended with ${said(again)}`);
    wrong.push(...place.brokenReports());
    const difference = compareMail(site.golden(variant), await site.read(variant, place.user));
    const unflagged = site.unflagged(variant, place.user);
    if (unflagged > 0) wrong.push(`${unflagged} messages are flagged over IMAP only`);
    return {killed, runs, difference, wrong};
  });
}

const said = ({code, signal, stdout, stderr}: KilledRun) =>
  `${code ?? signal}: ${(stderr === '' ? stdout : stderr).slice(-600)}`;

function totalsOf(run: KilledRun) {
  if (run.code === null || run.stdout === '') return undefined;
  const end = jsonLines(run.stdout).at(-1);
  return end?.type === 'run-finished' ? end.totals : undefined;
}

type KillPlace = {
  readonly user: string;
  readonly state: string;
  run(program: KilledProgram, kill?: Kill): Promise<KilledRun>;
  /** Bytes that went to the destination so far. */
  bytes(): number;
  /** Reports that say they are whole and are not. */
  brokenReports(): string[];
};

/** A mailbox, a line to it and folders of a try's own. */
async function somewhere<Result>(
  variant: Variant,
  site: Site,
  work: (place: KillPlace) => Promise<Result>,
): Promise<Result> {
  users += 1;
  const user = `user${users}`;
  const directory = mkdtempSync(join(tmpdir(), 'mf-kill-'));
  const reports = join(directory, 'reports');
  const gate = await startByteGate(site.port(variant));
  try {
    const csv = join(directory, 'users.csv');
    writeFileSync(csv, csvText([site.row(variant, user, gate.imapPort)]));
    const args = ['run', csv, '--yes', '--output', 'jsonl', '--connections', '3'];
    const state = join(directory, 'state');
    args.push('--state', state, '--reports', reports);
    return await work({
      user,
      state,
      async run(program, kill) {
        if (kill === undefined) return program.run(args, directory);
        if (kill.late === true) gate.holdAppends();
        const run =
          'point' in kill
            ? await program.run(args, directory, kill)
            : await program.run(args, directory, undefined, end => gate.shutAfter(kill.bytes, end));
        gate.open();
        return run;
      },
      bytes: () => gate.passed,
      brokenReports: () => brokenReports(reports),
    });
  } finally {
    await gate.close();
    site.forget(variant, user);
    rmSync(directory, {recursive: true, force: true, maxRetries: 5});
  }
}

const reportFiles = ['messages.csv', 'requests.csv', 'folders.csv', 'report.html'];

/** Reports below the folder that say they are whole and are not. */
export function brokenReports(reports: string): string[] {
  const names = existsSync(reports) ? readdirSync(reports) : [];
  return names.flatMap(name => {
    const summary = join(reports, name, 'summary.json');
    if (!existsSync(summary)) return [];
    let exitCode: unknown;
    try {
      ({exitCode} = JSON.parse(readFileSync(summary, 'utf8')) as {exitCode: unknown});
    } catch (error) {
      return [`${name}/summary.json cannot be read: ${error}`];
    }
    if (typeof exitCode !== 'number') return [];
    return reportFiles
      .filter(file => !existsSync(join(reports, name, file)))
      .map(file => `${name} says that it is whole and has no ${file}`);
  });
}
