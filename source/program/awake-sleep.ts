/** ms. A machine that wakes goes on at most so much later than it might. */
const part = 15_000;

type Sleep = (ms: number, signal: AbortSignal) => Promise<void>;

/**
 * Waits by the clock, in parts: a timer stands still while the machine sleeps, so that what was waited for would be
 * waited for once more, hours after its time. Never longer than the timers need, whatever is done to the clock.
 * @param wait by a timer
 * @param now ms since 1970
 */
export function awakeSleep(wait: Sleep, now: () => number): Sleep {
  return async (ms, signal) => {
    const until = now() + ms;
    let left = ms;
    do {
      const next = Math.min(left, part);
      await wait(next, signal);
      left = Math.min(left - next, until - now());
    } while (left > 0);
  };
}
