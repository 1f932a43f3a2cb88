// What a source told of its mail by headers, where that decided what is sent, against what the messages say once they are
// read. A message that comes as one that counts as there already belies the headers: they were those of each other.
import type {LedgerMessage} from '../ledger/ledger.ts';
import {type Problem, problem} from '../problems.ts';
import type {MailboxContext} from './context.ts';
import type {FolderPair} from './folder-pair.ts';
import type {FolderWork} from './folder-work.ts';
import {nameOf} from './message-row.ts';
import {LeftOut} from './whole-list.ts';

/** What the source sends is other mail than it told, so that nobody knows which of it the destination holds. */
export class HeadersBelied extends LeftOut {
  constructor() {
    super('A message is not the one that its header told of');
    this.name = 'HeadersBelied';
  }

  why({shown: folder}: FolderPair): Problem {
    return problem('headers-belied', {folder});
  }
}

type Told = {readonly uid: number; readonly key: string; readonly strong: boolean};

/** A part of the key is enough to have a reason for looking: a folder may hold a million messages. */
const partOf = (key: string) => Number.parseInt(key.slice(0, 7), 16);

export class ToldHeaders {
  /** Parts of the keys of messages that are there by their headers. */
  readonly #there = new Set<number>();
  /** UIDs of those that are to be sent, and are none of these by their headers. */
  readonly #others = new Set<number>();
  #belied = false;

  /** @param isThere by its UID */
  heard(told: readonly Told[], isThere: (uid: number) => boolean): void {
    for (const {uid, key, strong} of told) if (strong && isThere(uid)) this.#there.add(partOf(key));
    for (const {uid, key, strong} of told)
      if (strong && !isThere(uid) && !this.#there.has(partOf(key))) this.#others.add(uid);
  }

  /**
   * To be called before a byte of them leaves, with what they are by their own headers. What counts as there by those of
   * the source is not certain from then on, and the next run compares it anew.
   * @throws HeadersBelied
   */
  compare(rows: readonly LedgerMessage[], work: FolderWork, context: MailboxContext): void {
    const doubtful = rows.filter(
      ({uid, key, strong}) =>
        strong && key !== undefined && this.#others.has(uid) && this.#there.has(partOf(key)),
    );
    if (doubtful.length === 0) return;
    if (!this.#belied) {
      const keys = new Set(doubtful.map(({key}) => key));
      const found = [...context.ledger.messages(work.ledgerFolder.id, ['stored'])].filter(
        ({run}) => run === '',
      );
      if (!found.some(({key}) => keys.has(key))) return;
      this.#belied = true;
      const why = problem('message-not-compared', {});
      context.ledger.transaction(() => {
        for (const {uid, size, selected} of found) {
          const {run} = context.settings;
          const about = {strong: false, run, ...(size === undefined ? {} : {size})};
          const {code, sentence: reason} = why;
          context.ledger.put(work.ledgerFolder.id, {...about, uid, state: 'skipped', code, reason});
          if (!selected) context.ledger.select(work.ledgerFolder.id, uid, false);
        }
      });
      for (const row of found) if (row.selected) work.tally.doubtedNow(nameOf(row), why);
    }
    throw new HeadersBelied();
  }
}
