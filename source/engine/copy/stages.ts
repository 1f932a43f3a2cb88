// Where each folder of a mailbox stands.
import type {FolderWork} from './folder-work.ts';

/** To be counted, to be looked at, to be copied, copied and to be verified, ended. */
export type Stage = 'count' | 'look' | 'copy' | 'copied' | 'ended';

export class Stages {
  readonly #stages = new Map<FolderWork, Stage>();
  readonly #changed: () => void;
  /** Kept with every change: a mailbox may have a hundred thousand folders. */
  #open = 0;

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  begin(work: FolderWork, stage: Stage): void {
    const before = this.#stages.get(work);
    if (before !== undefined && isOpen(before)) this.#open--;
    if (isOpen(stage)) this.#open++;
    this.#stages.set(work, stage);
  }

  enter(work: FolderWork, stage: Stage): void {
    this.begin(work, stage);
    this.#changed();
  }

  of(work: FolderWork): Stage {
    return this.#stages.get(work) ?? 'count';
  }

  /** Folders that are not copied yet: a lane could have each for its own. */
  get open(): number {
    return this.#open;
  }
}

function isOpen(stage: Stage): boolean {
  return stage !== 'copied' && stage !== 'ended';
}
