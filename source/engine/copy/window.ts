// How many batches are under way on a connection at once. Two are enough where the servers are near: one is on its way
// while the other is worked on. Far away a connection carries no more than what is under way in a round trip, and many a
// mailbox is one large folder, which one connection copies: there more pay (a third of the time 60 ms away, measured).
// More than the way takes up only waits at the other end, and holds memory meanwhile. Pure.
import {nearMs} from '../link/servers.ts';

/** Always. */
export const leastUnderWay = 2;
const most = 8;

/** What the lanes of a mailbox learn of one of its servers. */
export class Window {
  #size = leastUnderWay;
  /** ms of the quickest batch: the way is no longer. A busy computer takes a server that is near for a far one at first. */
  #quickest = Number.POSITIVE_INFINITY;

  /** Batches. */
  get size(): number {
    return this.#size;
  }

  /** The connection went: what is under way when it goes again is what is suspected of it. */
  lost(): void {
    this.#size = leastUnderWay;
  }

  /**
   * A batch has its answer. Where it took not much longer than the way there and back, the server had time left.
   * @param ms since its command went out
   * @param roundTrip ms of the shortest; 0 where that is not known
   */
  took(ms: number, roundTrip: number): void {
    // Less than a millisecond is nothing that the clock can tell.
    if (ms > 0) this.#quickest = Math.min(this.#quickest, ms);
    const way = Math.min(roundTrip, this.#quickest);
    if (way > nearMs && ms < way * 3) this.#size = Math.min(most, this.#size + 1);
    else if (way <= nearMs || ms > way * 5) this.#size = Math.max(leastUnderWay, this.#size - 1);
  }
}
