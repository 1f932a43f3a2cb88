// Which source message each of a destination's tail is, as far as that is found out.
import type {MailboxContext} from './context.ts';
import type {FolderWork} from './folder-work.ts';
import type {Look} from './looks.ts';
import type {Sessions} from './open-ends.ts';
import {type AtSource, pairLooks} from './pair-looks.ts';
import type {ReadSoFar} from './read-so-far.ts';
import type {Tail} from './tail.ts';

export class Pairing {
  /** What was read before a connection went, and is read now. */
  readonly read: ReadSoFar;
  readonly #tail: Tail;
  readonly #work: FolderWork;
  readonly #sessions: Sessions;
  readonly #context: MailboxContext;
  readonly #found = new Map<number, number>();
  readonly #doubts = new Map<number, readonly number[]>();

  constructor(read: ReadSoFar, tail: Tail, work: FolderWork, sessions: Sessions, context: MailboxContext) {
    this.read = read;
    this.#tail = tail;
    this.#work = work;
    this.#sessions = sessions;
    this.#context = context;
  }

  /** Source and destination UID. */
  get found(): ReadonlyMap<number, number> {
    return this.#found;
  }

  get untaken(): readonly Look[] {
    const taken = new Set(this.#found.values());
    return this.#tail.looks.filter(look => !taken.has(look.uid));
  }

  /** Source UIDs of what may be there: a text was not given, so that it could not be compared. */
  get doubted(): readonly number[] {
    const free = new Set(this.untaken.map(({uid}) => uid));
    return [...this.#doubts].flatMap(([uid, copies]) => (copies.some(copy => free.has(copy)) ? [uid] : []));
  }

  /**
   * Pairs what is not found yet with what nobody has taken, again where some of that got another UID meanwhile.
   * @returns those that the source did not send to be compared
   */
  async pair({source, ...about}: AtSource): Promise<readonly number[]> {
    for (;;) {
      const left = source.filter(({uid}) => !this.#found.has(uid));
      const looked = await pairLooks(
        {source: left, ...about},
        this.untaken,
        this.#work,
        this.#sessions,
        this.#context,
        this.read.texts,
      );
      for (const [sourceUid, targetUid] of looked.pairs) this.#found.set(sourceUid, targetUid);
      for (const {uid} of left) this.#doubts.delete(uid);
      for (const [uid, copies] of looked.doubts) this.#doubts.set(uid, copies);
      const {unread} = looked;
      if (unread.destination.length === 0 || !(await this.#tail.lookAgain())) return unread.source;
    }
  }
}
