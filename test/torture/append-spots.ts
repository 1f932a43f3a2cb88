// Where a client is in what it sends: which bytes belong to an APPEND's command line, to a message, to the end of it.

/**
 * `command`: in the middle of an APPEND's first line. `literal`: in the middle of a message. `between`: after one message
 * of a MULTIAPPEND, before the next. `unanswered`: after the last byte of an APPEND, which is not answered yet.
 */
export const spots = ['command', 'literal', 'between', 'unanswered'] as const;
export type Spot = (typeof spots)[number];

const longestLine = 16_384;

/** Follows one connection, from its first byte. */
export class AppendSpots {
  #line = '';
  /** Bytes of the literal that are still to come, and how many it has. */
  #left = 0;
  #half = 0;
  /** In an APPEND, so many literals in. */
  #literals: number | undefined;
  #fresh = true;

  /** @param found told of each spot, and how many bytes of the chunk lie before it */
  feed(chunk: Buffer, found: (spot: Spot, before: number) => void): void {
    let at = 0;
    while (at < chunk.length)
      if (this.#left > 0) {
        const taken = Math.min(this.#left, chunk.length - at);
        const half = this.#left - this.#half;
        if (this.#literals !== undefined && half > 0 && half <= taken) found('literal', at + half);
        this.#left -= taken;
        at += taken;
      } else at = this.#lineFrom(chunk, at, found);
  }

  #lineFrom(chunk: Buffer, at: number, found: (spot: Spot, before: number) => void): number {
    const end = chunk.indexOf(0x0a, at);
    const next = end === -1 ? chunk.length : end + 1;
    this.#line = (this.#line + chunk.toString('latin1', at, next)).slice(-longestLine);
    if (end === -1) return next;
    const line = this.#line;
    this.#line = '';
    if (this.#fresh) {
      this.#literals = /^\S+ APPEND /i.test(line) ? 0 : undefined;
      if (this.#literals !== undefined) found('command', at + Math.floor((next - at) / 2));
    } else if ((this.#literals ?? 0) > 0)
      if (line === '\r\n') found('unanswered', next);
      else found('between', at);
    const length = Number(/\{(\d+)\+?\}\r\n$/.exec(line)?.[1] ?? Number.NaN);
    this.#fresh = Number.isNaN(length);
    if (!this.#fresh) {
      this.#left = length;
      this.#half = Math.floor(length / 2);
      if (this.#literals !== undefined) this.#literals += 1;
    }
    return next;
  }
}
