// What has come to a destination folder from its watermark on, looked at as often as more may have come.
import type {OpenMailbox} from '../imap/session.ts';
import type {FolderWork} from './folder-work.ts';
import {type Look, looks} from './looks.ts';
import {openTarget, type Sessions} from './open-ends.ts';
import {listWhole} from './whole-list.ts';

/** Times that a folder is looked at whose messages get other UIDs all the while: then they count as not shown. */
export const mostLooks = 50;

export class Tail {
  readonly #work: FolderWork;
  readonly #sessions: Sessions;
  readonly #from: number;
  readonly #below: number;
  readonly #claimed: ReadonlySet<number>;
  readonly #had: Map<number, Look>;
  #target: OpenMailbox;
  #looks: readonly Look[] = [];
  readonly #unseen: number[] = [];
  readonly #lookedAt = new Set<number>();
  readonly #shown = new Set<number>();
  #last = 0;
  #times = 0;

  /**
   * @param target the folder, which is open
   * @param from the first UID that counts; `below`: messages that are known to have lower ones
   * @param claimed UIDs of copies that are known; `had`: headers that were read before a connection went
   */
  constructor(
    work: FolderWork,
    sessions: Sessions,
    target: OpenMailbox,
    {
      from,
      below,
      claimed,
      had,
    }: {
      readonly from: number;
      readonly below: number;
      readonly claimed: ReadonlySet<number>;
      readonly had: Map<number, Look>;
    },
  ) {
    this.#work = work;
    this.#sessions = sessions;
    this.#target = target;
    this.#from = from;
    this.#below = below;
    this.#claimed = claimed;
    this.#had = had;
  }

  /** What is there by the last look, but for what is claimed. */
  get looks(): readonly Look[] {
    return this.#looks;
  }

  /** UIDs of what is there and is not shown. */
  get unseen(): readonly number[] {
    return this.#unseen;
  }

  /** Where the next one begins. */
  get end(): number {
    return Math.max(this.#target.uidNext, this.#last + 1, this.#from);
  }

  isShown(uid: number): boolean {
    return this.#shown.has(uid);
  }

  /** Reads what has come since the last look; false where nothing has. */
  async look(): Promise<boolean> {
    const {target} = this.#sessions;
    const {exists, uidNext} = this.#target;
    this.#times++;
    const above = {exists: exists - this.#below, uidNext};
    const there = exists === 0 ? [] : await listWhole(target, above, this.#from);
    for (const uid of there) this.#shown.add(uid);
    const fresh = there.filter(uid => !this.#claimed.has(uid) && !this.#lookedAt.has(uid));
    for (const uid of fresh) {
      this.#lookedAt.add(uid);
      this.#last = Math.max(this.#last, uid);
    }
    const looked = await looks(target, fresh, this.#had);
    const still = new Set(there);
    this.#looks = [...this.#looks.filter(({uid}) => still.has(uid)), ...looked.looks];
    for (const uid of looked.unseen) this.#unseen.push(uid);
    // What has gone before it was read may be there again under another UID.
    if (looked.looks.length + looked.unseen.length < fresh.length) {
      if (this.#times < mostLooks) await this.look();
      else this.#unseen.push(...fresh.filter(uid => !looked.looks.some(each => each.uid === uid)));
    }
    return fresh.length > 0;
  }

  /** Opened anew, the folder tells how many messages it holds by now. */
  async lookAgain(): Promise<boolean> {
    this.#target = await openTarget(this.#work, this.#sessions);
    return this.look();
  }
}
