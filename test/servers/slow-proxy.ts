// A slow line: a TCP proxy on loopback through which only so many bytes a second pass, both ways and all connections
// together. What passes is counted, and the line can be held, so that a test can act in the middle of a transfer however
// slow the machine is.
import {createServer, connect as openSocket, type Socket} from 'node:net';
import {pipeline} from 'node:stream/promises';
import {setTimeout as wait} from 'node:timers/promises';

export type SlowProxyOptions = {
  readonly host?: string;
  readonly port: number;
  /** Unlimited where not given. */
  readonly bytesPerSecond?: number;
  /** Passed on at once: 2048 where not given. */
  readonly pieceBytes?: number;
  /** Loopback address from which the server is called: one that is not its own is a stranger's to it. */
  readonly from?: string;
};

export type SlowProxy = {
  readonly host: '127.0.0.1';
  /** In the form of the tests' mail servers. */
  readonly imapPort: number;
  /** Bytes so far, both ways. */
  readonly passed: number;
  /** Settles when so many more bytes have passed. */
  whenPassed(bytes: number): Promise<void>;
  /** Lets `afterBytes` more pass, then nothing until `release`. */
  hold(afterBytes?: number): void;
  /** From now on everything passes as fast as it comes. */
  release(): void;
  /** Ends it and every connection through it. */
  close(): Promise<void>;
};

export async function startSlowProxy(options: SlowProxyOptions): Promise<SlowProxy> {
  const {
    host = '127.0.0.1',
    port,
    bytesPerSecond = Number.POSITIVE_INFINITY,
    from,
    pieceBytes = 2048,
  } = options;
  const sockets = new Set<Socket>();
  const watchers = new Set<() => void>();
  let passed = 0;
  let rate = bytesPerSecond;
  let holdAt = Number.POSITIVE_INFINITY;
  let released = Promise.withResolvers<void>();
  /** When the line is free again, ms of performance.now(). */
  let free = 0;

  async function* throttled(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const chunk of source)
      for (let at = 0; at < chunk.length; at += pieceBytes) {
        const piece = chunk.subarray(at, at + pieceBytes);
        if (passed >= holdAt) await released.promise;
        const now = performance.now();
        free = Math.max(now, free) + (piece.length / rate) * 1000;
        // Timers are no finer than a millisecond; what is owed adds up meanwhile.
        if (free - now >= 2) await wait(free - now);
        passed += piece.length;
        for (const watcher of [...watchers]) watcher();
        yield piece;
      }
  }

  const server = createServer(client => {
    const upstream = openSocket({host, port, ...(from === undefined ? {} : {localAddress: from})});
    for (const socket of [client, upstream]) {
      socket.setNoDelay(true);
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
    }
    const drop = () => {
      client.destroy();
      upstream.destroy();
    };
    // One end gone is both gone, as with a line that breaks.
    pipeline(client, throttled, upstream).then(drop, drop);
    pipeline(upstream, throttled, client).then(drop, drop);
  });
  const {promise: listening, resolve, reject} = Promise.withResolvers<void>();
  server.once('error', reject);
  server.listen(0, '127.0.0.1', resolve);
  await listening;
  const address = server.address();

  return {
    host: '127.0.0.1',
    imapPort: address !== null && typeof address === 'object' ? address.port : 0,
    get passed() {
      return passed;
    },
    whenPassed(bytes) {
      const {promise, resolve: reached} = Promise.withResolvers<void>();
      const goal = passed + bytes;
      const look = () => {
        if (passed < goal) return;
        watchers.delete(look);
        reached();
      };
      watchers.add(look);
      look();
      return promise;
    },
    hold(afterBytes = 0) {
      holdAt = passed + afterBytes;
      released = Promise.withResolvers();
    },
    release() {
      holdAt = Number.POSITIVE_INFINITY;
      rate = Number.POSITIVE_INFINITY;
      free = 0;
      released.resolve();
    },
    async close() {
      released.resolve();
      const closed = new Promise(done => server.close(done));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
