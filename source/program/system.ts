// The machine as the program sees it: everything outside comes in here, made by main.ts, or by a test.
import type {PassPoint} from '../engine/points.ts';
import type {FilesPort} from '../wizard/ports.ts';

export type System = {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly version: string;
  /** Of this process. */
  readonly pid: number;
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
  readonly files: FilesPort;
  /** Opens a page in the person's browser; false where there is none to open it in. */
  readonly openPage: (address: string) => boolean;
  /** ms since 1970. */
  readonly now: () => number;
  /** Whole ms since some moment: whatever is done to the clock, it goes on as time does. */
  readonly elapsed: () => number;
  /** [0, 1) */
  readonly random: () => number;
  /** Calls back after `ms`; the answer cancels. The timer does not keep the process alive. */
  readonly schedule: (callback: () => void, ms: number) => () => void;
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Keeps the process from ending until the answer is called: who waits for a word alone does not. */
  readonly keepAlive: () => () => void;
  /** Told of each irreversible step of a run; nobody need listen. */
  readonly passed?: PassPoint;
  /** Work of long duration begins: memory is to be given back sooner from here on. */
  readonly keepSmall: () => void;
  /** Called with what nobody catches, in place of the runtime's own last words, until the answer is called. */
  readonly onCrash: (listener: (error: unknown) => void) => () => void;
  /** Called at each of them until the answer is called. HUP: the terminal is gone. */
  readonly onStopSignal: (listener: (signal: 'INT' | 'TERM' | 'HUP') => void) => () => void;
  /** 'linux', 'darwin', 'win32' ... */
  readonly platform: string;
  /** What starts this program once more: Node, its options, the program's file. */
  readonly self: readonly string[];
};

/** The screens, or the engine behind them, broke: a bug. The terminal is as it was, what runs may be cut off. */
export class ScreensBroke extends Error {
  override readonly name = 'ScreensBroke';
}

/** The user has stopped it before anything was copied: the message says so, and the exit code is that of a stop. */
export class Cancelled extends Error {
  override readonly name = 'Cancelled';
}

/** Said where a run was asked for, and the person has left before it began. */
export const notStarted = 'Not started; nothing was copied.';

/** A mistake of the user's: its message is the whole story, and the exit code is 2. */
export class UsageProblem extends Error {
  override readonly name = 'UsageProblem';
}
