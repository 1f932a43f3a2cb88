// Many requests: which run at once, in which order, what happens on stop, pause and retry of one or of all.
import type {BatchHandle, BatchResult} from './batch-control.ts';
import {exitCodeOf, lost, summaryOf} from './batch-outcome.ts';
import {Budget} from './copy/budget.ts';
import {type Emit, eventVersion, type RunEvent} from './events.ts';
import {Gate} from './link/gate.ts';
import {Servers} from './link/servers.ts';
import {SignInGuard} from './link/sign-in-guard.ts';
import {measureAll, measureMailbox} from './look/measure.ts';
import type {EnginePorts, EngineSettings, Job, StopSignals} from './ports.ts';
import {type Problem, problem as told} from './problems/problems.ts';
import {noCounts, pairOf, type RequestOutcome, runRequest, sum} from './request.ts';
import {Turns} from './turns.ts';

/** As listed; the smallest mailbox first; within each folder the newest mail first. */
export type Order = 'listed' | 'smallest' | 'newest';

export type BatchOptions = {
  readonly settings: EngineSettings;
  readonly ports: EnginePorts;
  /** Requests at once. */
  readonly mailboxes: number;
  readonly order?: Order;
  /** Closed while what was told is not taken: work under way waits between two batches. */
  readonly telling?: Gate;
  readonly take: (event: RunEvent) => void;
};

const mostMailboxes = 100;
/** ms of waiting for a server for which a mailbox lends its place to another. */
const worthLending = 30_000;

/** What is in the hands of the person for one request. */
type Hand = {readonly gate: Gate; finish: AbortController; abort: AbortController};

/** Starts at once; the first event describes the run. */
export function startBatch(jobs: readonly Job[], options: BatchOptions): BatchHandle {
  const batch = new Batch(jobs, options);
  return {
    done: batch.run(),
    stop: request => (request === undefined ? batch.stop() : batch.stopOne(request)),
    pause: request => (request === undefined ? batch.pause() : batch.pauseOne(request)),
    resume: request => (request === undefined ? batch.resume() : batch.resumeOne(request)),
    retryFailed: request => (request === undefined ? batch.retryAll() : batch.retryOne(request)),
    first: request => batch.first(request),
    changeMailboxes: by => batch.changeMailboxes(by),
  };
}

/** Which requests run one after the other. Folders whose names differ in case alone may be one (Exchange). */
const turnOf = (job: Job): string => pairOf(job).normalize('NFC').toLowerCase();

class Batch {
  readonly #options: BatchOptions;
  readonly #jobs: ReadonlyMap<number, Job>;
  readonly #hands: ReadonlyMap<number, Hand>;
  readonly #turns: Turns;
  readonly #finish = new AbortController();
  readonly #abort = new AbortController();
  readonly #gate: Gate;
  readonly #budget: Budget;
  readonly #servers = new Servers(undefined, () => this.#pump());
  #guard: SignInGuard;
  readonly #outcomes = new Map<number, RequestOutcome>();
  /** Pairs at work (`turnOf`): requests of one pair share a ledger and run one after the other. */
  readonly #pairs = new Set<string>();
  /** Those that several requests have. */
  readonly #shared: ReadonlySet<string>;
  readonly #idle = Promise.withResolvers<void>();
  /** The order is not known yet: nobody begins. */
  #measuring = false;
  /** The last one has ended: what is asked for now comes too late. */
  #over = false;
  /** What stopped the run, where it was not the user. */
  #halted: Problem | undefined;
  /** A mistake of ours: the run ends with it. */
  #broken: {readonly error: unknown} | undefined;

  constructor(jobs: readonly Job[], options: BatchOptions) {
    this.#options = options;
    this.#gate = new Gate(options.telling);
    this.#budget = new Budget(options.settings.limits.memory);
    this.#turns = new Turns(options.mailboxes);
    this.#guard = new SignInGuard(options.ports.now);
    this.#jobs = new Map(jobs.map(job => [job.request, job]));
    const requests = Map.groupBy(jobs, pairOf);
    this.#shared = new Set([...requests].flatMap(([pair, {length}]) => (length > 1 ? [pair] : [])));
    this.#hands = new Map(
      jobs.map(job => [
        job.request,
        {gate: new Gate(this.#gate), finish: new AbortController(), abort: new AbortController()},
      ]),
    );
  }

  async run(): Promise<BatchResult> {
    const {settings, mailboxes, order} = this.#options;
    const jobs = [...this.#jobs.values()];
    this.#emit({
      type: 'run-started',
      version: eventVersion,
      run: settings.run,
      dryRun: settings.dryRun,
      requests: jobs.map(summaryOf),
      mailboxes,
    });
    for (const {request} of jobs) this.#queue(request);
    if (order === 'smallest' && jobs.length > 1) await this.#measure(jobs);
    this.#pump();
    await this.#idle.promise;
    const all = jobs.map(({request}) => this.#outcomes.get(request) ?? lost());
    return {
      exitCode: exitCodeOf(all, this.#halted === undefined),
      totals: sum(all.map(outcome => outcome.counts)),
    };
  }

  /** Nothing is told once the last one has ended: a run's result is its last word. */
  readonly #emit: Emit = event => {
    if (!this.#over) this.#options.take({...event, at: this.#options.ports.now()});
  };

  #queue(request: number): void {
    this.#turns.add(request);
    this.#emit({type: 'request-state', request, state: 'Pending'});
  }

  async #measure(jobs: readonly Job[]): Promise<void> {
    const {settings, ports} = this.#options;
    this.#measuring = true;
    const stop: StopSignals = {finish: this.#finish.signal, abort: this.#abort.signal};
    const sizeOf = await measureAll(jobs, {
      atOnce: this.#turns.limit,
      stop: stop.finish,
      measure: job => measureMailbox(job, settings, ports, stop, this.#guard, this.#servers),
      found: (request, size) => this.#emit({type: 'request-measured', request, ...size}),
    });
    this.#turns.sortBy(sizeOf);
    this.#measuring = false;
  }

  /** Lets those begin whose turn it is; ends the run when nobody is left. */
  #pump(): void {
    if (this.#measuring) return;
    const mayGo = (request: number) => !this.#pairs.has(this.#pair(request)) && !this.#isClosed(request);
    while (!this.#gate.closedItself) {
      const request = this.#turns.next(mayGo);
      if (request === undefined) break;
      void this.#carry(request);
    }
    if (!this.#turns.idle) return;
    this.#over = true;
    if (this.#broken === undefined) this.#idle.resolve();
    else this.#idle.reject(this.#broken.error);
  }

  /** A server of it lets nobody in for now: it would only wait with those that do, and fail with them. */
  #isClosed(request: number): boolean {
    const job = this.#jobs.get(request);
    return (
      job !== undefined && [job.what.source, job.what.destination].some(end => this.#servers.isClosed(end))
    );
  }

  #pair(request: number): string {
    const job = this.#jobs.get(request);
    return job === undefined ? '' : turnOf(job);
  }

  async #carry(request: number): Promise<void> {
    const {settings, ports} = this.#options;
    const job = this.#jobs.get(request);
    const hand = this.#hands.get(request);
    if (job === undefined || hand === undefined) return;
    const pair = turnOf(job);
    this.#pairs.add(pair);
    try {
      const stop = {
        finish: AbortSignal.any([this.#finish.signal, hand.finish.signal]),
        abort: AbortSignal.any([this.#abort.signal, hand.abort.signal]),
      };
      const {gate} = hand;
      const outcome = await runRequest(job, {
        settings,
        ports,
        stop,
        budget: this.#budget,
        servers: this.#servers,
        guard: this.#guard,
        alone: this.#jobs.size === 1,
        sharesLedger: this.#shared.has(pairOf(job)),
        earlier: this.#outcomes.get(request),
        gate,
        emit: event => {
          this.#emit(event);
          this.#lend(event);
        },
      });
      this.#outcomes.set(request, outcome);
      // A full disk or the like is everybody's: going on would only fail them all.
      if (outcome.problem?.scope === 'run' && outcome.problem.verdict === 'stop') {
        this.#halted ??= outcome.problem;
        this.#halt();
      }
    } catch (error) {
      // Whoever hears of it listens to nothing more: the others end first. No event tells of it; one may have been the cause.
      this.#broken ??= {error};
      this.#finish.abort();
      this.#turns.removeAll();
      this.#gate.open();
    } finally {
      this.#pairs.delete(pair);
      this.#servers.left(request);
      this.#turns.ended(request);
      // It may be put back in the queue, to begin afresh.
      hand.finish = new AbortController();
      hand.abort = new AbortController();
      this.#pump();
    }
  }

  /** Others use the time in which a mailbox waits for its server. */
  #lend(event: Parameters<Emit>[0]): void {
    if (event.type === 'wait-ended') this.#turns.wake(event.request, event.end);
    if (event.type !== 'waiting' || event.until - this.#options.ports.now() < worthLending) return;
    this.#turns.rest(event.request, event.end);
    this.#pump();
  }

  #halt(): void {
    if (this.#finish.signal.aborted) return;
    this.#emit({type: 'stopping', how: 'finish'});
    this.#finish.abort();
    for (const request of this.#turns.removeAll()) this.#stoppedUnopened(request);
    this.#gate.open();
    this.#pump();
  }

  #stoppedUnopened(request: number): void {
    // What an attempt before this one has brought is not forgotten.
    const {counts = noCounts, reached = false} = this.#outcomes.get(request) ?? {};
    this.#outcomes.set(request, {state: 'Stopped', counts, reached});
    const problem = this.#halted ?? told('stopped-by-user', {});
    this.#emit({type: 'request-state', request, state: 'Stopped', problem});
  }

  stop(): void {
    if (!this.#finish.signal.aborted) {
      this.#halt();
      return;
    }
    if (this.#abort.signal.aborted) return;
    this.#emit({type: 'stopping', how: 'abort'});
    this.#abort.abort();
  }

  stopOne(request: number): void {
    const hand = this.#hands.get(request);
    if (hand === undefined || this.#finish.signal.aborted) return;
    if (this.#turns.remove(request)) {
      this.#stoppedUnopened(request);
      this.#pump();
      return;
    }
    if (!this.#turns.isWorking(request) || hand.abort.signal.aborted) return;
    const how = hand.finish.signal.aborted ? 'abort' : 'finish';
    this.#emit({type: 'request-stopping', request, how});
    hand[how].abort();
  }

  pause(): void {
    if (this.#gate.closedItself || this.#finish.signal.aborted) return;
    this.#gate.close();
    this.#emit({type: 'paused'});
  }

  resume(): void {
    if (!this.#gate.closedItself) return;
    this.#emit({type: 'resumed'});
    this.#gate.open();
    this.#pump();
  }

  pauseOne(request: number): void {
    const hand = this.#hands.get(request);
    const going = this.#turns.isWaiting(request) || this.#turns.isWorking(request);
    if (hand === undefined || hand.gate.closedItself || !going || this.#finish.signal.aborted) return;
    hand.gate.close();
    this.#turns.hold(request);
    this.#emit({type: 'request-paused', request});
  }

  resumeOne(request: number): void {
    const hand = this.#hands.get(request);
    if (!hand?.gate.closedItself) return;
    this.#emit({type: 'request-resumed', request});
    this.#turns.release(request);
    hand.gate.open();
    this.#pump();
  }

  retryAll(): void {
    for (const [request, outcome] of this.#outcomes)
      if (outcome.state !== 'Stopped') this.#retry(request, outcome);
    this.#pump();
  }

  retryOne(request: number): void {
    const outcome = this.#outcomes.get(request);
    if (outcome !== undefined) this.#retry(request, outcome);
    this.#pump();
  }

  #retry(request: number, {state, counts}: RequestOutcome): void {
    if (this.#over || this.#finish.signal.aborted || (state === 'Processed' && counts.failed === 0)) return;
    if (this.#turns.isWaiting(request) || this.#turns.isWorking(request)) return;
    this.resumeOne(request);
    // What was refused may be mended by now: it is asked again.
    this.#guard = new SignInGuard(this.#options.ports.now);
    this.#queue(request);
  }

  first(request: number): void {
    if (this.#finish.signal.aborted || !this.#turns.first(request)) return;
    this.#emit({type: 'request-first', request});
    this.#pump();
  }

  changeMailboxes(by: number): void {
    const limit = Math.max(1, Math.min(mostMailboxes, this.#turns.limit + Math.trunc(by)));
    if (limit === this.#turns.limit || this.#finish.signal.aborted || !Number.isFinite(limit)) return;
    this.#turns.limit = limit;
    this.#emit({type: 'mailboxes-changed', mailboxes: limit});
    this.#pump();
  }
}
