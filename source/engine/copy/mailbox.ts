// The copying of one mailbox: several lanes (a connection to each end) work through its folders. A writing lane
// has a folder of its own, since two that append to one Dovecot folder are slower than one (measured); where a message
// costs round trips, sharing gains. Elsewhere it is tried, and kept where it carries more.

import type {End} from '../events.ts';
import {chooseStrategy} from '../imap/append.ts';
import {ConnectionLost, ServerRefused} from '../imap/errors.ts';
import {problem} from '../problems.ts';
import type {MailboxContext} from './context.ts';
import {countFolder} from './count.ts';
import {createFolders} from './create-folders.ts';
import {confirmByLooking, reconcile, tellDropped, verify} from './finish.ts';
import type {FolderWork} from './folder-work.ts';
import {LaneControl} from './lanes.ts';
import {MailboxStopped} from './link.ts';
import {closePair, type EarlyLanes, nearLanes, openPair} from './pair.ts';
import {openFolder, planCopy, planUnchanged} from './plan-folder.ts';
import {takeOver} from './renumbered.ts';
import {FolderReplaced, type Sessions, settle} from './settle.ts';
import {type Links, StrategyRefused, Transfer} from './transfer.ts';

/** Where a folder stands: to be counted, to be looked at, to be copied, copied and to be verified, ended. */
type Stage = 'count' | 'look' | 'copy' | 'copied' | 'ended';

type Task =
  /** Creates and counts all folders that are not yet. */
  | {readonly kind: 'open'}
  | {readonly kind: 'look' | 'copy'; readonly work: FolderWork}
  /** Compares all copied folders with what the destination counts. */
  | {readonly kind: 'verify'};

/** Exchange counts sessions, also closed ones for a while, and is happiest with few long ones (facts, section 3). */
const exchange = {start: 2, most: 4};
/** Folders counted at once on one connection. */
const countedAtOnce = 8;
/** Messages left in a folder from which on another lane is of use, where each costs round trips; and elsewhere. */
const worthSharing = 20;
const worthTrying = 2000;

export class MailboxCopy {
  readonly #context: MailboxContext;
  readonly #links: Links;
  readonly #works: readonly FolderWork[];
  readonly #stages = new Map<FolderWork, Stage>();
  #control = new LaneControl({most: 1, start: 1});
  /** A message costs round trips there: lanes share a folder from the start. */
  #sharing = false;
  readonly #running = new Set<Promise<void>>();
  #early: EarlyLanes | undefined;
  /** Lanes under way, also those whose connections are being opened. */
  #started = 0;
  #lanes = 0;
  /** Lanes that have seen that they are not needed. */
  #leaving = 0;
  /** Lanes at work on a task that concerns all folders. */
  #common = 0;
  #failure: unknown;
  #wake: (() => void)[] = [];

  constructor(context: MailboxContext, links: Links, works: readonly FolderWork[]) {
    this.#context = context;
    this.#links = links;
    // The largest first: it decides when the mailbox is done.
    this.#works = [...works].sort(
      (one, other) => (other.pair.source.status?.messages ?? 0) - (one.pair.source.status?.messages ?? 0),
    );
  }

  /**
   * Works until every folder has ended or the stop signal says finish.
   * @param first the sessions that listed the folders; they are closed at the end
   * @param early further lanes that are on their way already
   * @param far the servers are not near: more lanes pay
   * @throws MailboxStopped, or the error of a bug or of this computer (a full disk)
   */
  async run(first: Sessions, early: EarlyLanes, far: boolean): Promise<void> {
    const {limits, dryRun} = this.#context.settings;
    for (const work of this.#works) {
      const unchanged = planUnchanged(work, this.#context);
      this.#stages.set(work, unchanged ? 'ended' : 'count');
      if (unchanged) work.enter('done');
    }
    if (this.#works.every(work => this.#stages.get(work) === 'ended')) {
      closePair(first);
      return;
    }
    const isExchange = first.source.exchange || first.target.exchange;
    const {objections} = this.#context.servers.of(this.#links.target.server);
    this.#sharing = ['overlapped', 'single'].includes(chooseStrategy(first.target, objections));
    const most = dryRun ? 1 : Math.min(isExchange ? exchange.most : limits.connections, limits.connections);
    const start = isExchange ? exchange.start : far || this.#sharing ? most : nearLanes;
    this.#control = new LaneControl({most, start});
    this.#early = early;
    this.#start(Promise.resolve(first));
    this.#grow();
    // Lanes start lanes; whoever is last has seen the end of the work.
    while (this.#running.size > 0) await Promise.race(this.#running);
    const stopped = this.#context.stop.finish.aborted;
    const failure = this.#failure instanceof MailboxStopped ? this.#failure.problem : undefined;
    for (const work of this.#works) {
      if (['ended', 'copied'].includes(this.#stages.get(work) ?? '')) continue;
      countUnopened(work);
      work.enter(stopped ? 'stopped' : 'failed', stopped ? undefined : failure);
      work.close(stopped ? 'skipped' : 'failed');
    }
    if (this.#failure !== undefined) throw this.#failure;
  }

  #start(opening: Promise<Sessions | undefined>): void {
    this.#started++;
    const lane = this.#lane(opening).finally(() => {
      this.#started--;
      this.#running.delete(lane);
    });
    this.#running.add(lane);
  }

  /** Starts lanes while more are wanted than there are, and there is work for them. */
  #grow(): void {
    if (this.#context.stop.finish.aborted || this.#failure !== undefined) return;
    const folders = this.#folders();
    // Lanes that were wanted for folders of their own say nothing of lanes that share one.
    if (!this.#sharing) this.#control.atMost(folders);
    const useful =
      this.#shared() === undefined ? Math.min(this.#control.wanted, folders) : this.#control.wanted;
    while (this.#started < useful) this.#start(this.#early?.take() ?? openPair(this.#links));
  }

  /** Folders that a lane could have for its own. */
  #folders(): number {
    let folders = 0;
    for (const stage of this.#stages.values()) if (stage !== 'copied' && stage !== 'ended') folders++;
    return folders;
  }

  /** The folder that one lane more would share. */
  #shared(): FolderWork | undefined {
    if (!this.#sharing && this.#control.wanted <= this.#folders()) return undefined;
    const worth = this.#sharing ? worthSharing : worthTrying;
    return this.#works
      .filter(work => this.#stages.get(work) === 'copy' && !work.unsettled && work.batches.left > worth)
      .sort((one, other) => one.lanes - other.lanes)[0];
  }

  /** Looks at what the lanes carry, and starts one more where more are wanted. */
  #look(): void {
    const carrying = this.#works.reduce((all, work) => all + (work.state === 'copying' ? work.lanes : 0), 0);
    const {wanted} = this.#control;
    this.#control.look(this.#context.ports.now(), this.#context.meter.amount, carrying);
    if (this.#control.wanted > wanted) this.#grow();
  }

  async #lane(opening: Promise<Sessions | undefined>): Promise<void> {
    let sessions: Sessions | undefined;
    const {stop} = this.#context;
    let counted = false;
    let leaving = false;
    /** True where there are more lanes than are wanted, and this one is to go. */
    const leave = () => {
      this.#look();
      if (!leaving && this.#lanes - this.#leaving > this.#control.wanted) {
        leaving = true;
        this.#leaving++;
      }
      return leaving;
    };
    try {
      // A lane beside the first one is welcome, not needed: a server that grants none is served by fewer.
      sessions = await opening;
      if (sessions === undefined) {
        this.#control.refused(this.#lanes);
        return;
      }
      this.#count(1);
      counted = true;
      for (let task = await this.#next(leave); task !== undefined; task = await this.#next(leave)) {
        try {
          sessions = await this.#reopen(sessions);
          await this.#do(task, sessions, leave);
        } catch (error) {
          await this.#recover(error, task, sessions);
        } finally {
          this.#leave(task);
        }
      }
    } catch (error) {
      if (!stop.finish.aborted || !isStop(error, stop.finish, stop.abort)) this.#failure ??= error;
    } finally {
      if (counted) this.#count(-1);
      if (leaving) this.#leaving--;
      this.#signal();
      if (sessions !== undefined) closePair(sessions);
    }
  }

  #count(change: number): void {
    this.#lanes += change;
    this.#context.emit({type: 'lanes', request: this.#context.job.request, lanes: this.#lanes});
  }

  async #reopen(sessions: Sessions | undefined): Promise<Sessions> {
    await Promise.all([this.#links.source.ready(), this.#links.target.ready()]);
    const source = await this.#links.source.current(sessions?.source);
    try {
      const target = await this.#links.target.current(sessions?.target);
      return source === sessions?.source && target === sessions.target ? sessions : {source, target};
    } catch (error) {
      if (source !== sessions?.source) source.logout();
      throw error;
    }
  }

  /** The next thing to do; waits while only others can go on; undefined when all is done or stopped. */
  async #next(leave: () => boolean): Promise<Task | undefined> {
    for (;;) {
      await this.#context.gate.pass(this.#context.stop.finish);
      if (this.#context.stop.finish.aborted || this.#failure !== undefined || leave()) return undefined;
      const task = this.#choose();
      if (task !== undefined) {
        if ('work' in task) task.work.lanes++;
        else this.#common++;
        return task;
      }
      if (this.#common === 0 && this.#works.every(work => work.lanes === 0)) return undefined;
      await new Promise<void>(resolve => this.#wake.push(resolve));
    }
  }

  #choose(): Task | undefined {
    const stageOf = (work: FolderWork) => this.#stages.get(work);
    if (this.#common === 0 && this.#works.some(work => stageOf(work) === 'count')) return {kind: 'open'};
    const free = this.#works.filter(work => work.lanes === 0);
    for (const kind of ['look', 'copy'] as const) {
      const work = free.find(each => stageOf(each) === kind);
      if (work !== undefined) return {kind, work};
    }
    if (
      this.#common === 0 &&
      this.#works.every(work => ['copied', 'ended'].includes(stageOf(work) ?? '')) &&
      this.#works.some(work => stageOf(work) === 'copied')
    )
      return {kind: 'verify'};
    const shared = this.#shared();
    return shared === undefined ? undefined : {kind: 'copy', work: shared};
  }

  #leave(task: Task): void {
    if ('work' in task) task.work.lanes--;
    else this.#common--;
    this.#signal();
  }

  #enter(work: FolderWork, stage: Stage): void {
    this.#stages.set(work, stage);
    this.#signal();
  }

  #signal(): void {
    this.#grow();
    for (const wake of this.#wake.splice(0)) wake();
  }

  async #do(task: Task, sessions: Sessions, leave: () => boolean): Promise<void> {
    switch (task.kind) {
      case 'open':
        return this.#open(sessions);
      case 'look':
        await settle(task.work, sessions, this.#context, true);
        await takeOver(task.work, sessions, this.#context);
        await reconcile(task.work, sessions, this.#context);
        this.#plan(task.work);
        return;
      case 'copy':
        return this.#copy(task.work, sessions, leave);
      case 'verify': {
        const copied = this.#works.filter(work => this.#stages.get(work) === 'copied');
        if (!this.#context.settings.dryRun) await verify(copied, sessions, this.#context);
        for (const work of copied) this.#enter(work, 'ended');
      }
    }
  }

  /** Folders are created at one end while they are counted at the other, each in as few round trips as can be. */
  async #open({source, target}: Sessions): Promise<void> {
    const works = this.#works.filter(work => this.#stages.get(work) === 'count');
    const created = this.#create(works, target);
    created.catch(() => undefined);
    const queue = [...works];
    const count = async () => {
      for (let work = queue.shift(); work !== undefined; work = queue.shift()) {
        if (this.#context.stop.finish.aborted) return;
        try {
          await countFolder(work, source, this.#context);
          await created;
        } catch (error) {
          if (!(error instanceof ServerRefused)) throw error;
          await this.#refused(work, error, 'other');
          continue;
        }
        const there = work.destinationStatus !== undefined || this.#context.settings.dryRun;
        if (this.#stages.get(work) !== 'count' || !there) continue;
        if (openFolder(work, this.#context)) {
          work.enter('waiting');
          this.#enter(work, 'look');
        } else this.#plan(work);
      }
    };
    await Promise.all(Array.from({length: source.exchange ? 1 : countedAtOnce}, count));
  }

  async #create(works: readonly FolderWork[], target: Sessions['target']): Promise<void> {
    if (this.#context.settings.dryRun) return;
    // Refused for now means: it stays to be opened, and comes again after the wait.
    for (const [work, refusal] of await createFolders(works, target))
      await this.#refused(work, refusal, 'create');
  }

  #plan(work: FolderWork): void {
    planCopy(work, this.#context);
    if (work.batches.left > 0) {
      work.enter('waiting');
      this.#enter(work, 'copy');
    } else {
      work.enter('done');
      this.#enter(work, 'copied');
    }
  }

  async #copy(work: FolderWork, sessions: Sessions, leave: () => boolean): Promise<void> {
    if (work.unsettled) await this.#settle(work, sessions);
    this.#nameGuilty(work, work.suspicion.end);
    work.enter('copying');
    await new Transfer(work, sessions, this.#links, this.#context, leave).run();
    // Another lane still works on it, or the run is stopped: whoever is last ends it.
    if (work.batches.left > 0 || work.lanes > 1) return;
    if (this.#context.ledger.unnamed(work.ledgerFolder.id) > 0)
      await confirmByLooking(work, sessions, this.#context);
    tellDropped(work);
    work.enter('done');
    this.#enter(work, 'copied');
  }

  /** What was sent without an answer is looked for; what is there counts as copied, the rest is sent again. */
  async #settle(work: FolderWork, sessions: Sessions): Promise<void> {
    const found = new Set(await settle(work, sessions, this.#context, false));
    const waiting = work.batches.remaining();
    let bytes = 0;
    for (const row of this.#context.ledger.messages(work.ledgerFolder.id, ['stored']))
      if (found.has(row.uid)) bytes += row.size ?? 0;
    const arrived = waiting.filter(uid => found.has(uid));
    work.batches.keep(uid => !found.has(uid));
    for (const uid of found) work.suspicion.cleared(uid);
    if (arrived.length > 0) this.#links.target.progress();
    work.copied(arrived.length, bytes);
  }

  /** Decides what an error costs: the lane tries again, the folder fails, or the mailbox stops (thrown). */
  async #recover(error: unknown, task: Task, sessions: Sessions | undefined): Promise<void> {
    const {stop} = this.#context;
    if (stop.finish.aborted && isStop(error, stop.finish, stop.abort)) return;
    if (error instanceof FolderReplaced && 'work' in task) {
      // What was counted is another folder's now; the note about it comes when it is opened again.
      task.work.reopen();
      this.#enter(task.work, 'count');
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
      const why = link.problem(error, 'other');
      // A token that ends says nothing of how much the server can take.
      if (why.code !== 'token-expired') this.#control.trouble(this.#context.ports.now());
      await link.recover(error, why, lost);
      return;
    }
    const again = await this.#refused(task.work, error, error.command === 'APPEND' ? 'append' : 'other');
    // A server's session may be beyond mending (its mailbox was removed under it): a new one starts afresh.
    if (!again || error.throttleReset !== undefined) return;
    (error.end === 'source' ? sessions?.source : sessions?.target)?.wire.destroy('Opened anew');
  }

  /** The one message that breaks the connection whenever it travels is named, and the others go on. */
  #nameGuilty(work: FolderWork, end: End): void {
    const uid = work.suspicion.guilty;
    if (uid === undefined || !work.prepared || !work.batches.drop(uid)) return;
    const link = end === 'source' ? this.#links.source : this.#links.target;
    const why = problem('message-breaks-connection', {end});
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
    work.failed({uid, size}, why);
    link.progress();
  }

  /** True where it is tried again, after the wait that this was; false where the folder has failed. */
  async #refused(
    work: FolderWork,
    error: ServerRefused,
    during: 'create' | 'append' | 'fetch' | 'other',
  ): Promise<boolean> {
    const link = this.#linkOf(error);
    const folder = error.end === 'source' ? work.pair.shown : work.pair.destination;
    const why = link.problem(error, during, {folder});
    if (why.scope === 'mailbox' && why.verdict === 'stop') throw new MailboxStopped(why, error);
    if (why.verdict === 'again' || why.verdict === 'slower') {
      if (why.verdict === 'slower') this.#control.trouble(this.#context.ports.now());
      if (why.code === 'destination-folder-missing') {
        work.reopen();
        this.#enter(work, 'count');
      }
      await link.recover(error, why);
      return true;
    }
    countUnopened(work);
    work.close('failed');
    work.enter('failed', why);
    this.#enter(work, 'ended');
    return false;
  }

  #linkOf(error: ConnectionLost | ServerRefused) {
    return error.end === 'source' ? this.#links.source : this.#links.target;
  }
}

/** A folder that was never opened counts with what the server said of it in its list. */
function countUnopened(work: FolderWork): void {
  if (work.prepared) return;
  const {messages = 0, bytes = 0} = work.pair.source.status ?? {};
  work.counted(messages, bytes, 0, 0);
}

/** True for the errors that stopping itself causes. */
function isStop(error: unknown, ...signals: readonly AbortSignal[]): boolean {
  return (
    signals.some(signal => signal.aborted && signal.reason === error) ||
    (error instanceof Error && error.name === 'AbortError') ||
    error instanceof ConnectionLost
  );
}
