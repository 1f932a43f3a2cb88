// One message by itself: what a batch did not bring is asked for once more, and what is too large for memory is streamed.
// Whatever cannot be carried is named.
import {ServerRefused} from '../imap/errors.ts';
import {internalDateMs} from '../imap/internal-date.ts';
import {encodeMailbox} from '../imap/modified-utf7.ts';
import type {FetchedMessage} from '../imap/responses.ts';
import type {Session} from '../imap/session.ts';
import type {Links} from '../link/link.ts';
import {problem} from '../problems/problems.ts';
import type {MailboxContext} from './context.ts';
import type {FolderWork} from './folder-work.ts';
import {carryLarge} from './large.ts';
import {intendedRow} from './message-row.ts';
import type {Sessions} from './open-ends.ts';
import {outgoingOf} from './outgoing.ts';
import type {FolderRecords} from './records.ts';
import {whyUnsent} from './unsent.ts';
import {ListedInPart, listAnew} from './whole-list.ts';
import type {Writer} from './writer.ts';

export type AloneParts = {
  readonly work: FolderWork;
  readonly sessions: Sessions;
  readonly links: Links;
  readonly context: MailboxContext;
  readonly records: FolderRecords;
  readonly writer: Writer;
};

export class Alone {
  readonly #parts: AloneParts;
  readonly #taken: ReadonlySet<number>;
  /** UIDs that the source folder held when a message was missed; `in part` where it names fewer than it holds. */
  #listed: ReadonlySet<number> | 'in part' | undefined;

  /** @param taken source UIDs of the messages whose fate is not written down yet */
  constructor(parts: AloneParts, taken: ReadonlySet<number>) {
    this.#parts = parts;
    this.#taken = taken;
  }

  /** What cannot arrive as it should is not even sent. */
  nameUnsent(message: FetchedMessage): void {
    const {body, uid} = message;
    if (body === undefined || message.oversize === true || !this.#taken.has(uid)) return;
    const {sessions, records} = this.#parts;
    const {source, target} = sessions;
    const size = body.length;
    const why = whyUnsent(body, {size, exchange: source.exchange, limit: target.signedIn.appendLimit});
    if (why === undefined) return;
    const row = intendedRow(message, body, size, records.now());
    records.name({...row, ...why.about, state: 'failed'}, why.problem);
  }

  /**
   * A message the source did not send: asked for once more alone, then named.
   * @param streamed it was asked for as a stream already
   */
  async missing(uid: number, empty: FetchedMessage | undefined, streamed = false): Promise<void> {
    const {work, sessions, links, context, records, writer} = this.#parts;
    const {source, target} = sessions;
    const {run} = context.settings;
    let again = empty;
    try {
      again ??= (await source.messages([uid]))[0];
    } catch (error) {
      if (!(error instanceof ServerRefused)) throw error;
      const why = links.source.problem(error, 'fetch');
      // BAD says that the command was wrong in its place, not that the message is.
      if (error.responseStatus === 'BAD' || why.scope !== 'message' || why.verdict !== 'skip') {
        if (error.inDoubt) work.mail.failing.failed([uid], 0, context.meter.amount, 'source');
        throw error;
      }
      records.name({uid, state: 'failed', strong: false, run}, why);
      return;
    }
    if (again?.oversize === true && !streamed) return this.stream(uid, true);
    if (again !== undefined) this.nameUnsent(again);
    if (!this.#taken.has(uid)) return;
    if (again?.body !== undefined && again.body.length > 0) {
      await writer.send([outgoingOf(again, records, target.exchange)], 0);
      return;
    }
    const code = (await this.#hasGone(uid)) ? 'message-vanished' : 'message-without-data';
    const why = problem(code, {});
    const date = again === undefined ? undefined : internalDateMs(again.internalDate);
    const state = code === 'message-vanished' ? 'skipped' : 'failed';
    records.name({uid, state, strong: false, run, ...(date === undefined ? {} : {date})}, why);
  }

  /** A message whose answer our reader makes nothing of, asked for once of another one; empty where that cannot either. */
  async otherwise(uid: number): Promise<FetchedMessage[]> {
    const {work, links} = this.#parts;
    const {source} = work.pair;
    const read = await links.source.readOtherwise({
      uid,
      folder: source.wire ?? encodeMailbox(source.name),
      uidValidity: work.sourceUidValidity,
      bytes: work.sizes.get(uid) ?? 0,
    });
    if (read === undefined) return [];
    work.mail.suspicion.readOtherwise(uid);
    return [read];
  }

  /** No reader makes anything of it. */
  unreadable(uid: number): void {
    const {work, links, context, records} = this.#parts;
    const size = work.sizes.get(uid) ?? 0;
    const why = problem('message-breaks-connection', {end: 'source'});
    records.name({uid, state: 'failed', strong: false, run: context.settings.run, size}, why);
    links.source.pace.progress();
  }

  /** A search that does not name it is not believed where the source says that it holds more than it names. */
  async #hasGone(uid: number): Promise<boolean> {
    const {source} = this.#parts.sessions;
    // No UID comes back: one list tells of many that have gone together.
    if (this.#listed !== undefined && this.#listed !== 'in part' && !this.#listed.has(uid)) return true;
    if ((await source.search({uids: `${uid}`})).includes(uid)) return false;
    // Nor is it asked again for each message.
    if (this.#listed === 'in part') return false;
    this.#listed = await listed(source);
    return this.#listed !== 'in part' && !this.#listed.has(uid);
  }

  /**
   * A message too large for memory.
   * @param again it was refused, or sent in another way, before
   */
  async stream(uid: number, again = false): Promise<void> {
    const {work, sessions, links, context, records, writer} = this.#parts;
    await writer.ready();
    let refused = false;
    let carried = false;
    try {
      carried = await carryLarge(uid, {
        work,
        sessions,
        records,
        writer,
        arrived: () => links.source.pace.progress(),
        passed: context.ports.passed,
      });
    } catch (error) {
      const unsent =
        error instanceof ServerRefused && error.end === 'source' && error.throttleReset === undefined;
      // The destination was left inside the message.
      if (!unsent || sessions.target.wire.closed) throw error;
      refused = true;
    }
    if (!carried) await this.missing(uid, undefined, again || !refused);
  }
}

async function listed(source: Session): Promise<ReadonlySet<number> | 'in part'> {
  try {
    return new Set(await listAnew(source));
  } catch (error) {
    if (error instanceof ListedInPart) return 'in part';
    throw error;
  }
}
