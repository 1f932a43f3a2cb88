// A line to a mail server that stops at a byte: so many bytes of the client's pass, all connections together, then
// nothing more, as where the client's computer went away. It can be opened again on the same port.
import {connect, createServer, type Socket} from 'node:net';

export type ByteGate = {
  readonly host: '127.0.0.1';
  readonly imapPort: number;
  /** Bytes that clients have sent through it. */
  readonly passed: number;
  /** Lets `bytes` more through, then calls `reached` and ends every connection. */
  shutAfter(bytes: number, reached: () => void): void;
  /** Lets everything through again. */
  open(): void;
  close(): Promise<void>;
};

/** @param port of the real server on loopback */
export async function startByteGate(port: number): Promise<ByteGate> {
  const sockets = new Set<Socket>();
  let passed = 0;
  let left = Number.POSITIVE_INFINITY;
  let reached: () => void = () => undefined;
  const server = createServer(client => {
    const upstream = connect({host: '127.0.0.1', port});
    const both = [client, upstream];
    const drop = () => {
      for (const socket of both) socket.destroy();
    };
    for (const socket of both) {
      sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('error', drop);
      socket.on('close', () => {
        sockets.delete(socket);
        drop();
      });
    }
    client.on('data', (chunk: Buffer) => {
      if (left <= 0) return;
      const part = chunk.subarray(0, Math.min(left, chunk.length));
      left -= part.length;
      passed += part.length;
      if (left > 0) {
        if (!upstream.write(part)) {
          client.pause();
          upstream.once('drain', () => client.resume());
        }
        return;
      }
      // What has passed arrives, and is read to its end.
      reached();
      upstream.end(part);
    });
    upstream.on('data', (chunk: Buffer) => {
      if (left > 0 && !client.destroyed) client.write(chunk);
    });
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', () => resolve()));
  const address = server.address();
  return {
    host: '127.0.0.1',
    imapPort: typeof address === 'object' && address !== null ? address.port : 0,
    get passed() {
      return passed;
    },
    shutAfter(bytes, then) {
      left = Math.max(1, bytes);
      reached = then;
    },
    open() {
      left = Number.POSITIVE_INFINITY;
      for (const socket of sockets) socket.destroy();
    },
    async close() {
      const closed = new Promise(done => server.close(done));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
