// Lets others watch and steer a run: a socket in the run's folder, for its owner alone. Each watcher is sent what has
// changed since it was last sent something, so that a slow one sees fewer frames and holds up nobody.
import {randomBytes, timingSafeEqual} from 'node:crypto';
import {chmodSync, rmSync} from 'node:fs';
import {createServer, type Server, type Socket} from 'node:net';
import type {RunEvent} from '../engine/events.ts';
import type {Snapshot} from '../progress/snapshot.ts';
import type {RunHandle, RunOutcome} from '../services.ts';
import {addressesFor, type Live, removeLive, writeLive} from './folder.ts';
import {onLines, sendLine} from './lines.ts';
import {patchOf} from './patch.ts';
import {type FromRun, obey, protocolVersion, readCommand, readHello} from './protocol.ts';

/** Bytes on their way to a watcher from which on it is sent nothing more for now. */
const mostUnsent = 1024 * 1024;
const longestCommand = 10_000;
const mostWatchers = 20;

export type RunServer = {
  readonly live: Live;
  /** For those who follow the events. The snapshot must hold it already. */
  take(event: RunEvent): void;
  /** Tells every watcher the end, and listens no more. Settles when they have been told. */
  end(outcome: RunOutcome): Promise<void>;
  /** The run broke: `words` for a person. */
  broke(words: string): Promise<void>;
};

type Options = {
  readonly folder: string;
  readonly run: string;
  readonly pid: number;
  readonly platform: string;
};

/** `snapshot`: with all that was taken until now. */
export type Watched = Omit<RunHandle, 'done'> & {readonly snapshot: () => Snapshot};

/** @throws Error where the socket cannot be made; the run goes on unwatched then */
export async function serveRun(handle: Watched, {folder, run, pid, platform}: Options): Promise<RunServer> {
  const server = createServer();
  const address = await listen(server, addressesFor(folder, platform), platform);
  const live: Live = {version: 1, run, pid, address, token: randomBytes(24).toString('base64url')};
  const watchers = new Set<Watcher>();
  /** Those over the limit: who has something to ask for is heard, whoever watches. */
  const ordering = new Set<Watcher>();
  server.on('connection', socket => {
    socket.on('error', () => undefined);
    const isFull = watchers.size >= mostWatchers;
    const watcher = new Watcher(socket, live.token, handle, isFull);
    const among = isFull ? ordering : watchers;
    among.add(watcher);
    socket.on('close', () => among.delete(watcher));
  });
  writeLive(folder, live);
  const unsubscribe = handle.store.subscribe(() => {
    for (const watcher of watchers) watcher.show(handle.store.getSnapshot());
  });
  const close = async (last: FromRun) => {
    unsubscribe();
    removeLive(folder);
    const closed = new Promise<void>(resolve => server.close(() => resolve()));
    await Promise.all(
      [...watchers, ...ordering].map(watcher => watcher.end(handle.store.getSnapshot(), last)),
    );
    await closed;
    if (platform !== 'win32') rmSync(address, {force: true});
  };
  return {
    live,
    take: event => {
      for (const watcher of watchers) watcher.tell(event);
    },
    end: ({snapshot: _snapshot, ...ended}) => close({ended}),
    broke: words => close({broke: words}),
  };
}

/** The first address that can be listened at. @throws the last one's error */
async function listen(
  server: Server,
  addresses: readonly (() => string)[],
  platform: string,
): Promise<string> {
  let last: unknown;
  for (const addressOf of addresses)
    try {
      const address = addressOf();
      // What a killed process left in this place.
      if (platform !== 'win32') rmSync(address, {force: true});
      await listening(server, address);
      if (platform !== 'win32') chmodSync(address, 0o600);
      return address;
    } catch (error) {
      last = error;
    }
  throw last;
}

function listening(server: Server, address: string): Promise<void> {
  const {promise, resolve, reject} = Promise.withResolvers<void>();
  server.once('error', reject);
  server.listen(address, () => {
    server.off('error', reject);
    server.on('error', () => undefined);
    // Listening alone keeps no program from ending.
    server.unref();
    resolve();
  });
  return promise;
}

function refuse(socket: Socket, refused: string): void {
  sendLine(socket, {refused} satisfies FromRun);
  socket.setTimeout(lastWordsMs, () => socket.destroy());
  socket.end();
}

class Watcher {
  readonly #socket: Socket;
  readonly #whole: () => Snapshot;
  #greeted = false;
  /** It is sent events in place of patches. */
  #follows = false;
  /** It is sent the end, and nothing before. */
  #ordersOnly = false;
  /** It has missed events. */
  #behind = false;
  #sent: Snapshot | undefined;

  /** @param isOneTooMany it may ask for something, and not watch */
  constructor(socket: Socket, token: string, handle: Watched, isOneTooMany: boolean) {
    this.#socket = socket;
    // One that says nothing has no claim to a place that there is not.
    if (isOneTooMany) socket.setTimeout(lastWordsMs, () => socket.destroy());
    this.#whole = handle.snapshot;
    onLines(socket, longestCommand, value => {
      if (this.#greeted) {
        const command = readCommand(value);
        if (command !== undefined) obey(command, handle);
        return;
      }
      // What it says after that is read and thrown away: left unread, it could cost it the answer.
      if (!socket.writable) return;
      const hello = readHello(value);
      if (hello === undefined || !equal(hello.token, token)) {
        socket.destroy();
        return;
      }
      if (hello.version !== protocolVersion) {
        refuse(socket, 'The run is of another version of mailferry. Use that one to watch it.');
        return;
      }
      this.#ordersOnly = hello.orders === true;
      if (isOneTooMany && !this.#ordersOnly) {
        refuse(socket, 'The run goes on, but too many are watching it. Close one of them, then try again.');
        return;
      }
      socket.setTimeout(0);
      this.#greeted = true;
      if (this.#ordersOnly) return;
      this.#follows = hello.events === true;
      if (this.#follows) sendLine(socket, {snapshot: handle.snapshot()} satisfies FromRun);
      else this.show(handle.store.getSnapshot());
    });
  }

  get #full(): boolean {
    return this.#socket.writableLength > mostUnsent;
  }

  tell(event: RunEvent): void {
    if (!this.#greeted || !this.#follows) return;
    if (this.#full) {
      this.#behind = true;
      return;
    }
    if (this.#behind) sendLine(this.#socket, {snapshot: this.#whole()} satisfies FromRun);
    else sendLine(this.#socket, {event} satisfies FromRun);
    this.#behind = false;
  }

  show(snapshot: Snapshot): void {
    if (this.#ordersOnly) return;
    if (!this.#greeted || this.#follows || this.#full) return;
    this.#send(snapshot);
  }

  #send(snapshot: Snapshot): void {
    if (this.#sent === undefined) sendLine(this.#socket, {snapshot} satisfies FromRun);
    else {
      const patch = patchOf(this.#sent, snapshot);
      if (patch !== undefined) sendLine(this.#socket, {patch} satisfies FromRun);
    }
    this.#sent = snapshot;
  }

  /** Settles when it has it all, or is gone. One that takes nothing is not waited for long. */
  async end(snapshot: Snapshot, last: FromRun): Promise<void> {
    if (this.#greeted) {
      this.#send(snapshot);
      sendLine(this.#socket, last);
    }
    const {promise, resolve} = Promise.withResolvers<void>();
    this.#socket.once('close', () => resolve());
    this.#socket.setTimeout(lastWordsMs, () => this.#socket.destroy());
    this.#socket.end();
    await promise;
  }
}

const lastWordsMs = 5000;

function equal(one: string, other: string): boolean {
  const [left, right] = [Buffer.from(one), Buffer.from(other)];
  return left.length === right.length && timingSafeEqual(left, right);
}
