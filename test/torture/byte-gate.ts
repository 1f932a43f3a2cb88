// A line to a mail server that stops at a byte: so many bytes of the client's pass, all connections together, or those up
// to a spot of an APPEND; then nothing more, as where the client's computer went away. It can be opened again on the same
// port.
import {connect, createServer, type Socket} from 'node:net';
import {AppendSpots, type Spot} from './append-spots.ts';

export type ByteGate = {
  readonly host: '127.0.0.1';
  readonly imapPort: number;
  /** Bytes that clients have sent through it. */
  readonly passed: number;
  /** How often each spot of an APPEND has been passed. */
  readonly spots: ReadonlyMap<Spot, number>;
  /** Lets `bytes` more through, or what comes before the nth such spot; then calls `reached`: nothing passes any more. */
  shutAfter(where: number | {readonly spot: Spot; readonly nth: number}, reached: () => void): void;
  /** Keeps what is sent from the first APPEND of a connection on, also when the client is gone. */
  holdAppends(): void;
  /**
   * Lets through again what comes. What was kept arrives late: when its folder has been searched, found empty, or written
   * to, once.
   */
  open(): void;
  close(): Promise<void>;
};

const folderOf = (command: 'APPEND' | 'SELECT', text: string) =>
  new RegExp(` ${command} ("[^"]*"|\\S+)`).exec(text)?.[1];

/** @param port of the real server on loopback */
export async function startByteGate(port: number): Promise<ByteGate> {
  const sockets = new Set<Socket>();
  let passed = 0;
  let left = Number.POSITIVE_INFINITY;
  const seen = new Map<Spot, number>();
  let awaited: {readonly spot: Spot; left: number} | undefined;
  let reached: () => void = () => undefined;
  let holding = false;
  /** What is kept, by the connection that it goes on, and the folder that it is for. */
  const held = new Map<Socket, {readonly folder: string; readonly chunks: Buffer[]}>();
  const release = (folder: string) => {
    for (const [upstream, kept] of held) {
      if (kept.folder !== folder) continue;
      upstream.end(Buffer.concat(kept.chunks));
      held.delete(upstream);
    }
  };
  const server = createServer(client => {
    const upstream = connect({host: '127.0.0.1', port});
    const both = [client, upstream];
    const drop = () => {
      client.destroy();
      if (!held.has(upstream)) upstream.destroy();
    };
    const follower = new AppendSpots();
    let selected = '';
    /** The folder that the client has just searched or written to. */
    let touched: string | undefined;
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
      const kept = held.get(upstream);
      if (kept !== undefined) {
        kept.chunks.push(chunk);
        return;
      }
      if (holding || held.size > 0) {
        const text = chunk.toString('latin1');
        const written = folderOf('APPEND', text);
        if (holding && written !== undefined) {
          held.set(upstream, {folder: written, chunks: [chunk]});
          return;
        }
        selected = folderOf('SELECT', text) ?? selected;
        if (!holding) touched = text.includes('UID SEARCH') ? selected : (written ?? touched);
      }
      follower.feed(chunk, (spot, before) => {
        seen.set(spot, (seen.get(spot) ?? 0) + 1);
        if (awaited?.spot !== spot || --awaited.left > 0) return;
        awaited = undefined;
        left = before;
      });
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
      if (!chunk.includes(' OK ')) return;
      if (touched !== undefined) release(touched);
      // Nobody searches where nothing is.
      else if (!holding && chunk.includes('* 0 EXISTS')) release(selected);
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
    spots: seen,
    shutAfter(where, then) {
      if (typeof where === 'number') left = Math.max(1, where);
      else awaited = {spot: where.spot, left: where.nth};
      reached = then;
    },
    holdAppends() {
      holding = true;
    },
    open() {
      awaited = undefined;
      left = Number.POSITIVE_INFINITY;
      holding = false;
      for (const socket of sockets) if (!held.has(socket)) socket.destroy();
    },
    async close() {
      const closed = new Promise(done => server.close(done));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
