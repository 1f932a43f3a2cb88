// Which messages travel together. Pure.

export type Batch = {
  /** Source UIDs, ascending. */
  readonly uids: readonly number[];
  /** By RFC822.SIZE, which Exchange estimates. */
  readonly bytes: number;
  /** One message too large for memory: it streams. */
  readonly large: boolean;
};

/** 100 messages a transaction is where Dovecot's MULTIAPPEND stops gaining (measured); bytes bound the memory. */
export const batchLimits = {messages: 100, bytes: 4 * 1024 * 1024, largeFrom: 2 * 1024 * 1024};

/** The work of one folder, taken batch by batch; what was not confirmed comes back. */
export class Batches {
  readonly #sizes: ReadonlyMap<number, number>;
  #uids: readonly number[];
  #next = 0;
  #ahead: Batch | undefined;

  /** @param uids ascending */
  constructor(uids: readonly number[], sizes: ReadonlyMap<number, number>) {
    this.#uids = uids;
    this.#sizes = sizes;
  }

  get left(): number {
    return this.#uids.length - this.#next;
  }

  remaining(): readonly number[] {
    return this.#uids.slice(this.#next);
  }

  /** The next batch, which stays until `take`. */
  peek(): Batch | undefined {
    this.#ahead ??= this.#cut();
    return this.#ahead;
  }

  take(): Batch | undefined {
    const batch = this.peek();
    this.#ahead = undefined;
    this.#next += batch?.uids.length ?? 0;
    return batch;
  }

  #cut(): Batch | undefined {
    const uids: number[] = [];
    let bytes = 0;
    for (let at = this.#next; at < this.#uids.length && uids.length < batchLimits.messages; at++) {
      const uid = this.#uids[at] ?? 0;
      const size = this.#sizes.get(uid) ?? 0;
      if (size >= batchLimits.largeFrom) {
        if (uids.length > 0) break;
        return {uids: [uid], bytes: size, large: true};
      }
      if (uids.length > 0 && bytes + size > batchLimits.bytes) break;
      uids.push(uid);
      bytes += size;
    }
    return uids.length === 0 ? undefined : {uids, bytes, large: false};
  }

  /** Drops what need not be sent any more. */
  keep(wanted: (uid: number) => boolean): void {
    this.#uids = this.remaining().filter(wanted);
    this.#next = 0;
    this.#ahead = undefined;
  }

  /** Puts UIDs back in the queue, in order. */
  giveBack(uids: Iterable<number>): void {
    const all = new Set([...uids, ...this.remaining()]);
    this.#uids = [...all].sort((one, other) => one - other);
    this.#next = 0;
    this.#ahead = undefined;
  }
}
