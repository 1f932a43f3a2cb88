// A small IMAP server on loopback, mail in memory: what the demo needs of RFC 3501, with LITERAL+, UIDPLUS,
// SPECIAL-USE and LIST-STATUS. Not for real mail.
import {createServer, type Socket} from 'node:net';
import {Link, type LinkSpeed} from './link.ts';
import {Session} from './session.ts';
import type {Mailbox} from './store.ts';

export type ImapServerOptions = {
  /** By sign-in name, lower case. */
  readonly mailboxes: ReadonlyMap<string, Mailbox>;
  /** Full speed where not given. */
  readonly speed?: LinkSpeed;
  /** Larger messages are refused, in bytes. */
  readonly largestMessage?: number;
  /** In ms. */
  readonly now: () => number;
};

export type ImapServer = {
  readonly host: '127.0.0.1';
  readonly port: number;
  /** Ends all connections and frees the port. */
  stop(): Promise<void>;
};

/** Listens on a free port of 127.0.0.1. Rejects where the machine has none. */
export async function startImapServer(options: ImapServerOptions): Promise<ImapServer> {
  const {speed, ...rest} = options;
  const link = new Link(speed, options.now);
  const sockets = new Set<Socket>();
  const server = createServer(socket => {
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.on('error', () => socket.destroy());
    socket.once('close', () => sockets.delete(socket));
    new Session(socket, {...rest, link})
      .serve()
      .catch(() => undefined)
      .finally(() => setTimeout(() => socket.end(), link.latencyMs));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The demo server has no port');
  return {
    host: '127.0.0.1',
    port: address.port,
    stop() {
      const {promise, resolve} = Promise.withResolvers<void>();
      server.close(() => resolve());
      for (const socket of sockets) socket.destroy();
      return promise;
    },
  };
}
