// What a lane does for a mailbox's folders: opens and counts them, looks at what is there already, copies, verifies.

import {ServerRefused} from '../imap/errors.ts';
import type {Links} from '../link/link.ts';
import {usualExchangeLimit} from '../messages/explain-refusal.ts';
import {problem} from '../problems/problems.ts';
import type {MailboxContext} from './context.ts';
import {countFolder} from './count.ts';
import {createByAnyName} from './create-folders.ts';
import {confirmByLooking, tellDropped, verify} from './finish.ts';
import type {FolderVerdicts} from './folder-verdicts.ts';
import type {FolderWork} from './folder-work.ts';
import {HeadersLeftOut} from './looks.ts';
import {FolderReplaced, type Sessions} from './open-ends.ts';
import {grownSince, isKnown, openFolder, planCopy} from './plan-folder.ts';
import {reconcile} from './reconcile.ts';
import {takeOver} from './renumbered.ts';
import {settle} from './settle.ts';
import {carryTogether} from './small-folders.ts';
import type {Stages} from './stages.ts';
import {Transfer} from './transfer.ts';
import {LeftOut} from './whole-list.ts';

export type Task =
  /** Creates and counts all folders that are not yet. */
  | {readonly kind: 'open'}
  | {readonly kind: 'look' | 'copy'; readonly work: FolderWork}
  /** Copies small folders, all of them together. */
  | {readonly kind: 'together'; readonly works: readonly FolderWork[]}
  /** Compares all copied folders with what the destination counts. */
  | {readonly kind: 'verify'};

/** Folders counted at once on one connection: what is far away is not waited for folder by folder. */
const countedAtOnce = 64;

export class FolderTasks {
  readonly #context: MailboxContext;
  readonly #links: Links;
  readonly #works: readonly FolderWork[];
  readonly #stages: Stages;
  readonly #verdicts: FolderVerdicts;

  constructor(
    context: MailboxContext,
    links: Links,
    works: readonly FolderWork[],
    stages: Stages,
    verdicts: FolderVerdicts,
  ) {
    this.#context = context;
    this.#links = links;
    this.#works = works;
    this.#stages = stages;
    this.#verdicts = verdicts;
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
        return this.#look(task.work, sessions);
      case 'copy':
        return this.#copy(task.work, sessions, leave);
      case 'together':
        return this.#together(task.works, sessions);
      case 'verify':
        return this.#verify(sessions);
    }
  }

  async #verify(sessions: Sessions): Promise<void> {
    const copied = this.#works.filter(work => this.#stages.of(work) === 'copied');
    if (this.#context.settings.dryRun) {
      for (const work of copied) {
        if (work.inPart !== undefined) work.note(work.inPart.why(work.pair));
        this.#stages.enter(work, 'ended');
      }
      return;
    }
    for await (const [work, kept] of verify(copied, sessions, this.#context)) {
      if (kept === undefined) this.#end(work);
      else if (kept instanceof FolderReplaced) this.#verdicts.replaced(work, kept.end);
      else if (kept instanceof LeftOut) this.#verdicts.leftOut(work, kept);
      // The others are verified after the wait, perhaps on another connection.
      else if (await this.#verdicts.unverified(work, kept, sessions)) return;
    }
  }

  /** All of it that the source names is at the destination. */
  #end(work: FolderWork): void {
    if (work.inPart === undefined) this.#stages.enter(work, 'ended');
    else this.#verdicts.leftOut(work, work.inPart);
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
    let broken = false;
    const count = async () => {
      // All take from the same iterator.
      for (const work of queue) {
        if (this.#context.stop.finish.aborted || broken) return;
        try {
          work.opening.begin('source');
          await countFolder(work, source, this.#context, grownSince(work, this.#context));
          work.opening.succeeded();
          // It need not wait for the others; the end of all of them says that it is not there.
          if (work.destinationStatus === undefined)
            await Promise.race([standing.get(work)?.promise, created]);
        } catch (error) {
          if (error instanceof FolderReplaced) {
            this.#verdicts.replaced(work, error.end);
            continue;
          }
          if (!(error instanceof ServerRefused)) throw error;
          work.opening.succeeded();
          await this.#verdicts.refused(work, error, 'other', sessions);
          continue;
        }
        const there = work.destinationStatus !== undefined || this.#context.settings.dryRun;
        if (this.#stages.of(work) !== 'count' || !there) continue;
        if (openFolder(work, this.#context)) {
          work.enter('waiting');
          this.#stages.enter(work, 'look');
        } else await this.#plan(work, sessions);
      }
    };
    const counted = Array.from({length: source.exchange || doubtful ? 1 : countedAtOnce}, () =>
      count().catch((error: unknown) => {
        broken = true;
        throw error;
      }),
    );
    // Whoever comes next opens them anew: what is still on its way would pass for what was counted then.
    await Promise.allSettled([...counted, created]);
    await Promise.all([...counted, created]);
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
    const refused = await createByAnyName(works, sessions.target, isNew, there, (work, refusal) =>
      this.#verdicts.mindsName(work, refusal),
    );
    passed?.('folders-created');
    for (const [work, refusal] of refused) await this.#verdicts.refused(work, refusal, 'create', sessions);
  }

  /** What is at the destination already is known before it is said what is to copy. */
  async #look(work: FolderWork, sessions: Sessions): Promise<void> {
    const {destinationSeen: lookedUntil} = work.ledgerFolder;
    try {
      await settle(work, sessions, this.#context, 'all');
      await takeOver(work, sessions, this.#context);
      const unseen = await reconcile(work, sessions, this.#context, {lookedUntil});
      if (unseen.length > 0 && this.#hasRefused(work)) throw new HeadersLeftOut(unseen);
    } catch (error) {
      if (!(error instanceof LeftOut)) throw error;
      // How much it is that fails.
      await planCopy(work, this.#context);
      this.#verdicts.leftOut(work, error);
      return;
    }
    await this.#plan(work, sessions);
  }

  /** What an earlier run sent and the destination refused, so that it may be there. */
  #hasRefused(work: FolderWork): boolean {
    for (const {key} of this.#context.ledger.messages(work.ledgerFolder.id, ['failed']))
      if (key !== undefined) return true;
    return false;
  }

  async #plan(work: FolderWork, sessions: Sessions): Promise<void> {
    await planCopy(work, this.#context);
    this.#foretell(work, sessions);
    if (work.batches.left > 0) {
      work.enter('waiting');
      this.#stages.enter(work, 'copy');
    } else {
      work.enter('done');
      this.#stages.enter(work, 'copied');
      this.#context.moved?.(work);
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
    if (work.refusal !== undefined) return this.#verdicts.end(work);
    if (work.unsettled) {
      // What other lanes have under way is not to be settled: whoever comes after them does it.
      if (work.lanes > 1) return;
      await this.#settle(work, sessions);
    }
    this.#verdicts.nameGuilty(work, work.mail.suspicion.end);
    work.enter('copying');
    await new Transfer(work, sessions, this.#links, this.#context, leave).run();
    if (work.refusal !== undefined) return this.#verdicts.end(work);
    // Another lane still works on it, or the run is stopped: whoever is last ends it.
    if (work.batches.left > 0 || work.lanes > 1 || this.#stages.of(work) !== 'copy') return;
    await this.#copied(work, sessions);
  }

  async #together(works: readonly FolderWork[], sessions: Sessions): Promise<void> {
    const {copied, failure} = await carryTogether(works, sessions, this.#links, this.#context);
    for (const work of copied)
      try {
        await this.#copied(work, sessions);
      } catch (error) {
        if (error instanceof LeftOut) this.#verdicts.leftOut(work, error);
        else if (error instanceof FolderReplaced) this.#verdicts.replaced(work, error.end);
        else throw error;
      }
    if (failure !== undefined) throw failure;
  }

  /** A folder's mail has moved. */
  async #copied(work: FolderWork, sessions: Sessions): Promise<void> {
    await work.mail.flagAgain.flush(sessions.target, work.target?.uidNext ?? 1);
    if (this.#context.ledger.unnamed(work.ledgerFolder.id) > 0)
      await confirmByLooking(work, sessions, this.#context);
    tellDropped(work);
    work.enter('done');
    this.#stages.enter(work, 'copied');
    this.#context.moved?.(work);
  }

  /** What was sent without an answer is looked for; what is there counts as copied, the rest is sent again. */
  async #settle(work: FolderWork, sessions: Sessions): Promise<void> {
    const arrived = new Set(await settle(work, sessions, this.#context, work.doubted ? 'doubted' : 'sent'));
    let bytes = 0;
    for (const row of this.#context.ledger.messages(work.ledgerFolder.id, ['stored']))
      if (arrived.has(row.uid)) bytes += row.size ?? 0;
    if (arrived.size > 0) this.#links.target.pace.progress();
    work.tally.copied(arrived.size, bytes);
  }
}
