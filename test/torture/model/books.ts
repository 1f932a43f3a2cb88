// What must be at the destination after the last quiet run, kept as counts of each content: whatever was done to either
// mailbox is entered here. Pure.

/** How often each content is there, by its digest. */
export type Counts = Map<string, number>;

export function countsOf(contents: Iterable<string>): Counts {
  const counts: Counts = new Map();
  for (const content of contents) add(counts, content, 1);
  return counts;
}

function add(counts: Counts, content: string, by: number): void {
  counts.set(content, (counts.get(content) ?? 0) + by);
}

function of(books: Map<string, Counts>, folder: string): Counts {
  const counts = books.get(folder) ?? new Map<string, number>();
  books.set(folder, counts);
  return counts;
}

export type Judgement = {
  readonly compared: number;
  readonly lost: readonly Wrong[];
  readonly doubled: readonly Wrong[];
};

export type Wrong = {
  readonly folder: string;
  readonly content: string;
  readonly there: number;
  readonly wanted: number;
};

export class Books {
  /** Of each source folder: what it holds, and the most it ever held at once. */
  readonly #held = new Map<string, Counts>();
  readonly #most = new Map<string, Counts>();
  /** Of each destination folder: what people put there, and what they took away while the ledger knew of it. */
  readonly #put = new Map<string, Counts>();
  readonly #taken = new Map<string, Counts>();
  /** Taken away between two runs, of which the ledger says that it was there: not to be brought back. */
  readonly #gone = new Map<string, Counts>();
  /** Source folders that ever went to each destination folder. */
  readonly #from = new Map<string, Set<string>>();

  sourceHas(folder: string, contents: Iterable<string>): void {
    const held = of(this.#held, folder);
    const most = of(this.#most, folder);
    for (const content of contents) {
      add(held, content, 1);
      // It is put there anew, whatever became of an earlier copy.
      for (const [to, sources] of this.#from) if (sources.has(folder)) this.#gone.get(to)?.delete(content);
      most.set(content, Math.max(most.get(content) ?? 0, held.get(content) ?? 0));
    }
  }

  sourceLost(folder: string, contents: Iterable<string>): void {
    for (const content of contents) add(of(this.#held, folder), content, -1);
  }

  /** Contents of a source folder, each as often as it is there. */
  held(folder: string): string[] {
    return [...(this.#held.get(folder) ?? [])].flatMap(([content, count]) =>
      Array.from({length: Math.max(0, count)}, () => content),
    );
  }

  put(folder: string, contents: Iterable<string>): void {
    for (const content of contents) {
      add(of(this.#put, folder), content, 1);
      this.#gone.get(folder)?.delete(content);
    }
  }

  /** @param known the last run ended in order and nothing has changed since: the ledger knows that they were there */
  took(folder: string, contents: Iterable<string>, known: boolean): void {
    for (const content of contents) {
      add(of(this.#taken, folder), content, 1);
      if (known) add(of(this.#gone, folder), content, 1);
    }
  }

  /** Messages that people took away of which the ledger may know. */
  get deletedMeanwhile(): number {
    return [...this.#taken.values()]
      .flatMap(counts => [...counts.values()])
      .reduce((all, each) => all + each, 0);
  }

  /** The ledger is lost. */
  forgets(): void {
    this.#taken.clear();
    this.#gone.clear();
  }

  /** This destination folder is gone or numbered anew: what was taken away from it may stay away, or come back with it. */
  renewed(folder: string): void {
    this.#gone.delete(folder);
  }

  /** The same, of where this source folder goes. */
  sourceRenewed(source: string): void {
    for (const [destination, sources] of this.#from) if (sources.has(source)) this.renewed(destination);
  }

  /** Source folders that ever went to this destination folder. */
  sourcesOf(destination: string): Iterable<string> {
    return this.#from.get(destination) ?? [];
  }

  planned(places: ReadonlyMap<string, string>): void {
    for (const [source, destination] of places) {
      const sources = this.#from.get(destination) ?? new Set<string>();
      this.#from.set(destination, sources.add(source));
    }
  }

  /**
   * @param places where each selected source folder goes now
   * @param source what is there and was asked for, by folder; `sure` tells what the filter takes for certain
   * @param destination what is there, by folder
   */
  judge(
    places: ReadonlyMap<string, string>,
    source: ReadonlyMap<string, Counts>,
    destination: ReadonlyMap<string, Counts>,
  ): Judgement {
    let compared = 0;
    const lost: Wrong[] = [];
    const doubled: Wrong[] = [];
    const wanted = new Map<string, Counts>();
    for (const [from, to] of places)
      for (const [content, count] of source.get(from) ?? []) add(of(wanted, to), content, count);
    for (const folder of new Set([...wanted.keys(), ...this.#from.keys()])) {
      const there = destination.get(folder) ?? new Map<string, number>();
      for (const [content, count] of wanted.get(folder) ?? []) {
        compared += count;
        const least = count - (this.#taken.get(folder)?.get(content) ?? 0);
        const found = there.get(content) ?? 0;
        if (found < least) lost.push({folder, content, there: found, wanted: least});
      }
      for (const [content, found] of there) {
        let most = this.#put.get(folder)?.get(content) ?? 0;
        for (const from of this.#from.get(folder) ?? []) most += this.#most.get(from)?.get(content) ?? 0;
        most -= this.#gone.get(folder)?.get(content) ?? 0;
        if (found > most) doubled.push({folder, content, there: found, wanted: most});
      }
    }
    return {compared, lost, doubled};
  }
}
