// Plays a scenario with the real engine between two real servers, and judges what came of it.
import {cpSync, rmSync} from 'node:fs';
import type {BatchHandle} from '../../../source/engine/batch.ts';
import type {RunEvent} from '../../../source/engine/events.ts';
import {type EngineRun, eventsOf, freshState, job, runEngine} from '../../helpers/engine.ts';
import {instantOf, readMailbox, type StoredMessage} from '../../helpers/mail.ts';
import {corpus} from '../../helpers/mail-corpus.ts';
import {Books, countsOf, type Judgement, type Wrong} from './books.ts';
import {damage} from './damage.ts';
import {Hands, root, shown} from './hands.ts';
import {type Lines, startLines} from './line.ts';
import type {At, RunStep, Scenario} from './steps.ts';
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
  readonly faults: number;
  readonly changes: number;
};

/** A run that takes longer has hung: none of them sits through a pause of minutes. */
const longestRun = 120_000;
const quietRun: RunStep = {kind: 'run', faults: [], meanwhile: [], connections: 2, newestFirst: false};

let plays = 0;

export async function play(scenario: Scenario, world: World): Promise<Outcome> {
  const [source, destination] = await Promise.all([world.source(), world.destination(scenario.destination)]);
  const lines = await startLines({source: source.imapPort, destination: destination.imapPort});
  const id = `${scenario.seed}-${++plays}`;
  const stage = new Stage(scenario, lines, {
    source: {server: source, user: `m${id}@baya.com`},
    destination: {server: destination, user: `m${id}@vault.example`},
  });
  try {
    return await stage.play();
  } finally {
    lines.close();
    stage.clear();
  }
}

type Mailboxes = Readonly<
  Record<At, {readonly server: Parameters<typeof readMailbox>[0]; readonly user: string}>
>;

class Stage {
  readonly #scenario: Scenario;
  readonly #lines: Lines;
  readonly #mailboxes: Mailboxes;
  readonly #books = new Books();
  readonly #hands: Readonly<Record<At, Hands>>;
  readonly #broken: string[] = [];
  readonly #lost: string[] = [];
  readonly #doubled: string[] = [];
  readonly #states: string[] = [];
  readonly #done = {runs: 0, kills: 0, faults: 0, changes: 0};
  #state: string;
  #places = new Map<string, string>();
  /** The last run ended in order, and the ledger has been there since. */
  #known = false;

  constructor(scenario: Scenario, lines: Lines, mailboxes: Mailboxes) {
    this.#scenario = scenario;
    this.#lines = lines;
    this.#mailboxes = mailboxes;
    const hands = (at: At) => new Hands(at, mailboxes[at].server, mailboxes[at].user, this.#books);
    this.#hands = {source: hands('source'), destination: hands('destination')};
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
    for (const {name, count, seed} of this.#scenario.folders)
      await this.#hands.source.fill(name.join('/'), corpus(count, {seed}));
    for (const step of this.#scenario.steps)
      if (step.kind === 'run') await this.#run(step);
      else if (step.kind === 'change') {
        this.#done.changes += 1;
        await this.#hands[step.at].make(step.change, this.#known ? 'known' : 'between');
        // Where the source numbers a folder anew, copies that are taken away before the next run may come back.
        if (step.at === 'source' && step.change.kind === 'restore') this.#known = false;
      } else {
        if (step.how === 'deleted') this.#state = this.#newState();
        else damage(this.#state, step.how);
        this.#books.forgets();
        this.#known = false;
      }
    const last = await this.#quiet('the last quiet run');
    const judged = await this.#judge('');
    const again = await this.#quiet('a run after it');
    this.#expect(again?.totals.copied === 0, `a run with nothing to do copied ${again?.totals.copied}`);
    this.#expect(
      again === undefined || again.totals.skipped === last?.totals.skipped,
      `deleted copies were ${last?.totals.skipped}, then ${again?.totals.skipped}`,
    );
    await this.#judge('after a run with nothing to do: ');
    this.#state = this.#newState();
    const before = this.#books.deletedMeanwhile;
    this.#books.forgets();
    const anew = await this.#quiet('a run without the ledger');
    this.#expect(
      (anew?.totals.copied ?? 0) <= before,
      `without the ledger ${anew?.totals.copied} were copied, ${before} had been deleted`,
    );
    await this.#judge('after a run without the ledger: ');
    return {
      compared: judged.compared,
      lost: this.#lost,
      doubled: this.#doubled,
      broken: this.#broken,
      ...this.#done,
    };
  }

  #expect(holds: boolean, otherwise: string): void {
    if (!holds) this.#broken.push(otherwise);
  }

  async #quiet(what: string): Promise<EngineRun | undefined> {
    const run = await this.#run(quietRun);
    const problems = run === undefined ? [] : eventsOf(run, 'message-failed').map(each => each.problem.code);
    const states = run === undefined ? [] : eventsOf(run, 'request-state');
    this.#expect(
      run?.exitCode === 0 && run.totals.failed === 0,
      `${what} ended with ${run?.exitCode}, failed: ${run?.totals.failed} ${[...new Set(problems)].join(' ')} ${states.at(-1)?.problem?.sentence ?? ''} ${states.at(-1)?.problem?.detail ?? ''}`,
    );
    return run;
  }

  /** Undefined where it was killed. */
  async #run(step: RunStep): Promise<EngineRun | undefined> {
    let handle: BatchHandle | undefined;
    let killed: string | undefined;
    let changing: Promise<void> = Promise.resolve();
    const left = [...step.meanwhile];
    const kill = () => {
      killed = this.#newState();
      // What a power cut leaves of it: the files as they are now.
      cpSync(this.#state, killed, {recursive: true});
      this.#lines.sever();
      handle?.stop();
      handle?.stop();
    };
    this.#done.runs += 1;
    this.#done.faults += step.faults.length;
    if (step.kill !== undefined || step.faults.length > 0 || step.meanwhile.length > 0) this.#known = false;
    this.#lines.watch({
      faults: step.faults,
      passed: pieces => {
        if (pieces === step.kill) kill();
        const now = left.filter(({piece}) => piece === pieces);
        if (now.length === 0) return undefined;
        this.#done.changes += now.length;
        for (const {at, change} of now)
          changing = changing.then(() => this.#hands[at].make(change, 'during'));
        return changing;
      },
    });
    const on = (event: RunEvent, each: BatchHandle) => {
      handle = each;
      if (event.type === 'folders-planned') this.#plan(event);
    };
    const running = runEngine([this.#job()], {
      state: this.#state,
      on,
      limits: {connections: step.connections, settleMs: 1500},
      ...(step.newestFirst ? {order: 'newest' as const} : {}),
    });
    const run = await within(longestRun, running);
    await changing;
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

  #job() {
    const end = (at: At) => ({server: this.#lines[at], user: this.#mailboxes[at].user});
    return job(end('source'), end('destination'), {destinationFolder: root, ...this.#scenario.filter});
  }

  #plan(event: Extract<RunEvent, {type: 'folders-planned'}>): void {
    this.#places = new Map(
      event.folders.filter(({selected}) => selected).map(folder => [folder.source, folder.destination]),
    );
    this.#books.planned(this.#places);
  }

  async #judge(when: string): Promise<Judgement> {
    const {source, destination} = this.#mailboxes;
    const [from, to] = await Promise.all([
      readMailbox(source.server, source.user),
      readMailbox(destination.server, destination.user),
    ]);
    const judgement = this.#books.judge(
      this.#places,
      new Map(
        [...from].map(([path, all]) => [shown(path), countsOf(this.#asked(all).map(({sha256}) => sha256))]),
      ),
      new Map([...to].map(([path, all]) => [path, countsOf(all.map(({sha256}) => sha256))])),
    );
    const named = (wrong: Wrong) => {
      const message = [...from.values(), ...to.values()].flat().find(({sha256}) => sha256 === wrong.content);
      const about = message?.bytes.toString('latin1').split('\r\n\r\n')[0]?.slice(0, 300);
      return `${when}${wrong.folder}: ${wrong.there} there, wanted ${wrong.wanted} of ${JSON.stringify(about)}`;
    };
    this.#lost.push(...judgement.lost.map(named));
    this.#doubled.push(...judgement.doubled.map(named));
    return judgement;
  }

  /** Days are the server's: what lies near to the border may be taken or not. */
  #asked(all: readonly StoredMessage[]): readonly StoredMessage[] {
    const {since} = this.#scenario.filter;
    if (since === undefined) return all;
    const border = Date.parse(since) + 2 * 86_400_000;
    return all.filter(({internalDate}) => instantOf(internalDate) >= border);
  }
}

/** Undefined where it takes longer. */
async function within<Result>(ms: number, work: Promise<Result>): Promise<Result | undefined> {
  const {promise, resolve} = Promise.withResolvers<undefined>();
  const timer = setTimeout(resolve, ms, undefined);
  return Promise.race([work, promise]).finally(() => clearTimeout(timer));
}
