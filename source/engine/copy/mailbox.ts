// The copying of one mailbox: several lanes (a connection to each end) work through its folders. A writing lane
// has a folder of its own, since two that append to one Dovecot folder are slower than one (measured); a server
// that takes one message at a time gains from sharing.
import {chooseStrategy} from '../imap/append.ts';
import {ConnectionLost, ServerRefused} from '../imap/errors.ts';
import type {MailboxContext} from './context.ts';
import {finish} from './finish.ts';
import type {FolderWork} from './folder-work.ts';
import {MailboxStopped} from './link.ts';
import {prepare, prepareUnchanged} from './prepare.ts';
import {type Sessions, settle} from './settle.ts';
import {type Links, Transfer} from './transfer.ts';

type Stage = 'count' | 'copy' | 'finish' | 'ended';
type Task = {readonly work: FolderWork; readonly stage: Exclude<Stage, 'ended'>};

export class MailboxCopy {
  readonly #context: MailboxContext;
  readonly #links: Links;
  readonly #works: readonly FolderWork[];
  readonly #stages = new Map<FolderWork, Stage>();
  /** The destination takes one message at a time: lanes may share a folder. */
  #sharing = false;
  #lanes = 0;
  #counting = 0;
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
   * @throws MailboxStopped, or the error of a bug or of this computer (a full disk)
   */
  async run(first: Sessions): Promise<void> {
    const {limits} = this.#context.settings;
    this.#sharing = chooseStrategy(first.target) === 'single';
    for (const work of this.#works) {
      const unchanged = prepareUnchanged(work, this.#context);
      this.#stages.set(work, unchanged ? 'ended' : 'count');
      if (unchanged) work.enter('done');
    }
    const busy = this.#works.filter(work => this.#stages.get(work) !== 'ended');
    const useful = this.#sharing ? limits.connections : Math.min(limits.connections, busy.length);
    if (busy.length === 0) {
      close(first);
      return;
    }
    const lanes = [this.#lane(first)];
    for (let lane = 1; lane < useful; lane++) lanes.push(this.#lane(undefined));
    await Promise.all(lanes);
    const stopped = this.#context.stop.finish.aborted;
    for (const work of this.#works) {
      if (this.#stages.get(work) === 'ended') continue;
      work.enter(stopped ? 'stopped' : 'failed', stopped ? undefined : this.#problem());
      work.close(stopped ? 'skipped' : 'failed');
    }
    if (this.#failure !== undefined) throw this.#failure;
  }

  #problem() {
    return this.#failure instanceof MailboxStopped ? this.#failure.problem : undefined;
  }

  async #lane(first: Sessions | undefined): Promise<void> {
    let sessions = first;
    let opened = first !== undefined;
    const abort = () => {
      sessions?.source.wire.destroy('The run was aborted');
      sessions?.target.wire.destroy('The run was aborted');
    };
    const {stop} = this.#context;
    stop.abort.addEventListener('abort', abort, {once: true});
    try {
      if (!opened) {
        // A lane beside the first one is welcome, not needed: a server that grants none is served by fewer.
        sessions = await this.#openExtra();
        if (sessions === undefined) return;
        opened = true;
      }
      this.#count(1);
      for (let task = await this.#next(); task !== undefined; task = await this.#next()) {
        try {
          sessions = await this.#reopen(sessions);
          await this.#do(task, sessions);
        } catch (error) {
          await this.#recover(error, task);
        } finally {
          this.#leave(task);
        }
      }
    } catch (error) {
      if (!stop.finish.aborted || !isStop(error, stop.finish, stop.abort)) this.#failure ??= error;
    } finally {
      stop.abort.removeEventListener('abort', abort);
      if (opened) this.#count(-1);
      this.#signal();
      if (sessions !== undefined) close(sessions);
    }
  }

  #count(change: number): void {
    this.#lanes += change;
    this.#context.emit({type: 'lanes', request: this.#context.job.request, lanes: this.#lanes});
  }

  async #openExtra(): Promise<Sessions | undefined> {
    const [source, target] = await Promise.all([
      this.#links.source.openExtra(),
      this.#links.target.openExtra(),
    ]);
    if (source !== undefined && target !== undefined) return {source, target};
    source?.logout();
    target?.logout();
    return undefined;
  }

  async #reopen(sessions: Sessions | undefined): Promise<Sessions> {
    await Promise.all([this.#links.source.ready(), this.#links.target.ready()]);
    const source =
      sessions === undefined || sessions.source.wire.closed ? this.#links.source.open() : sessions.source;
    const target =
      sessions === undefined || sessions.target.wire.closed ? this.#links.target.open() : sessions.target;
    return {source: await source, target: await target};
  }

  /** The next thing to do; waits while only others can go on; undefined when all is done or stopped. */
  async #next(): Promise<Task | undefined> {
    for (;;) {
      await this.#context.gate.pass(this.#context.stop.finish);
      if (this.#context.stop.finish.aborted || this.#failure !== undefined) return undefined;
      const task = this.#choose();
      if (task !== undefined) {
        task.work.lanes++;
        if (task.stage === 'count') this.#counting++;
        return task;
      }
      if (this.#works.every(work => work.lanes === 0)) return undefined;
      await new Promise<void>(resolve => this.#wake.push(resolve));
    }
  }

  #choose(): Task | undefined {
    const free = this.#works.filter(work => work.lanes === 0);
    const at = (stage: Stage) => free.find(work => this.#stages.get(work) === stage);
    const finishing = at('finish');
    if (finishing !== undefined) return {work: finishing, stage: 'finish'};
    const counting = at('count');
    // One lane counts ahead, so that the totals are soon known; the others move mail.
    if (counting !== undefined && this.#counting === 0 && this.#lanes > 1)
      return {work: counting, stage: 'count'};
    const copying = at('copy');
    if (copying !== undefined) return {work: copying, stage: 'copy'};
    if (counting !== undefined) return {work: counting, stage: 'count'};
    if (!this.#sharing) return undefined;
    const shared = this.#works
      .filter(work => this.#stages.get(work) === 'copy' && !work.unsettled && work.batches.left > 100)
      .sort((one, other) => one.lanes - other.lanes)[0];
    return shared === undefined ? undefined : {work: shared, stage: 'copy'};
  }

  #leave(task: Task): void {
    task.work.lanes--;
    if (task.stage === 'count') this.#counting--;
    this.#signal();
  }

  #signal(): void {
    for (const wake of this.#wake.splice(0)) wake();
  }

  async #do(task: Task, sessions: Sessions): Promise<void> {
    const {work} = task;
    if (task.stage === 'count') {
      await prepare(work, sessions, this.#context);
      this.#stages.set(work, work.batches.left > 0 ? 'copy' : 'finish');
      if (work.batches.left > 0) work.enter('waiting');
      return;
    }
    if (work.unsettled) await this.#settle(work, sessions);
    if (task.stage === 'copy') {
      work.enter('copying');
      this.#signal();
      const strategy = chooseStrategy(sessions.target);
      await new Transfer(work, sessions, this.#links, this.#context, strategy).run();
      if (work.batches.left > 0 || work.lanes > 1) return;
      this.#stages.set(work, 'finish');
    }
    if (this.#context.stop.finish.aborted && work.open > 0) return;
    await finish(work, sessions, this.#context);
    this.#stages.set(work, 'ended');
    work.enter('done');
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
    work.copied(arrived.length, bytes);
  }

  async #recover(error: unknown, task: Task): Promise<void> {
    const {stop} = this.#context;
    if (stop.finish.aborted && isStop(error, stop.finish, stop.abort)) return;
    if (
      error instanceof MailboxStopped ||
      !(error instanceof ConnectionLost || error instanceof ServerRefused)
    )
      throw error;
    if (stop.abort.aborted) return;
    const link = error.end === 'source' ? this.#links.source : this.#links.target;
    const during = error.end === 'source' ? 'fetch' : task.stage === 'count' ? 'create' : 'append';
    const folder = error.end === 'source' ? task.work.pair.shown : task.work.pair.destination;
    if (error instanceof ConnectionLost) {
      await link.recover(error, 'other');
      return;
    }
    const problem = link.problem(error, task.stage === 'count' && error.end === 'source' ? 'other' : during, {
      folder,
    });
    if (problem.scope === 'mailbox' && problem.verdict === 'stop') throw new MailboxStopped(problem, error);
    if (problem.verdict === 'again' || problem.verdict === 'slower') {
      if (problem.code === 'destination-folder-missing') this.#stages.set(task.work, 'count');
      await link.recover(error, during);
      return;
    }
    this.#stages.set(task.work, 'ended');
    if (!task.work.prepared) {
      const {messages = 0, bytes = 0} = task.work.pair.source.status ?? {};
      task.work.counted(messages, bytes, 0, 0);
    }
    task.work.close('failed');
    task.work.enter('failed', problem);
  }
}

function close(sessions: Sessions): void {
  sessions.source.logout();
  sessions.target.logout();
}

/** True for the errors that stopping itself causes. */
function isStop(error: unknown, ...signals: readonly AbortSignal[]): boolean {
  return (
    signals.some(signal => signal.aborted && signal.reason === error) ||
    (error instanceof Error && error.name === 'AbortError') ||
    error instanceof ConnectionLost
  );
}
