// What an error costs: the lane tries again, one message or one folder fails, or the mailbox stops.
import type {End} from '../events.ts';
import {ConnectionLost, ServerRefused} from '../imap/errors.ts';
import type {Links} from '../link/link.ts';
import {MailboxStopped} from '../link/pace.ts';
import {type Problem, problem} from '../problems/problems.ts';
import {bytesOtherwise} from './batches.ts';
import type {MailboxContext} from './context.ts';
import type {FolderWork} from './folder-work.ts';
import {nameOf, recognisable} from './message-row.ts';
import {FolderReplaced, HoldsMore, type Sessions} from './open-ends.ts';
import type {Stages} from './stages.ts';
import {LeftOut} from './whole-list.ts';
import {StrategyRefused} from './writer.ts';

/** Times that a folder may be made anew in a row. */
const mostReplaced = 3;
/** And in all: one that forgets each time what it was sent would be sent it for ever. */
const mostReplacedInAll = 12;
/** Refusals for now after which a folder that cannot be verified is left as it is. */
const mostUnverified = 3;

export class FolderVerdicts {
  readonly #context: MailboxContext;
  readonly #links: Links;
  readonly #works: readonly FolderWork[];
  readonly #stages: Stages;
  readonly #trouble: () => void;

  /** @param trouble told when a server throttles, refuses for now or hangs up */
  constructor(
    context: MailboxContext,
    links: Links,
    works: readonly FolderWork[],
    stages: Stages,
    trouble: () => void,
  ) {
    this.#context = context;
    this.#links = links;
    this.#works = works;
    this.#stages = stages;
    this.#trouble = trouble;
  }

  /**
   * Decides what an error costs: the lane tries again, the folder fails, or the mailbox stops (thrown).
   * @param work the folder that the lane was at, where it was one
   */
  async recover(error: unknown, work: FolderWork | undefined, sessions: Sessions | undefined): Promise<void> {
    const {stop} = this.#context;
    if (stop.finish.aborted && isStop(error, stop.finish, stop.abort)) return;
    if (error instanceof FolderReplaced && work !== undefined) {
      this.replaced(work, error.end);
      return;
    }
    if (error instanceof HoldsMore && work !== undefined) {
      // Other lanes in it read nothing more. Counted again: where only new mail was, all is to be compared now.
      work.unsettled = true;
      this.#stages.enter(work, 'count');
      return;
    }
    if (error instanceof LeftOut && work !== undefined) {
      this.leftOut(work, error);
      return;
    }
    // What was not stored for it is sent in another way next.
    if (error instanceof StrategyRefused) return;
    if (!(error instanceof ConnectionLost || error instanceof ServerRefused)) throw error;
    // Also where the server asks to wait: who reads more after each wait does not wait in vain.
    if (work !== undefined && gotFurther(work)) this.#linkOf(error).pace.advanced();
    if (error instanceof ConnectionLost && error.crowded) {
      // No folder and no message is to blame.
      for (const each of work === undefined ? this.#works : [work])
        if (each.opening.at === error.end) each.opening.at = undefined;
      await this.#linkOf(error).recover(error, this.#linkOf(error).problem(error, 'other'));
      return;
    }
    if (error instanceof ConnectionLost || work === undefined) {
      // Where the destination is to be looked at first, that comes before any verdict.
      if (work !== undefined && !work.unsettled) this.nameGuilty(work, error.end);
      if (work !== undefined) work.mail.suspicion.end = error.end;
      const lost = error.end === 'source' ? sessions?.source : sessions?.target;
      const link = this.#linkOf(error);
      const why = link.problem(error, 'other');
      if (why.code !== 'token-expired' && why.code !== 'throttled') this.#nameClosing(error, work);
      // A token that ends says nothing of how much the server can take.
      if (why.code !== 'token-expired') this.#trouble();
      await link.recover(error, why, lost);
      return;
    }
    // The message that it fails at is known: no wait mends that.
    if (error.inDoubt && work.mail.failing.guilty !== undefined) return;
    const during = error.command === 'APPEND' ? 'append' : 'other';
    const again = await this.refused(work, error, during, sessions);
    // A server's session may be beyond mending (its mailbox was removed under it): a new one starts afresh.
    if (!again || error.throttleReset !== undefined) return;
    const session = error.end === 'source' ? sessions?.source : sessions?.target;
    // Exchange counts sessions that were not taken leave of.
    if (session?.exchange === true) session.logout();
    else session?.wire.destroy('Opened anew');
  }

  /** What was counted is another folder's now; the note about it comes when it is opened again. */
  replaced(work: FolderWork, end: End): void {
    work.replacedInAll++;
    if (++work.replaced <= mostReplaced && work.replacedInAll <= mostReplacedInAll) {
      work.reopen();
      this.#stages.enter(work, 'count');
      return;
    }
    const folder = end === 'source' ? work.pair.shown : work.pair.destination;
    work.refusal ??= problem('folder-never-same', {end, folder});
    this.end(work);
  }

  /** What is there cannot be told from what is to be sent: the folder fails before it is there twice. */
  leftOut(work: FolderWork, error: LeftOut): void {
    work.refusal ??= error.why(work.pair);
    this.end(work);
  }

  /**
   * A server did not let a folder be looked at whose mail has moved.
   * @returns true where that is tried again, after a wait; false where the folder has failed: a refusal that lasts costs no
   * other folder
   */
  async unverified(work: FolderWork, error: ServerRefused, sessions: Sessions): Promise<boolean> {
    const link = this.#linkOf(error);
    const folder = work.pair.destination;
    const why = link.problem(error, 'other', {folder: error.end === 'source' ? work.pair.shown : folder});
    const lasts =
      why.verdict === 'again' || why.verdict === 'slower'
        ? why.code !== 'throttled' && ++work.unverified >= mostUnverified
        : why.scope === 'folder' || why.code === 'command-refused';
    if (!lasts) {
      await this.recover(error, work, sessions);
      return true;
    }
    work.refusal ??= problem(
      'folder-unverified',
      {folder},
      why.detail === undefined ? {} : {detail: why.detail},
    );
    this.end(work);
    link.pace.excused();
    return false;
  }

  /** A connection went: a folder that closes it whenever it is opened is left alone, and the others go on. */
  #nameClosing(error: ConnectionLost | ServerRefused, at: FolderWork | undefined): void {
    const {end} = error;
    const concerned = at === undefined ? this.#works : [at];
    const opening = concerned.filter(work => work.opening.at === end);
    for (const work of opening) work.opening.lost(opening.length === 1);
    const closing = opening.find(work => work.opening.guilty);
    if (closing === undefined) return;
    const folder = end === 'source' ? closing.pair.shown : closing.pair.destination;
    // It is closed here where the server opens it without a proper answer.
    const why = error instanceof ConnectionLost && error.unreadable ? {detail: error.message} : {};
    closing.refusal ??= problem('folder-closes-connection', {end, folder}, why);
    this.end(closing);
    (end === 'source' ? this.#links.source : this.#links.target).pace.excused();
  }

  /**
   * The one message that breaks the connection, or that the server fails at, whenever it travels, and those that cannot be
   * compared with what is there: the others go on.
   */
  nameGuilty(work: FolderWork, end: End): void {
    if (!work.prepared) return;
    for (const uid of work.mail.uncompared)
      this.#setAside(work, uid, problem('message-not-compared', {}), 'source');
    work.mail.uncompared.clear();
    const {unread} = work.mail.suspicion;
    // Another reader may read it (Transfer), where it is known to fit into memory.
    const room = bytesOtherwise(work.sizes.get(unread ?? 0) ?? Number.POSITIVE_INFINITY);
    if (room > this.#context.settings.limits.memory)
      this.#setAside(work, unread, problem('message-breaks-connection', {end: 'source'}), 'source');
    this.#setAside(work, work.mail.suspicion.guilty, problem('message-breaks-connection', {end}), end);
    const {failing} = work.mail;
    if (failing.guilty !== undefined) {
      const {uid, end: at} = failing.guilty;
      this.#setAside(work, uid, problem('message-fails-server', {end: at}), at);
    }
  }

  #setAside(work: FolderWork, uid: number | undefined, why: Problem, end: End): void {
    if (uid === undefined || !work.batches.drop(uid)) return;
    const link = end === 'source' ? this.#links.source : this.#links.target;
    const size = work.sizes.get(uid) ?? 0;
    const {run} = this.#context.settings;
    const row = recognisable({uid, state: 'failed', strong: false, run, size}, work.mail);
    this.#context.ledger.put(work.ledgerFolder.id, {...row, code: why.code, reason: why.sentence});
    work.mail.accounted(uid);
    work.tally.failed(nameOf(row), why);
    link.pace.progress();
  }

  /** The destination may take the folder under another name: it says of nothing else that it is in the way. */
  mindsName(work: FolderWork, error: ServerRefused): boolean {
    const {code} = this.#linkOf(error).problem(error, 'create', {folder: work.pair.destination});
    return code === 'folder-not-created' && error.mayMindName;
  }

  /** True where it is tried again, after the wait that this was; false where the folder has failed. */
  async refused(
    work: FolderWork,
    error: ServerRefused,
    during: 'create' | 'append' | 'fetch' | 'other',
    sessions: Sessions | undefined,
  ): Promise<boolean> {
    const link = this.#linkOf(error);
    const folder = error.end === 'source' ? work.pair.shown : work.pair.destination;
    const why = link.problem(error, during, {folder});
    if (why.scope === 'mailbox' && why.verdict === 'stop') throw new MailboxStopped(why, error);
    if (why.verdict === 'again' || why.verdict === 'slower') {
      if (why.verdict === 'slower') this.#trouble();
      if (why.code === 'destination-folder-missing') {
        work.reopen();
        this.#stages.enter(work, 'count');
      }
      await link.recover(error, why, error.end === 'source' ? sessions?.source : sessions?.target);
      return true;
    }
    work.refusal ??= why;
    this.end(work);
    return false;
  }

  /** The folder has failed: whoever is last in it says so, when what the others have under way is written down. */
  end(work: FolderWork): void {
    if (work.lanes > 1) return;
    const {since, before} = this.#context.job.what;
    const filtered = since !== undefined || before !== undefined;
    countUnopened(work);
    if (filtered && !work.prepared && work.tally.counts.selected > 0)
      work.note(problem('dates-not-known', {folder: work.pair.shown, messages: work.tally.counts.selected}));
    work.tally.close('failed');
    work.enter('failed', work.refusal);
    this.#stages.enter(work, 'ended');
  }

  #linkOf(error: ConnectionLost | ServerRefused) {
    return error.end === 'source' ? this.#links.source : this.#links.target;
  }
}

/** Headers or texts were read since the last trouble, and need not be read again. */
function gotFurther(work: FolderWork): boolean {
  const {read} = work.mail;
  const further = read > work.lookedBefore;
  work.lookedBefore = read;
  return further;
}

/** A folder that was never opened counts with what the server said of it in its list. */
export function countUnopened(work: FolderWork): void {
  if (work.prepared) return;
  const {messages = 0, bytes = 0} = work.pair.source.status ?? {};
  work.tally.counted(messages, bytes, 0, 0);
}

/** True for the errors that stopping itself causes. */
export function isStop(error: unknown, ...signals: readonly AbortSignal[]): boolean {
  return (
    signals.some(signal => signal.aborted && signal.reason === error) ||
    (error instanceof Error && error.name === 'AbortError') ||
    error instanceof ConnectionLost
  );
}
