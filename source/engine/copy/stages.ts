// Where each folder of a mailbox stands.
import type {FolderWork} from './folder-work.ts';
import {shareOfLane, wholeLane} from './small-folders.ts';

/** To be counted, to be looked at, to be copied, copied and to be verified, ended. */
export type Stage = 'count' | 'look' | 'copy' | 'copied' | 'ended';

/** Kept with every change, since a mailbox may have a hundred thousand folders: to look through all of them at each is slow. */
export class Stages {
  readonly #stages = new Map<FolderWork, Stage>();
  readonly #in: Readonly<Record<Stage, Set<FolderWork>>> = {
    count: new Set(),
    look: new Set(),
    copy: new Set(),
    copied: new Set(),
    ended: new Set(),
  };
  /** How much of a lane each that is not copied yet can make use of, and all of them. */
  readonly #shares = new Map<FolderWork, number>();
  #allShares = 0;
  readonly #changed: () => void;

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  begin(work: FolderWork, stage: Stage): void {
    const before = this.#stages.get(work);
    if (before === stage) return;
    if (before !== undefined) this.#in[before].delete(work);
    this.#in[stage].add(work);
    this.#stages.set(work, stage);
    this.weigh(work);
  }

  /** How much of a lane it can make use of may be other than when it came to where it stands. */
  weigh(work: FolderWork): void {
    const stage = this.of(work);
    const share = stage === 'copied' || stage === 'ended' ? 0 : shareOfLane(work);
    this.#allShares += share - (this.#shares.get(work) ?? 0);
    this.#shares.set(work, share);
  }

  enter(work: FolderWork, stage: Stage): void {
    this.begin(work, stage);
    this.#changed();
  }

  of(work: FolderWork): Stage {
    return this.#stages.get(work) ?? 'count';
  }

  /** The folders there, in the order in which they came to it. */
  in(stage: Stage): ReadonlySet<FolderWork> {
    return this.#in[stage];
  }

  /** Folders that are not copied yet. */
  get open(): number {
    const {count, look, copy} = this.#in;
    return count.size + look.size + copy.size;
  }

  /** Lanes that those could make use of, where small ones may go together: for less than half of one none is opened. */
  get lanes(): number {
    return this.open === 0 ? 0 : Math.max(1, Math.round(this.#allShares / wholeLane));
  }
}
