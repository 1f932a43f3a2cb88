// What the engine is given: time, chance and places of the world outside, limits, and what it is to do.
import type {Request} from '../request/schema.ts';
import type {Credentials} from './auth/credentials.ts';
import type {End} from './events.ts';
import type {TakeRows} from './look/listing.ts';
import type {PassPoint} from './points.ts';

/** Effects the engine is given, so that tests own time and chance. */
export type EnginePorts = {
  /** ms since 1970 */
  readonly now: () => number;
  /** Whole ms since some moment: whatever is done to the clock, it goes on as time does. */
  readonly elapsed: () => number;
  /** [0, 1) */
  readonly random: () => number;
  /** Rejects when the signal aborts. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly takeRows: TakeRows;
  /** Forgets the rows of a request, which is about to be tried again. */
  readonly restartRows: (request: number) => Promise<void>;
  /** Told of each irreversible step; nobody need listen. */
  readonly passed?: PassPoint;
};

export type EngineLimits = {
  /** Connections for each mailbox and end, at most. */
  readonly connections: number;
  /** Bytes of mail in flight, the whole run. */
  readonly memory: number;
  readonly connectMs: number;
  /** Silence during a command after which a connection is given up. */
  readonly inactivityMs: number;
  /** Reconnects in a row without progress before a mailbox is given up. */
  readonly reconnects: number;
  /** How long mail that was sent without an answer is looked for before it counts as not arrived. */
  readonly settleMs: number;
};

export type EngineSettings = {
  readonly run: string;
  readonly version: string;
  readonly dryRun: boolean;
  /** The process, for another one that wants the same mailboxes. */
  readonly pid?: number;
  /** Within each folder the newest mail goes first, by INTERNALDATE. */
  readonly newestFirst?: boolean;
  /** At Exchange, mail that was read asks for no read receipt any more. */
  readonly disarmReceipts?: boolean;
  /** Connections are compressed where the server offers that (RFC 4978). */
  readonly compress?: boolean;
  /** PEM, besides the system's certificates. */
  readonly ca: readonly string[];
  readonly limits: EngineLimits;
  /** Path of the ledger of a pair. */
  readonly ledgerFile: (pair: string) => string;
  /** How a command (`attach RUN`) is typed that finds the runs which share the ledgers. */
  readonly command?: (words: string) => string;
};

/** Two levels: `finish` takes no new work, `abort` drops everything. Abort implies finish. */
export type StopSignals = {readonly finish: AbortSignal; readonly abort: AbortSignal};

export type Job = {
  /** Index in the run. */
  readonly request: number;
  readonly what: Request;
  readonly credentials: Readonly<Record<End, Credentials>>;
};
