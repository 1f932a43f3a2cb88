// What a look at both ends finds before anything is written.
import type {End, MessageName, PlannedFolder} from '../events.ts';
import type {Problem} from '../problems/problems.ts';

export type InspectedEnd = {
  readonly login: string;
  /** host:port */
  readonly server: string;
  readonly folders: number;
  readonly messages: number;
  /** Where the server tells, or after the sizes were fetched. */
  readonly bytes?: number;
  /** Free space in bytes, where the server tells (RFC 9208 QUOTA). */
  readonly freeBytes?: number;
  /** Largest message it takes, in bytes (RFC 7889 APPENDLIMIT). */
  readonly largestMessage?: number;
};

/** A folder as a look finds it. */
export type InspectedFolder = PlannedFolder & {
  /** What of it lies within the dates of the request; absent where it has none, and of a folder that was not looked into. */
  readonly inDates?: {readonly messages: number; readonly bytes: number};
};

/** A message that the destination will refuse, as far as can be known before it is sent. Text is cleaned. */
export type Foreseen = {
  /** Folder of the source, for people. */
  readonly folder: string;
  readonly message: MessageName;
  readonly problem: Problem;
};

/** An end that could not be used: why, and what is known about it. */
export type FailedEnd = {
  readonly problem: Problem;
  /** The server has accepted the sign-in, and the mailbox does not open. */
  readonly accepted: boolean;
  readonly login: string;
  /** Ids of the app, where its token tells them. */
  readonly app?: string;
  readonly objectId?: string;
};

export type Inspection = {
  /** Absent where the sign-in failed; `problems` says why. */
  readonly source?: InspectedEnd;
  readonly destination?: InspectedEnd;
  /** All folders of the source, the left-out ones with their reason. */
  readonly folders: readonly InspectedFolder[];
  /** What stands in the way (verdict `stop`) and what to know (the rest). */
  readonly problems: readonly Problem[];
  /** Messages that will be refused, by name; not more than `mostForeseen` of one mailbox. */
  readonly foreseen?: readonly Foreseen[];
  /** How many there are, where not all of them are named. */
  readonly foreseenInAll?: number;
  /** The ends that could not be used. */
  readonly failed?: Partial<Readonly<Record<End, FailedEnd>>>;
};

/** Messages named before a run, for one mailbox. */
export const mostForeseen = 200;
