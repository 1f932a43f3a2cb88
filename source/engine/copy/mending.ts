// Messages that were refused and are to go out once more, mended, where it is not known yet that none of them is there
// all the same: they wait until they have been looked for. Pure.
import type {Mends} from '../messages/mend.ts';
import type {Problem} from '../problems/problems.ts';

export type Refused = {
  /** What it was refused for as it was: it is named for that where it is refused mended too. */
  readonly why: Problem;
  /** What was counted when it was streamed as it was. */
  readonly streamed?: Streaming;
};

/** A large message mended. */
export type Streaming = {
  /** Bytes. */
  readonly size: number;
  readonly mends: Mends;
};

/** Looked for together, since all lanes but one leave the folder for it; more than these hold memory. */
const together = 100;

export class Mending {
  readonly #waiting = new Map<number, Refused>();
  readonly #missing = new Map<number, Refused>();

  /** @param uid at the source */
  postpone(uid: number, refused: Refused): void {
    this.#waiting.set(uid, refused);
  }

  isWaiting(uid: number): boolean {
    return this.#waiting.has(uid);
  }

  /** Some wait for a look. */
  get open(): boolean {
    return this.#waiting.size > 0;
  }

  /** So many wait that they are looked for before the folder goes on. */
  get full(): boolean {
    return this.#waiting.size >= together;
  }

  /** They have been looked for: those that were there are `cleared`. */
  looked(): void {
    for (const [uid, refused] of this.#waiting) this.#missing.set(uid, refused);
    this.#waiting.clear();
  }

  /** What was refused and is not there: it goes out mended. */
  missing(uid: number): Refused | undefined {
    return this.#missing.get(uid);
  }

  /** This message's fate is known. */
  cleared(uid: number): void {
    this.#waiting.delete(uid);
    this.#missing.delete(uid);
  }

  clear(): void {
    this.#waiting.clear();
    this.#missing.clear();
  }
}
