// Which messages travel together. Pure.

export type Batch = {
  /** Source UIDs, ascending. */
  readonly uids: readonly number[];
  /** By RFC822.SIZE, which Exchange estimates. */
  readonly bytes: number;
  /** One message too large for memory: it streams. */
  readonly large: boolean;
};

/**
 * 100 messages a transaction is where Dovecot's MULTIAPPEND stops gaining (measured); bytes bound the memory. A slow
 * link gets smaller ones, so that progress shows and little is in doubt when it breaks.
 */
const most = {messages: 100, bytes: 4 * 1024 * 1024};
const first = 25;
const least = 5;
const largeFrom = 2 * 1024 * 1024;
/** ms from sending a batch to its answer. */
const quick = 300;
const slow = 1200;

/** The work of one folder, taken batch by batch; what was not confirmed comes back. */
export class Batches {
  readonly #sizes: ReadonlyMap<number, number>;
  #uids: readonly number[];
  #next = 0;
  #ahead: Batch | undefined;
  #messages = first;

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
    for (let at = this.#next; at < this.#uids.length && uids.length < this.#messages; at++) {
      const uid = this.#uids[at] ?? 0;
      const size = this.#sizes.get(uid) ?? 0;
      if (size >= largeFrom) {
        if (uids.length > 0) break;
        return {uids: [uid], bytes: size, large: true};
      }
      if (uids.length > 0 && bytes + size > (most.bytes * this.#messages) / most.messages) break;
      uids.push(uid);
      bytes += size;
    }
    return uids.length === 0 ? undefined : {uids, bytes, large: false};
  }

  /** How long the last batch took, ms: the next ones are made larger or smaller. */
  took(ms: number): void {
    if (ms < quick) this.#messages = Math.min(most.messages, this.#messages * 2);
    else if (ms > slow) this.#messages = Math.max(least, Math.ceil(this.#messages / 2));
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
