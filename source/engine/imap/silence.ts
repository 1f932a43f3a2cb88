// Whether a server has fallen silent while a command is under way.

export class Silence {
  readonly #ms: number;
  readonly #over: () => void;
  #timer: NodeJS.Timeout | undefined;
  #heard = false;

  /** @param over called when nothing was heard for `ms` since it began; it has ended then */
  constructor(ms: number, over: () => void) {
    this.#ms = ms;
    this.#over = over;
  }

  /** A command is under way. */
  begin(): void {
    if (this.#timer === undefined) this.#wait();
    else this.heard();
  }

  /** Something came or went. */
  heard(): void {
    this.#heard = true;
    this.#timer?.refresh();
  }

  /** No command is under way any more. */
  end(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #wait(): void {
    const timer = setTimeout(() => {
      // A computer that slept, or was busy, has yet to read what came meanwhile: it is read first, and counts.
      this.#heard = false;
      setImmediate(() => {
        if (this.#timer !== timer || this.#heard) return;
        this.#timer = undefined;
        this.#over();
      });
    }, this.#ms);
    timer.unref();
    this.#timer = timer;
  }
}
