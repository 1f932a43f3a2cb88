// Where each folder of a mailbox stands.
import type {FolderWork} from './folder-work.ts';

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

  /** Folders that are not copied yet: a lane could have each for its own. */
  get open(): number {
    const {count, look, copy} = this.#in;
    return count.size + look.size + copy.size;
  }
}
