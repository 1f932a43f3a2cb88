// How long a session is of use: till its token ends, or till Exchange has refused so much in it that it hangs up.
import {exchangeGreeting} from '../exchange-greeting.ts';
import type {Manners} from './command-queue.ts';
import type {SignedIn} from './sign-in.ts';

export type Began = {
  /** Outages that its end had had when it was opened. */
  readonly outage?: number;
  /** ms since 1970 */
  readonly now?: number;
  /** BADs after which Exchange is about to hang up. */
  readonly mostRefusals?: number;
  /** What is known of the server. */
  readonly manners?: Manners;
};

/** After about ten BADs Exchange hangs up (quirk `errorBudget`). */
export const usualRefusals = 8;

export class SessionLife {
  readonly exchange: boolean;
  readonly #signedIn: SignedIn;
  readonly #mostRefusals: number;
  readonly #renewAt: number | undefined;

  constructor(signedIn: SignedIn, {now = 0, mostRefusals = usualRefusals}: Began) {
    this.#mostRefusals = mostRefusals;
    this.#signedIn = signedIn;
    this.exchange = exchangeGreeting.test(signedIn.greeting);
    const {renewAt} = signedIn;
    // A token that was due before it was used stays as long as it counts: another session would get none that is
    // better, and be replaced at once too.
    if (renewAt !== undefined && renewAt > now) this.#renewAt = renewAt;
  }

  /** The server has refused nearly as much in it as it allows. */
  get wornOut(): boolean {
    return this.exchange && this.#signedIn.wire.refusals >= this.#mostRefusals;
  }

  /** Better replaced now, with nothing under way. @param now ms since 1970 */
  isDue(now: number): boolean {
    return this.wornOut || (this.#renewAt !== undefined && now >= this.#renewAt);
  }
}
