// A snapshot under change. What is touched is copied once and then changed in place until it is published; from
// then on it is frozen by convention and the next touch copies again. So thousands of events between two frames
// copy the list of requests once, not once an event, and the published snapshots stay immutable.
import type {Counts} from '../engine/events.ts';
import type {FolderSnapshot, RequestSnapshot, Snapshot} from './snapshot.ts';

export type Mutable<T> = {-readonly [Key in keyof T]: T[Key]};

/** What a change adds to a folder, its request and the run alike. */
export type Delta = Partial<Counts> & {
  readonly deleted?: number;
  readonly selectedBytes?: number;
  readonly doneBytes?: number;
};

type Level = {counts: Counts; deleted: number; selectedBytes: number; doneBytes: number};

export const zeroCounts: Counts = {
  selected: 0,
  copied: 0,
  alreadyPresent: 0,
  skipped: 0,
  failed: 0,
  bytes: 0,
};

export class Draft {
  #snapshot: Snapshot;
  readonly #owned = new Set<object>();

  constructor(snapshot: Snapshot) {
    this.#snapshot = snapshot;
  }

  /** The snapshot as it is now, to be read only. */
  get current(): Snapshot {
    return this.#snapshot;
  }

  replace(snapshot: Snapshot): void {
    this.#owned.clear();
    this.#snapshot = snapshot;
  }

  /** The snapshot, given away: nothing in it changes any more. */
  publish(): Snapshot {
    this.#owned.clear();
    return this.#snapshot;
  }

  root(): Mutable<Snapshot> {
    if (this.#owned.has(this.#snapshot)) return this.#snapshot;
    const copy = {...this.#snapshot};
    this.#owned.add(copy);
    this.#snapshot = copy;
    return copy;
  }

  request(index: number): Mutable<RequestSnapshot> | undefined {
    const request = this.#snapshot.requests[index];
    if (request === undefined || this.#owned.has(request)) return request;
    const root = this.root();
    const requests = this.list(root.requests);
    const copy = {...request};
    this.#owned.add(copy);
    requests[index] = copy;
    root.requests = requests;
    return copy;
  }

  folder(requestIndex: number, index: number): Mutable<FolderSnapshot> | undefined {
    const folder = this.#snapshot.requests[requestIndex]?.folders[index];
    if (folder === undefined || this.#owned.has(folder)) return folder;
    const request = this.request(requestIndex);
    if (request === undefined) return undefined;
    const folders = this.list(request.folders);
    const copy = {...folder};
    this.#owned.add(copy);
    folders[index] = copy;
    request.folders = folders;
    return copy;
  }

  /** The list itself where this draft made it, else a copy that may be changed. */
  list<T>(list: readonly T[]): T[] {
    if (this.#made(list)) return list;
    const copy = [...list];
    this.#owned.add(copy);
    return copy;
  }

  /** Adds to every level given; pass the folder, its request and the root so that sums stay sums. */
  add(delta: Delta, ...levels: readonly Level[]): void {
    for (const level of levels) {
      level.counts = plus(level.counts, delta);
      level.deleted += delta.deleted ?? 0;
      level.selectedBytes += delta.selectedBytes ?? 0;
      level.doneBytes += delta.doneBytes ?? 0;
    }
  }

  /** As `add`, for the run, whose counts are called totals. */
  addTotals(delta: Delta): void {
    const root = this.root();
    root.totals = plus(root.totals, delta);
    root.deleted += delta.deleted ?? 0;
    root.selectedBytes += delta.selectedBytes ?? 0;
    root.doneBytes += delta.doneBytes ?? 0;
  }

  #made<T>(list: readonly T[]): list is T[] {
    return this.#owned.has(list);
  }
}

/** The change that leads from one count to the other. */
export function difference(from: Counts, to: Counts): Counts {
  return {
    selected: to.selected - from.selected,
    copied: to.copied - from.copied,
    alreadyPresent: to.alreadyPresent - from.alreadyPresent,
    skipped: to.skipped - from.skipped,
    failed: to.failed - from.failed,
    bytes: to.bytes - from.bytes,
  };
}

/** Messages whose fate is settled. */
export function settled(counts: Counts): number {
  return counts.copied + counts.alreadyPresent + counts.skipped + counts.failed;
}

/** Messages that are at the destination: what every face calls '61,204 of 105,310 messages'. */
export function arrived({copied, alreadyPresent}: Pick<Counts, 'copied' | 'alreadyPresent'>): number {
  return copied + alreadyPresent;
}

export function plus(counts: Counts, delta: Delta): Counts {
  return {
    selected: counts.selected + (delta.selected ?? 0),
    copied: counts.copied + (delta.copied ?? 0),
    alreadyPresent: counts.alreadyPresent + (delta.alreadyPresent ?? 0),
    skipped: counts.skipped + (delta.skipped ?? 0),
    failed: counts.failed + (delta.failed ?? 0),
    bytes: counts.bytes + (delta.bytes ?? 0),
  };
}
