// What a lane does for a mailbox's folders: opens and counts them, looks at what is there already, copies, verifies; and
// what an error in it costs.

import type {End} from '../events.ts';
import {ConnectionLost, ServerRefused} from '../imap/errors.ts';
import {usualExchangeLimit} from '../messages/explain-refusal.ts';
import {type Problem, problem} from '../problems.ts';
import type {MailboxContext} from './context.ts';
import {countFolder} from './count.ts';
import {createFolders} from './create-folders.ts';
import {confirmByLooking, reconcile, tellDropped, verify} from './finish.ts';
import type {FolderWork} from './folder-work.ts';
import {MailboxStopped} from './pace.ts';
import {grownSince, isKnown, openFolder, planCopy} from './plan-folder.ts';
import {takeOver} from './renumbered.ts';
import {FolderReplaced, type Sessions, settle} from './settle.ts';
import {carryTogether} from './small-folders.ts';
import type {Stages} from './stages.ts';
import {type Links, Transfer} from './transfer.ts';
import {StrategyRefused} from './writer.ts';

export type Task =
  /** Creates and counts all folders that are not yet. */
  | {readonly kind: 'open'}
  | {readonly kind: 'look' | 'copy'; readonly work: FolderWork}
  /** Copies small folders, all of them together. */
  | {readonly kind: 'together'; readonly works: readonly FolderWork[]}
  /** Compares all copied folders with what the destination counts. */
  | {readonly kind: 'verify'};

/** Times that a folder may be made anew in a row. */
const mostReplaced = 3;
/** Folders counted at once on one connection: what is far away is not waited for folder by folder. */
const countedAtOnce = 64;

export class FolderTasks {
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
   * Does what the task says, and brings its folders to their next stage.
   * @param leave asked between batches: true where the lane is not needed any more
   */
  async do(task: Task, sessions: Sessions, leave: () => boolean): Promise<void> {
    switch (task.kind) {
      case 'open':
        return this.#open(sessions);
      case 'look':
        await settle(task.work, sessions, this.#context, 'all');
        await takeOver(task.work, sessions, this.#context);
        await reconcile(task.work, sessions, this.#context);
        this.#plan(task.work, sessions);
        return;
      case 'copy':
        return this.#copy(task.work, sessions, leave);
      case 'together':
        return this.#together(task.works, sessions);
      case 'verify': {
        const copied = this.#works.filter(work => this.#stages.of(work) === 'copied');
        const replaced = this.#context.settings.dryRun
          ? undefined
          : await verify(copied, sessions, this.#context);
        for (const work of copied) {
          const end = replaced?.get(work);
          if (end === undefined) this.#stages.enter(work, 'ended');
          else this.#replaced(work, end);
        }
      }
    }
  }

  /** Folders are created at one end while they are counted at the other, each in as few round trips as can be. */
  async #open(sessions: Sessions): Promise<void> {
    const {source} = sessions;
    // A lane that is still at work in a folder that is to be opened anew has mail under way to it.
    const works = this.#works.filter(work => this.#stages.of(work) === 'count' && work.lanes === 0);
    const standing = new Map(works.map(work => [work, Promise.withResolvers<void>()]));
    const created = this.#create(works, sessions, work => standing.get(work)?.resolve());
    created.catch(() => undefined);
    const queue = works.values();
    // One that may have closed the connection is opened alone, to be sure of it.
    const doubtful = works.some(work => work.opening.doubtful);
    const count = async () => {
      // All take from the same iterator.
      for (const work of queue) {
        if (this.#context.stop.finish.aborted) return;
        try {
          work.opening.begin('source');
          await countFolder(work, source, this.#context, grownSince(work, this.#context));
          work.opening.succeeded();
          // It need not wait for the others; the end of all of them says that it is not there.
          if (work.destinationStatus === undefined)
            await Promise.race([standing.get(work)?.promise, created]);
        } catch (error) {
          if (error instanceof FolderReplaced) {
            this.#replaced(work, error.end);
            continue;
          }
          if (!(error instanceof ServerRefused)) throw error;
          work.opening.succeeded();
          await this.#refused(work, error, 'other', sessions);
          continue;
        }
        const there = work.destinationStatus !== undefined || this.#context.settings.dryRun;
        if (this.#stages.of(work) !== 'count' || !there) continue;
        if (openFolder(work, this.#context)) {
          work.enter('waiting');
          this.#stages.enter(work, 'look');
        } else this.#plan(work, sessions);
      }
    };
    await Promise.all(Array.from({length: source.exchange || doubtful ? 1 : countedAtOnce}, count));
    await created;
  }

  async #create(
    works: readonly FolderWork[],
    sessions: Sessions,
    there: (work: FolderWork) => void,
  ): Promise<void> {
    if (this.#context.settings.dryRun) return;
    // Refused for now means: it stays to be opened, and comes again after the wait.
    const {passed} = this.#context.ports;
    passed?.('folders-named');
    const isNew = (work: FolderWork) => !isKnown(work, this.#context);
    const refused = await createFolders(works, sessions.target, isNew, there);
    passed?.('folders-created');
    for (const [work, refusal] of refused) await this.#refused(work, refusal, 'create', sessions);
  }

  #plan(work: FolderWork, sessions: Sessions): void {
    planCopy(work, this.#context);
    this.#foretell(work, sessions);
    if (work.batches.left > 0) {
      work.enter('waiting');
      this.#stages.enter(work, 'copy');
    } else {
      work.enter('done');
      this.#stages.enter(work, 'copied');
    }
  }

  /**
   * Says before the first message of a folder moves how many the destination will refuse for their size. Exchange only
   * estimates sizes, so as a source it says nothing for sure; all are tried, and named one by one if they are refused.
   */
  #foretell(work: FolderWork, {source, target}: Sessions): void {
    const told = target.signedIn.appendLimit;
    const limit = told ?? (target.exchange ? usualExchangeLimit : undefined);
    if (limit === undefined || source.exchange) return;
    const messages = work.batches.remaining().filter(uid => (work.sizes.get(uid) ?? 0) > limit).length;
    if (messages === 0) return;
    const {login} = this.#links.target;
    work.note(problem('messages-too-large', {messages, limit, assumed: told === undefined, login}));
  }

  async #copy(work: FolderWork, sessions: Sessions, leave: () => boolean): Promise<void> {
    if (work.refusal !== undefined) return this.#end(work);
    if (work.unsettled) {
      // What other lanes have under way is not to be settled: whoever comes after them does it.
      if (work.lanes > 1) return;
      await this.#settle(work, sessions);
    }
    this.#nameGuilty(work, work.suspicion.end);
    work.enter('copying');
    await new Transfer(work, sessions, this.#links, this.#context, leave).run();
    if (work.refusal !== undefined) return this.#end(work);
    // Another lane still works on it, or the run is stopped: whoever is last ends it.
    if (work.batches.left > 0 || work.lanes > 1 || this.#stages.of(work) !== 'copy') return;
    await this.#copied(work, sessions);
  }

  async #together(works: readonly FolderWork[], sessions: Sessions): Promise<void> {
    const {copied, replaced, failure} = await carryTogether(works, sessions, this.#links, this.#context);
    for (const [work, {end}] of replaced) this.#replaced(work, end);
    for (const work of copied)
      try {
        await this.#copied(work, sessions);
      } catch (error) {
        if (!(error instanceof FolderReplaced)) throw error;
        this.#replaced(work, error.end);
      }
    if (failure !== undefined) throw failure;
  }

  /** A folder's mail has moved. */
  async #copied(work: FolderWork, sessions: Sessions): Promise<void> {
    await work.flagAgain.flush(sessions.target, work.target?.uidNext ?? 1);
    if (this.#context.ledger.unnamed(work.ledgerFolder.id) > 0)
      await confirmByLooking(work, sessions, this.#context);
    tellDropped(work);
    work.enter('done');
    this.#stages.enter(work, 'copied');
  }

  /** What was sent without an answer is looked for; what is there counts as copied, the rest is sent again. */
  async #settle(work: FolderWork, sessions: Sessions): Promise<void> {
    const found = new Set(await settle(work, sessions, this.#context, work.doubted ? 'doubted' : 'sent'));
    const waiting = work.batches.remaining();
    let bytes = 0;
    for (const row of this.#context.ledger.messages(work.ledgerFolder.id, ['stored']))
      if (found.has(row.uid)) bytes += row.size ?? 0;
    const arrived = waiting.filter(uid => found.has(uid));
    work.batches.keep(uid => !found.has(uid));
    for (const uid of found) {
      work.suspicion.cleared(uid);
      work.failing.cleared(uid);
    }
    if (arrived.length > 0) this.#links.target.pace.progress();
    work.copied(arrived.length, bytes);
  }

  /** Decides what an error costs: the lane tries again, the folder fails, or the mailbox stops (thrown). */
  async recover(error: unknown, task: Task, sessions: Sessions | undefined): Promise<void> {
    const {stop} = this.#context;
    if (stop.finish.aborted && isStop(error, stop.finish, stop.abort)) return;
    if (error instanceof FolderReplaced && 'work' in task) {
      this.#replaced(task.work, error.end);
      return;
    }
    // What was not stored for it is sent in another way next.
    if (error instanceof StrategyRefused) return;
    if (!(error instanceof ConnectionLost || error instanceof ServerRefused)) throw error;
    if (error instanceof ConnectionLost || !('work' in task)) {
      // Where the destination is to be looked at first, that comes before any verdict.
      if ('work' in task && !task.work.unsettled) this.#nameGuilty(task.work, error.end);
      if ('work' in task) task.work.suspicion.end = error.end;
      const lost = error.end === 'source' ? sessions?.source : sessions?.target;
      const link = this.#linkOf(error);
      if ('work' in task && gotFurther(task.work)) link.pace.progress();
      const why = link.problem(error, 'other');
      if (why.code !== 'token-expired' && why.code !== 'throttled') this.#nameClosing(error.end, task);
      // A token that ends says nothing of how much the server can take.
      if (why.code !== 'token-expired') this.#trouble();
      await link.recover(error, why, lost);
      return;
    }
    // The message that it fails at is known: no wait mends that.
    if (error.inDoubt && task.work.failing.guilty !== undefined) return;
    const during = error.command === 'APPEND' ? 'append' : 'other';
    const again = await this.#refused(task.work, error, during, sessions);
    // A server's session may be beyond mending (its mailbox was removed under it): a new one starts afresh.
    if (!again || error.throttleReset !== undefined) return;
    const session = error.end === 'source' ? sessions?.source : sessions?.target;
    // Exchange counts sessions that were not taken leave of.
    if (session?.exchange === true) session.logout();
    else session?.wire.destroy('Opened anew');
  }

  /** What was counted is another folder's now; the note about it comes when it is opened again. */
  #replaced(work: FolderWork, end: End): void {
    if (++work.replaced <= mostReplaced) {
      work.reopen();
      this.#stages.enter(work, 'count');
      return;
    }
    const folder = end === 'source' ? work.pair.shown : work.pair.destination;
    work.refusal ??= problem('folder-never-same', {end, folder});
    this.#end(work);
  }

  /** A connection went: a folder that closes it whenever it is opened is left alone, and the others go on. */
  #nameClosing(end: End, task: Task): void {
    const concerned = 'work' in task ? [task.work] : this.#works;
    const opening = concerned.filter(work => work.opening.at === end);
    for (const work of opening) work.opening.lost(opening.length === 1);
    const closing = opening.find(work => work.opening.guilty);
    if (closing === undefined) return;
    const folder = end === 'source' ? closing.pair.shown : closing.pair.destination;
    closing.refusal ??= problem('folder-closes-connection', {end, folder});
    this.#end(closing);
    (end === 'source' ? this.#links.source : this.#links.target).pace.excused();
  }

  /** The one message that breaks the connection, or that the server fails at, whenever it travels: the others go on. */
  #nameGuilty(work: FolderWork, end: End): void {
    if (!work.prepared) return;
    this.#setAside(work, work.suspicion.guilty, problem('message-breaks-connection', {end}), end);
    this.#setAside(work, work.failing.guilty, problem('message-fails-server', {}), 'destination');
  }

  #setAside(work: FolderWork, uid: number | undefined, why: Problem, end: End): void {
    if (uid === undefined || !work.batches.drop(uid)) return;
    const link = end === 'source' ? this.#links.source : this.#links.target;
    const size = work.sizes.get(uid) ?? 0;
    this.#context.ledger.put(work.ledgerFolder.id, {
      uid,
      state: 'failed',
      strong: false,
      run: this.#context.settings.run,
      size,
      code: why.code,
      reason: why.sentence,
    });
    work.suspicion.cleared(uid);
    work.failing.cleared(uid);
    work.failed({uid, size}, why);
    link.pace.progress();
  }

  /** True where it is tried again, after the wait that this was; false where the folder has failed. */
  async #refused(
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
    this.#end(work);
    return false;
  }

  /** The folder has failed: whoever is last in it says so, when what the others have under way is written down. */
  #end(work: FolderWork): void {
    if (work.lanes > 1) return;
    countUnopened(work);
    work.close('failed');
    work.enter('failed', work.refusal);
    this.#stages.enter(work, 'ended');
  }

  #linkOf(error: ConnectionLost | ServerRefused) {
    return error.end === 'source' ? this.#links.source : this.#links.target;
  }
}

/** Headers were read since the last loss, and need not be read again. */
function gotFurther(work: FolderWork): boolean {
  const {source, destination} = work.looked;
  const read = source.size + destination.size;
  const further = read > work.lookedBefore;
  work.lookedBefore = read;
  return further;
}

/** A folder that was never opened counts with what the server said of it in its list. */
export function countUnopened(work: FolderWork): void {
  if (work.prepared) return;
  const {messages = 0, bytes = 0} = work.pair.source.status ?? {};
  work.counted(messages, bytes, 0, 0);
}

/** True for the errors that stopping itself causes. */
export function isStop(error: unknown, ...signals: readonly AbortSignal[]): boolean {
  return (
    signals.some(signal => signal.aborted && signal.reason === error) ||
    (error instanceof Error && error.name === 'AbortError') ||
    error instanceof ConnectionLost
  );
}
