// Many requests: which run at once, in which order, what happens on stop, pause and retry, and how it all ended.
import PQueue from 'p-queue';
import {Budget} from './copy/budget.ts';
import type {EnginePorts, EngineSettings, Job} from './copy/context.ts';
import {Gate} from './copy/gate.ts';
import {type Counts, type Emit, eventVersion, type RequestSummary, type RunEvent} from './events.ts';
import {problemFromError} from './problem-from-error.ts';
import {type Problem, problem as told} from './problems.ts';
import {noCounts, pairOf, type RequestOutcome, runRequest, sum} from './request.ts';

export type BatchResult = {readonly exitCode: number; readonly totals: Counts};

export type BatchHandle = {
  /** Settles when every request has ended; rejects only on a bug. */
  readonly done: Promise<BatchResult>;
  /** First: finish what is in flight. Second: drop everything. */
  stop(): void;
  pause(): void;
  resume(): void;
  /** Puts failed requests back in the queue. */
  retryFailed(): void;
};

export type BatchOptions = {
  readonly settings: EngineSettings;
  readonly ports: EnginePorts;
  /** Requests at once. */
  readonly mailboxes: number;
  readonly take: (event: RunEvent) => void;
};

/** Starts at once; the first event describes the run. */
export function startBatch(jobs: readonly Job[], options: BatchOptions): BatchHandle {
  const {settings, ports} = options;
  const emit: Emit = event => options.take({...event, at: ports.now()});
  const finish = new AbortController();
  const abort = new AbortController();
  const stop = {finish: finish.signal, abort: abort.signal};
  const budget = new Budget(settings.limits.memory);
  const gate = new Gate();
  const queue = new PQueue({concurrency: options.mailboxes});
  const outcomes = new Map<number, RequestOutcome>();
  /** In the queue: not to be put there twice. */
  const waiting = new Set<number>();
  /** What stopped the run, where it was not the user. */
  let halted: Problem | undefined;

  emit({
    type: 'run-started',
    version: eventVersion,
    run: settings.run,
    dryRun: settings.dryRun,
    requests: jobs.map(summaryOf),
  });
  /** Requests of one pair share a ledger: they run one after the other. */
  const pairs = new Map<string, Promise<unknown>>();
  const start = (job: Job) => {
    waiting.add(job.request);
    emit({type: 'request-state', request: job.request, state: 'Pending'});
    void queue.add(async () => {
      waiting.delete(job.request);
      if (finish.signal.aborted) {
        outcomes.set(job.request, {state: 'Stopped', counts: noCounts, reached: false});
        const problem = halted ?? told('stopped-by-user', {});
        emit({type: 'request-state', request: job.request, state: 'Stopped', problem});
        return;
      }
      const again = outcomes.delete(job.request);
      const pair = pairOf(job);
      const before = pairs.get(pair);
      const running = (async () => {
        await before;
        // A report that cannot forget the first attempt says so at its end.
        if (again) await ports.restartRows(job.request).catch(() => undefined);
        return runRequest(job, {settings, ports, stop, budget, gate, emit});
      })();
      pairs.set(pair, running);
      const outcome = await running;
      outcomes.set(job.request, outcome);
      // A full disk or the like is everybody's: going on would only fail them all.
      if (outcome.problem?.scope === 'run' && outcome.problem.verdict === 'stop') {
        halted ??= outcome.problem;
        halt();
      }
    });
  };
  const halt = () => {
    if (finish.signal.aborted) return;
    emit({type: 'stopping', how: 'finish'});
    gate.open();
    finish.abort();
  };
  for (const job of jobs) start(job);

  const done = (async (): Promise<BatchResult> => {
    await queue.onIdle();
    const all = jobs.map(job => outcomes.get(job.request) ?? lost());
    return {exitCode: exitCodeOf(all, halted === undefined), totals: sum(all.map(outcome => outcome.counts))};
  })();

  return {
    done,
    stop: () => {
      if (!finish.signal.aborted) {
        halt();
        return;
      }
      if (abort.signal.aborted) return;
      emit({type: 'stopping', how: 'abort'});
      abort.abort();
    },
    pause: () => {
      if (gate.closed || finish.signal.aborted) return;
      gate.close();
      emit({type: 'paused'});
    },
    resume: () => {
      if (!gate.closed) return;
      gate.open();
      emit({type: 'resumed'});
    },
    retryFailed: () => {
      if (finish.signal.aborted) return;
      for (const job of jobs)
        if (outcomes.get(job.request)?.state === 'Failed' && !waiting.has(job.request)) start(job);
    },
  };
}

/**
 * The exit codes of the outside contract, but 1 (a bug).
 * @param byUser it was the user who stopped it, if it was stopped
 */
export function exitCodeOf(outcomes: readonly RequestOutcome[], byUser = true): number {
  const is = (state: RequestOutcome['state']) => outcomes.some(outcome => outcome.state === state);
  if (is('Stopped')) return byUser ? 130 : 3;
  if (!byUser) return 3;
  if (outcomes.every(outcome => outcome.state === 'Invalid')) return 2;
  if (outcomes.every(outcome => !outcome.reached)) return 4;
  if (is('Failed') || is('Invalid') || outcomes.some(outcome => outcome.counts.failed > 0)) return 3;
  return 0;
}

function lost(): RequestOutcome {
  const why = problemFromError(new Error('A request ended without an outcome'), {
    end: 'source',
    login: '',
    server: '',
    during: 'other',
  });
  return {state: 'Failed', counts: noCounts, reached: false, problem: why};
}

/** The request as faces and reports name it. */
export function summaryOf(job: Job): RequestSummary {
  const {what, request, credentials} = job;
  return {
    request,
    title: what.title,
    type: what.type,
    source: credentials.source.user,
    sourceServer: `${what.source.server}:${what.source.port}`,
    destination: credentials.destination.user,
    destinationServer: `${what.destination.server}:${what.destination.port}`,
    destinationFolder: what.destinationFolder,
  };
}
