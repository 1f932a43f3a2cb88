// Tries that end together: each migration is killed for itself, once or more; then one run goes on with all of them, and
// one more finds nothing to do; then each mailbox is compared.
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import type {Point} from '../../source/engine/points.ts';
import {marksIn} from '../cli/marked-secrets.ts';
import {csvText, jsonLines} from '../cli/place.ts';
import type {Mailbox} from '../helpers/mail.ts';
import type {Spot} from './append-spots.ts';
import {compareMail, type Difference} from './golden.ts';
import {inTurn} from './in-turn.ts';
import type {Kill, Try} from './kill-case.ts';
import {newChanged} from './kill-change.ts';
import {type KillPlace, newKillPlace, runOf} from './kill-place.ts';
import {brokenReports, type ExpectedEnd, mistakesOf, type ReportedEnds, readReport} from './kill-report.ts';
import type {Site} from './kill-site.ts';
import type {KilledProgram, KilledRun} from './killed-program.ts';
import {type LeftBehind, lookAtLeft} from './left-behind.ts';
import {cutPower} from './power-cut.ts';

export type Outcome = {
  /** Kills that came. */
  readonly killed: readonly Kill[];
  readonly difference: Difference;
  /** Sentences, none where every promise was kept. */
  readonly wrong: readonly string[];
  /** What was searched for secrets in this try; what all of a wave left is counted with the first. */
  readonly left: Omit<LeftBehind, 'wrong'>;
};

/** What a try is to come to. */
export type Expected = ExpectedEnd & {readonly golden: Mailbox};

const killsAtOnce = 3;

/**
 * One outcome a try; their mailboxes and files are removed after. Tries with a power cut must be alone: it takes from
 * every ledger in the state folder.
 */
export async function carryOut(
  tries: readonly Try[],
  site: Site,
  program: KilledProgram,
): Promise<readonly Outcome[]> {
  return together(tries, site, async ({directory, places, expected, prepare}) => {
    await prepare(program);
    const outcomes = tries.map(() => ({
      killed: [] as Kill[],
      wrong: [] as string[],
      left: {files: 0, modes: 0},
    }));
    const look = (index: number, reports: string, printed: readonly string[]) => {
      const outcome = outcomes[index];
      if (outcome === undefined) return;
      const {wrong, ...left} = lookAtLeft([join(directory, 'state'), reports], printed);
      outcome.wrong.push(...wrong);
      outcome.left = {files: outcome.left.files + left.files, modes: outcome.left.modes + left.modes};
    };
    await inTurn(tries.entries(), killsAtOnce, async ([index, {kills}]) => {
      for (const kill of kills) {
        const run = await places[index]?.run(program, kill);
        const outcome = outcomes[index];
        if (run === undefined || outcome === undefined) continue;
        look(index, places[index]?.reports ?? '', [run.stdout, run.stderr]);
        if (run.signal !== 'SIGKILL') {
          if (run.code !== exitCodeOf(expected(index).failed))
            outcome.wrong.push(`the run to be killed ended with ${said(run)}`);
          continue;
        }
        outcome.killed.push(kill);
        if (kill.power !== undefined) cutPower(join(directory, 'state'), kill.power);
        if ('point' in kill && run.passed.at(-1) !== kill.point)
          outcome.wrong.push(`killed after ${run.passed.at(-1)}, not at ${kill.point}`);
      }
    });
    for (const [name, nothing] of [
      ['the run after it', false],
      ['a run with nothing to do', true],
    ] as const) {
      const {printed, ...report} = await runAll(places, directory, program);
      for (const [index, {wrong}] of outcomes.entries())
        wrong.push(...mistakesOf(name, report, index, expected(index), nothing));
      look(0, join(directory, 'reports'), printed);
    }
    return Promise.all(
      tries.map(async ({variant}, index) => {
        const {killed, wrong, left} = outcomes[index] ?? {killed: [], wrong: [], left: {files: 0, modes: 0}};
        const {user = '', reports = ''} = places[index] ?? {};
        const difference = compareMail(expected(index).golden, await site.read(variant, user));
        const half = site.unflagged(variant, user);
        if (half > 0) wrong.push(`${half} messages are flagged over IMAP only`);
        wrong.push(...brokenReports(reports), ...brokenReports(join(directory, 'reports')));
        return {killed, difference, wrong, left};
      }),
    );
  });
}

/** What the run passes that nobody kills, and how often. */
export type Learned = {
  readonly passings: ReadonlyMap<Point, number>;
  readonly spots: ReadonlyMap<Spot, number>;
  /** That went to the destination, in all runs together. */
  readonly bytes: number;
};

/**
 * Kills as the try says, if it does, and looks at the run after that.
 * @throws Error where it does not leave what the source holds
 */
export async function learn(one: Try, site: Site, program: KilledProgram): Promise<Learned> {
  return together(
    [one],
    site,
    async ({places, expected, prepare}) => {
      const [place] = places;
      if (place === undefined) throw new Error('No place');
      await prepare(program);
      for (const kill of one.kills) await place.run(program, kill);
      const {passed, ...run} = await place.run(program);
      if (run.code !== exitCodeOf(expected(0).failed))
        throw new Error(`The run that nobody kills ended with ${said(run)}`);
      const {lost, doubled, foreign} = compareMail(
        expected(0).golden,
        await site.read(one.variant, place.user),
      );
      const wrong = [...lost, ...doubled, ...foreign];
      if (wrong.length > 0) throw new Error(`The run that nobody kills: ${wrong.join('\n')}`);
      const passings = new Map<Point, number>();
      for (const point of passed) passings.set(point, (passings.get(point) ?? 0) + 1);
      return {passings, spots: place.gate?.spots ?? new Map(), bytes: place.gate?.passed ?? 0};
    },
    true,
  );
}

type Together = {
  readonly directory: string;
  readonly places: readonly KillPlace[];
  expected(index: number): Expected;
  /** Carries out what comes before the kills: a whole run, and what others do after it. */
  prepare(program: KilledProgram): Promise<void>;
};

async function together<Result>(
  tries: readonly Try[],
  site: Site,
  work: (all: Together) => Promise<Result>,
  measured = false,
): Promise<Result> {
  const directory = mkdtempSync(join(tmpdir(), 'mf-kill-'));
  const places: KillPlace[] = [];
  try {
    const changed = tries.some(({scene}) => scene === 'changed') ? await newChanged(site) : undefined;
    for (const each of tries) {
      const source = each.scene === 'changed' && changed !== undefined ? changed.source : site.whole;
      places.push(await newKillPlace(each, site, directory, source, measured));
    }
    const expected: Expected[] = tries.map(({variant}) => ({
      golden: site.golden(variant),
      source: site.mail,
      skipped: 0,
      failed: site.refused(variant),
    }));
    return await work({
      directory,
      places,
      expected: index => expected[index] ?? {golden: new Map(), source: new Map(), skipped: 0, failed: 0},
      async prepare(program) {
        if (changed === undefined) return;
        const all = tries.flatMap(({variant, scene}, index) => {
          const place = places[index];
          return scene === 'changed' && place !== undefined ? [{variant, index, place}] : [];
        });
        const first = await runAll(
          all.map(({place}) => place),
          directory,
          program,
        );
        const broken = first.requests.find(({state}) => state !== 'Processed');
        if (broken !== undefined) throw new Error(`The first run: ${JSON.stringify(broken).slice(0, 600)}`);
        const after = await changed.change(all.map(({variant, place: {user}}) => ({variant, user})));
        for (const {variant, index} of all)
          expected[index] = {
            golden: after.golden(variant),
            source: after.source,
            // The copy that somebody deleted.
            skipped: 1,
            failed: site.refused(variant),
          };
      },
    });
  } finally {
    await Promise.all(places.map(place => place.close()));
    rmSync(directory, {recursive: true, force: true, maxRetries: 5});
  }
}

const exitCodeOf = (failed: number) => (failed > 0 ? 3 : 0);

const said = ({code, signal, stdout, stderr}: Omit<KilledRun, 'passed'>) =>
  `${code ?? signal}: ${(stderr === '' ? stdout : stderr).slice(-600)}`;

/** One run for all of them. @throws Error where it has no report */
async function runAll(
  places: readonly KillPlace[],
  directory: string,
  program: KilledProgram,
): Promise<ReportedEnds & {readonly printed: readonly string[]}> {
  const csv = join(directory, 'all.csv');
  writeFileSync(csv, csvText(places.map(({row}) => row)));
  if (marksIn(readFileSync(csv)).length === 0) throw new Error('No password is marked: none would be found');
  const reports = join(directory, 'reports');
  const args = [...runOf(csv), '--mailboxes', '100', '--state', join(directory, 'state')];
  const run = await program.run([...args, '--reports', reports], directory);
  const end = run.code === null || run.stdout === '' ? undefined : jsonLines(run.stdout).at(-1);
  if (end?.type !== 'run-finished') throw new Error(`The run for all of them ended with ${said(run)}`);
  return {...readReport(end.reports ?? reports), printed: [run.stdout, run.stderr]};
}
