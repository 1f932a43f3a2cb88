// `mailferry resume` and `mailferry retry`: an earlier run once more, from the same file or profile with the same
// options; all of it, or only what failed in it.
import {dirname} from 'node:path';
import {runFolder} from '../live/folder.ts';
import {readJournal} from '../live/journal.ts';
import type {Options} from '../option-table.ts';
import {runOptionsSchema} from '../profiles/profile.ts';
import type {RequestSnapshot} from '../progress/snapshot.ts';
import {loginName} from '../request/endpoint.ts';
import type {Request} from '../request/schema.ts';
import {liveOf, recordOf} from './find-run.ts';
import type {History, RunRecord} from './history.ts';
import {isFile, keptRequests} from './kept-requests.ts';
import {type Loaded, load, type SavedProfiles} from './load.ts';
import type {Places} from './places.ts';
import {withProfile} from './run-options.ts';
import {type System, UsageProblem} from './system.ts';

export type Again = {readonly loaded: Loaded; readonly options: Options; readonly reports: string};

type Asked = {
  readonly command: 'resume' | 'retry';
  readonly run: string;
  readonly options: Options;
  readonly given: ReadonlySet<keyof Options>;
};

/** @throws UsageProblem where there is nothing to do, or it cannot be done */
export async function again(
  {command, run, options, given}: Asked,
  {
    places,
    history,
    profiles,
    system,
  }: {places: Places; history: History; profiles: SavedProfiles; system: System},
): Promise<Again> {
  const record = recordOf(run, history);
  const live = await liveOf(run, places.state);
  if (live !== undefined)
    throw new UsageProblem(
      `The run ${run} is still at work (process ${live.pid}): "mailferry attach ${run}" shows it, "mailferry stop ${run}" stops it.`,
    );
  if (command === 'resume') refuseEnded(record);
  const profile = profiles.get(record.from);
  const asked = profile === undefined && !isFile(record.from) ? keptRequests(record.asked) : undefined;
  if (profile === undefined && !isFile(record.from) && asked === undefined)
    throw new UsageProblem(
      `The run ${run} was started from answers that were not kept. Answer them again: what has arrived is not copied again.`,
    );
  const kept = runOptionsSchema.safeParse(record.options ?? {});
  const own = withProfile(options, given, kept.success ? kept.data : {});
  const loaded =
    asked === undefined
      ? await load(record.from, own, profiles, system)
      : {requests: asked, from: record.from, advice: [], notes: []};
  return {
    loaded:
      command === 'resume'
        ? loaded
        : {...loaded, requests: failedOnes(record, loaded.requests, {places, history})},
    options: {...own, yes: true},
    reports: given.has('reports') || record.reports === undefined ? places.reports : dirname(record.reports),
  };
}

function refuseEnded({run, exitCode}: RunRecord): void {
  if (exitCode === undefined || exitCode === 130) return;
  throw new UsageProblem(
    exitCode === 0
      ? `The run ${run} is complete. To look for new mail, run its file or profile again.`
      : `The run ${run} has ended; there is nothing to go on with. "mailferry retry ${run}" tries again what failed in it.`,
  );
}

/**
 * The requests that did not end well in that run. Whose sign-in names or folder were mended since cannot be found in
 * it, and are taken along.
 */
function failedOnes(
  record: RunRecord,
  requests: readonly Request[],
  {places, history}: {places: Places; history: History},
): readonly Request[] {
  const well = new Map<string, boolean>();
  let isKnown = false;
  const seen = new Set<string>();
  // A run that was a retry itself has only what failed before it: the newest word on each mailbox counts.
  for (
    let of: RunRecord | undefined = record;
    of !== undefined && !seen.has(of.run);
    of = earlier(of, history)
  ) {
    seen.add(of.run);
    const snapshot = readJournal(runFolder(places.state, of.run));
    isKnown ||= snapshot !== undefined;
    for (const [key, ended] of endedWell(snapshot?.requests ?? [])) if (!well.has(key)) well.set(key, ended);
  }
  if (!isKnown)
    throw new UsageProblem(
      `What failed in ${record.run} is not recorded any more. Run its file or profile again: nothing is copied twice.`,
    );
  const failed = requests.filter(
    ({source, destination, destinationFolder}) =>
      well.get(keyOf(loginName(source), loginName(destination), destinationFolder)) !== true,
  );
  if (failed.length === 0)
    throw new UsageProblem(`Nothing failed in the run ${record.run}: there is nothing to try again.`);
  return failed;
}

function earlier({retryOf}: RunRecord, history: History): RunRecord | undefined {
  return retryOf === undefined ? undefined : history.get(retryOf);
}

/** Of requests that look the same all have to. */
function endedWell(requests: readonly RequestSnapshot[]): ReadonlyMap<string, boolean> {
  const well = new Map<string, boolean>();
  for (const {source, destination, destinationFolder, state, counts} of requests) {
    const key = keyOf(source, destination, destinationFolder);
    well.set(key, state === 'Processed' && counts.failed === 0 && (well.get(key) ?? true));
  }
  return well;
}

function keyOf(source: string, destination: string, folder: string): string {
  return JSON.stringify([source.toLowerCase(), destination.toLowerCase(), folder]);
}
