// Bytes in flight: mail that was asked for and is not yet confirmed. Readers reserve before they ask, so that a
// slow destination slows the source and memory stays bounded.

export class Budget {
  readonly #limit: number;
  #used = 0;
  readonly #waiting: {bytes: number; go: () => void}[] = [];

  /** @param limit bytes; a single reservation larger than that is let through alone */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Reserves at once or not at all: for those who already hold some and must not wait. */
  tryTake(bytes: number): boolean {
    if (this.#waiting.length > 0 || !this.#fits(bytes)) return false;
    this.#used += bytes;
    return true;
  }

  /** Resolves when `bytes` may be in flight; served in order. Rejects when the signal aborts. */
  take(bytes: number, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (this.tryTake(bytes)) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const abort = () => {
        this.#waiting.splice(this.#waiting.indexOf(entry), 1);
        reject(signal.reason);
        this.#serve();
      };
      const entry = {
        bytes,
        go: () => {
          signal.removeEventListener('abort', abort);
          resolve();
        },
      };
      signal.addEventListener('abort', abort, {once: true});
      this.#waiting.push(entry);
    });
  }

  give(bytes: number): void {
    this.#used -= bytes;
    this.#serve();
  }

  #fits(bytes: number): boolean {
    return this.#used === 0 || this.#used + bytes <= this.#limit;
  }

  #serve(): void {
    for (let next = this.#waiting[0]; next !== undefined && this.#fits(next.bytes); next = this.#waiting[0]) {
      this.#waiting.shift();
      this.#used += next.bytes;
      next.go();
    }
  }
}
