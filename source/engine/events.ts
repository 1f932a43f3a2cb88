// Everything that can happen in a run: the contract between the engine and every face (grid, plain lines,
// JSON lines, report). Events are past tense, plain data and versioned; `--output jsonl` prints them as they are.
import type {Problem} from './problems/problems.ts';

/** Raised when a field changes its meaning or goes away; a new field or event does not raise it. */
export const eventVersion = 1;

export type End = 'source' | 'destination';

/** The states of a request, in the words of the request form. */
export const requestStates = [
  'Pending',
  'Verifying',
  'Invalid',
  'Submitted',
  'Processing',
  'Processed',
  'Failed',
  'Stopped',
] as const;
export type RequestState = (typeof requestStates)[number];

/** `copied + alreadyPresent + skipped + failed` equals `selected` once the request or folder has ended. */
export type Counts = {
  /** Messages of the source that the request asks for. */
  readonly selected: number;
  readonly copied: number;
  readonly alreadyPresent: number;
  readonly skipped: number;
  readonly failed: number;
  /** Bytes copied in this run, as sent. */
  readonly bytes: number;
};

export type RequestSummary = {
  /** Index in the run's list, from 0: the `request` of all other events. */
  readonly request: number;
  readonly title: string;
  readonly type: string;
  /** Sign-in name at the source, for example john@baya.com. */
  readonly source: string;
  readonly sourceServer: string;
  readonly destination: string;
  readonly destinationServer: string;
  /** Empty where the source's tree goes to the top of the destination mailbox. */
  readonly destinationFolder: string;
};

export type PlannedFolder = {
  /** Index in the request's list, from 0: the `folder` of all other events. */
  readonly folder: number;
  /** Path at the source, levels joined by '/'; a level's own '/' is written '\/' (folders/path.ts). For people. */
  readonly source: string;
  /** Path at the destination, joined by its own separator. For a left-out folder: where it would go. */
  readonly destination: string;
  readonly selected: boolean;
  /** Why it is left out; absent where it is selected. */
  readonly reason?: string;
  /** Messages in the folder, before filters. */
  readonly messages: number;
  /** Bytes in the folder, where the server tells. */
  readonly bytes?: number;
  /** What had to be changed about its name. */
  readonly notes: readonly string[];
};

export const folderStates = ['waiting', 'listing', 'copying', 'done', 'failed', 'stopped'] as const;
export type FolderState = (typeof folderStates)[number];

/** Names a message in the source, for people and reports. Text is cleaned and bounded. */
export type MessageName = {
  readonly uid: number;
  readonly subject?: string;
  readonly messageId?: string;
  /** INTERNALDATE, ms since 1970. */
  readonly date?: number;
  /** RFC822.SIZE in bytes, as the server says (Exchange estimates). */
  readonly size?: number;
};

type Happened =
  | {
      readonly type: 'run-started';
      readonly version: typeof eventVersion;
      readonly run: string;
      readonly dryRun: boolean;
      readonly requests: readonly RequestSummary[];
      /** Mailboxes at once, at most. */
      readonly mailboxes?: number;
    }
  | {
      readonly type: 'request-state';
      readonly request: number;
      readonly state: RequestState;
      /** Why, with Invalid and Failed. */
      readonly problem?: Problem;
    }
  | {
      readonly type: 'signed-in';
      readonly request: number;
      readonly end: End;
      readonly login: string;
      readonly server: string;
      readonly capabilities: readonly string[];
      /** Free space at the destination in bytes, where the server tells (RFC 9208). */
      readonly freeBytes?: number;
    }
  | {readonly type: 'folders-planned'; readonly request: number; readonly folders: readonly PlannedFolder[]}
  | {
      /** The destination has refused its name, and has taken another; a note says so too. */
      readonly type: 'folder-renamed';
      readonly request: number;
      readonly folder: number;
      /** As in `PlannedFolder`. */
      readonly destination: string;
    }
  | {
      readonly type: 'folder-state';
      readonly request: number;
      readonly folder: number;
      readonly state: FolderState;
      readonly problem?: Problem;
    }
  | {
      /** The folder's work is known: from here on its totals count. Comes once a folder and run. */
      readonly type: 'folder-counted';
      readonly request: number;
      readonly folder: number;
      readonly selected: number;
      readonly selectedBytes: number;
      readonly alreadyPresent: number;
      readonly alreadyPresentBytes: number;
      /** What this run has copied before it was counted again, and is there; not among `alreadyPresent`. */
      readonly copied?: number;
      readonly copiedBytes?: number;
    }
  | {
      /** Confirmed by the destination. Negative where a confirmation proved wrong (a server without UIDPLUS). */
      readonly type: 'messages-copied';
      readonly request: number;
      readonly folder: number;
      readonly messages: number;
      readonly bytes: number;
    }
  | {
      readonly type: 'message-skipped';
      readonly request: number;
      readonly folder: number;
      readonly message: MessageName;
      readonly problem: Problem;
      /** It counted as already present until now. */
      readonly wasPresent?: true;
    }
  | {
      readonly type: 'message-failed';
      readonly request: number;
      readonly folder: number;
      readonly message: MessageName;
      readonly problem: Problem;
    }
  | {
      /** Refused, and at the destination all the same: it counts as copied, and no longer as failed. */
      readonly type: 'message-found';
      readonly request: number;
      readonly folder: number;
      readonly message: MessageName;
    }
  | {
      /** Told, not failed: a name changed, keywords dropped, a folder not copied. */
      readonly type: 'note';
      readonly request?: number;
      readonly folder?: number;
      readonly problem: Problem;
    }
  | {
      /** The server asked for a pause, or a reconnect waits. `until` is ms since 1970. */
      readonly type: 'waiting';
      readonly request: number;
      readonly end: End;
      readonly until: number;
      readonly problem: Problem;
    }
  | {readonly type: 'wait-ended'; readonly request: number; readonly end: End}
  | {
      readonly type: 'connection-lost';
      readonly request: number;
      readonly end: End;
      /** 1 for the first loss in a row. */
      readonly attempt: number;
      readonly problem: Problem;
    }
  | {
      /** Connections at work for this mailbox now. */
      readonly type: 'lanes';
      readonly request: number;
      readonly lanes: number;
    }
  | {readonly type: 'request-finished'; readonly request: number; readonly counts: Counts}
  | {
      /** How much the source of a mailbox holds, asked for the order before its turn. */
      readonly type: 'request-measured';
      readonly request: number;
      readonly messages: number;
      readonly bytes?: number;
    }
  | {
      /** It goes before all others that wait. */
      readonly type: 'request-first';
      readonly request: number;
    }
  | {
      /** One mailbox alone; `paused` and `resumed` are the whole run's. */
      readonly type: 'request-paused' | 'request-resumed';
      readonly request: number;
    }
  | {readonly type: 'request-stopping'; readonly request: number; readonly how: 'finish' | 'abort'}
  | {
      /** From now on so many mailboxes at once, at most. */
      readonly type: 'mailboxes-changed';
      readonly mailboxes: number;
    }
  | {readonly type: 'paused'}
  | {readonly type: 'resumed'}
  | {
      /** finish: what is in flight is finished; abort: everything is dropped now. */
      readonly type: 'stopping';
      readonly how: 'finish' | 'abort';
    }
  | {
      readonly type: 'run-finished';
      readonly exitCode: number;
      readonly totals: Counts;
      /** Folder of the reports, absolute. Absent where none could be written. */
      readonly reports?: string;
    };

/** `at`: ms since 1970, when it happened. */
export type RunEvent = Happened & {readonly at: number};

/** An event before the run stamps its time on it. */
export type NewEvent = Happened;
export type Emit = (event: NewEvent) => void;
