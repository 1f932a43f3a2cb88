// One authenticated IMAP connection: sends commands and pairs them with the responses. A server may work on several
// commands at once and answer in any order (RFC 9051 section 5.5; Dovecot does so with FETCH), so an untagged
// response goes to the oldest command that knows it as its own.
import {Socket} from 'node:net';
import type {Readable, Writable} from 'node:stream';
import type {End} from '../events.ts';
import {Answers} from './answers.ts';
import {type CommandHandlers, type OpenCommand, type Pending, readTagged} from './command.ts';
import {CommandQueue, type Manners} from './command-queue.ts';
import {ConnectionLost, crowdedOut, ServerRefused} from './errors.ts';
import {Framing, FramingError, type WireResponse} from './framing.ts';
import {humanText} from './human-text.ts';
import {Patience} from './patience.ts';
import {Silence} from './silence.ts';

export type {CommandHandlers, OpenCommand} from './command.ts';
export type {LiteralSink, WireResponse} from './framing.ts';

/** Times the silence that ends a connection: for a server that is not silent, and does not answer. */
const patience = 4;
/** Characters of a goodbye; a server may say many. */
const mostBye = 2000;
/** ms that a server gets to take leave too. */
const longestGoodbye = 10_000;

export type Sockets = {
  readonly readSocket: Readable;
  readonly writeSocket: Writable;
  readonly socket: Writable;
};

export class Wire {
  readonly end: End;
  readonly #sockets: Sockets;
  /** By tag, in the order in which they were sent. */
  readonly #pending = new Map<string, Pending>();
  /** Those among them that take untagged responses: an APPEND, of which many may be under way, does not. */
  readonly #listening = new Set<Pending>();
  readonly #inactivityMs: number;
  #tag = 0;
  #refusals = 0;
  #closed: ConnectionLost | undefined;
  #bye: string | undefined;
  readonly #gone = new AbortController();
  #resting = false;
  readonly #silence: Silence;
  readonly #patience: Patience;
  readonly #answers: Answers;

  readonly #framing: Framing;
  readonly #queue = new CommandQueue();
  readonly #words: (text: string) => string;

  /** What is known of the server; shared by all connections to it. */
  manners: Manners = {oneAtATime: false};

  /** Commands that were answered with BAD. */
  get refusals(): number {
    return this.#refusals;
  }

  /** `inactivityMs`: silence during a command after which the link counts as lost. `words`: the server's, for people. */
  constructor(end: End, sockets: Sockets, inactivityMs: number, words = humanText) {
    this.#words = words;
    this.end = end;
    this.#sockets = sockets;
    this.#inactivityMs = inactivityMs;
    this.#silence = new Silence(inactivityMs, () => this.#silent());
    this.#patience = new Patience(inactivityMs * patience, () => {
      if (this.#framing.held || this.#resting) this.#patience.begin();
      else this.#fail(new ConnectionLost(this.end, 'ETIMEOUT', 'The server talks, and does not answer'));
    });
    this.#answers = new Answers(this.#patience);
    this.#framing = new Framing({
      response: response => this.#dispatch(response),
      literal: (size, before) => {
        for (const pending of this.#pending.values()) {
          const sink = pending.literal?.(size, before(), this.#pending.size === 1);
          if (sink !== undefined) return sink;
        }
        return undefined;
      },
      hold: () => sockets.readSocket.pause(),
      release: () => {
        this.#silence.heard();
        this.#patience.further();
        sockets.readSocket.resume();
      },
      failed: error => this.#fail(this.#unreadable(error)),
    });
    sockets.readSocket.on('data', (chunk: Buffer) => {
      this.#silence.heard();
      this.#patience.moved(chunk.length);
      this.#framing.push(chunk);
    });
    const gone = () => this.#fail(this.#hungUp());
    sockets.readSocket.on('end', gone);
    sockets.socket.on('close', gone);
    const broken = (error: NodeJS.ErrnoException) => this.#fail(this.#hungUp(error.code, error.message));
    for (const socket of new Set([sockets.readSocket, sockets.writeSocket, sockets.socket]))
      socket.on('error', broken);
    // Nagle would hold a command back until the one before it is acknowledged: a round trip for nothing.
    if (sockets.socket instanceof Socket) sockets.socket.setNoDelay(true);
    sockets.readSocket.resume();
  }

  /** Aborts when the connection has ended, however. */
  get gone(): AbortSignal {
    return this.#gone.signal;
  }

  get closed(): boolean {
    return this.#closed !== undefined;
  }

  /**
   * Sends a whole command (without tag and CRLF) and resolves with the text after "OK ".
   * @throws ServerRefused on NO and BAD, ConnectionLost when the link goes.
   */
  command(text: string, handlers: CommandHandlers = {}): Promise<string> {
    this.listen();
    const send = () => {
      const {done, pending} = this.#begin(text, handlers);
      if (pending !== undefined) this.#write(`${pending.tag} ${text}\r\n`);
      return done;
    };
    return this.manners.oneAtATime && this.#pending.size > 0 ? this.#queue.wait(send) : send();
  }

  /**
   * Starts a command that is written piece by piece (APPEND). `done` settles with the tagged answer, which may come
   * before all pieces are written: then stop writing.
   */
  open(text: string, handlers: CommandHandlers = {}): OpenCommand {
    const command = this.begin(text, handlers);
    this.#write(command.start);
    return command;
  }

  /** As `open`, and nothing is written: its sender writes `start` first. */
  begin(text: string, handlers: CommandHandlers = {}): OpenCommand {
    const {done, pending} = this.#begin(text, handlers);
    return {
      done,
      start: pending === undefined ? '' : `${pending.tag} ${text}`,
      answered: () => pending === undefined || pending.settled,
      write: piece => this.#write(piece),
      writeTogether: pieces => this.writeTogether(pieces),
      drained: () => this.drained(),
      goAhead: () => this.#goAhead(pending),
    };
  }

  /**
   * Says goodbye and waits for nothing: not for the answer, and it keeps no process alive. With a command under way
   * it just ends the connection: the server may be inside a literal, and a goodbye must never become mail.
   */
  leave(): void {
    if (this.#closed !== undefined) return;
    if (this.#pending.size > 0) {
      this.destroy();
      return;
    }
    this.#write('BYE LOGOUT\r\n');
    this.#closed = new ConnectionLost(this.end, 'EConnectionClosed', 'The connection is closed');
    this.#gone.abort();
    this.#silence.end();
    this.#patience.end();
    const {socket, writeSocket, readSocket} = this.#sockets;
    readSocket.resume();
    writeSocket.end();
    if (socket instanceof Socket) socket.unref();
    // Some do not hang up, or talk on. Of one that has gone nothing is kept.
    const timer = setTimeout(() => socket.destroy(), Math.min(this.#inactivityMs, longestGoodbye)).unref();
    socket.once('close', () => clearTimeout(timer));
  }

  /** Ends the connection at once; commands under way reject. */
  destroy(why = 'The connection was given up', code = 'EConnectionClosed'): void {
    this.#fail(new ConnectionLost(this.end, code, why));
  }

  #begin(text: string, handlers: CommandHandlers): {done: Promise<string>; pending: Pending | undefined} {
    if (this.#closed !== undefined) {
      const done = Promise.reject<string>(this.#closed);
      // Whoever opens a command here learns it from goAhead or drained, and may never look at this.
      done.catch(() => undefined);
      return {done, pending: undefined};
    }
    const tag = `F${++this.#tag}`;
    let pending: Pending | undefined;
    const done = new Promise<string>((resolve, reject) => {
      pending = {
        ...handlers,
        command: text.slice(0, text.indexOf(' ')) || text,
        tag,
        resolve,
        reject,
        settled: false,
        taken: 0,
        crowded: this.#pending.size > 0,
      };
      this.#pending.set(tag, pending);
      if (pending.untagged !== undefined) this.#listening.add(pending);
    });
    // A caller may look at `done` late (while it is still writing); the rejection is not unhandled then.
    done.catch(() => undefined);
    this.#silence.begin();
    this.#patience.begin();
    return {done, pending};
  }

  #write(piece: string | Buffer): boolean {
    if (this.#closed !== undefined) return true;
    this.#silence.heard();
    this.#patience.moved(piece.length);
    return typeof piece === 'string'
      ? this.#sockets.writeSocket.write(piece, 'latin1')
      : this.#sockets.writeSocket.write(piece);
  }

  /** What the work writes leaves in one packet train. */
  together(work: () => void): void {
    const socket = this.#sockets.writeSocket;
    socket.cork();
    try {
      work();
    } finally {
      socket.uncork();
    }
  }

  /** Leaves answers where they are for now: many small ones are taken in one go by `listen`. */
  rest(): void {
    if (this.#closed !== undefined) return;
    this.#resting = true;
    this.#sockets.readSocket.pause();
  }

  listen(): void {
    if (this.#resting) this.#patience.further();
    this.#resting = false;
    if (this.#closed === undefined && !this.#framing.held) this.#sockets.readSocket.resume();
  }

  /** Small pieces and large ones in one packet train, not a packet each. False: call `drained` before the next. */
  writeTogether(pieces: readonly (string | Buffer)[]): boolean {
    let room = true;
    this.together(() => {
      for (const piece of pieces) room = this.#write(piece);
    });
    return room;
  }

  /** Resolves when the socket takes more; rejects where the connection is lost first. */
  drained(): Promise<void> {
    const socket = this.#sockets.writeSocket;
    if (this.#closed !== undefined) return Promise.reject(this.#closed);
    if (!socket.writableNeedDrain) return Promise.resolve();
    // The server may take nothing before its answers are taken.
    this.listen();
    return new Promise((resolve, reject) => {
      const stop = () => {
        socket.off('drain', drained);
        this.#sockets.socket.off('close', closed);
      };
      const drained = () => {
        stop();
        this.#silence.heard();
        resolve();
      };
      const closed = () => {
        stop();
        reject(this.#closed ?? this.#hungUp());
      };
      socket.on('drain', drained);
      this.#sockets.socket.on('close', closed);
    });
  }

  #goAhead(pending: Pending | undefined): Promise<void> {
    this.listen();
    if (this.#closed !== undefined || pending === undefined)
      return Promise.reject(
        this.#closed ?? new ConnectionLost(this.end, 'NoConnection', 'The connection is closed'),
      );
    if (pending.settled) return Promise.resolve();
    return new Promise((resolve, reject) => {
      pending.goAhead = {resolve, reject};
    });
  }

  #silent(): void {
    if (this.#pending.size === 0) return;
    // Whoever rests has left the answers where they are: the silence is ours.
    const rested = this.#resting;
    if (rested) this.listen();
    const seconds = Math.round(this.#inactivityMs / 1000);
    if (this.#framing.held || rested) this.#silence.begin();
    else this.#fail(new ConnectionLost(this.end, 'ETIMEOUT', `No answer for ${seconds} s`));
  }

  #fail(error: ConnectionLost): void {
    if (this.#closed !== undefined) return;
    this.#closed = error;
    this.#gone.abort();
    this.#silence.end();
    this.#patience.end();
    this.#sockets.socket.destroy();
    this.#sockets.writeSocket.destroy();
    this.#sockets.readSocket.destroy();
    this.#framing.clear();
    this.#listening.clear();
    const lost = [...this.#pending.values()];
    this.#pending.clear();
    for (const pending of lost) {
      pending.settled = true;
      pending.goAhead?.reject(error);
      pending.reject(error);
    }
    this.#queue.fail(error);
  }

  /** With its goodbye. */
  #hungUp(code = 'NoConnection', message = 'The server closed the connection'): ConnectionLost {
    const said = this.#bye === undefined ? undefined : this.#words(this.#bye);
    return new ConnectionLost(this.end, code, message, said);
  }

  /** What cannot be read ends the connection, not the program. */
  #unreadable(error: unknown): ConnectionLost {
    const code = error instanceof FramingError ? error.code : 'InvalidResponse';
    return new ConnectionLost(this.end, code, error instanceof Error ? error.message : String(error));
  }

  #dispatch(response: WireResponse): void {
    const line = response.lines[0] ?? '';
    if (line.startsWith('* ')) {
      if (/^\* BYE\b/i.test(line)) this.#bye = line.slice(6, 6 + mostBye).trim();
      for (const pending of this.#listening)
        if (pending.untagged?.(response) === true) {
          this.#answers.taken(pending);
          return;
        }
      this.#answers.idle(response);
      return;
    }
    if (line.startsWith('+')) {
      // Only one command at a time waits for it: the one that is being written.
      let waiting: Pending | undefined;
      for (const pending of this.#pending.values()) if (pending.goAhead !== undefined) waiting ??= pending;
      const goAhead = waiting?.goAhead;
      if (waiting === undefined) this.#answers.idle(response);
      else delete waiting.goAhead;
      goAhead?.resolve();
      return;
    }
    const space = line.indexOf(' ');
    const tag = line.slice(0, space);
    const pending = this.#pending.get(tag);
    if (pending === undefined) {
      this.#fail(
        new ConnectionLost(this.end, 'UnexpectedTag', 'The server answered out of step', this.#words(line)),
      );
      return;
    }
    this.#answers.ended();
    this.#pending.delete(tag);
    this.#listening.delete(pending);
    pending.settled = true;
    if (this.#pending.size === 0) {
      this.#silence.end();
      this.#patience.end();
    }
    this.#settle(pending, response.lines.join('').slice(space + 1));
    if (this.#pending.size === 0) this.#queue.next();
  }

  #settle(pending: Pending, rest: string): void {
    const {status, text} = readTagged(rest);
    if (status === 'OK') {
      pending.goAhead?.resolve();
      pending.resolve(text);
      return;
    }
    if (status === 'BAD') this.#refusals++;
    const refused = new ServerRefused(this.end, status, this.#words(text || rest), pending.command);
    const objects = pending.crowded && refused.isObjection;
    if (objects) this.manners.oneAtATime = true;
    // What came behind it may have been done in another folder, or without what it builds on: none of it counts. Nothing
    // builds on an APPEND, which is sent again in another way (writer.ts).
    const lost = objects && pending.command !== 'APPEND' ? crowdedOut(refused) : undefined;
    // Where no folder is open 'not valid in this state' says just that.
    if (/^(?:SELECT|EXAMINE)$/.test(pending.command))
      for (const later of this.#pending.values()) later.crowded = false;
    pending.goAhead?.reject(lost ?? refused);
    pending.reject(lost ?? refused);
    if (lost !== undefined) this.#fail(lost);
  }
}
