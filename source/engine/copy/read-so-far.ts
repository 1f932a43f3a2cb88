// What was read of a folder's messages to compare them. Neither a lost connection nor a server that asks to wait costs it
// again: a large folder takes longer to read than either end lets anybody read at a time. What is kept of a message is
// small, and stands for its UID: it is forgotten when an end is numbered anew, or the message has gone from the source.
import type {Session} from '../imap/session.ts';
import {uidSets} from '../imap/uid-set.ts';
import type {KeptTexts} from './compare-contents.ts';
import type {Look} from './looks.ts';

/** Who compares. Each keeps its own: they ask for other messages, and at other times. */
export type Comparing = 'settle' | 'take over' | 'reconcile';

export class ReadSoFar {
  /** By UID. */
  readonly headers = {source: new Map<number, Look>(), destination: new Map<number, Look>()};
  readonly texts: KeptTexts = {source: new Map(), destination: new Map()};

  /** Headers and texts that need not be read again. */
  get size(): number {
    const {headers, texts} = this;
    return headers.source.size + headers.destination.size + texts.source.size + texts.destination.size;
  }

  get hasSource(): boolean {
    return this.headers.source.size + this.texts.source.size > 0;
  }

  /**
   * Forgets what has gone from the source since it was read: it would be given a copy that is another message's, which is
   * still there. Of the destination only what it lists now is compared anyway.
   * @param source its folder is open
   */
  async forgetGone(source: Session): Promise<void> {
    const {headers, texts} = this;
    const uids = [...new Set([...headers.source.keys(), ...texts.source.keys()])];
    await source.wire.command('NOOP');
    const there = new Set<number>();
    for (const set of uidSets(uids.sort((one, other) => one - other)))
      for (const uid of await source.search({uids: set})) there.add(uid);
    for (const uid of uids) {
      if (there.has(uid)) continue;
      headers.source.delete(uid);
      texts.source.delete(uid);
    }
  }
}
