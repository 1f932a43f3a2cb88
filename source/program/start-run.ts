// A run as a whole: engine, progress, faces, report and the list of runs, put together.
import {join} from 'node:path';
import type {Options} from '../command-line/option-table.ts';
import {startBatch} from '../engine/batch.ts';
import type {BatchControl} from '../engine/batch-control.ts';
import {summaryOf} from '../engine/batch-outcome.ts';
import type {RunEvent} from '../engine/events.ts';
import type {Gate} from '../engine/link/gate.ts';
import type {EngineSettings, Job} from '../engine/ports.ts';
import {type Live, makeRunFolder, runFolder} from '../live/folder.ts';
import {type Journal, openJournal} from '../live/journal.ts';
import {type RunServer, serveRun} from '../live/server.ts';
import {secretSources} from '../profiles/secret-sources.ts';
import {arrived} from '../progress/draft.ts';
import {hasFailed} from '../progress/select.ts';
import type {Snapshot} from '../progress/snapshot.ts';
import {createStore} from '../progress/store.ts';
import {ReportError} from '../report/report-error.ts';
import {leaveReportFolder, takeReportFolder} from '../report/take-folder.ts';
import {createReport} from '../report/writer.ts';
import type {Endpoint, Request} from '../request/schema.ts';
import type {RunControl, RunHandle, RunOutcome} from '../services.ts';
import {credentialsOf} from './credentials.ts';
import {requestFrom} from './from-folder.ts';
import {type History, type RunRecord, runName} from './history.ts';
import {keepRequests} from './kept-requests.ts';
import {readKeychainFirst} from './keychain-first.ts';
import type {KeptSignIns} from './microsoft.ts';
import {type Ended, notify} from './notify.ts';
import type {Places} from './places.ts';
import {keptOptions} from './run-options.ts';
import type {System} from './system.ts';
import {ticking} from './ticking.ts';

export type RunParts = {
  readonly options: Options;
  /** The options that the command line gave: a profile's own count for the others. */
  readonly given: ReadonlySet<keyof Options>;
  readonly places: Places;
  readonly history: History;
  readonly system: System;
  /** PEM, from --ca. */
  readonly ca: readonly string[];
  /** The run whose failures are tried again. */
  readonly retryOf?: string;
  /** Where the run began that this one goes on with or tries again; else the working directory counts. */
  readonly folder?: string;
  /** One for the whole program: a sign-in of the check serves the run. */
  readonly signIns: KeptSignIns;
};

/** `listening`: where others can watch it; undefined where nobody can. Rejects as `done` does. */
export type StartedRun = RunHandle & {readonly listening: Promise<Live | undefined>};

/** A face beside the grid: plain or JSON lines. */
export type Listener = {
  /** `whole`: the run after this event. */
  take(event: RunEvent, whole: () => Snapshot): void;
  tick(now: number): void;
  /** Closed while it is slower than the run. */
  readonly telling?: Gate;
};

export function jobsOf(
  requests: readonly Request[],
  {system, signIns, ca, options, folder}: Pick<RunParts, 'system' | 'signIns' | 'ca' | 'options' | 'folder'>,
): Job[] {
  const sources = secretSources(system.env);
  const whole = requests.map(request => requestFrom(request, folder ?? system.files.workingDirectory));
  const credentials = (endpoint: Endpoint) =>
    credentialsOf(endpoint, sources, signIns, ca, options.passwordPolicy);
  return whole.map((what, request) => ({
    request,
    what,
    credentials: {source: credentials(what.source), destination: credentials(what.destination)},
  }));
}

export function engineSettings(parts: RunParts, run: string): EngineSettings {
  const {options, places, system, ca} = parts;
  return {
    run,
    version: system.version,
    dryRun: options.dryRun,
    pid: system.pid,
    newestFirst: options.order === 'newest',
    disarmReceipts: options.disarmReceipts,
    compress: options.compress,
    ca,
    limits: {
      connections: options.connections,
      memory: options.memory * 1024 * 1024,
      connectMs: 30_000,
      inactivityMs: 5 * 60_000,
      reconnects: 8,
      settleMs: 8_000,
    },
    ledgerFile: pair => places.ledger(pair),
    command: places.command,
  };
}

/**
 * Starts copying. The run's record and the report's folder are made first, so that a full or forbidden disk is known
 * before any mail moves: `done` rejects with UsageProblem or ReportError then.
 */
export function startRun(
  requests: readonly Request[],
  from: string,
  parts: RunParts,
  listener?: Listener,
): StartedRun {
  const {options, places, history, system} = parts;
  const {passed} = system;
  const startedAt = system.now();
  const store = createStore({now: system.now, schedule: system.schedule});
  const jobs = jobsOf(requests, parts);
  let journal: Journal | undefined;
  let server: RunServer | undefined;
  const take = (event: RunEvent) => {
    store.take(event);
    journal?.take(event);
    listener?.take(event, snapshotNow);
    server?.take(event);
  };
  const snapshotNow = () => {
    store.flush();
    return store.getSnapshot();
  };

  let batch: ReturnType<typeof startBatch> | undefined;
  // What is asked for before the engine has started is done once it has.
  const early: ((batch: BatchControl) => void)[] = [];
  const ask = (what: (batch: BatchControl) => void) => {
    if (batch === undefined) early.push(what);
    else what(batch);
  };

  const control: RunControl = {
    stop: request => ask(to => to.stop(request)),
    pause: request => ask(to => to.pause(request)),
    resume: request => ask(to => to.resume(request)),
    retryFailed: request => ask(to => to.retryFailed(request)),
    first: request => ask(to => to.first(request)),
    changeMailboxes: by => ask(to => to.changeMailboxes(by)),
  };
  const listening = Promise.withResolvers<Live | undefined>();
  listening.promise.catch(() => undefined);

  const work = async (): Promise<RunOutcome> => {
    const recorded = !options.dryRun;
    const run = runName(startedAt, from, name =>
      takeName(name, places.reports, recorded ? history : undefined),
    );
    const asked = keepRequests(
      jobs.map(job => job.what),
      from,
    );
    const record: RunRecord = {
      ...{version: 1, run, from, startedAt, requests: requests.length, processed: 0},
      ...{options: keptOptions(options), folder: parts.folder ?? system.files.workingDirectory},
      ...(parts.retryOf === undefined ? {} : {retryOf: parts.retryOf}),
      ...(asked === undefined ? {} : {asked}),
    };
    const directory = join(places.reports, run);
    passed?.('run-named');
    const begun = async () => {
      if (recorded) history.write({...record, reports: directory});
      passed?.('run-recorded');
      return createReport(
        directory,
        {
          run,
          from,
          version: system.version,
          startedAt,
          dryRun: options.dryRun,
          requests: jobs.map(summaryOf),
        },
        passed === undefined ? {} : {passed},
      );
    };
    const writer = await begun().catch((error: unknown) => {
      if (recorded) history.remove(run);
      leaveReportFolder(directory);
      throw error;
    });
    passed?.('report-begun');
    const {sleep, now, elapsed, random} = system;
    if (recorded && places.runs) {
      const folder = runFolder(places.state, run);
      makeRunFolder(folder);
      journal = openJournal(folder, {
        schedule: system.schedule,
        snapshot: snapshotNow,
      });
      // Where no socket can be made the run goes on: nobody can watch it then, and its journal tells of it.
      server = await serveRun(
        {store, ...control, snapshot: snapshotNow},
        {folder, run, pid: system.pid, platform: system.platform},
      ).catch(() => undefined);
      passed?.('journal-begun');
    }
    listening.resolve(server?.live);
    system.keepSmall();
    void readKeychainFirst(jobs, ended.signal);
    batch = startBatch(jobs, {
      settings: engineSettings(parts, run),
      ports: {
        sleep,
        now,
        elapsed,
        random,
        takeRows: rows => writer.messages(rows),
        restartRows: request => writer.restart(request),
        ...(passed === undefined ? {} : {passed}),
      },
      mailboxes: options.mailboxes,
      order: options.order,
      ...(listener?.telling === undefined ? {} : {telling: listener.telling}),
      take,
    });
    for (const what of early.splice(0)) what(batch);
    const result = await batch.done;
    const endedAt = now();
    store.flush();
    let reports: string | undefined;
    const failures: string[] = [];
    try {
      reports = await writer.finish(store.getSnapshot(), {exitCode: result.exitCode, endedAt});
    } catch (error) {
      failures.push(wordsOf(error));
      if (error instanceof ReportError && error.incomplete) reports = directory;
    }
    // The mail is copied; what could not be written is the proof of it.
    const exitCode = failures.length === 0 ? result.exitCode : Math.max(3, result.exitCode);
    take({
      type: 'run-finished',
      at: endedAt,
      exitCode,
      totals: result.totals,
      ...(reports === undefined ? {} : {reports}),
    });
    store.flush();
    const snapshot = store.getSnapshot();
    if (recorded)
      try {
        history.write({
          ...record,
          endedAt,
          exitCode,
          processed: snapshot.states.Processed,
          ...outcomeOf(snapshot),
          ...(reports === undefined ? {} : {reports}),
        });
      } catch (error) {
        // Without it the run counts as broken off and is offered again, which copies nothing twice.
        failures.push(wordsOf(error));
      }
    passed?.('run-closed');
    journal?.close();
    passed?.('journal-closed');
    const warning = await tell({run, exitCode, ...(reports === undefined ? {} : {reports})}, parts);
    const outcome = {
      exitCode,
      snapshot,
      ...(warning === undefined ? {} : {warning}),
      ...(reports === undefined ? {} : {reports}),
      ...(failures.length === 0 ? {} : {reportProblem: failures.join('\n')}),
    };
    await server?.end(outcome);
    return outcome;
  };

  const ended = new AbortController();
  const stopTicking = ticking(system, listener);
  // One that is paused may have no connection, and nobody who watches it.
  const mayEnd = system.keepAlive();
  const done = work()
    .catch(async (error: unknown) => {
      journal?.close();
      await server?.broke(wordsOf(error));
      throw error;
    })
    .finally(() => {
      ended.abort();
      stopTicking();
      mayEnd();
      store.close();
    });
  done.catch(listening.reject);
  return {store, done, listening: listening.promise, ...control};
}

/**
 * Takes a name for this run alone, by its report's folder and its record: either may be there without the other, of a
 * demo, a dry run, or another state folder.
 */
function takeName(name: string, reports: string, history: Pick<History, 'take'> | undefined): boolean {
  const folder = join(reports, name);
  if (!takeReportFolder(folder)) return false;
  try {
    if (history === undefined || history.take(name)) return true;
  } catch (error) {
    leaveReportFolder(folder);
    throw error;
  }
  leaveReportFolder(folder);
  return false;
}

/** What the list of runs says of it. */
export function outcomeOf({requests, totals}: Snapshot): Pick<RunRecord, 'failed' | 'counts'> {
  const {selected, failed} = totals;
  return {
    failed: requests.filter(hasFailed).length,
    counts: {selected, arrived: arrived(totals), failed},
  };
}

/** Runs the command of --notify; of a dry run only where the command line itself has it. */
async function tell(ended: Ended, {options, given, system}: RunParts): Promise<string | undefined> {
  const {notify: command, dryRun} = options;
  if (command === undefined || (dryRun && !given.has('notify'))) return undefined;
  return notify(command, ended, system.env);
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
