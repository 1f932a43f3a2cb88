// Sessions of a mailbox: those that are there, and those that ended without LOGOUT and still count for a while.
import type {ExchangeMailbox} from './mailbox.ts';

type Held = {alive: number; lingering: number[]};

export class Sessions {
  readonly #now: () => number;
  readonly #held = new Map<ExchangeMailbox, Held>();

  /** @param now ms */
  constructor(now: () => number) {
    this.#now = now;
  }

  alive(mailbox: ExchangeMailbox): number {
    return this.#held.get(mailbox)?.alive ?? 0;
  }

  /** Whether one more may be opened. */
  room(mailbox: ExchangeMailbox): boolean {
    const {connectionCap} = mailbox.quirks;
    const held = this.#of(mailbox);
    const now = this.#now();
    held.lingering = held.lingering.filter(until => until > now);
    return connectionCap === 0 || held.alive + held.lingering.length < connectionCap;
  }

  open(mailbox: ExchangeMailbox): void {
    const held = this.#of(mailbox);
    held.alive += 1;
    mailbox.mostSessions = Math.max(mailbox.mostSessions, held.alive);
  }

  /** `politely`: with LOGOUT. */
  close(mailbox: ExchangeMailbox, politely: boolean): void {
    const held = this.#of(mailbox);
    held.alive -= 1;
    if (!politely) held.lingering.push(this.#now() + mailbox.quirks.lingerMs);
  }

  #of(mailbox: ExchangeMailbox): Held {
    const held = this.#held.get(mailbox) ?? {alive: 0, lingering: []};
    this.#held.set(mailbox, held);
    return held;
  }
}
