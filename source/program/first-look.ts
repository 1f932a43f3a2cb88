// How a run of another process stands: as it says, or as its journal has it.
import {type Patience, watchRun} from '../live/client.ts';
import {type Live, runFolder} from '../live/folder.ts';
import {readJournal} from '../live/journal.ts';
import type {Snapshot} from '../progress/snapshot.ts';
import {liveOf} from './find-run.ts';

/** ms for which a run is waited for that is only looked at, among others. */
const patient = 2_000;

type Schedule = Patience['schedule'];

/** `live`: it is at work. What it does not say, too many watching it or its process suspended, its journal tells. */
export async function standingOf(
  run: string,
  state: string,
  schedule: Schedule,
): Promise<{readonly live: Live | undefined; readonly snapshot: Snapshot | undefined}> {
  const live = await liveOf(run, state);
  const said = live === undefined ? undefined : await firstLook(live, schedule).catch(() => undefined);
  return {live, snapshot: said ?? readJournal(runFolder(state, run))};
}

/** As it says. @throws RunLost, RunGone where it does not */
export async function firstLook(live: Live, schedule: Schedule): Promise<Snapshot> {
  const handle = watchRun(live, {patience: {ms: patient, schedule}});
  const {promise, resolve, reject} = Promise.withResolvers<Snapshot>();
  handle.store.subscribe(() => resolve(handle.store.getSnapshot()));
  handle.done.then(({snapshot}) => resolve(snapshot), reject);
  try {
    return await promise;
  } finally {
    handle.detach?.();
  }
}
