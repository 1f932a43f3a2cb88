// A clock for many who wait at once: time passes for all of them together, and only while nothing else goes on.
import {setImmediate as turn} from 'node:timers/promises';

/** Turns of the event loop in which an answer over loopback has come. */
const quiet = 30;

export class VirtualTime {
  #now: number;
  #turning = false;
  readonly #waiting = new Set<{readonly at: number; readonly wake: () => void}>();

  /** @param start ms since 1970 */
  constructor(start = Date.UTC(2026, 10, 25, 22)) {
    this.#now = start;
  }

  readonly now = (): number => this.#now;

  /** Rejects with the signal's reason where it aborts. */
  readonly sleep = async (ms: number, signal?: AbortSignal): Promise<void> => {
    signal?.throwIfAborted();
    const {promise, resolve} = Promise.withResolvers<void>();
    const wake = () => resolve();
    const waiting = {at: this.#now + ms, wake};
    this.#waiting.add(waiting);
    signal?.addEventListener('abort', wake, {once: true});
    void this.#turn();
    await promise;
    this.#waiting.delete(waiting);
    signal?.removeEventListener('abort', wake);
    signal?.throwIfAborted();
  };

  async #turn(): Promise<void> {
    if (this.#turning) return;
    this.#turning = true;
    while (this.#waiting.size > 0) {
      for (let turns = 0; turns < quiet; turns += 1) await turn();
      const first = [...this.#waiting].reduce<{at: number; wake: () => void} | undefined>(
        (least, each) => (least === undefined || each.at < least.at ? each : least),
        undefined,
      );
      if (first === undefined) break;
      this.#now = Math.max(this.#now, first.at);
      this.#waiting.delete(first);
      first.wake();
    }
    this.#turning = false;
  }
}
