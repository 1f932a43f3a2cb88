// A line between two places: so many bytes a second, shared by all who use it, and a delay.

export type LinkSpeed = {
  readonly bytesPerSecond: number;
  /** Added to every answer, in ms: the round-trip time. */
  readonly latencyMs: number;
};

/** Less than this is not held back, so that short commands do not queue behind other people's mail. */
const negligible = 512;

export class Link {
  readonly #speed: LinkSpeed | undefined;
  readonly #now: () => number;
  #freeAt = 0;

  /** Without a speed nothing is held back. `now` in ms. */
  constructor(speed: LinkSpeed | undefined, now: () => number) {
    this.#speed = speed;
    this.#now = now;
  }

  get latencyMs(): number {
    return this.#speed?.latencyMs ?? 0;
  }

  /** Settles when so many bytes have had their time on the line. */
  async carry(bytes: number): Promise<void> {
    if (this.#speed === undefined || bytes < negligible) return;
    const now = this.#now();
    this.#freeAt = Math.max(now, this.#freeAt) + (bytes / this.#speed.bytesPerSecond) * 1000;
    await new Promise<void>(done => setTimeout(done, this.#freeAt - now));
  }
}
