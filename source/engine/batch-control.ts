// What may be asked of a run: its faces, and other processes through its socket, know this and nothing of how it is done.
import type {Counts} from './events.ts';

export type BatchResult = {readonly exitCode: number; readonly totals: Counts};

/** Names a request by its index in the run; without it all of them are meant. */
export type BatchControl = {
  /** First: finish what is in flight. Second: drop everything. */
  stop(request?: number): void;
  pause(request?: number): void;
  resume(request?: number): void;
  /** Puts what failed back in the queue: mailboxes, and those that ended with failed messages. */
  retryFailed(request?: number): void;
  /** Before all others that wait. */
  first(request: number): void;
  /** So many more mailboxes at once from now on, or fewer: those at work go on then, and nobody new begins. */
  changeMailboxes(by: number): void;
};

export type BatchHandle = BatchControl & {
  /** Settles when every request has ended; rejects only on a bug. */
  readonly done: Promise<BatchResult>;
};
