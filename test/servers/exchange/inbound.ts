// What a client has sent: lines and counted bytes, taken from the connection as they are needed.

export class Inbound {
  readonly #chunks: AsyncIterator<Buffer>;
  #kept: Buffer = Buffer.alloc(0);

  constructor(chunks: AsyncIterator<Buffer>) {
    this.#chunks = chunks;
  }

  /** A line that is here already, without its CRLF. */
  lineHere(): string | undefined {
    const end = this.#kept.indexOf('\n');
    if (end === -1) return undefined;
    const line = this.#kept.toString('utf8', 0, end > 0 && this.#kept[end - 1] === 13 ? end - 1 : end);
    this.#kept = this.#kept.subarray(end + 1);
    return line;
  }

  /** The next line; undefined when the client is gone. */
  async line(): Promise<string | undefined> {
    for (;;) {
      const line = this.lineHere();
      if (line !== undefined) return line;
      const chunk = await this.#chunk();
      if (chunk === undefined) return undefined;
      this.#kept = this.#kept.length === 0 ? chunk : Buffer.concat([this.#kept, chunk]);
    }
  }

  /** So many bytes; undefined when the client is gone before. */
  async bytes(size: number): Promise<Buffer | undefined> {
    const pieces: Buffer[] = [];
    for (let left = size; left > 0; ) {
      const piece = await this.#piece(left);
      if (piece === undefined) return undefined;
      pieces.push(piece);
      left -= piece.length;
    }
    // A copy: a small message must not keep everything that came with it in memory.
    return Buffer.concat(pieces);
  }

  /** Reads so many bytes and keeps none. */
  async swallow(size: number): Promise<void> {
    for (let left = size; left > 0; ) {
      const piece = await this.#piece(left);
      if (piece === undefined) return;
      left -= piece.length;
    }
  }

  async #piece(most: number): Promise<Buffer | undefined> {
    if (this.#kept.length === 0) {
      const chunk = await this.#chunk();
      if (chunk === undefined) return undefined;
      this.#kept = chunk;
    }
    const piece = this.#kept.subarray(0, most);
    this.#kept = this.#kept.subarray(piece.length);
    return piece;
  }

  async #chunk(): Promise<Buffer | undefined> {
    try {
      const next = await this.#chunks.next();
      return next.done === true ? undefined : next.value;
    } catch {
      // Reset by the client.
      return undefined;
    }
  }
}
