// A line that breaks: between mailferry and a real server it does, at a chosen byte of the conversation, what networks
// do. Bytes are counted over all its connections, so that a fault can be put anywhere in a run. Loopback only.
import type {Socket} from 'node:net';
import {type Line, type Relay, startRelay} from './relay.ts';

/** Whom the counted bytes go to. */
export type Toward = 'server' | 'client';

/**
 * `cut`: an orderly end of TCP, in TLS without a close_notify. `reset`: the client gets an RST. `stall`: nothing passes
 * any more, in neither direction, and the line stays. `deaf`: as `stall`, and what the client sends is not even taken.
 * `damage`: the byte is another one.
 */
export type How = 'cut' | 'reset' | 'stall' | 'deaf' | 'damage';

export type Fault = {
  readonly toward: Toward;
  /** So many bytes pass first, counted from the fault before this one. */
  readonly after: number;
  readonly how: How;
  /** Nobody answers at the port for so many pauses of the client (`paused`). */
  readonly closedFor?: number;
};

export type FaultProxyOptions = {
  /** One after the other, each once; then the line is sound. */
  readonly faults?: readonly Fault[];
  /** One byte at a time, both ways. */
  readonly trickle?: boolean;
  /** The client's port is closed from the start, for so many pauses. */
  readonly closedFor?: number;
};

export type FaultProxy = Omit<Relay, 'deafen' | 'listen'> & {
  /** What has passed, for finding the bytes at which a fault is of interest. */
  readonly passed: Readonly<Record<Toward, Buffer>>;
  /** Faults that have happened. */
  readonly happened: number;
  /** The client is in a pause: when this resolves, the server has done with every connection that broke. */
  paused(): Promise<void>;
  /** From now on the line is sound, and somebody answers at the port. */
  mend(): Promise<void>;
  /** Resolves when the client holds no connection any more, those that it cannot end apart (`deaf`). */
  idle(): Promise<void>;
};

/** @param port of the real server on loopback */
export async function startFaultProxy(port: number, options: FaultProxyOptions = {}): Promise<FaultProxy> {
  const {trickle = false} = options;
  const faults = [...(options.faults ?? [])];
  const passed: Record<Toward, Buffer[]> = {server: [], client: []};
  const count: Record<Toward, number> = {server: 0, client: 0};
  /** Lines that are not over for the server yet, and no more for the client. */
  const ending = new Set<Promise<void>>();
  const held = new Set<Promise<void>>();
  let happened = 0;
  let closedFor = options.closedFor ?? 0;

  /** The server sees the client's end, and is read to its own. */
  const end = ({client, server}: Line) => {
    if (!server.destroyed) {
      const over = new Promise<void>(done => server.once('close', () => done()));
      ending.add(over);
      void over.then(() => ending.delete(over));
    }
    server.removeAllListeners('data');
    server.resume();
    // What the server says now goes nowhere, and its end is the end.
    server.once('end', () => server.destroy());
    if (server.readableEnded) server.destroy();
    else server.end();
    if (!client.destroyed) client.resume();
  };

  const relay = await startRelay(port, line => {
    const {client, server} = line;
    const gone = new Promise<void>(done => client.once('close', () => done()));
    held.add(gone);
    void gone.then(() => held.delete(gone));
    let state: 'sound' | 'stalled' | 'over' = 'sound';
    const over = () => {
      if (state === 'over') return;
      state = 'over';
      end(line);
    };
    const strike = ({how, closedFor: closed = 0}: Fault) => {
      happened += 1;
      count.server = 0;
      count.client = 0;
      if (closed > 0) {
        closedFor = closed;
        relay.deafen();
      }
      if (how === 'damage') return;
      if (how === 'stall' || how === 'deaf') {
        state = 'stalled';
        if (how !== 'deaf') return;
        client.pause();
        held.delete(gone);
        return;
      }
      over();
      if (how === 'reset') client.resetAndDestroy();
      else client.end();
    };
    const pass = (toward: Toward, chunk: Buffer): void => {
      if (state !== 'sound') return;
      const to = toward === 'server' ? server : client;
      const fault = faults[0];
      const left = fault?.toward === toward ? fault.after - count[toward] : Number.POSITIVE_INFINITY;
      const sound = left < chunk.length ? chunk.subarray(0, left) : chunk;
      if (sound.length > 0) {
        passed[toward].push(sound);
        count[toward] += sound.length;
        if (to.writable) to.write(sound);
      }
      if (fault === undefined || left >= chunk.length) return;
      faults.shift();
      const rest = Buffer.from(chunk.subarray(left));
      if (fault.how === 'damage' && rest[0] !== undefined) rest[0] ^= 0x55;
      strike(fault);
      if (fault.how === 'damage') pass(toward, rest);
    };
    const move = (toward: Toward, from: Socket) => {
      from.on('data', (chunk: Buffer) => {
        if (!trickle || state !== 'sound') return pass(toward, chunk);
        from.pause();
        let at = 0;
        const to = toward === 'server' ? server : client;
        const next = () => {
          if (at >= chunk.length || state !== 'sound' || to.destroyed) return void from.resume();
          pass(toward, chunk.subarray(at, ++at));
          setImmediate(next);
        };
        next();
      });
    };
    move('server', client);
    move('client', server);
    client.on('end', () => {
      over();
      client.end();
    });
    client.on('close', over);
    server.on('end', () => {
      if (state === 'sound') client.end();
    });
    server.on('close', () => {
      if (state === 'sound') client.end();
    });
    return 'sees to the end';
  });
  if (closedFor > 0) relay.deafen();

  return {
    host: relay.host,
    imapPort: relay.imapPort,
    get open() {
      return relay.open;
    },
    get passed() {
      return {server: Buffer.concat(passed.server), client: Buffer.concat(passed.client)};
    },
    get happened() {
      return happened;
    },
    async paused() {
      if (closedFor > 0 && --closedFor === 0) await relay.listen();
      await Promise.all(ending);
    },
    async mend() {
      faults.length = 0;
      if (closedFor > 0) await relay.listen();
      closedFor = 0;
    },
    async idle() {
      while (held.size > 0) await Promise.all(held);
    },
    cutAll: relay.cutAll,
    close: relay.close,
  };
}
