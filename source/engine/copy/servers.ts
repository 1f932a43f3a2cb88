// What a run has learned of the servers it works with; all mailboxes of a server share it.
import type {AppendStrategy} from '../imap/append.ts';
import {usualRefusals} from '../imap/session-life.ts';
import type {Problem} from '../problems.ts';

/** ms: waits of several mailboxes that end so close together are one. */
const sameMoment = 250;
/** Mailboxes that have to wait for the same moment before all have to; of many, two may do so by chance. */
const enough = 3;

export class ServerMemory {
  /** Ways of storing that the server has objected to. */
  readonly #objections = new Set<AppendStrategy>();

  /** BADs that a session may have before it is better replaced. */
  mostRefusals = usualRefusals;
  /** ms since 1970 by mailbox: until when it has been told to wait. */
  readonly #throttled = new Map<string, number>();
  /** ms since 1970 until which the server wants to be left alone by all mailboxes. */
  heldUntil = 0;
  heldFor: Problem | undefined;
  /** Mailboxes that it never opened, and that waited for sessions left behind to end. */
  waitedInVain = 0;

  /** It has hung up after so many BADs. */
  hungUpAfter(refusals: number): void {
    this.mostRefusals = Math.max(1, Math.min(this.mostRefusals, refusals - 1));
  }

  /**
   * A mailbox has been told to wait. Exchange does not say who is meant; where several are to wait for the same moment,
   * or its words are about the tenant, it is all of them.
   * @param until ms since 1970
   */
  throttled(mailbox: string, until: number, why: Problem): void {
    this.#throttled.set(mailbox.toLowerCase(), until);
    const together = [...this.#throttled.values()].filter(each => Math.abs(each - until) <= sameMoment);
    const all = together.length >= enough || /\b(tenant|organi[sz]ation)\b/i.test(why.detail ?? '');
    if (!all || until <= this.heldUntil) return;
    this.heldUntil = until;
    this.heldFor = why;
  }

  get objections(): ReadonlySet<AppendStrategy> {
    return this.#objections;
  }

  objects(strategy: AppendStrategy): void {
    this.#objections.add(strategy);
    // Overlapping too sends a command before the one before it is answered.
    if (strategy === 'pipelined') this.#objections.add('overlapped');
  }
}

export class Servers {
  readonly #known = new Map<string, ServerMemory>();

  /** @param server host:port */
  of(server: string): ServerMemory {
    const key = server.toLowerCase();
    const memory = this.#known.get(key) ?? new ServerMemory();
    this.#known.set(key, memory);
    return memory;
  }
}
