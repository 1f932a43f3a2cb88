// Whether a server gets anywhere. Silence has a time-out of its own; this is for one that keeps a command waiting with a
// word or a byte now and then, for ever.

/** Bytes of an answer that count as getting somewhere, at least, and for each second: a slower link carries no mail. */
const leastBytes = 1024;
const leastRate = 100;

export class Patience {
  readonly #ms: number;
  readonly #least: number;
  readonly #giveUp: () => void;
  #timer: NodeJS.Timeout | undefined;
  #bytes = 0;
  #further = false;

  /** @param giveUp called when a command has been under way for `ms` and nothing came of it */
  constructor(ms: number, giveUp: () => void) {
    this.#ms = ms;
    this.#least = Math.max(leastBytes, (ms / 1000) * leastRate);
    this.#giveUp = giveUp;
  }

  /** A command is under way. */
  begin(): void {
    if (this.#timer === undefined) this.#wait();
  }

  /** None is any more. */
  end(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /** Bytes went over the link, either way. */
  moved(bytes: number): void {
    this.#bytes += bytes;
  }

  /** So many of them said nothing. */
  chatter(bytes: number): void {
    this.#bytes -= bytes;
  }

  /** An answer came, or the waiting is not the server's doing. */
  further(): void {
    this.#further = true;
  }

  #wait(): void {
    this.#bytes = 0;
    this.#further = false;
    const timer = setTimeout(() => {
      // A computer that slept, or was busy, has yet to read what came meanwhile: it is read first, and counts.
      setImmediate(() => {
        if (this.#timer !== timer) return;
        this.#timer = undefined;
        if (this.#further || this.#bytes >= this.#least) this.#wait();
        else this.#giveUp();
      });
    }, this.#ms);
    timer.unref();
    this.#timer = timer;
  }
}
