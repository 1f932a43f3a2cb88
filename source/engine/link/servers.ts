// What a run has learned of the servers it works with: what all mailboxes of a server share, and those of a tenant.
import type {Endpoint} from '../../request/schema.ts';
import type {AppendStrategy} from '../imap/append.ts';
import type {Manners} from '../imap/command-queue.ts';
import {usualRefusals} from '../imap/session-life.ts';
import type {Problem} from '../problems/problems.ts';
import {Presence} from './presence.ts';
import {Room} from './room.ts';

/** ms of a round trip up to which a server is near: a busy one in the same room may take so long to answer. */
export const nearMs = 10;
/** ms: waits of several mailboxes that end so close together are one. */
const sameMoment = 250;
/** Mailboxes that have to wait for the same moment before all have to; of many, two may do so by chance. */
const enough = 3;

/** What the mailboxes of one tenant share: at Office 365 many tenants have one server, and each its own limits. */
export class TenantMemory {
  /** ms since 1970 by mailbox: until when it has been told to wait. */
  readonly #throttled = new Map<string, number>();
  /** ms since 1970 until which the server wants to be left alone by all mailboxes. */
  heldUntil = 0;
  heldFor: Problem | undefined;
  /** Mailboxes that the server never opened, and that waited for sessions left behind to end. */
  waitedInVain = 0;
  /** Of the one who gives tokens: each tenant has its own keys there. */
  readonly tokens: Presence;

  constructor(tokens = new Presence()) {
    this.tokens = tokens;
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
}

/** What those who only look share with a run: how a server wants to be asked, and the connections that it has there. */
type Shared = {readonly manners: Manners; readonly room: Room};

const newlyShared = (): Shared => ({manners: {oneAtATime: false}, room: new Room()});

export class ServerMemory {
  /** Ways of storing that the server has objected to. */
  readonly #objections = new Set<AppendStrategy>();
  /** Flags that it has refused messages for, lower case, though it says that it keeps them. */
  readonly refusedFlags = new Set<string>();
  readonly #tenants = new Map<string, TenantMemory>();

  readonly manners: Manners;
  readonly room: Room;
  /** BADs that a session may have before it is better replaced. */
  mostRefusals = usualRefusals;
  readonly presence: Presence;
  /** ms. */
  #roundTrip = Number.POSITIVE_INFINITY;
  readonly #back: (() => void) | undefined;

  /** @param back called when it is there again, or its giver of tokens */
  constructor({manners, room}: Shared = newlyShared(), back?: () => void) {
    this.manners = manners;
    this.room = room;
    this.#back = back;
    this.presence = new Presence(back);
  }

  /**
   * While many mailboxes are at work an answer waits until it is read: the shortest round trip is the true one.
   * @param ms that one has taken; 0 where that is not known
   * @returns ms of the shortest so far
   */
  sawRoundTrip(ms: number): number {
    if (ms <= 0) return 0;
    this.#roundTrip = Math.min(this.#roundTrip, ms);
    return this.#roundTrip;
  }

  /** ms of the shortest so far; 0 where none is known. */
  get roundTrip(): number {
    return Number.isFinite(this.#roundTrip) ? this.#roundTrip : 0;
  }

  /** Times in this run that it has let a mailbox in. */
  get entries(): number {
    return this.presence.entries;
  }

  tenant({tenant, domain}: Pick<Endpoint, 'tenant' | 'domain'>): TenantMemory {
    const key = (tenant ?? domain).toLowerCase();
    const memory = this.#tenants.get(key) ?? new TenantMemory(new Presence(this.#back));
    this.#tenants.set(key, memory);
    return memory;
  }

  /** Whoever began now would only wait. */
  isClosed(endpoint: Endpoint): boolean {
    return this.presence.closed || (endpoint.auth !== 'password' && this.tenant(endpoint).tokens.closed);
  }

  /** The request has ended. */
  left(request: number): void {
    this.presence.left(request);
    for (const {tokens} of this.#tenants.values()) tokens.left(request);
  }

  /** It has hung up after so many BADs. */
  hungUpAfter(refusals: number): void {
    this.mostRefusals = Math.max(1, Math.min(this.mostRefusals, refusals - 1));
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

/** As `Servers.of` knows it. */
export const addressOf = ({server, port}: Pick<Endpoint, 'server' | 'port'>): string => `${server}:${port}`;

export class Servers {
  readonly #known = new Map<string, ServerMemory>();
  readonly #shared: Map<string, Shared>;

  readonly #back: (() => void) | undefined;

  /** @param back called when a server is there again that could not be reached */
  constructor(shared = new Map<string, Shared>(), back?: () => void) {
    this.#shared = shared;
    this.#back = back;
  }

  /** A server of the endpoint lets nobody in for now. */
  isClosed(endpoint: Endpoint): boolean {
    return this.#known.get(addressOf(endpoint).toLowerCase())?.isClosed(endpoint) ?? false;
  }

  /** The request has ended: it waits for no server any more. */
  left(request: number): void {
    for (const memory of this.#known.values()) memory.left(request);
  }

  /** For one who only looks, and knows nothing of how the others fare. */
  forLook(): Servers {
    return new Servers(this.#shared);
  }

  /** @param server host:port */
  of(server: string): ServerMemory {
    const key = server.toLowerCase();
    const shared = this.#shared.get(key) ?? newlyShared();
    this.#shared.set(key, shared);
    const memory = this.#known.get(key) ?? new ServerMemory(shared, this.#back);
    this.#known.set(key, memory);
    return memory;
  }
}
