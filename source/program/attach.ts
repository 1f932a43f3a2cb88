// `mailferry attach` without the screens, and `mailferry stop`: a run of another process, watched and stopped.
import {cleanText} from '../engine/clean.ts';
import {totalsLine} from '../lines/sentences.ts';
import {watchRun} from '../live/client.ts';
import {type Live, readLive, runFolder} from '../live/folder.ts';
import {readJournal} from '../live/journal.ts';
import type {Snapshot} from '../progress/snapshot.ts';
import type {RunHandle} from '../services.ts';
import {summaryText} from '../summary/text.ts';
import {liveOf, recordOf} from './find-run.ts';
import type {History} from './history.ts';
import {type System, UsageProblem} from './system.ts';

type Where = {readonly history: History; readonly state: string};

const totalsEveryMs = 30_000;

/**
 * The run of that name as it is now, or the only one at work where no name is given; of one that has ended, how it
 * ended. @throws UsageProblem where there is nothing to see
 */
export async function openRun(run: string | undefined, where: Where): Promise<RunHandle> {
  const name = run ?? (await onlyRun(where));
  const record = recordOf(name, where.history);
  const live = await liveOf(name, where.state);
  if (live !== undefined) return watchRun(live);
  if (record.exitCode === undefined) throw new UsageProblem(brokenOff(name, where.state));
  const snapshot = readJournal(runFolder(where.state, name));
  if (snapshot === undefined)
    throw new UsageProblem(
      `The run ${name} has ended, and only its report is left: mailferry report ${name}`,
    );
  return endedRun(snapshot, record.exitCode, record.reports);
}

async function onlyRun({history, state}: Where): Promise<string> {
  const running: string[] = [];
  for (const {run, exitCode} of history.list())
    if (exitCode === undefined && (await liveOf(run, state)) !== undefined) running.push(run);
  const [only, ...others] = running;
  if (only === undefined) throw new UsageProblem('No run is at work. "mailferry runs" lists those so far.');
  if (others.length > 0)
    throw new UsageProblem(`More than one run is at work: name one of ${running.join(', ')}.`);
  return only;
}

/** What is known of a run whose process was killed. */
function brokenOff(run: string, state: string): string {
  const pid = readLive(runFolder(state, run))?.pid;
  const who = pid === undefined ? '' : `: its process (${pid}) is gone`;
  return `The run ${run} was broken off${who}. "mailferry resume ${run}" goes on; nothing is copied twice.`;
}

function endedRun(snapshot: Snapshot, exitCode: number, reports: string | undefined): RunHandle {
  const nothing = () => undefined;
  return {
    store: {getSnapshot: () => snapshot, subscribe: () => nothing},
    done: Promise.resolve({exitCode, snapshot, ...(reports === undefined ? {} : {reports})}),
    ...{stop: nothing, pause: nothing, resume: nothing, retryFailed: nothing},
    ...{first: nothing, changeMailboxes: nothing},
  };
}

/** The totals now and every half minute, and how it ends. @returns the run's exit code */
export async function followRun(handle: RunHandle, system: System): Promise<number> {
  let toldAt = Number.NEGATIVE_INFINITY;
  const tell = () => {
    const snapshot = handle.store.getSnapshot();
    const now = system.now();
    if (snapshot.startedAt === 0 || snapshot.endedAt !== undefined || now - toldAt < totalsEveryMs) return;
    toldAt = now;
    system.stdout.write(`${cleanText(totalsLine(snapshot, snapshot.rate, snapshot.eta), 2000)}\n`);
  };
  tell();
  const unsubscribe = handle.store.subscribe(tell);
  const release = system.onStopSignal(() => handle.detach?.());
  try {
    const outcome = await handle.done;
    system.stdout.write(`${summaryText(outcome.snapshot, outcome.reports)}\n`);
    return outcome.exitCode;
  } finally {
    release();
    unsubscribe();
  }
}

/** Asks the run to stop, and says how it ended. @throws UsageProblem where it is not at work */
export async function stopRun(run: string | undefined, where: Where, system: System): Promise<number> {
  const name = run ?? (await onlyRun(where));
  const record = recordOf(name, where.history);
  const live: Live | undefined = await liveOf(name, where.state);
  if (live === undefined)
    throw new UsageProblem(
      record.exitCode === undefined ? brokenOff(name, where.state) : `The run ${name} has ended already.`,
    );
  const handle = watchRun(live);
  handle.stop();
  system.stderr.write(
    `Stopping ${name} (process ${live.pid}): what is in flight is finished. "mailferry stop ${name}" once more stops it at once.\n`,
  );
  const {snapshot, reports} = await handle.done;
  system.stdout.write(`${summaryText(snapshot, reports)}\n`);
  return 0;
}
