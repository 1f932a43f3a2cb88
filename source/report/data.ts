// What a report says, as data: from the snapshot and what is known about the run. The json, csv and html files are
// drawings of this.
import type {Counts, FolderState, MessageName, RequestState, RequestSummary} from '../engine/events.ts';
import type {Problem} from '../engine/problems/problems.ts';
import {requestEnded} from '../progress/counted.ts';
import {settled} from '../progress/draft.ts';
import {hasUnnamed} from '../progress/fold-folder.ts';
import {stoppedBefore} from '../progress/reached.ts';
import type {FolderSnapshot, RequestSnapshot, Snapshot, Timeline} from '../progress/snapshot.ts';
import {type Verdict, verdictOf} from './verdict.ts';

/** What is known when a run starts. */
export type RunInfo = {
  readonly run: string;
  /** What it was started from: a CSV path, a profile's name, 'demo'. */
  readonly from: string;
  /** Of mailferry. */
  readonly version: string;
  /** ms since 1970. */
  readonly startedAt: number;
  readonly dryRun: boolean;
  readonly requests: readonly RequestSummary[];
};

export type ReportFolder = Counts & {
  readonly source: string;
  readonly destination: string;
  /** False where it is left out, for `reason`. */
  readonly included: boolean;
  readonly reason?: string;
  readonly state: FolderState;
  /** Messages at the source before filters, where known. */
  readonly messages?: number;
  /** Of those skipped: gone from the source, or the copy deleted at the destination. Nothing is missing. */
  readonly deleted: number;
  /** Of those skipped: the run was stopped before their turn. */
  readonly notReached: number;
  readonly notes: readonly string[];
  readonly problem?: Problem;
};

/** `request` counts from 1 here, as people count; the same number in all files of the report. */
export type ReportRequest = Counts &
  RequestSummary & {
    readonly state: RequestState;
    readonly deleted: number;
    readonly notReached: number;
    readonly startedAt?: number;
    readonly endedAt?: number;
    readonly problem?: Problem;
    readonly notes: readonly Problem[];
    readonly folders: readonly ReportFolder[];
  };

export type LostMessage = {
  readonly request: number;
  readonly source: string;
  readonly folder: string;
  readonly kind: 'failed' | 'skipped';
  readonly message: MessageName;
  readonly problem: Problem;
};

/** Messages with the same problem, the most frequent problem first. */
export type ReasonGroup = {
  readonly problem: Problem;
  readonly messages: readonly LostMessage[];
  /** There may be more of them: only so many of a folder are named. */
  readonly atLeast: boolean;
};

export type Report = {
  readonly run: string;
  readonly from: string;
  readonly program: string;
  readonly dryRun: boolean;
  readonly startedAt: number;
  readonly endedAt?: number;
  /** Null while the run is under way, and for ever where it was killed. */
  readonly exitCode: number | null;
  readonly verdict: Verdict;
  readonly totals: Counts & {readonly deleted: number; readonly notReached: number};
  readonly requests: readonly ReportRequest[];
  readonly reasons: readonly ReasonGroup[];
  readonly notes: readonly Problem[];
  readonly timeline?: Timeline;
};

export function reportOf(info: RunInfo, snapshot: Snapshot): Report {
  return {
    run: info.run,
    from: info.from,
    program: info.version,
    dryRun: info.dryRun,
    startedAt: info.startedAt,
    ...(snapshot.endedAt === undefined ? {} : {endedAt: snapshot.endedAt}),
    exitCode: snapshot.exitCode ?? null,
    verdict: verdictOf(snapshot),
    totals: {
      ...snapshot.totals,
      deleted: snapshot.deleted,
      notReached: stoppedBefore(snapshot.requests),
    },
    requests: snapshot.requests.map(requestOf),
    reasons: reasonsOf(snapshot.requests),
    notes: snapshot.notes ?? [],
    ...(snapshot.timeline === undefined ? {} : {timeline: snapshot.timeline}),
  };
}

/** Messages that are named in the snapshot as failed or skipped. The newest of each folder only. */
export function lostMessages(request: RequestSnapshot): readonly LostMessage[] {
  return request.folders.flatMap(folder =>
    folder.failures.map(failure => ({
      request: request.request + 1,
      source: request.source,
      folder: folder.source,
      ...failure,
    })),
  );
}

function requestOf(request: RequestSnapshot): ReportRequest {
  return {
    request: request.request + 1,
    title: request.title,
    type: request.type,
    source: request.source,
    sourceServer: request.sourceServer,
    destination: request.destination,
    destinationServer: request.destinationServer,
    destinationFolder: request.destinationFolder,
    state: request.state,
    ...request.counts,
    deleted: request.deleted,
    notReached: stoppedBefore([request]),
    ...(request.startedAt === undefined ? {} : {startedAt: request.startedAt}),
    ...(request.endedAt === undefined ? {} : {endedAt: request.endedAt}),
    ...(request.problem === undefined ? {} : {problem: request.problem}),
    notes: request.notes,
    folders: request.folders.map(folder => folderOf(folder, requestEnded(request.state))),
  };
}

/** A folder that broke off told nothing of its rest: that counts with how it ended, so that its sum is right. */
function countsOf({counts, state}: FolderSnapshot, ended: boolean): Counts & {readonly notReached: number} {
  const open = ended ? Math.max(0, counts.selected - settled(counts)) : 0;
  if (state === 'stopped') return {...counts, skipped: counts.skipped + open, notReached: open};
  return {...counts, failed: counts.failed + (state === 'failed' ? open : 0), notReached: 0};
}

function folderOf(folder: FolderSnapshot, ended: boolean): ReportFolder {
  return {
    source: folder.source,
    destination: folder.destination,
    included: folder.selected,
    ...(folder.reason === undefined ? {} : {reason: folder.reason}),
    state: folder.state,
    ...(folder.messages === undefined ? {} : {messages: folder.messages}),
    ...countsOf(folder, ended),
    deleted: folder.deleted,
    notes: folder.notes,
    ...(folder.problem === undefined ? {} : {problem: folder.problem}),
  };
}

function reasonsOf(requests: readonly RequestSnapshot[]): readonly ReasonGroup[] {
  const groups = new Map<string, LostMessage[]>();
  const unnamed = new Set(
    requests
      .flatMap(({folders}) => folders.filter(hasUnnamed))
      .flatMap(({failures}) => failures.map(({problem}) => problem.code)),
  );
  for (const lost of requests.flatMap(lostMessages)) {
    const group = groups.get(lost.problem.code);
    if (group === undefined) groups.set(lost.problem.code, [lost]);
    else group.push(lost);
  }
  return [...groups.values()]
    .sort((one, other) => other.length - one.length)
    .flatMap(messages => {
      const problem = messages[0]?.problem;
      return problem === undefined ? [] : [{problem, messages, atLeast: unnamed.has(problem.code)}];
    });
}
