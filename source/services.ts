// What the screens may ask of the rest of the program. program/tui.tsx builds the real ones; tests give their own.

import type {RunOptions} from './command-line/option-table.ts';
import type {NeededSignIn} from './engine/auth/sign-ins.ts';
import type {BatchControl} from './engine/batch-control.ts';
import type {SignInGuard} from './engine/link/sign-in-guard.ts';
import type {Inspection} from './engine/look/inspection.ts';
import type {Snapshot, SnapshotStore} from './progress/snapshot.ts';
import type {Endpoint, Request} from './request/schema.ts';

export type RunOutcome = {
  readonly exitCode: number;
  readonly snapshot: Snapshot;
  /** Folder of the reports, absolute. Absent where none could be written; `reportProblem` says why. */
  readonly reports?: string;
  readonly reportProblem?: string;
  /** What went wrong after the run, and changes nothing about it. */
  readonly warning?: string;
};

/** What a person may do to a run; what is asked before it has started is done once it has. */
export type RunControl = BatchControl & {
  /** Leaves it running without a face. Absent where it would end with this program. */
  detach?(): void;
};

/** A run under way. */
export type RunHandle = RunControl & {
  readonly store: SnapshotStore;
  /** Settles when everything has ended and the report is written; rejects only on a bug. */
  readonly done: Promise<RunOutcome>;
};

export type UnfinishedRun = {
  readonly run: string;
  /** ms since 1970. */
  readonly startedAt: number;
  /** What it was started from: a CSV path or a profile's name. */
  readonly from: string;
  readonly requests: number;
  readonly processed: number;
  /** What one from answers was asked, without passwords, where no saved profile of that name asks for the same. */
  readonly asked?: {readonly request: Request; readonly options: RunOptions};
  /** The options that it went by; absent where they are not understood. */
  readonly options?: RunOptions;
  /** It tries again what failed in another: not all that its file asks for. */
  readonly isRetry?: boolean;
  /** What a person types to go on with it. */
  readonly command: string;
  /** It is at work in another process: it is watched, not started again. */
  readonly isRunning?: boolean;
};

export type Services = {
  /** Puts a password into the system's keychain. Rejects with a sentence for a person. */
  keepSecret(secret: {readonly name: string; readonly secret: string}): Promise<void>;
  /**
   * Signs in at both ends and lists; writes nothing. Problems are in the result; rejects only on a bug or abort.
   * `guard`: one for all requests that are looked at together.
   */
  inspect(request: Request, signal: AbortSignal, guard?: SignInGuard): Promise<Inspection>;
  /** Starts copying. Every secret in the requests must be given (kind `value`, `env`, `file` or `command`). */
  startRun(requests: readonly Request[], from: string): RunHandle;
  /** The embedded demo: servers, mail and requests ready to run. */
  startDemo(): Promise<RunHandle>;
  /** A run of another process. Rejects with an error for a person where it is not there any more. */
  attach(run: string): Promise<RunHandle>;
  unfinishedRuns(): Promise<readonly UnfinishedRun[]>;
  readonly microsoft: MicrosoftPort;
};

/** People who sign in to Microsoft before their mailboxes can be opened. */
export type MicrosoftPort = {
  /** Rejects on abort only. */
  needed(requests: readonly Request[], signal: AbortSignal): Promise<readonly NeededSignIn[]>;
  /** Whoever signs in for these ends has to do it anew. */
  forget(ends: readonly Endpoint[]): Promise<void>;
  /** Opens a page in the person's browser; false where there is none. */
  openPage(address: string): boolean;
  /** Where a sign-in is kept, in a sentence. */
  kept(): string;
  /** ms since 1970. */
  now(): number;
};
