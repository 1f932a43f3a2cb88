// Where each folder of a mailbox stands.
import type {FolderWork} from './folder-work.ts';

/** To be counted, to be looked at, to be copied, copied and to be verified, ended. */
export type Stage = 'count' | 'look' | 'copy' | 'copied' | 'ended';

export class Stages {
  readonly #stages = new Map<FolderWork, Stage>();
  readonly #changed: () => void;

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  begin(work: FolderWork, stage: Stage): void {
    this.#stages.set(work, stage);
  }

  enter(work: FolderWork, stage: Stage): void {
    this.#stages.set(work, stage);
    this.#changed();
  }

  of(work: FolderWork): Stage {
    return this.#stages.get(work) ?? 'count';
  }

  /** Folders that are not copied yet: a lane could have each for its own. */
  get open(): number {
    let folders = 0;
    for (const stage of this.#stages.values()) if (stage !== 'copied' && stage !== 'ended') folders++;
    return folders;
  }
}
