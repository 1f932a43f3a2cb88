// Keeps one access token for all connections of a sign-in, and renews it in time: one renewal however many ask.
import type {Secret} from '../../request/secret.ts';
import type {AccessToken} from './credentials.ts';

export type FetchedToken = {
  readonly secret: Secret;
  /** How long it lives, in ms from now. */
  readonly lifeMs: number;
};

/** A connection made with the token is replaced after this part of its life. */
const usedPart = 0.8;
/** A provider's number that would have us do nothing but sign in. */
const shortestLifeMs = 10_000;

type Kept = AccessToken & {readonly renewAt: number; readonly expires: number};

type Renewal = {readonly work: Promise<Kept>; readonly stop: AbortController; waiting: number};

export class TokenKeeper {
  readonly #fetch: (signal: AbortSignal) => Promise<FetchedToken>;
  readonly #now: () => number;
  #kept: Kept | undefined;
  #renewal: Renewal | undefined;

  /** @param now ms since 1970 */
  constructor(fetch: (signal: AbortSignal) => Promise<FetchedToken>, now: () => number) {
    this.#fetch = fetch;
    this.#now = now;
  }

  /**
   * A token that has most of its life before it. Where a new one cannot be had, the old one is given as long as it
   * counts.
   * @throws what fetching throws; the signal's reason
   */
  async token(signal: AbortSignal): Promise<AccessToken> {
    signal.throwIfAborted();
    const kept = this.#kept;
    if (kept !== undefined && this.#now() < kept.renewAt) return kept;
    try {
      return await this.#renewed(signal);
    } catch (error) {
      signal.throwIfAborted();
      if (kept === undefined || kept !== this.#kept || this.#now() >= kept.expires) throw error;
      return {secret: kept.secret, renewAt: kept.expires};
    }
  }

  /** A token that came another way: of somebody who has just signed in. */
  put(fetched: FetchedToken): void {
    this.#kept = this.#keep(fetched);
  }

  /** The token does not count any more, whatever the clock says. @param renewAt that token's: a newer one stays */
  expired(renewAt = Number.POSITIVE_INFINITY): void {
    if (this.#kept !== undefined && this.#kept.renewAt <= renewAt) this.#kept = undefined;
  }

  #keep({secret, lifeMs}: FetchedToken): Kept {
    const now = this.#now();
    const life = Math.max(shortestLifeMs, lifeMs);
    return {secret, renewAt: now + life * usedPart, expires: now + life};
  }

  /** Many wait for one renewal; it is called off when nobody waits any more. */
  async #renewed(signal: AbortSignal): Promise<AccessToken> {
    const renewal = this.#renewal ?? this.#renew();
    renewal.waiting++;
    const {promise, reject} = Promise.withResolvers<never>();
    const leave = () => reject(signal.reason);
    signal.addEventListener('abort', leave, {once: true});
    try {
      return await Promise.race([renewal.work, promise]);
    } finally {
      signal.removeEventListener('abort', leave);
      renewal.waiting--;
      if (renewal.waiting === 0) renewal.stop.abort();
    }
  }

  #renew(): Renewal {
    const stop = new AbortController();
    const work = this.#fetch(stop.signal).then(fetched => {
      const kept = this.#keep(fetched);
      this.#kept = kept;
      return kept;
    });
    const renewal: Renewal = {work, stop, waiting: 0};
    this.#renewal = renewal;
    const end = () => {
      if (this.#renewal === renewal) this.#renewal = undefined;
    };
    work.then(end, end);
    stop.signal.addEventListener('abort', end, {once: true});
    return renewal;
  }
}
