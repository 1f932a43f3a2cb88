// The listing of a mailbox that is alone in its run, begun while its servers are waited for: most often nothing has
// changed since the last run, and what the ledger knows of a finished folder is what will be listed of it.
import type {MailboxContext} from './copy/context.ts';
import type {FolderWork} from './copy/folder-work.ts';
import {showPath} from './folders/path.ts';
import {batched, listFolder} from './list-mail.ts';

/** Messages that are listed on the chance that they stay so: about a third of a second. */
const mostAhead = 20_000;

type Listed = {readonly shown: string; readonly destination: string};

export class AheadListing {
  readonly #context: Pick<MailboxContext, 'job' | 'ledger' | 'ports' | 'settings'>;
  readonly #listed = new Map<number, Listed>();
  readonly #work: Promise<void>;
  #begun = false;
  /** The servers have answered: no further folder is begun. */
  #answered = false;

  /** Begins at once. The ledger stays open until `keep` or `forget` has settled. */
  constructor(context: Pick<MailboxContext, 'job' | 'ledger' | 'ports' | 'settings'>) {
    this.#context = context;
    this.#work = this.#list();
    // Told to whoever keeps or forgets it.
    this.#work.catch(() => undefined);
  }

  answered(): void {
    this.#answered = true;
  }

  /**
   * Ends it, and keeps what was listed where all of it has turned out to be as it was; else it is forgotten.
   * @returns the folders that need not be listed any more, by their number in the ledger
   * @throws what writing the rows does
   */
  async keep(works: readonly FolderWork[]): Promise<ReadonlySet<number>> {
    this.#answered = true;
    try {
      await this.#work;
    } catch (error) {
      // The report remembers what could not be written, as long as its rows are not forgotten.
      this.#begun = false;
      throw error;
    }
    const same = works.filter(work => {
      const listed = work.unchanged ? this.#listed.get(work.ledgerFolder.id) : undefined;
      return listed?.shown === work.pair.shown && listed.destination === work.pair.destination;
    });
    // Rows that cannot be taken back are written over.
    if (same.length < this.#listed.size) await this.forget().catch(() => undefined);
    else this.#begun = false;
    return new Set(this.#listed.keys());
  }

  /** Takes back the rows that nobody has kept. */
  async forget(): Promise<void> {
    this.#answered = true;
    await this.#work.catch(() => undefined);
    this.#listed.clear();
    if (!this.#begun) return;
    this.#begun = false;
    await this.#context.ports.restartRows(this.#context.job.request);
  }

  async #list(): Promise<void> {
    const {ledger} = this.#context;
    const take = batched(this.#context);
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
      await listFolder({id: folder.id, shown, destination}, this.#context, take);
      this.#listed.set(folder.id, {shown, destination});
    }
    await take.flush();
  }
}
