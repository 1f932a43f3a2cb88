// The connections that a run has at a server. Many take only so many from one computer, and turn away whoever comes after
// them, whichever mailbox it is for: it waits until one of those that are in has gone.

/** How many there are of each request. */
class Counts {
  readonly #counts = new Map<number, number>();

  change(request: number, by: 1 | -1): void {
    const count = (this.#counts.get(request) ?? 0) + by;
    if (count > 0) this.#counts.set(request, count);
    else this.#counts.delete(request);
  }

  beside(request: number): number {
    let all = 0;
    for (const [of, count] of this.#counts) if (of !== request) all += count;
    return all;
  }
}

export class Room {
  readonly #coming = new Counts();
  readonly #in = new Counts();
  readonly #entries = new Counts();
  /** Wake those who wait, in the order in which they came. */
  readonly #waiting = new Set<() => void>();

  /** Connections of other requests than this one that are signed in. */
  inBeside(request: number): number {
    return this.#in.beside(request);
  }

  /** All of theirs that ever were. */
  enteredBeside(request: number): number {
    return this.#entries.beside(request);
  }

  /** Those that are being made. */
  comingBeside(request: number): number {
    return this.#coming.beside(request);
  }

  /** Somebody waits to be let in. */
  get sought(): boolean {
    return this.#waiting.size > 0;
  }

  /**
   * A connection is being made.
   * @returns to be told when it is signed in or has failed
   */
  coming(request: number): () => void {
    this.#coming.change(request, 1);
    return () => this.#coming.change(request, -1);
  }

  /** @param gone aborts when the connection has ended */
  entered(request: number, gone: AbortSignal): void {
    this.#entries.change(request, 1);
    if (gone.aborted) return;
    this.#in.change(request, 1);
    const left = () => {
      this.#in.change(request, -1);
      const [wake] = this.#waiting;
      wake?.();
    };
    gone.addEventListener('abort', left, {once: true});
  }

  /**
   * Resolves when one has gone, for the first of those who wait, or when the pause is over.
   * @param pause rejects with the reason of its signal
   * @returns whether one has gone
   * @throws what else the pause rejects with
   */
  async freed(pause: (freed: AbortSignal) => Promise<void>): Promise<boolean> {
    const freed = new AbortController();
    const wake = () => {
      this.#waiting.delete(wake);
      freed.abort();
    };
    this.#waiting.add(wake);
    try {
      await pause(freed.signal);
      return false;
    } catch (error) {
      if (!freed.signal.aborted) throw error;
      return true;
    } finally {
      this.#waiting.delete(wake);
    }
  }
}
