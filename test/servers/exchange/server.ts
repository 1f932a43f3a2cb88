// An IMAP server on loopback that behaves like Exchange Online, mail in memory. What it does differently from a plain
// server is in quirks.ts. Time is the caller's.
import {once} from 'node:events';
import {readFileSync} from 'node:fs';
import {createServer as createPlainServer, type Server, type Socket} from 'node:net';
import {createServer as createTlsServer} from 'node:tls';
import type {MailServer} from '../../helpers/imap.ts';
import type {Certificates} from '../certificates.ts';
import {TokenTable} from '../identity/tokens.ts';
import {Connection, type World} from './connection.ts';
import {CommandLog} from './log.ts';
import {ExchangeMailbox, type MailboxOptions} from './mailbox.ts';
import {type Quirks, usualQuirks} from './quirks.ts';
import {serve} from './session.ts';
import {Sessions} from './sessions.ts';
import {Throttling} from './throttling.ts';

export type ExchangeOptions = {
  readonly quirks?: Partial<Quirks>;
  /** ms since 1970; the machine's where not given. Call `look()` after it has moved, or give a `watch`. */
  readonly now?: () => number;
  /** Calls back whenever the clock has moved; the machine's clock is looked at every second. */
  readonly watch?: (look: () => void) => () => void;
  /** How slow answers wait. */
  readonly wait?: (ms: number) => Promise<void>;
  /** What the identity provider has issued; without it nobody signs in with a token. */
  readonly tokens?: TokenTable;
  /** Application ids that New-ServicePrincipal made known; all where not given. */
  readonly servicePrincipals?: readonly string[];
  /** For TLS on a second port. */
  readonly certificates?: Certificates;
};

export class ExchangeServer implements MailServer {
  readonly host = '127.0.0.1';
  readonly imapPort: number;
  readonly imapsPort?: number;
  readonly ca?: string;
  /** May be changed at any time; a mailbox's own go before. */
  readonly quirks: Quirks;
  readonly log: CommandLog;
  readonly #servers: readonly Server[];
  readonly #world: World;
  readonly #mailboxes: Map<string, ExchangeMailbox>;
  readonly #connections: ReadonlySet<Connection>;
  readonly #cut: () => void;
  readonly #unwatch: () => void;
  readonly #opened: () => number;

  constructor(parts: {
    servers: readonly Server[];
    certificates: Certificates | undefined;
    world: World;
    mailboxes: Map<string, ExchangeMailbox>;
    connections: ReadonlySet<Connection>;
    cut: () => void;
    opened: () => number;
    watch: (look: () => void) => () => void;
  }) {
    const [plain, secure] = parts.servers.map(portOf);
    this.imapPort = plain ?? 0;
    if (secure !== undefined) this.imapsPort = secure;
    if (parts.certificates !== undefined) this.ca = parts.certificates.ca;
    this.quirks = parts.world.quirks;
    this.log = parts.world.log;
    this.#servers = parts.servers;
    this.#world = parts.world;
    this.#mailboxes = parts.mailboxes;
    this.#connections = parts.connections;
    this.#cut = parts.cut;
    this.#opened = parts.opened;
    this.#unwatch = parts.watch(() => this.look());
  }

  /** Adds an account, or gives the one that is there. */
  mailbox(address: string, options?: MailboxOptions): ExchangeMailbox {
    const key = address.toLowerCase();
    const existing = this.#mailboxes.get(key);
    if (existing !== undefined && options === undefined) return existing;
    const mailbox = new ExchangeMailbox(address, options, this.quirks);
    this.#mailboxes.set(key, mailbox);
    return mailbox;
  }

  /** Connections so far, and those that are there now. */
  get connections(): {readonly opened: number; readonly alive: number} {
    return {opened: this.#opened(), alive: this.#connections.size};
  }

  /** Sessions that are signed in to the mailbox now. */
  sessions(address: string): number {
    return this.#world.sessions.alive(this.mailbox(address));
  }

  /** The clock has moved: sessions whose time is over end. */
  look(): void {
    for (const connection of [...this.#connections]) connection.look();
  }

  /** Cuts every connection, as a failing network does. */
  cutAll(): void {
    this.#cut();
  }

  /** Ends all connections and frees the ports. */
  async stop(): Promise<void> {
    this.#unwatch();
    const closed = this.#servers.map(server => new Promise(done => server.close(done)));
    this.#cut();
    await Promise.all(closed);
  }
}

function everySecond(look: () => void): () => void {
  const timer = setInterval(look, 1000);
  timer.unref();
  return () => clearInterval(timer);
}

/** Listens on free ports of 127.0.0.1: plain, and TLS where certificates are given. */
export async function startExchange(options: ExchangeOptions = {}): Promise<ExchangeServer> {
  const {now = Date.now, certificates, watch = everySecond} = options;
  const {servicePrincipals, tokens = new TokenTable(now)} = options;
  const mailboxes = new Map<string, ExchangeMailbox>();
  const connections = new Set<Connection>();
  const sockets = new Set<Socket>();
  let opened = 0;
  const world: World = {
    directory: {
      mailboxes,
      tokens,
      ...(servicePrincipals === undefined ? {} : {servicePrincipals: new Set(servicePrincipals)}),
    },
    quirks: {...usualQuirks(), ...options.quirks},
    now,
    wait: options.wait ?? (ms => new Promise(done => setTimeout(done, ms))),
    throttling: new Throttling(now),
    sessions: new Sessions(now),
    log: new CommandLog(),
    spent: new Set(),
  };
  const take = (socket: Socket) => {
    opened += 1;
    socket.setNoDelay(true);
    socket.on('error', () => socket.destroy());
    const connection = new Connection(socket, opened, world);
    connections.add(connection);
    sockets.add(socket);
    socket.once('close', () => {
      sockets.delete(socket);
      connections.delete(connection);
    });
    // Broken off by the client; an error of the server's own is thrown where a test sees it.
    void serve(connection);
  };
  const servers: Server[] = [createPlainServer(take)];
  if (certificates !== undefined)
    servers.push(
      createTlsServer(
        {
          cert: readFileSync(certificates.certificateFile),
          key: readFileSync(certificates.keyFile),
          minVersion: 'TLSv1.2',
        },
        take,
      ),
    );
  for (const server of servers) {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  }
  return new ExchangeServer({
    servers,
    certificates,
    world,
    mailboxes,
    connections,
    cut: () => {
      for (const socket of sockets) socket.destroy();
    },
    opened: () => opened,
    watch,
  });
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}
