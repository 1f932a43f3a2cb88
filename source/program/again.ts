// `mailferry resume` and `mailferry retry`: an earlier run once more, from the same file, profile or answers with
// the same options; all that it was for, or only what failed in it.
import {dirname} from 'node:path';
import type {Options, RunOptions} from '../command-line/option-table.ts';
import {shellWord} from '../command-line/typed-command.ts';
import {runFolder} from '../live/folder.ts';
import {readJournal} from '../live/journal.ts';
import {runOptionsSchema} from '../profiles/profile.ts';
import type {RequestSnapshot} from '../progress/snapshot.ts';
import {loginName} from '../request/endpoint.ts';
import {withFolders} from '../request/for-all.ts';
import {type Request, requestSchema} from '../request/schema.ts';
import {liveOf, recordOf} from './find-run.ts';
import type {History, RunRecord} from './history.ts';
import {isFile, keptRequests} from './kept-requests.ts';
import {type Loaded, load, type SavedProfiles} from './load.ts';
import type {Places} from './places.ts';
import {forAllOf, withProfile} from './run-options.ts';
import {type System, UsageProblem} from './system.ts';

export type Again = {
  readonly loaded: Loaded;
  readonly options: Options;
  readonly reports: string;
  /** The run whose failures it tries again, or goes on to. */
  readonly retryOf?: string;
  /** Where its relative paths begin; undefined where that was not kept. */
  readonly folder: string | undefined;
};

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
      `The run ${run} is still at work (process ${live.pid}): "${history.command(`attach ${run}`)}" shows it, "${history.command(`stop ${run}`)}" stops it.`,
    );
  if (command === 'resume') refuseEnded(record, history);
  const profile = profiles.get(record.from);
  const isRead = (isFile(record.from) && record.asked === undefined) || profile?.kind === 'csv';
  const asked = isRead ? undefined : keptRequests(record.asked);
  if (profile === undefined && !isRead && asked === undefined)
    throw new UsageProblem(
      `The run ${run} was started from answers that were not kept. Answer them again: what has arrived is not copied again.`,
    );
  const kept = optionsOf(record);
  if (kept === undefined)
    throw new UsageProblem(
      `The options of the run ${run} cannot be read: another version of mailferry wrote them, or somebody changed them. Run its file or profile again with the same options: nothing is copied twice.`,
    );
  const own = withProfile(options, given, kept);
  const named = () => load(record.from, own, profiles, system);
  const loaded =
    asked === undefined
      ? await named()
      : asAsked(
          record.from,
          withOptions(asked, own),
          profile === undefined ? undefined : await named(),
          history,
        );
  // A retry that goes on has no more to do than it had: the other mailboxes of its file are not signed in to.
  const tries = command === 'retry' || record.retryOf !== undefined;
  return {
    loaded: tries ? {...loaded, requests: failedOnes(record, loaded.requests, {places, history})} : loaded,
    ...(tries ? {retryOf: run} : {}),
    folder: record.folder,
    options: {...own, yes: true},
    reports: given.has('reports') || record.reports === undefined ? places.reports : dirname(record.reports),
  };
}

type Known = {
  readonly options: Options;
  readonly given: ReadonlySet<keyof Options>;
  readonly profiles: SavedProfiles;
  readonly system: System;
};

/** What a run was asked that only its record tells: no file has it, and no profile of its name asks for the same. */
export async function askedAlone(
  record: RunRecord,
  {options, given, profiles, system}: Known,
): Promise<{readonly request: Request; readonly options: RunOptions} | undefined> {
  const profile = profiles.get(record.from);
  const [request, ...others] = keptRequests(record.asked) ?? [];
  if (request === undefined || others.length > 0 || profile?.kind === 'csv') return undefined;
  const own = optionsOf(record);
  if (own === undefined) return undefined;
  if (profile !== undefined) {
    // One that is not whole any more asks for nothing.
    const saved = await load(record.from, withProfile(options, given, own), profiles, system).catch(
      () => undefined,
    );
    if (saved !== undefined && workOf(saved.requests) === workOf([request])) return undefined;
  }
  const {include, exclude, withJunk} = request;
  return {request, options: {...own, include, exclude, withJunk}};
}

/**
 * The options that a run went by: all of them or, where one is not understood, none. It may be what narrows the run, and
 * without it more would be copied than was asked for.
 */
export function optionsOf({options = {}}: RunRecord): RunOptions | undefined {
  const {success, data} = runOptionsSchema.safeParse(options);
  return success && Object.keys(options).every(name => Object.hasOwn(data, name)) ? data : undefined;
}

/** What was asked, with what is asked for all of it now. @throws UsageProblem where that does not fit it */
function withOptions(asked: readonly Request[], own: Options): readonly Request[] {
  const {repair, ...answers} = forAllOf(own).answers;
  return asked.map(request => {
    const {repair: asBefore, ...others} = withFolders(request, own);
    const mends = repair ?? asBefore ?? 'none';
    const parsed = requestSchema.safeParse({
      ...others,
      ...answers,
      ...(mends === 'none' ? {} : {repair: mends}),
    });
    if (!parsed.success)
      throw new UsageProblem(
        `${request.title}: ${parsed.error.issues[0]?.message ?? 'The options do not fit it.'}`,
      );
    return parsed.data;
  });
}

/**
 * The profile may have been mended since, so that it counts, or may be about something else: another one of that name,
 * or answers that were changed for the run and not saved.
 */
function asAsked(
  from: string,
  asked: readonly Request[],
  saved: Loaded | undefined,
  {command}: History,
): Loaded {
  const plain = {requests: asked, from, advice: [], notes: []};
  if (saved === undefined) return plain;
  if (workOf(saved.requests) === workOf(asked)) return saved;
  const sentence = `The profile "${from}" now asks for something else than this run did: it goes on with what it was started with. "${command(`run ${shellWord(from)}`)}" does what the profile says.`;
  return {...plain, advice: [sentence], notes: [{file: from, severity: 'advice', sentence}]};
}

/** Which mail goes where, not how the mailboxes are signed in to. */
function workOf(requests: readonly Request[]): string {
  return JSON.stringify(
    requests.map(request => {
      const {source, destination, destinationFolder, sourceFolder, since, before} = request;
      const {include, exclude, withJunk, repair} = request;
      return [
        keyOf(loginName(source), loginName(destination), destinationFolder),
        [sourceFolder, since, before, [...include].sort(), [...exclude].sort(), withJunk, repair],
      ];
    }),
  );
}

function refuseEnded({run, exitCode}: RunRecord, {command}: History): void {
  if (exitCode === undefined || exitCode === 130) return;
  throw new UsageProblem(
    exitCode === 0
      ? `The run ${run} is complete. To look for new mail, run its file or profile again.`
      : `The run ${run} has ended; there is nothing to go on with. "${command(`retry ${run}`)}" tries again what failed in it.`,
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
