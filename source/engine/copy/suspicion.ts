// Which message or folder breaks the connection. One that does so again and again (a virus filter that hangs up, a corrupt
// message that kills the server's process) must not keep all others from being copied. Pure.

import type {End} from '../events.ts';

/** Losses in a row, with the same messages under way, after which they travel one at a time. */
const lossesUntilCautious = 2;
/** Losses with a single message under way, after which it is to blame. */
const lossesUntilGuilty = 2;

/** Losses of the connection while a folder was opened, and nothing else, after which the folder is to blame. */
const lossesUntilClosing = 2;

/**
 * Whether it is a folder that closes the connection: Exchange does so where its name ends in a blank (`trailingSpace`).
 */
export class Opening {
  /** The end at which it is being opened. */
  at: End | undefined;
  #losses = 0;
  #doubtful = false;

  begin(end: End): void {
    this.at = end;
  }

  /** It was opened, or refused: the connection is in order. */
  succeeded(): void {
    this.at = undefined;
    this.#losses = 0;
    this.#doubtful = false;
  }

  /** The connection went meanwhile. @param alone no other folder was being opened */
  lost(alone: boolean): void {
    this.at = undefined;
    this.#doubtful = true;
    if (alone) this.#losses++;
  }

  get doubtful(): boolean {
    return this.#doubtful;
  }

  get guilty(): boolean {
    return this.#losses >= lossesUntilClosing;
  }
}

export class Suspicion {
  /** The end whose connection went last. */
  end: End = 'destination';
  #suspects = new Set<number>();
  #losses = 0;
  /** Losses with this message alone under way, and how many of them were answers of the source that could not be read. */
  #alone = new Map<number, {readonly losses: number; readonly unreadable: number}>();
  /** Messages that another reader has read. */
  readonly #otherwise = new Set<number>();

  get cautious(): boolean {
    return this.#losses >= lossesUntilCautious && this.#suspects.size > 0;
  }

  /**
   * The connection went while these messages were under way.
   * @param unreadable for an answer of the source that could not be read
   */
  lost(underWay: ReadonlySet<number>, unreadable = false): void {
    const common = [...underWay].filter(uid => this.#suspects.has(uid));
    this.#suspects = new Set(common.length > 0 ? common : underWay);
    this.#losses++;
    const [only] = underWay;
    if (underWay.size !== 1 || only === undefined) return;
    const before = this.#alone.get(only) ?? {losses: 0, unreadable: 0};
    this.#alone.set(only, {
      losses: before.losses + 1,
      unreadable: before.unreadable + (unreadable ? 1 : 0),
    });
  }

  /** This message's fate is known. */
  cleared(uid: number): void {
    // Another message got through: what broke before was the line.
    this.#alone.clear();
    if (!this.#suspects.delete(uid)) return;
    if (this.#suspects.size === 0) this.#losses = 0;
  }

  /** The folder was made anew: its UIDs mean other messages. */
  clear(): void {
    this.#suspects.clear();
    this.#alone.clear();
    this.#otherwise.clear();
    this.#losses = 0;
  }

  /** Another reader has read it: what breaks the connection from now on is something else, and ours is not asked again. */
  readOtherwise(uid: number): void {
    this.#otherwise.add(uid);
    this.#alone.delete(uid);
  }

  /** It is to be read by another reader. */
  needsOther(uid: number): boolean {
    return this.#otherwise.has(uid) || this.unread === uid;
  }

  /** The message whose answer cannot be read, whenever it is asked for: another reader may be able to. */
  get unread(): number | undefined {
    for (const [uid, {losses, unreadable}] of this.#alone)
      if (losses >= lossesUntilGuilty && unreadable === losses) return uid;
    return undefined;
  }

  /** The message that breaks the connection whenever it is sent, if one is found. */
  get guilty(): number | undefined {
    for (const [uid, {losses, unreadable}] of this.#alone)
      if (losses >= lossesUntilGuilty && unreadable < losses) return uid;
    return undefined;
  }
}

/** Answers that a server fails at a message, after which the message is to blame: the first one, and two tries more. */
const failuresUntilGuilty = 3;

/**
 * Which message a server fails at (SERVERBUG and the like) whenever it is sent, or asked for. A server that is out of order fails at
 * all of them: others must have been stored between two failures at the same one.
 */
export class Failing {
  readonly #failures = new Map<number, {times: number; stored: number; passed: boolean; end: End}>();
  readonly #before = new Set<number>();

  /** An earlier run has found it to blame: once more is enough. */
  expect(uid: number): void {
    this.#before.add(uid);
  }

  /**
   * The server failed at these messages, each by itself.
   * @param together messages that it stored among them
   * @param stored how much of the mailbox has been stored in this run, these included
   */
  failed(uids: readonly number[], together: number, stored: number, end: End): void {
    if (together === 0 && uids.length > 1) {
      this.#failures.clear();
      return;
    }
    for (const uid of uids) {
      const before = this.#failures.get(uid);
      const passed =
        before?.passed === true || together > 0 || (before !== undefined && stored > before.stored);
      this.#failures.set(uid, {times: (before?.times ?? 0) + 1, stored, passed, end});
    }
  }

  cleared(uid: number): void {
    this.#failures.delete(uid);
    this.#before.delete(uid);
  }

  /** The folder was made anew: its UIDs mean other messages. */
  clear(): void {
    this.#failures.clear();
    this.#before.clear();
  }

  /** Those that it is worth trying after all the others. */
  get suspects(): ReadonlySet<number> {
    return new Set([...this.#before, ...this.#failures.keys()]);
  }

  /** Its UID at the source, and which server fails at it. */
  get guilty(): {readonly uid: number; readonly end: End} | undefined {
    for (const [uid, {times, passed, end}] of this.#failures)
      if (this.#before.has(uid) || (passed && times >= failuresUntilGuilty)) return {uid, end};
    return undefined;
  }
}
