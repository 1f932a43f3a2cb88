// The copying of one mailbox: several lanes (a connection to each end) work through its folders. A writing lane
// has a folder of its own, since two that append to one Dovecot folder are slower than one (measured); where a message
// costs round trips, sharing gains. Elsewhere it is tried, and kept where it carries more.

import {chooseStrategy} from '../imap/append.ts';
import type {Session} from '../imap/session.ts';
import {NoRoom} from '../link/crowd.ts';
import type {Links} from '../link/link.ts';
import {MailboxStopped} from '../link/pace.ts';
import type {MailboxContext} from './context.ts';
import {FolderTasks, type Task} from './folder-tasks.ts';
import {countUnopened, FolderVerdicts, isStop} from './folder-verdicts.ts';
import type {FolderWork} from './folder-work.ts';
import {LaneControl} from './lanes.ts';
import type {Sessions} from './open-ends.ts';
import {closePair, type EarlyLanes, firstLanes, openPair} from './pair.ts';
import {planUnchanged} from './plan-folder.ts';
import {canGoTogether, isSmall, takeTogether} from './small-folders.ts';
import {Stages} from './stages.ts';

/** Exchange counts sessions, also closed ones for a while, and is happiest with few long ones (quirk `lingerMs`). */
const exchange = {start: 2, most: 4};
/** Messages left in a folder from which on another lane is of use, where each costs round trips; and elsewhere. */
const worthSharing = 20;
const worthTrying = 2000;

export class MailboxCopy {
  readonly #context: MailboxContext;
  readonly #links: Links;
  readonly #works: readonly FolderWork[];
  readonly #stages = new Stages(() => this.#signal());
  readonly #tasks: FolderTasks;
  readonly #verdicts: FolderVerdicts;
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
  /** Small folders may share a connection. */
  #together = false;
  /** No lane is opened for folders that are copied while it is. */
  #sparing = false;
  /** Those that do now, by lane. */
  readonly #bunches = new Set<readonly FolderWork[]>();
  /** Lanes at work on a task that concerns all folders. */
  #common = 0;
  /** Lanes that have lost a connection, and wait for room. */
  #outside = 0;
  /** Folders that lanes are at work in. */
  readonly #busy = new Set<FolderWork>();
  #failure: unknown;
  #wake: (() => void)[] = [];

  constructor(context: MailboxContext, links: Links, works: readonly FolderWork[]) {
    this.#context = context;
    this.#links = links;
    // The largest first: it decides when the mailbox is done.
    this.#works = [...works].sort(
      (one, other) => (other.pair.source.status?.messages ?? 0) - (one.pair.source.status?.messages ?? 0),
    );
    this.#verdicts = new FolderVerdicts(context, links, this.#works, this.#stages, () =>
      this.#control.trouble(context.ports.now()),
    );
    this.#tasks = new FolderTasks(context, links, this.#works, this.#stages, this.#verdicts);
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
      this.#stages.begin(work, unchanged ? 'ended' : 'count');
      if (unchanged) work.enter('done');
    }
    if (this.#stages.in('ended').size === this.#works.length) {
      closePair(first);
      return;
    }
    const isExchange = first.source.exchange || first.target.exchange;
    if (isExchange) this.#context.batchSize.small();
    const {objections} = this.#context.servers.of(this.#links.target.server);
    const strategy = chooseStrategy(first.target, objections);
    this.#sharing = strategy === 'overlapped' || strategy === 'single';
    this.#together = canGoTogether(first, strategy);
    this.#sparing = this.#together && !early.onTheirWay;
    const most = dryRun ? 1 : Math.min(isExchange ? exchange.most : limits.connections, limits.connections);
    const start = isExchange ? exchange.start : firstLanes[strategy][far ? 'far' : 'near'];
    // A connection costs the servers a process: none is signed in that no folder is left for.
    early.decided(Math.min(start, most, this.#sharing ? most : this.#ownLanes()));
    this.#control = new LaneControl({most, start});
    this.#early = early;
    this.#start(Promise.resolve(first));
    this.#grow();
    // Lanes start lanes; whoever is last has seen the end of the work.
    while (this.#running.size > 0) await Promise.race(this.#running);
    const stopped = this.#context.stop.finish.aborted;
    const failure = this.#failure instanceof MailboxStopped ? this.#failure.problem : undefined;
    for (const work of this.#works) {
      const stage = this.#stages.of(work);
      // Where all of it has moved, but the destination has not been asked whether it holds it, a stopped run is not done with it.
      if (stage === 'ended' || (stage === 'copied' && !stopped)) continue;
      countUnopened(work);
      work.enter(stopped ? 'stopped' : 'failed', stopped ? undefined : failure);
      work.tally.close(stopped ? 'skipped' : 'failed');
    }
    if (this.#failure !== undefined) throw this.#failure;
  }

  #start(opening: Promise<Sessions | undefined>): void {
    this.#started++;
    const lane = this.#lane(opening)
      // Nobody waits for a lane that starts late and ends before the others: what it fails with is kept here.
      .catch((error: unknown) => {
        this.#failure ??= error;
      })
      .finally(() => {
        this.#started--;
        this.#running.delete(lane);
        // A server may leave a connection too many without an answer: nobody waits for it when all is done.
        if (this.#stages.in('ended').size === this.#works.length)
          for (const link of [this.#links.source, this.#links.target]) link.noMore();
      });
    this.#running.add(lane);
  }

  /** Starts lanes while more are wanted than there are, and there is work for them. */
  #grow(): void {
    if (this.#context.stop.finish.aborted || this.#failure !== undefined) return;
    if (this.#links.source.crowded || this.#links.target.crowded) return;
    const own = this.#ownLanes();
    // Lanes that were wanted for folders of their own say nothing of lanes that share one.
    if (!this.#sharing) this.#control.atMost(own);
    const useful = this.#shared() === undefined ? Math.min(this.#control.wanted, own) : this.#control.wanted;
    while (this.#started < useful) this.#start(this.#early?.take() ?? openPair(this.#links));
  }

  /** Lanes for which there is work of their own. */
  #ownLanes(): number {
    return this.#sparing ? this.#stages.lanes : this.#stages.open;
  }

  /** The folder that one lane more would share. */
  #shared(): FolderWork | undefined {
    if (!this.#sharing && this.#control.wanted <= this.#ownLanes()) return undefined;
    const worth = this.#sharing ? worthSharing : worthTrying;
    let least: FolderWork | undefined;
    for (const work of this.#stages.in('copy')) {
      if (work.unsettled || work.wary || work.batches.left <= worth) continue;
      // Whoever is in it ends it: another lane would come and go without ever letting that one hear its server.
      if (work.refusal !== undefined) continue;
      if (least === undefined || work.lanes < least.lanes) least = work;
      if (least.lanes === 0) break;
    }
    return least;
  }

  /** Looks at what the lanes carry, and starts one more where more are wanted. */
  #look(): void {
    let carrying = 0;
    for (const work of this.#busy) if (work.state === 'copying') carrying += work.lanes;
    // A lane counts once, however many folders it has.
    for (const works of this.#bunches)
      carrying -= Math.max(0, works.filter(work => work.state === 'copying').length - 1);
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
        // Those that are still on their way may be granted.
        this.#control.refused(this.#started - 1);
        return;
      }
      this.#count(1);
      counted = true;
      for (let task = await this.#next(leave); task !== undefined; task = await this.#next(leave)) {
        try {
          sessions = await this.#reopen(sessions);
          await this.#tasks.do(task, sessions, leave);
        } catch (error) {
          await this.#verdicts.recover(error, 'work' in task ? task.work : undefined, sessions);
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
    const {source, target} = this.#links;
    await Promise.all([source.pace.ready(), target.pace.ready()]);
    let had: Partial<Sessions> = sessions ?? {};
    for (;;) {
      let opened: Session | undefined;
      try {
        opened = await source.current(had.source, true);
        const other = await target.current(had.target, true);
        const same = opened === sessions?.source && other === sessions.target;
        return same ? sessions : {source: opened, target: other};
      } catch (error) {
        const full = error instanceof NoRoom;
        if (full || opened !== had.source) opened?.logout();
        if (!full) throw error;
        // Nothing is held while room is waited for.
        had.target?.logout();
        had = {};
        this.#outside++;
        this.#signal();
        await error.wait().finally(() => this.#outside--);
      }
    }
  }

  /** The next thing to do; waits while only others can go on; undefined when all is done or stopped. */
  async #next(leave: () => boolean): Promise<Task | undefined> {
    for (;;) {
      await this.#context.gate.pass(this.#context.stop.finish);
      if (this.#context.stop.finish.aborted || this.#failure !== undefined || leave()) return undefined;
      const task = this.#choose();
      if (task !== undefined) {
        this.#take(task);
        return task;
      }
      // A lane without work holds what one outside waits for, or another mailbox.
      if (this.#outside > 0 || (this.#common === 0 && this.#busy.size === 0)) return undefined;
      await new Promise<void>(resolve => this.#wake.push(resolve));
    }
  }

  #choose(): Task | undefined {
    if (this.#common === 0 && firstFree(this.#stages.in('count')) !== undefined) return {kind: 'open'};
    for (const kind of ['look', 'copy'] as const) {
      const work = firstFree(this.#stages.in(kind));
      if (work === undefined) continue;
      const works = kind === 'copy' && this.#together && isSmall(work) ? this.#bunch() : [];
      return works.length > 1 ? {kind: 'together', works} : {kind, work};
    }
    const copied = this.#stages.in('copied').size > 0;
    if (this.#common === 0 && this.#stages.open === 0 && copied) return {kind: 'verify'};
    const shared = this.#shared();
    return shared === undefined ? undefined : {kind: 'copy', work: shared};
  }

  #bunch(): readonly FolderWork[] {
    return takeTogether(this.#stages.in('copy'), Math.max(this.#lanes, this.#control.wanted));
  }

  #take(task: Task): void {
    const occupy = (work: FolderWork) => {
      work.lanes++;
      this.#busy.add(work);
    };
    if ('work' in task) occupy(task.work);
    else if ('works' in task) {
      for (const work of task.works) occupy(work);
      this.#bunches.add(task.works);
    } else this.#common++;
  }

  #free(work: FolderWork): void {
    if (--work.lanes === 0) this.#busy.delete(work);
  }

  #leave(task: Task): void {
    if ('work' in task) this.#free(task.work);
    else if ('works' in task) {
      for (const work of task.works) {
        this.#free(work);
        this.#stages.weigh(work);
      }
      this.#bunches.delete(task.works);
    } else this.#common--;
    this.#signal();
  }

  #signal(): void {
    this.#grow();
    for (const wake of this.#wake.splice(0)) wake();
  }
}

/** One that no lane is at work in: few are busy, so this is found at once. */
function firstFree(works: Iterable<FolderWork>): FolderWork | undefined {
  for (const work of works) if (work.lanes === 0) return work;
  return undefined;
}
