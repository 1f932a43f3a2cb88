// What a look at both ends finds before anything is written.
import type {PlannedFolder} from './events.ts';
import type {Problem} from './problems.ts';

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

export type Inspection = {
  /** Absent where the sign-in failed; `problems` says why. */
  readonly source?: InspectedEnd;
  readonly destination?: InspectedEnd;
  /** All folders of the source, the left-out ones with their reason. */
  readonly folders: readonly PlannedFolder[];
  /** What stands in the way (verdict `stop`) and what to know (the rest). */
  readonly problems: readonly Problem[];
};
