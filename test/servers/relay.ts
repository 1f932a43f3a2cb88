// A TCP proxy on loopback for others to build on: what becomes of the bytes is theirs to say.
import {connect, createServer, type Server, type Socket} from 'node:net';

/** One connection through a proxy, both its ends. */
export type Line = {
  readonly client: Socket;
  readonly server: Socket;
  /** Ends both at once. */
  cut(): void;
};

export type Relay = {
  readonly host: '127.0.0.1';
  /** In the form of the tests' mail servers. */
  readonly imapPort: number;
  /** Connections of clients that are open now. */
  readonly open: number;
  /** Nobody answers at the port until `listen`; the connections there are stay. */
  deafen(): void;
  listen(): Promise<void>;
  cutAll(): void;
  close(): void;
};

/**
 * @param port of the real server on loopback
 * @param joined moves the bytes of each connection. An end that closes or breaks takes the other one along, unless
 *   `joined` says that it sees to that itself.
 */
export async function startRelay(
  port: number,
  joined: (line: Line) => 'sees to the end' | undefined,
): Promise<Relay> {
  const sockets = new Set<Socket>();
  let open = 0;
  const server: Server = createServer({allowHalfOpen: true}, client => {
    const upstream = connect({host: '127.0.0.1', port, allowHalfOpen: true});
    const both = [client, upstream] as const;
    const cut = () => {
      for (const socket of both) socket.destroy();
    };
    open += 1;
    client.once('close', () => {
      open -= 1;
    });
    for (const socket of both) {
      socket.setNoDelay(true);
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
    }
    const sees = joined({client, server: upstream, cut});
    for (const socket of both) {
      socket.on('error', sees === undefined ? cut : () => undefined);
      if (sees !== undefined) continue;
      socket.on('end', cut);
      socket.on('close', cut);
    }
  });
  const listenAt = (at: number) =>
    new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(at, '127.0.0.1', () => {
        server.off('error', reject);
        resolve();
      });
    });
  await listenAt(0);
  const address = server.address();
  const imapPort = typeof address === 'object' && address !== null ? address.port : 0;
  const cutAll = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    host: '127.0.0.1',
    imapPort,
    get open() {
      return open;
    },
    deafen: () => void server.close(),
    listen: () => listenAt(imapPort),
    cutAll,
    close: () => {
      cutAll();
      server.close();
    },
  };
}
