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
/** How large they are to begin with. */
export const firstBatch = {messages: 100, bytes: 512 * 1024};
const least = {messages: 5, bytes: 64 * 1024};
/** Bytes under way each way on a connection: two of the largest. */
export const mostUnderWay = 2 * most.bytes;
const largeFrom = 2 * 1024 * 1024;
/** ms that a batch keeps the destination. */
const quick = 300;
const slow = 1200;

/** Of the budget, for a message of so many bytes that another reader reads: it joins the pieces, and holds it twice. */
export const bytesOtherwise = (bytes: number): number => bytes * 2;

/** Half of what is now, unless it was larger when that batch was cut; one that is small for other reasons says no more. */
function halfOf(now: number, then: number): number {
  return Math.min(now, Math.ceil(Math.max(now, then) / 2));
}

/** How large the batches of a mailbox are; all its folders learn from each other. */
export class BatchSize {
  messages = firstBatch.messages;
  bytes = firstBatch.bytes;

  /** Begins with less: where a message takes its time, a batch is not to outlast a token. */
  small(): void {
    this.#set(10, 256 * 1024);
  }

  /**
   * How long a batch kept the destination, ms: the next ones are made larger or smaller, once for several that were under
   * way together.
   */
  took({messages, bytes}: {readonly messages: number; readonly bytes: number}, ms: number): void {
    if (ms < quick) this.#set(Math.max(this.messages, messages * 2), Math.max(this.bytes, bytes * 2));
    else if (ms > slow) this.#set(halfOf(this.messages, messages), halfOf(this.bytes, bytes));
  }

  #set(messages: number, bytes: number): void {
    this.messages = Math.max(least.messages, Math.min(most.messages, messages));
    this.bytes = Math.max(least.bytes, Math.min(most.bytes, bytes));
  }
}

/** The work of one folder, taken batch by batch; what was not confirmed comes back. */
export class Batches {
  readonly #sizes: ReadonlyMap<number, number>;
  #uids: readonly number[];
  #next = 0;
  #ahead: Batch | undefined;
  readonly #size: BatchSize;
  #single = false;
  readonly #arrived: ReadonlyMap<number, number> | undefined;

  /**
   * @param uids ascending
   * @param arrived when each message arrived, by UID: the newest go first then, and what is not in it last
   */
  constructor(
    uids: readonly number[],
    sizes: ReadonlyMap<number, number>,
    size: BatchSize,
    arrived?: ReadonlyMap<number, number>,
  ) {
    this.#size = size;
    this.#arrived = arrived;
    this.#uids = arrived === undefined ? uids : this.#sorted(uids);
    this.#sizes = sizes;
  }

  /** What goes after all the others, each by itself; in order from the next `giveBack` on. */
  last: ReadonlySet<number> = new Set();

  #sorted(uids: Iterable<number>): readonly number[] {
    const {last} = this;
    if (last.size === 0) return this.#byAge(uids);
    const all = [...uids];
    return [
      ...this.#byAge(all.filter(uid => !last.has(uid))),
      ...this.#byAge(all.filter(uid => last.has(uid))),
    ];
  }

  #byAge(uids: Iterable<number>): readonly number[] {
    const arrived = this.#arrived;
    if (arrived === undefined) return [...uids].sort((one, other) => one - other);
    const at = (uid: number) => arrived.get(uid) ?? Number.NEGATIVE_INFINITY;
    // Not by the difference, which is not a number where neither is known.
    return [...uids].sort((one, other) => {
      const [first, second] = [at(one), at(other)];
      return first === second ? other - one : first < second ? 1 : -1;
    });
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

  /** Single messages from here on, or batches again. */
  set single(on: boolean) {
    if (this.#single === on) return;
    this.#single = on;
    this.#ahead = undefined;
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
    for (
      let at = this.#next;
      at < this.#uids.length && uids.length < (this.#single ? 1 : this.#size.messages);
      at++
    ) {
      const uid = this.#uids[at] ?? 0;
      const alone = this.last.has(uid);
      if (alone && uids.length > 0) break;
      const known = this.#sizes.get(uid);
      const size = known ?? 0;
      // Of unknown size it may be of any: it travels as the large ones do.
      if (known === undefined || size >= largeFrom) {
        if (uids.length > 0) break;
        return {uids: [uid], bytes: size, large: true};
      }
      if (uids.length > 0 && bytes + size > this.#size.bytes) break;
      uids.push(uid);
      bytes += size;
      if (alone) break;
    }
    if (this.#arrived !== undefined) uids.sort((one, other) => one - other);
    return uids.length === 0 ? undefined : {uids, bytes, large: false};
  }

  /** Drops what need not be sent any more. */
  keep(wanted: (uid: number) => boolean): void {
    this.#uids = this.remaining().filter(wanted);
    this.#next = 0;
    this.#ahead = undefined;
  }

  /** Takes one out of the queue; false where it is not in it. */
  drop(uid: number): boolean {
    const before = this.left;
    this.keep(each => each !== uid);
    return this.left < before;
  }

  /** Puts UIDs back in the queue, in order. */
  giveBack(uids: Iterable<number>): void {
    this.#uids = this.#sorted(new Set([...uids, ...this.remaining()]));
    this.#next = 0;
    this.#ahead = undefined;
  }
}
