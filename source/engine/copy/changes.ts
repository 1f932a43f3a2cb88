// What may be changed about a message on its way, and only where the request or the run asks for it: a request for a
// read receipt that Exchange would honour once more, and what a destination has refused it for. Each change is written
// down with the message.
import {Literal} from '../imap/literal.ts';
import type {LedgerMessage} from '../ledger/ledger.ts';
import {type MendKind, type Mends, mended, mendKinds} from '../messages/mend.ts';
import {asksForReceipt, withoutReceipt} from '../messages/receipts.ts';
import {type Problem, type ProblemCode, problem} from '../problems/problems.ts';
import type {MailboxContext} from './context.ts';
import type {FolderWork} from './folder-work.ts';

/** Refusals that mending may help against; the message may be to blame, and for nothing that is known to stay. */
const mendable = new Set<string>([
  'message-line-too-long',
  'message-has-nul',
  'message-has-bare-lines',
  'message-refused',
  'message-refused-unexplained',
] satisfies ProblemCode[]);

const dateUnreadable: ProblemCode = 'date-unreadable';

export class Changes {
  readonly #work: FolderWork;
  readonly #disarm: boolean;
  /** Of a message that was refused. */
  readonly kinds: readonly MendKind[];

  constructor(work: FolderWork, {settings, job}: MailboxContext) {
    this.#work = work;
    this.#disarm = settings.disarmReceipts === true;
    this.kinds = job.what.repair === undefined ? [] : mendKinds[job.what.repair];
  }

  /**
   * The message as it goes out: its own bytes, but for its request for a read receipt where that is to be disarmed.
   * Exchange sends the receipt again of what was read; $MDNSent, which says that it has been sent, it does not keep.
   * @param uid at the source
   * @param body all of it, or its beginning with the header
   * @param flags as at the source
   */
  outgoing(
    uid: number,
    body: Literal,
    flags: readonly string[],
    exchange: boolean,
  ): {body: Literal; why?: Problem} {
    if (!exchange || !flags.some(flag => /^(\\seen|\$mdnsent)$/i.test(flag))) return {body};
    const {bytes} = body;
    if (!this.#disarm) {
      if (asksForReceipt(bytes)) this.#work.mail.askingReceipt.add(uid);
      return {body};
    }
    const pieces = withoutReceipt(bytes);
    return pieces === undefined ? {body} : {body: new Literal(pieces), why: problem('receipt-disarmed', {})};
  }

  /** Whether a message that was refused so is to be mended and sent once more. */
  mayMend(why: Problem): boolean {
    return this.kinds.length > 0 && mendable.has(why.code);
  }

  /** The message with what it was refused for mended; undefined where there is nothing to mend. */
  mended(body: Literal, row: LedgerMessage): {body: Literal; row: LedgerMessage} | undefined {
    const result = mended(body.bytes, this.kinds);
    return result && {body: new Literal(result.pieces), row: withMends(row, result.mends)};
  }

  /** One that was refused as it is, and is not there: mended, with what it was refused for. */
  again(
    body: Literal,
    row: LedgerMessage,
  ): {body: Literal; row: LedgerMessage; refusedFor: Problem} | undefined {
    const refused = this.#work.mail.mending.missing(row.uid);
    const better = refused && this.mended(body, row);
    return better && {...better, refusedFor: refused.why};
  }

  stored({code, date}: LedgerMessage): void {
    if (code !== undefined && code !== dateUnreadable) this.#count(code);
    if (date === undefined) this.#count(dateUnreadable);
  }

  #count(code: string): void {
    this.#work.mail.changed.set(code, (this.#work.mail.changed.get(code) ?? 0) + 1);
  }
}

/** The row of a message that goes out changed. */
export function withChange(row: LedgerMessage, why: Problem | undefined): LedgerMessage {
  if (why === undefined) return row;
  const {code, sentence} = why;
  return {...row, code, reason: row.reason === undefined ? sentence : `${row.reason} ${sentence}`};
}

export function withMends(row: LedgerMessage, mends: Mends): LedgerMessage {
  return withChange(row, problem('message-repaired', mends));
}
