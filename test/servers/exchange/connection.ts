// One client's connection: what is sent, how it ends, and what breaks on it.
import {once} from 'node:events';
import type {Socket} from 'node:net';
import {Ended, unavailable} from './answers.ts';
import {type Fault, faultAt, type Moment} from './faults.ts';
import {Inbound} from './inbound.ts';
import type {CommandLog} from './log.ts';
import type {ExchangeMailbox} from './mailbox.ts';
import type {Quirks} from './quirks.ts';
import type {Sessions} from './sessions.ts';
import type {Directory} from './sign-in.ts';
import type {ExchangeMessage, Folder} from './store.ts';
import {type Throttling, throttleLine} from './throttling.ts';

/** What all connections share. */
export type World = {
  readonly directory: Directory;
  readonly quirks: Quirks;
  /** ms since 1970 */
  readonly now: () => number;
  readonly wait: (ms: number) => Promise<void>;
  readonly throttling: Throttling;
  readonly sessions: Sessions;
  readonly log: CommandLog;
  /** Tokens that a fault has ended before their time. */
  readonly spent: Set<string>;
};

export type Selected = {
  readonly folder: Folder;
  readonly readOnly: boolean;
  /** The messages as this session knows them, in order: sequence numbers count in it. */
  view: readonly ExchangeMessage[];
  /** UIDs from here on are \Recent in this session. */
  readonly recentFrom: number;
};

export type SignedIn = {
  readonly mailbox: ExchangeMailbox;
  readonly connected: boolean;
  readonly token?: string;
  readonly expires?: number;
};

export class Connection {
  readonly world: World;
  readonly number: number;
  readonly inbound: Inbound;
  signedIn: SignedIn | undefined;
  selected: Selected | undefined;
  rev2 = false;
  idling = false;
  errors = 0;
  #politely = false;
  #lastCommand: number;
  readonly #socket: Socket;

  constructor(socket: Socket, number: number, world: World) {
    this.#socket = socket;
    this.number = number;
    this.world = world;
    this.inbound = new Inbound(socket[Symbol.asyncIterator]());
    this.#lastCommand = world.now();
  }

  get quirks(): Quirks {
    return this.signedIn?.mailbox.quirks ?? this.world.quirks;
  }

  /** One line; CRLF is added. */
  line(text: string): Promise<void> {
    return this.send(Buffer.from(`${text}\r\n`));
  }

  untagged(text: string): Promise<void> {
    return this.line(`* ${text}`);
  }

  async send(data: Buffer): Promise<void> {
    if (this.#socket.destroyed) throw new Ended();
    if (!this.#socket.write(data)) {
      await Promise.race([once(this.#socket, 'drain'), once(this.#socket, 'close')]).catch(() => undefined);
      if (this.#socket.destroyed) throw new Ended();
    }
  }

  /** BYE with this text, then the end. */
  bye(text: string): never {
    this.#socket.end(`* BYE ${text}\r\n`);
    throw new Ended();
  }

  /** The end after LOGOUT. */
  leave(): void {
    this.#politely = true;
    this.#socket.end();
  }

  /** The end without a word. */
  drop(): never {
    this.#socket.end();
    throw new Ended();
  }

  signIn(signedIn: SignedIn): void {
    this.signedIn = signedIn;
    if (signedIn.connected) this.world.sessions.open(signedIn.mailbox);
  }

  /** To be called once, when the connection is gone. */
  closed(): void {
    const {signedIn} = this;
    if (signedIn?.connected) this.world.sessions.close(signedIn.mailbox, this.#politely);
    this.#socket.destroySoon();
  }

  touch(): void {
    this.#lastCommand = this.world.now();
  }

  /** The clock has moved: ends the session where its time is over. */
  look(): void {
    const now = this.world.now();
    try {
      if (this.idling && this.#expired()) this.bye(expired);
      if (now - this.#lastCommand >= this.quirks.idleMs) this.bye('Connection is closed. 13');
    } catch (error) {
      if (!(error instanceof Ended)) throw error;
    }
  }

  /** Something happens: what breaks now, breaks. @throws Ended */
  async at(moment: Moment): Promise<void> {
    const {signedIn, quirks} = this;
    if (signedIn === undefined || !signedIn.connected) return;
    const fault = faultAt(signedIn.mailbox, quirks, moment);
    const skipped = quirks.afterLiteral === 'stored' ? 'received' : 'stored';
    if (moment !== skipped && this.#expired()) this.bye(expired);
    if (fault !== undefined) await this.#break(fault);
  }

  async #break(fault: Fault): Promise<void> {
    switch (fault) {
      case 'token-expired':
        if (this.signedIn?.token !== undefined) this.world.spent.add(this.signedIn.token);
        return this.bye(expired);
      case 'closed-13':
        return this.bye('Connection is closed. 13');
      case 'closed-14':
        return this.bye('Connection closed. 14');
      case 'eof':
        return this.drop();
      case 'reset':
        this.#socket.resetAndDestroy();
        throw new Ended();
      case 'silent':
        await this.inbound.swallow(Number.POSITIVE_INFINITY);
        throw new Ended();
      case 'unavailable':
        throw unavailable();
      case 'throttle':
        if (this.signedIn !== undefined) this.world.throttling.begin(this.signedIn.mailbox, this.quirks);
    }
  }

  #expired(): boolean {
    const expires = this.signedIn?.expires;
    return this.quirks.tokenExpiry && expires !== undefined && this.world.now() >= expires;
  }

  /** What to answer instead, where the mailbox has to wait. */
  throttled(operations: number): string | undefined {
    const {signedIn, quirks} = this;
    if (signedIn === undefined) return undefined;
    const left = this.world.throttling.ask(signedIn.mailbox, quirks, operations);
    return left > 0 ? throttleLine(quirks, left) : undefined;
  }
}

const expired = 'Session invalidated - AccessTokenExpired';
