// What a destination refused for its bytes goes out once more, mended, where the request asks for that.
import {type Appended, appendEach} from '../imap/append.ts';
import type {ServerRefused} from '../imap/errors.ts';
import type {Session} from '../imap/session.ts';
import type {Problem} from '../problems/problems.ts';
import type {MailboxContext} from './context.ts';
import {blamedFlag} from './flags.ts';
import type {FolderWork} from './folder-work.ts';
import type {Outgoing} from './outgoing.ts';
import type {FolderRecords} from './records.ts';

/** A message, and what became of it; undefined where it is to be sent over another connection. */
export type Answered = {readonly message: Outgoing; readonly result: Appended | undefined};

export class MendRefused {
  readonly #work: FolderWork;
  readonly #target: Session;
  readonly #context: MailboxContext;
  readonly #records: FolderRecords;
  readonly #holdsMore: (answers: readonly (Appended | undefined)[]) => Promise<boolean>;

  /** @param holdsMore as the writer's: what was refused may be there */
  constructor(
    work: FolderWork,
    target: Session,
    context: MailboxContext,
    records: FolderRecords,
    holdsMore: (answers: readonly (Appended | undefined)[]) => Promise<boolean>,
  ) {
    this.#work = work;
    this.#target = target;
    this.#context = context;
    this.#records = records;
    this.#holdsMore = holdsMore;
  }

  /**
   * At once, or once it has been looked for.
   * @returns the messages as they went, without those that are looked for first
   */
  async send(answered: readonly Answered[]): Promise<readonly Answered[]> {
    const {changes} = this.#records;
    if (changes.kinds.length === 0 || answered.every(({result}) => result?.stored === true)) return answered;
    if (answered.some(isThrottled)) return this.without(answered);
    const fates = [...answered];
    let inVain = false;
    let missing = false;
    for (const [index, {message, result}] of answered.entries()) {
      const better = this.#mendedOf({message, result});
      if (better === undefined) continue;
      if (!missing && (await this.#holdsMore(answered.map(each => each.result))))
        return this.without(answered);
      missing = true;
      // A mended message is seldom refused; once one is, the rest waits for a connection that is not worn out. And for the
      // end of a pause.
      if ((inVain && this.#target.life.wornOut) || fates.some(isThrottled)) {
        fates[index] = {message, result: undefined};
        continue;
      }
      this.#records.intend([better.row]);
      const {passed} = this.#context.ports;
      const [answer] = await appendEach(this.#target, this.#work.into, [better], 'single', passed, true);
      inVain ||= answer?.stored === false;
      // Refused once more, it is named for what it was refused for first.
      if (answer?.stored === false && isSkipped(this.#refusalOf(better, answer.error))) continue;
      fates[index] = {message: better, result: answer};
    }
    return fates;
  }

  /** What could be mended waits for a look. @returns the others */
  without(answered: readonly Answered[]): readonly Answered[] {
    return answered.filter(({message, result}) => {
      if (result?.stored !== false || this.#mendedOf({message, result}) === undefined) return true;
      this.#records.postpone(message.row, {why: this.#refusalOf(message, result.error)});
      return false;
    });
  }

  /** A refused message mended; undefined where that is not asked for, does not help, or changes nothing. */
  #mendedOf({message, result}: Answered): Outgoing | undefined {
    const {changes} = this.#records;
    if (result === undefined || result.stored || message.refusedFor !== undefined) return undefined;
    // Not its bytes: it goes out again as it is.
    if (blamedFlag(message.flags, result.error.responseText) !== undefined) return undefined;
    if (!changes.mayMend(this.#refusalOf(message, result.error))) return undefined;
    const better = changes.mended(message.body, message.row);
    return better && {...message, ...better};
  }

  #refusalOf({row, body}: Outgoing, error: ServerRefused): Problem {
    return this.#records.refusal({row, size: body.length, bytes: () => body.bytes}, error);
  }
}

/** The server asks to be left alone: nothing is sent before that is over. */
function isThrottled({result}: Answered): boolean {
  return result?.stored === false && result.error.throttleReset !== undefined;
}

function isSkipped({scope, verdict}: Problem): boolean {
  return scope === 'message' && verdict === 'skip';
}
