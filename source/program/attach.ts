// A run of another process by its name: to be watched, and stopped by `mailferry stop`.
import {type Follower, type Patience, watchRun} from '../live/client.ts';
import {type Live, readLive, runFolder} from '../live/folder.ts';
import {RunLost} from '../live/run-errors.ts';
import type {RunHandle, RunOutcome} from '../services.ts';
import {summaryText} from '../summary/text.ts';
import {endOf, isCut, liveOf, recordOf} from './find-run.ts';
import {firstLook} from './first-look.ts';
import type {History} from './history.ts';
import {type System, UsageProblem} from './system.ts';

export type Where = {
  readonly history: History;
  readonly state: string;
  readonly schedule: Patience['schedule'];
};

/** ms for which the first word of a run is waited for that somebody wants to watch. */
const patient = 10_000;

/**
 * The run of that name as it is now, or the only one at work where no name is given; of one that has ended, how it
 * ended.
 * @param follower is told what happens in one that is at work
 * @throws UsageProblem where there is nothing to see
 */
export async function openRun(
  run: string | undefined,
  where: Where,
  follower?: Follower,
): Promise<RunHandle> {
  const name = run ?? (await onlyRun(where));
  const record = recordOf(name, where.history);
  const live = await liveOf(name, where.state);
  if (live !== undefined)
    return watchRun(live, {
      ...{endOf: of => endOf(of, where), command: where.history.command, follower},
      patience: {ms: patient, schedule: where.schedule},
    });
  if (record.exitCode === undefined) throw new UsageProblem(brokenOff(name, where));
  const outcome = endOf(name, where);
  if (outcome === undefined || isCut(outcome.snapshot, record))
    throw new UsageProblem(
      `The run ${name} has ended, and only its report is left: ${where.history.command(`report ${name}`)}`,
    );
  return endedRun(outcome);
}

async function onlyRun({history, state}: Where): Promise<string> {
  const running: string[] = [];
  for (const {run, exitCode} of history.list())
    if (exitCode === undefined && (await liveOf(run, state)) !== undefined) running.push(run);
  const [only, ...others] = running;
  if (only === undefined)
    throw new UsageProblem(`No run is at work. "${history.command('runs')}" lists those so far.`);
  if (others.length > 0)
    throw new UsageProblem(`More than one run is at work: name one of ${running.join(', ')}.`);
  return only;
}

/** What is known of a run whose process was killed. */
function brokenOff(run: string, {history, state}: Where): string {
  const pid = readLive(runFolder(state, run))?.pid;
  const who = pid === undefined ? '' : `: its process (${pid}) is gone`;
  return `The run ${run} was broken off${who}. "${history.command(`resume ${run}`)}" goes on; nothing is copied twice.`;
}

function endedRun(outcome: RunOutcome): RunHandle {
  const nothing = () => undefined;
  return {
    store: {getSnapshot: () => outcome.snapshot, subscribe: () => nothing},
    done: Promise.resolve(outcome),
    ...{stop: nothing, pause: nothing, resume: nothing, retryFailed: nothing},
    ...{first: nothing, changeMailboxes: nothing},
  };
}

/**
 * Asks the run to stop, and says how it ended.
 * @param system where to say it; nowhere where not given
 * @throws UsageProblem where it is not at work
 */
export async function stopRun(
  run: string | undefined,
  where: Where,
  system: Pick<System, 'stdout' | 'stderr'> | undefined,
): Promise<number> {
  const name = run ?? (await onlyRun(where));
  const record = recordOf(name, where.history);
  const live: Live | undefined = await liveOf(name, where.state);
  if (live === undefined)
    throw new UsageProblem(
      record.exitCode === undefined ? brokenOff(name, where) : `The run ${name} has ended already.`,
    );
  const handle = watchRun(live, {
    ...{endOf: of => endOf(of, where), command: where.history.command, ordersOnly: true},
  });
  handle.stop();
  system?.stderr.write(
    `Stopping ${name} (process ${live.pid}): what is in flight is finished. "${where.history.command(`stop ${name}`)}" once more stops it at once.\n`,
  );
  // It hears nothing before the end: whether there is anybody at all has to be asked.
  firstLook(live, where.schedule).catch((error: unknown) => {
    if (error instanceof RunLost && error.how === 'silent')
      system?.stderr.write(`${error.message} It stops then.\n`);
  });
  const {snapshot, reports} = await handle.done;
  system?.stdout.write(`${summaryText(snapshot, reports, system.stdout.columns)}\n`);
  return 0;
}
