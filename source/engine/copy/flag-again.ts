// At Exchange \\Flagged given to APPEND is seen over IMAP only; given to STORE it is in Outlook too (quirk
// `flaggedByAppend`). So the flagged messages of a folder are flagged once more where they have arrived. A refusal
// costs no message.
import type {Appended} from '../imap/append.ts';
import {ServerRefused} from '../imap/errors.ts';
import type {Session} from '../imap/session.ts';

export type FlagStore = Pick<Session, 'exchange' | 'search' | 'addFlag'>;

const flag = '\\Flagged';

/** Of one folder, whatever lanes and connections its mail travels on: what a broken one leaves is the next one's. */
export class FlagAgain {
  #uids: number[] = [];
  /** Stored, by a server that did not say under which UID. */
  #unnamed = 0;

  /** Takes in what was stored; the rest of the results are nobody's here. */
  stored(flags: readonly string[], result: Appended | undefined): void {
    if (result?.stored !== true || !flags.some(each => each.toLowerCase() === '\\flagged')) return;
    if (result.uid === undefined) this.#unnamed++;
    else this.#uids.push(result.uid);
  }

  /**
   * Flags what has been taken in, in the folder that is open.
   * @param from the folder's UIDNEXT before this run's first message
   * @throws ConnectionLost; ServerRefused where the server asks to wait. What is not flagged then stays taken in
   */
  async flush(target: FlagStore, from: number): Promise<void> {
    if (!target.exchange || (this.#uids.length === 0 && this.#unnamed === 0)) return;
    const uids = this.#uids.splice(0);
    const unnamed = this.#unnamed;
    this.#unnamed = 0;
    try {
      await unlessRefused(async () => {
        const found = unnamed > 0 ? await target.search({uids: `${from}:*`, flagged: true}) : [];
        await target.addFlag(ascending([...uids, ...found]), flag);
      });
    } catch (error) {
      this.#uids.push(...uids);
      this.#unnamed += unnamed;
      throw error;
    }
  }

  /**
   * Flags all of these that carry the flag over IMAP: what arrived unseen, when a connection broke or a run was killed.
   * @param from a UID that none of them is below
   * @throws as `flush`
   */
  async found(target: FlagStore, uids: ReadonlySet<number>, from: number): Promise<void> {
    if (!target.exchange || uids.size === 0) return;
    await unlessRefused(async () => {
      const flagged = await target.search({uids: `${from}:*`, flagged: true});
      await target.addFlag(ascending(flagged.filter(uid => uids.has(uid))), flag);
    });
  }

  /** The folder was made anew: its UIDs mean other messages. */
  clear(): void {
    this.#uids = [];
    this.#unnamed = 0;
  }
}

/** A refusal costs no more than the flags. @throws ServerRefused where the server asks to wait */
export async function unlessRefused(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof ServerRefused) || error.throttleReset !== undefined) throw error;
  }
}

function ascending(uids: readonly number[]): readonly number[] {
  return [...new Set(uids)].sort((one, other) => one - other);
}
