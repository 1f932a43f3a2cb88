// What a folder needs once there is mail in it: what is known of single messages on their way.
import type {LedgerMessage} from '../ledger/ledger.ts';
import {FlagAgain} from './flag-again.ts';
import {Mending} from './mending.ts';
import {type Comparing, ReadSoFar} from './read-so-far.ts';
import {Failing, Suspicion} from './suspicion.ts';

export class FolderMail {
  readonly suspicion = new Suspicion();
  readonly failing = new Failing();
  readonly flagAgain = new FlagAgain();
  readonly mending = new Mending();
  readonly droppedKeywords = new Set<string>();
  /** Messages stored with a change, by its code. */
  readonly changed = new Map<string, number>();
  /** Source UIDs of read messages that ask for a receipt and go to Exchange as they are. */
  readonly askingReceipt = new Set<number>();
  /** Source UIDs of those that are taken for what is there, although it does not read alike. */
  readonly unlike = new Set<number>();
  /**
   * What was sent and not found when it was looked for, by source UID, until its fate is known: it may turn up later, and is
   * recognised by this.
   */
  readonly unfound = new Map<number, LedgerMessage>();
  /** Source UIDs of those that an earlier run was refused for nothing that shows. */
  readonly refusedBefore = new Set<number>();
  /** Source UIDs of messages that may be at the destination: the source leaves their headers out. */
  readonly uncompared = new Set<number>();
  readonly #read = new Map<Comparing, ReadSoFar>();

  /** What it has read of this folder so far, and goes on with. */
  readFor(who: Comparing): ReadSoFar {
    const read = this.#read.get(who) ?? new ReadSoFar();
    this.#read.set(who, read);
    return read;
  }

  /** It has come to its end, and begins anew next time. */
  compared(who: Comparing): void {
    this.#read.delete(who);
  }

  /** Headers and texts that need not be read again. */
  get read(): number {
    let size = 0;
    for (const read of this.#read.values()) size += read.size;
    return size;
  }

  /** Source UIDs of what keeps none of the others waiting. */
  get last(): ReadonlySet<number> {
    return new Set([...this.failing.suspects, ...this.refusedBefore]);
  }

  /** The message's fate is known. @param uid at the source */
  accounted(uid: number): void {
    this.suspicion.cleared(uid);
    this.failing.cleared(uid);
    this.mending.cleared(uid);
    this.unfound.delete(uid);
    this.refusedBefore.delete(uid);
  }

  /** An end of the folder was made anew: its UIDs mean other messages. */
  clear(): void {
    this.#read.clear();
    this.suspicion.clear();
    this.failing.clear();
    this.flagAgain.clear();
    this.mending.clear();
    this.unfound.clear();
    this.refusedBefore.clear();
    this.uncompared.clear();
  }
}
