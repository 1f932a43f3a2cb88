// A clock that tests own: five minutes of back-off take no time.

export class ManualClock {
  #now: number;
  readonly #watchers = new Set<() => void>();

  /** @param start ms since 1970 */
  constructor(start = Date.UTC(2026, 10, 25, 9)) {
    this.#now = start;
  }

  readonly now = (): number => this.#now;

  /** Moves the clock and tells those who watch it. */
  advance(ms: number): void {
    this.#now += ms;
    for (const watcher of [...this.#watchers]) watcher();
  }

  /** Waits by moving the clock on. Rejects with the signal's reason where it aborts. */
  readonly sleep = async (ms: number, signal?: AbortSignal): Promise<void> => {
    signal?.throwIfAborted();
    this.advance(ms);
    // Whoever was woken by the clock goes first.
    await new Promise<void>(resolve => setImmediate(resolve));
    signal?.throwIfAborted();
  };

  /** @returns how to stop */
  watch(watcher: () => void): () => void {
    this.#watchers.add(watcher);
    return () => {
      this.#watchers.delete(watcher);
    };
  }
}
