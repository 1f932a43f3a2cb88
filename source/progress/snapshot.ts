// What is true now. A snapshot is immutable and shares structure with the one before, so a face redraws only what
// changed. Folded from events by reduce.ts.
import type {Counts, End, FolderState, MessageName, RequestState, RequestSummary} from '../engine/events.ts';
import type {Problem} from '../engine/problems/problems.ts';

export type Failure = {
  readonly message: MessageName;
  readonly problem: Problem;
  readonly kind: 'failed' | 'skipped';
};

export type FolderSnapshot = {
  readonly folder: number;
  readonly source: string;
  readonly destination: string;
  readonly selected: boolean;
  /** Why it is left out. */
  readonly reason?: string;
  readonly notes: readonly string[];
  /** Messages in the folder at the server, before filters; also for left-out folders. */
  readonly messages?: number;
  readonly state: FolderState;
  /** True once the folder's work is counted; before, `counts.selected` is only the server's message count. */
  readonly counted: boolean;
  readonly counts: Counts;
  /** Of those skipped: no longer at the source, or copied once and deleted at the destination. Nothing is missing. */
  readonly deleted: number;
  /** Bytes of all selected messages, already present ones included; 0 until known. */
  readonly selectedBytes: number;
  /** Bytes that need not be copied or have been: for bars and ETA. */
  readonly doneBytes: number;
  readonly problem?: Problem;
  /** The newest ones, at most `mostFailures`; the report has all. */
  readonly failures: readonly Failure[];
};

export type Wait = {readonly end: End; readonly until: number; readonly problem: Problem};

export type RequestSnapshot = RequestSummary & {
  readonly state: RequestState;
  readonly problem?: Problem;
  readonly notes: readonly Problem[];
  /** All folders of the source, in the server's order. */
  readonly folders: readonly FolderSnapshot[];
  readonly counts: Counts;
  readonly deleted: number;
  readonly selectedBytes: number;
  readonly doneBytes: number;
  /** True once every selected folder is counted. */
  readonly counted: boolean;
  /** Selected folders that have ended, and how many there are. */
  readonly foldersDone: number;
  readonly foldersSelected: number;
  readonly lanes: number;
  /** Paused by itself, whatever the run does. */
  readonly paused?: boolean;
  readonly stopping?: 'finish' | 'abort';
  /** It waits, and goes before all others that do. */
  readonly first?: boolean;
  /** Messages and bytes at the source, where they were asked for before its turn. */
  readonly measured?: {readonly messages: number; readonly bytes?: number};
  /** At most one an end. */
  readonly waits: readonly Wait[];
  /** ms since 1970. */
  readonly startedAt?: number;
  readonly endedAt?: number;
};

export type Rate = {
  readonly messagesPerSecond: number;
  readonly bytesPerSecond: number;
  /** Messages in each of the last seconds, oldest first, at most 60: the sparkline. */
  readonly history: readonly number[];
};

/** Messages copied over the whole run, in equal stretches: the curve in the report. Bounded (timeline.ts). */
export type Timeline = {
  /** ms since 1970 at which the first stretch begins. */
  readonly from: number;
  /** Length of one stretch, ms. */
  readonly every: number;
  readonly messages: readonly number[];
};

export type Snapshot = {
  readonly run: string;
  readonly dryRun: boolean;
  /** ms since 1970; 0 before the run has started. */
  readonly startedAt: number;
  readonly endedAt?: number;
  readonly requests: readonly RequestSnapshot[];
  readonly totals: Counts;
  readonly deleted: number;
  readonly selectedBytes: number;
  readonly doneBytes: number;
  /** True once every request that can run is counted: only then is there an ETA. */
  readonly counted: boolean;
  /** How many requests are in each state. */
  readonly states: Readonly<Record<RequestState, number>>;
  readonly waiting: number;
  readonly rate: Rate;
  /** Time left, ms, as a range. Absent until totals are known and the rate is steady. */
  readonly eta?: {readonly low: number; readonly high: number};
  readonly timeline?: Timeline;
  /** Notes about the run as a whole; those of a request are with the request. */
  readonly notes?: readonly Problem[];
  readonly paused: boolean;
  /** Mailboxes at once, at most. */
  readonly mailboxes?: number;
  readonly stopping?: 'finish' | 'abort';
  readonly exitCode?: number;
  readonly reports?: string;
};

/** A store in the shape useSyncExternalStore wants. Notifications are coalesced (progress/store.ts). */
export type SnapshotStore = {
  getSnapshot(): Snapshot;
  subscribe(listener: () => void): () => void;
};
