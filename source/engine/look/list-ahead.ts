// The listing of a mailbox that is alone in its run, begun while its servers are waited for: at the start, since most
// often nothing has changed since the last run, and what the ledger knows of a finished folder is what will be listed of
// it; then each folder as soon as its mail has moved. Kept where all stayed as it was.
import type {MailboxContext} from '../copy/context.ts';
import type {FolderWork} from '../copy/folder-work.ts';
import {showPath} from '../folders/path.ts';
import {type Batched, batched, listFolder, listWork} from './list-mail.ts';

/** Messages that are listed on the chance that nothing has changed: about a third of a second. */
const mostAhead = 20_000;

type Listed = {
  readonly shown: string;
  readonly destination: string;
  /** As it was when its mail had moved; undefined where it is thought to be as the last run left it. */
  readonly moved?: Pick<FolderWork, 'state' | 'selected'> & {readonly changes: number};
};

export class AheadListing {
  readonly #context: Pick<MailboxContext, 'job' | 'ledger' | 'ports' | 'settings'>;
  readonly #listed = new Map<number, Listed>();
  #take: Batched;
  #work: Promise<void>;
  #begun = false;
  /** The servers have answered: no further folder is begun on the chance. */
  #answered = false;
  /** What was listed on the chance has been looked at again. */
  #seen = false;
  /** Folders that have moved and wait to be listed. */
  #waiting = 0;

  /** Begins at once. The ledger stays open until `keep` or `forget` has settled. */
  constructor(context: Pick<MailboxContext, 'job' | 'ledger' | 'ports' | 'settings'>) {
    this.#context = context;
    this.#take = batched(context);
    this.#work = this.#listFinished();
    // Told to whoever keeps or forgets it.
    this.#work.catch(() => undefined);
  }

  answered(): void {
    this.#answered = true;
  }

  /** All mail of this one of them has moved. */
  moved(work: FolderWork, works: readonly FolderWork[]): void {
    this.#waiting++;
    const before = this.#work;
    this.#work = (async () => {
      await before;
      if (!this.#seen && !this.#same(works)) await this.#takeBack();
      this.#seen = true;
      await this.#listMoved(work);
      if (--this.#waiting === 0) await this.#take.flush();
    })();
    this.#work.catch(() => undefined);
  }

  /**
   * Ends it, and keeps what was listed where all of it was written and has turned out to be as it was; else it is forgotten.
   * @returns the folders that need not be listed any more, by their number in the ledger
   */
  async keep(works: readonly FolderWork[]): Promise<ReadonlySet<number>> {
    this.#answered = true;
    const written = await this.#work
      .then(() => this.#take.flush())
      .then(
        () => true,
        () => false,
      );
    // A disk may have been full for a moment only: where it still is, whoever lists all of them anew says so.
    if (!written || !this.#same(works)) await this.#takeBack();
    this.#begun = false;
    return new Set(this.#listed.keys());
  }

  /** Takes back the rows that nobody has kept. */
  async forget(): Promise<void> {
    this.#answered = true;
    await this.#work.catch(() => undefined);
    await this.#takeBack();
  }

  async #takeBack(): Promise<void> {
    this.#listed.clear();
    if (!this.#begun) return;
    this.#begun = false;
    await this.#take.flush().catch(() => undefined);
    this.#take = batched(this.#context);
    // Rows that cannot be taken back are written over.
    await this.#context.ports.restartRows(this.#context.job.request).catch(() => undefined);
  }

  /** All that was listed is as it was then. */
  #same(works: readonly FolderWork[]): boolean {
    const same = works.filter(work => {
      const listed = work.prepared ? this.#listed.get(work.ledgerFolder.id) : undefined;
      if (listed?.shown !== work.pair.shown || listed.destination !== work.pair.destination) return false;
      const {moved} = listed;
      if (moved === undefined) return work.unchanged;
      const untouched = this.#context.ledger.changesOf(work.ledgerFolder.id) === moved.changes;
      return untouched && work.state === moved.state && work.selected === moved.selected;
    });
    return same.length === this.#listed.size;
  }

  async #listFinished(): Promise<void> {
    const {ledger} = this.#context;
    let messages = 0;
    for (const {source, destination} of ledger.places()) {
      if (this.#answered) break;
      const levels: unknown = JSON.parse(source);
      const folder = ledger.folder(source);
      if (!Array.isArray(levels) || folder?.finished === undefined) continue;
      messages += folder.finished.selected;
      if (messages > mostAhead) break;
      this.#begun = true;
      const shown = showPath(levels.filter(level => typeof level === 'string'));
      await listFolder({id: folder.id, shown, destination}, this.#context, this.#take);
      this.#listed.set(folder.id, {shown, destination});
    }
    await this.#take.flush();
  }

  async #listMoved(work: FolderWork): Promise<void> {
    if (!work.prepared || this.#listed.has(work.ledgerFolder.id)) return;
    this.#begun = true;
    const {shown, destination} = work.pair;
    const {state, selected, ledgerFolder} = work;
    const changes = this.#context.ledger.changesOf(ledgerFolder.id);
    await listWork(work, this.#context, this.#take);
    this.#listed.set(ledgerFolder.id, {shown, destination, moved: {state, selected, changes}});
  }
}
