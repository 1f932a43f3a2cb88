// Plays a scenario with the real engine between two real servers, and judges what came of it.
import {cpSync, rmSync} from 'node:fs';
import type {BatchHandle} from '../../../source/engine/batch-control.ts';
import type {RunEvent} from '../../../source/engine/events.ts';
import type {Point} from '../../../source/engine/points.ts';
import {type EngineRun, eventsOf, freshState, runEngine} from '../../helpers/engine.ts';
import {lookAtLeft} from '../left-behind.ts';
import {damage} from './damage.ts';
import {type Lines, startLines} from './line.ts';
import {endsOf, type Mailboxes, Pair} from './pair.ts';
import type {RunStep, Scenario, Where} from './steps.ts';
import type {World} from './world.ts';

export type Outcome = {
  readonly compared: number;
  readonly lost: readonly string[];
  readonly doubled: readonly string[];
  /** Any other promise that was not kept. */
  readonly broken: readonly string[];
  /** What was done in the runs, for the table. */
  readonly runs: number;
  readonly kills: number;
  /** Of those, at a named point. */
  readonly killsAtPoints: number;
  readonly faults: number;
  readonly changes: number;
  /** Searched for secrets, with their modes. */
  readonly files: number;
  readonly modes: number;
};

/** A run that takes longer has hung: none of them sits through a pause of minutes. */
const longestRun = 120_000;
const quietRun: RunStep = {kind: 'run', faults: [], meanwhile: [], connections: 2, newestFirst: false};

let plays = 0;

export async function play(scenario: Scenario, world: World): Promise<Outcome> {
  const [source, destination] = await Promise.all([world.source(), world.destination(scenario.destination)]);
  const lines = await startLines({source: source.imapPort, destination: destination.imapPort});
  const id = `${scenario.seed}-${++plays}`;
  const stage = new Stage(
    scenario,
    lines,
    scenario.mailboxes.map((_, index) => ({
      source: {server: source, user: `m${id}-${index}@baya.com`},
      destination: {server: destination, user: `m${id}-${index}@vault.example`},
    })),
  );
  try {
    return await stage.play();
  } finally {
    lines.close();
    stage.clear();
  }
}

class Stage {
  readonly #scenario: Scenario;
  readonly #lines: Lines;
  readonly #pairs: readonly Pair[];
  readonly #broken: string[] = [];
  readonly #lost: string[] = [];
  readonly #doubled: string[] = [];
  readonly #states: string[] = [];
  readonly #done = {runs: 0, kills: 0, killsAtPoints: 0, faults: 0, changes: 0, files: 0, modes: 0};
  #state: string;
  /** The last run ended in order, and the ledger has been there since. */
  #known = false;

  constructor(scenario: Scenario, lines: Lines, mailboxes: readonly Mailboxes[]) {
    this.#scenario = scenario;
    this.#lines = lines;
    this.#pairs = mailboxes.map(each => new Pair(each, scenario.filter));
    this.#state = this.#newState();
  }

  #newState(): string {
    const state = freshState();
    this.#states.push(state);
    return state;
  }

  clear(): void {
    for (const state of this.#states) rmSync(state, {recursive: true, force: true});
  }

  async play(): Promise<Outcome> {
    for (const [index, pair] of this.#pairs.entries()) await pair.fill(this.#scenario.mailboxes[index] ?? []);
    for (const step of this.#scenario.steps)
      if (step.kind === 'run') await this.#run(step);
      else if (step.kind === 'change') {
        this.#done.changes += 1;
        await this.#make(step, this.#known ? 'known' : 'between');
        // Where the source numbers a folder anew, copies that are taken away before the next run may come back.
        if (step.at === 'source' && step.change.kind === 'restore') this.#known = false;
      } else {
        if (step.how === 'deleted') this.#state = this.#newState();
        else damage(this.#state, step.how);
        this.#forgets();
        this.#known = false;
      }
    for (const pair of this.#pairs) await pair.makeRoom();
    const last = await this.#quiet('the last quiet run');
    const compared = await this.#judge('');
    const again = await this.#quiet('a run after it');
    this.#expect(again?.totals.copied === 0, `a run with nothing to do copied ${again?.totals.copied}`);
    this.#expect(
      again === undefined || again.totals.skipped === last?.totals.skipped,
      `deleted copies were ${last?.totals.skipped}, then ${again?.totals.skipped}`,
    );
    await this.#judge('after a run with nothing to do: ');
    this.#state = this.#newState();
    const before = this.#pairs.reduce((all, {books}) => all + books.deletedMeanwhile, 0);
    this.#forgets();
    const anew = await this.#quiet('a run without the ledger');
    this.#expect(
      (anew?.totals.copied ?? 0) <= before,
      `without the ledger ${anew?.totals.copied} were copied, ${before} had been deleted`,
    );
    await this.#judge('after a run without the ledger: ');
    return {
      compared,
      lost: this.#lost,
      doubled: this.#doubled,
      broken: this.#broken,
      ...this.#done,
    };
  }

  #forgets(): void {
    for (const {books} of this.#pairs) books.forgets();
  }

  async #make({mailbox, at, change}: Where, moment: 'during' | 'between' | 'known'): Promise<void> {
    await this.#pairs[mailbox]?.hands[at].make(change, moment);
  }

  #expect(holds: boolean, otherwise: string): void {
    if (!holds) this.#broken.push(otherwise);
  }

  async #quiet(what: string): Promise<EngineRun | undefined> {
    const run = await this.#run(quietRun);
    const problems = run === undefined ? [] : eventsOf(run, 'message-failed').map(each => each.problem.code);
    this.#expect(
      run?.exitCode === 0 && run.totals.failed === 0,
      `${what} ended with ${run?.exitCode}, failed: ${run?.totals.failed} ${[...new Set(problems)].join(' ')} ${run === undefined ? '' : endsOf(run)}`,
    );
    return run;
  }

  /** Undefined where it was killed. */
  async #run(step: RunStep): Promise<EngineRun | undefined> {
    let handle: BatchHandle | undefined;
    let killed: string | undefined;
    let changing: Promise<void> = Promise.resolve();
    const left = [...step.meanwhile];
    const kill = (late: boolean) => {
      if (killed !== undefined) return;
      killed = this.#newState();
      // What a power cut leaves of it: the files as they are now.
      cpSync(this.#state, killed, {recursive: true});
      this.#lines.sever(late);
      handle?.stop();
      handle?.stop();
    };
    const at = typeof step.kill === 'object' ? step.kill : undefined;
    let passings = 0;
    const passed = (point: Point) => {
      if (point !== at?.point || ++passings !== at.nth) return;
      this.#done.killsAtPoints += 1;
      kill(at.late);
    };
    for (const pair of this.#pairs) await pair.look();
    this.#done.runs += 1;
    this.#done.faults += step.faults.length;
    if (step.kill !== undefined || step.faults.length > 0 || step.meanwhile.length > 0) this.#known = false;
    this.#lines.watch({
      faults: step.faults,
      passed: pieces => {
        if (pieces === step.kill) kill(false);
        const now = left.filter(({piece}) => piece === pieces);
        if (now.length === 0) return undefined;
        this.#done.changes += now.length;
        for (const each of now)
          changing = changing
            .then(() => this.#make(each, 'during'))
            .then(() => this.#pairs[each.mailbox]?.look());
        return changing;
      },
    });
    const on = (event: RunEvent, each: BatchHandle) => {
      handle = each;
      if (event.type === 'folders-planned') this.#pairs[event.request]?.planned(event);
    };
    const jobs = this.#pairs.map((pair, index) => pair.job(index, this.#lines));
    const running = runEngine(jobs, {
      ports: {passed},
      state: this.#state,
      on,
      limits: {connections: step.connections, settleMs: 1500},
      ...(step.newestFirst ? {order: 'newest' as const} : {}),
    });
    const run = await within(longestRun, running);
    await changing;
    this.#search(killed === undefined ? [this.#state] : [this.#state, killed], run);
    if (killed !== undefined) {
      this.#done.kills += 1;
      this.#state = killed;
      this.#known = false;
      return undefined;
    }
    if (run === undefined) {
      this.#broken.push('a run hangs');
      handle?.stop();
      handle?.stop();
      return undefined;
    }
    const {selected, copied, alreadyPresent, skipped, failed} = run.totals;
    this.#expect(
      copied + alreadyPresent + skipped + failed === selected,
      `the counts do not add up: ${JSON.stringify(run.totals)}`,
    );
    for (const {problem} of eventsOf(run, 'request-state'))
      this.#expect(problem?.code !== 'internal-error', `a mistake of its own: ${problem?.detail}`);
    this.#known = run.exitCode === 0 && step.meanwhile.length === 0;
    return run;
  }

  #search(states: readonly string[], run: EngineRun | undefined): void {
    const {files, modes, wrong} = lookAtLeft(states, [JSON.stringify([run?.events, run?.rows])]);
    this.#done.files += files;
    this.#done.modes += modes;
    this.#broken.push(...wrong);
  }

  /** @returns messages compared */
  async #judge(when: string): Promise<number> {
    let all = 0;
    for (const pair of this.#pairs) {
      const {compared, lost, doubled, broken} = await pair.judge();
      all += compared;
      this.#lost.push(...lost.map(what => when + what));
      this.#doubled.push(...doubled.map(what => when + what));
      this.#broken.push(...broken.map(what => when + what));
    }
    return all;
  }
}

/** Undefined where it takes longer. */
async function within<Result>(ms: number, work: Promise<Result>): Promise<Result | undefined> {
  const {promise, resolve} = Promise.withResolvers<undefined>();
  const timer = setTimeout(resolve, ms, undefined);
  return Promise.race([work, promise]).finally(() => clearTimeout(timer));
}
