// Writes down what becomes of a folder's messages: in the ledger, in the folder's tally, to the faces.
import type {Appended} from '../imap/append.ts';
import type {ServerRefused} from '../imap/errors.ts';
import type {OpenMailbox} from '../imap/session.ts';
import type {LedgerMessage} from '../ledger/ledger.ts';
import type {Link} from '../link/link.ts';
import {examineMessage, type LineScan} from '../messages/examine.ts';
import {explainRefusal} from '../messages/explain-refusal.ts';
import type {Problem, ProblemCode} from '../problems/problems.ts';
import {Changes} from './changes.ts';
import type {MailboxContext} from './context.ts';
import {allowedFlags, chooseFlags} from './flags.ts';
import type {FolderWork} from './folder-work.ts';
import type {Refused} from './mending.ts';
import {nameOf, recognisable} from './message-row.ts';

const unexplainedCode: ProblemCode = 'message-refused-unexplained';

export type SentMessage = {
  readonly row: LedgerMessage;
  /** Of the whole message, bytes. */
  readonly size: number;
  /** The message, asked for only where it is refused; absent where it was not kept. */
  readonly bytes?: () => Uint8Array;
  /** What was seen of one that was not kept. */
  readonly lines?: LineScan;
  /** It went out mended: what it was refused for as it was. */
  readonly refusedFor?: Problem | undefined;
};

export class FolderRecords {
  readonly #work: FolderWork;
  readonly #target: Link;
  readonly #context: MailboxContext;
  readonly #accounted: (uid: number) => void;
  readonly changes: Changes;
  #flagsOf: {
    readonly target: OpenMailbox | undefined;
    readonly allowed: ReadonlySet<string> | undefined;
  } = {target: undefined, allowed: undefined};

  /** @param accounted told of each message whose fate is written down */
  constructor(work: FolderWork, target: Link, context: MailboxContext, accounted: (uid: number) => void) {
    this.#accounted = accounted;
    this.#work = work;
    this.#target = target;
    this.#context = context;
    this.changes = new Changes(work, context);
  }

  /** The run, and ms since 1970. */
  now(): {readonly run: string; readonly at: number} {
    return {run: this.#context.settings.run, at: this.#context.ports.now()};
  }

  /** The connection went on which answers were to come. */
  lost(): void {
    this.#work.lost(this.#context.ports.elapsed());
  }

  /** Which of a message's flags travel; the others are remembered to be told once. */
  flags(flags: readonly string[], exchange: boolean): readonly string[] {
    const {target} = this.#work;
    if (this.#flagsOf.target !== target)
      this.#flagsOf = {target, allowed: allowedFlags(target?.permanentFlags, exchange)};
    const {refusedFlags} = this.#context.servers.of(this.#target.server);
    const {kept, dropped} = chooseFlags(flags, this.#flagsOf.allowed, refusedFlags);
    for (const keyword of dropped) this.#work.mail.droppedKeywords.add(keyword);
    return kept;
  }

  /** Before the first byte leaves. */
  intend(rows: readonly LedgerMessage[]): void {
    const {ledger} = this.#context;
    ledger.transaction(() => ledger.putAll(this.#work.ledgerFolder.id, rows));
    this.#context.ports.passed?.('intent-written');
  }

  /**
   * What the destination answered, one result a message.
   * @throws ServerRefused where the cause is not the message's own: what was refused for it is still to be sent;
   * MailboxStopped where too many were refused for nothing that shows
   */
  record(messages: readonly SentMessage[], results: readonly Appended[]): void {
    const {ledger} = this.#context;
    const {id: folder, destinationSeen} = this.#work.ledgerFolder;
    const refused: {message: SentMessage; problem: Problem}[] = [];
    const doubtful: LedgerMessage[] = [];
    const faults: boolean[] = [];
    let broken: ServerRefused | undefined;
    const stored: {uid: number; destinationUid: number | undefined}[] = [];
    let bytes = 0;
    this.#answered(() => {
      messages.forEach((message, index) => {
        const result = results[index];
        if (result?.stored === true) {
          // What comes now has no UID that was looked at before: the answer is wrong, and it is looked for.
          const isNew = result.uid !== undefined && result.uid >= destinationSeen;
          stored.push({uid: message.row.uid, destinationUid: isNew ? result.uid : undefined});
          bytes += message.size;
          this.changes.stored(message.row);
          return;
        }
        const why = this.refusal(message, result?.error);
        if (why.scope === 'message' && why.verdict === 'skip') {
          const first = message.refusedFor ?? why;
          ledger.put(folder, {...message.row, state: 'failed', code: first.code, reason: first.sentence});
          refused.push({message, problem: first});
          return;
        }
        // The cause decides what happens next. It is sent again: not without a look, whatever was answered.
        if (result === undefined) ledger.forget(folder, message.row.uid);
        else {
          doubtful.push(message.row);
          faults.push(result.error.inDoubt);
        }
        broken ??= result?.error;
      });
      ledger.storedAll(folder, stored);
    });
    if (doubtful.length > 0) this.doubt(doubtful, broken?.inDoubt === true);
    this.#context.ports.passed?.('confirmation-written');
    // Only what was stored is progress: a server that refuses everything must not be asked for ever.
    if (stored.length > 0) this.#target.pace.progress();
    // It stores again without showing what it had not: nothing will turn up any more.
    if (stored.length > 0) this.#work.wary = false;
    this.#context.meter.add(stored.length, bytes);
    const failing = doubtful.filter((_, index) => faults[index] === true).map(({uid}) => uid);
    if (failing.length > 0)
      this.#work.mail.failing.failed(failing, stored.length, this.#context.meter.amount, 'destination');
    this.#work.tally.copied(stored.length, bytes);
    for (const {uid} of stored) this.#accounted(uid);
    const {refusedBefore} = this.#work.mail;
    const unexplained = refused
      .filter(
        ({message, problem: why}) => why.code === unexplainedCode && !refusedBefore.has(message.row.uid),
      )
      .map(({problem: why}) => why);
    for (const {message, problem: why} of refused) {
      this.#work.tally.failed(nameOf(message.row), why);
      this.#accounted(message.row.uid);
    }
    if (refused.length > 0) this.#target.pace.named(unexplained);
    if (broken !== undefined) throw broken;
  }

  /** What a refusal means: for Exchange's, which give no reason, the message itself is looked at. */
  refusal({size, bytes, lines}: SentMessage, error: ServerRefused | undefined): Problem {
    const why = this.#target.problem(error, 'append', {folder: this.#work.pair.destination, size});
    if (why.code !== 'message-refused' || error === undefined) return why;
    const findings = bytes === undefined ? lines : examineMessage(bytes());
    return explainRefusal(error.responseText, {size, ...(findings === undefined ? {} : {findings})}) ?? why;
  }

  /** Names a message that does not go, in the ledger and to the faces. */
  name(named: LedgerMessage, why: Problem): void {
    const {ledger, ports} = this.#context;
    const row = recognisable(named, this.#work.mail);
    ledger.put(this.#work.ledgerFolder.id, {...row, code: why.code, reason: why.sentence});
    ports.passed?.('message-named');
    if (row.state === 'skipped') this.#work.tally.skipped(nameOf(row), why);
    else this.#work.tally.failed(nameOf(row), why);
    this.#accounted(row.uid);
  }

  /**
   * Refused, and to be sent again: the server may have them all the same, so they are looked for before anything is.
   * @param failing for a fault of the server's own: more may turn up than was under way
   */
  doubt(rows: readonly LedgerMessage[], failing: boolean): void {
    const {ledger} = this.#context;
    // Answered, they are not on their way any more: one look is enough.
    this.#answered(() =>
      ledger.putAll(
        this.#work.ledgerFolder.id,
        rows.map(row => ({...row, at: 0})),
      ),
    );
    this.#work.unsettled = true;
    if (failing) this.#work.doubted = true;
  }

  /** Refused, and to go out mended, but not before it was looked for: the server may have it all the same. */
  postpone(row: LedgerMessage, refused: Refused): void {
    const {mending} = this.#work.mail;
    // Answered, it is not on its way any more: one look is enough.
    this.#answered(() => this.#context.ledger.put(this.#work.ledgerFolder.id, {...row, at: 0}));
    mending.postpone(row.uid, refused);
    if (mending.full) this.#work.unsettled = true;
  }

  /** What cannot be written down of an answer is looked for before it is sent again: no lane may take it for unsent. */
  #answered(write: () => void): void {
    try {
      this.#context.ledger.transaction(write);
    } catch (error) {
      this.lost();
      throw error;
    }
  }

  /** They have not been sent. */
  forget(uids: readonly number[]): void {
    const {ledger} = this.#context;
    ledger.transaction(() => {
      for (const uid of uids) ledger.forget(this.#work.ledgerFolder.id, uid);
    });
    this.#context.ports.passed?.('intent-forgotten');
  }
}
