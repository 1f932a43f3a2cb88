// At Exchange \Flagged given to APPEND is seen over IMAP only; given to STORE it is in Outlook too (facts 2.5). So the
// flagged messages of a folder are flagged once more where they have arrived. A refusal costs no message.
import type {Appended} from '../imap/append.ts';
import {ServerRefused} from '../imap/errors.ts';
import type {Session} from '../imap/session.ts';

export type FlagStore = Pick<Session, 'exchange' | 'search' | 'addFlag'>;

const flag = '\\Flagged';

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
   * @throws ConnectionLost; ServerRefused where the server asks to wait
   */
  async flush(target: FlagStore, from: number): Promise<void> {
    if (!target.exchange || (this.#uids.length === 0 && this.#unnamed === 0)) return;
    const uids = this.#uids.splice(0);
    const search = this.#unnamed > 0;
    this.#unnamed = 0;
    try {
      if (search) uids.push(...(await target.search({uids: `${from}:*`, flagged: true})));
      await target.addFlag(
        [...new Set(uids)].sort((one, other) => one - other),
        flag,
      );
    } catch (error) {
      if (!(error instanceof ServerRefused) || error.throttleReset !== undefined) throw error;
    }
  }
}
