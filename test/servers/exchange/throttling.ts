// Who has to wait, and for how long. Back-off times are by the clock that the server was given.
import type {ExchangeMailbox} from './mailbox.ts';
import type {Quirks} from './quirks.ts';

type Meter = {operations: number; until: number; waited: boolean};

export class Throttling {
  readonly #now: () => number;
  readonly #meters = new Map<string, Meter>();

  /** @param now ms */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** Ms left to wait, 0 where the mailbox may go on. Counts operations that may, and those that come too early. */
  ask(mailbox: ExchangeMailbox, quirks: Quirks, operations: number): number {
    const meter = this.#meterOf(mailbox, quirks);
    const left = meter.until - this.#now();
    if (left > 0) {
      // The first refusal is how a client learns of it; of later ones it has been told.
      if (meter.waited) mailbox.impatience += 1;
      meter.waited = true;
      return left;
    }
    if (quirks.throttle !== 'off' && meter.operations >= quirks.throttleAfter) {
      this.begin(mailbox, quirks);
      meter.waited = true;
      return quirks.throttleMs;
    }
    meter.operations += operations;
    return 0;
  }

  /** The mailbox (or tenant) has to wait from now on. */
  begin(mailbox: ExchangeMailbox, quirks: Quirks): void {
    const meter = this.#meterOf(mailbox, quirks);
    meter.operations = 0;
    meter.until = this.#now() + quirks.throttleMs;
    meter.waited = false;
  }

  #meterOf(mailbox: ExchangeMailbox, quirks: Quirks): Meter {
    const address = mailbox.address.toLowerCase();
    const key = quirks.throttleScope === 'tenant' ? address.slice(address.indexOf('@')) : address;
    const meter = this.#meters.get(key) ?? {operations: 0, until: Number.NEGATIVE_INFINITY, waited: false};
    this.#meters.set(key, meter);
    return meter;
  }
}

/** The line as Exchange writes it, without its tag. */
export function throttleLine(quirks: Quirks, ms: number): string {
  const word = quirks.throttle === 'BAD' ? 'BAD' : 'NO';
  return `${word} Request is throttled. Suggested Backoff Time: ${Math.ceil(ms)} milliseconds`;
}
