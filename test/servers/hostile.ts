// An IMAP server that means harm: a proxy before the demo's honest server. It sees each command with the honest reply
// and says something else in its place. Loopback only.
import {connect, createServer, type Socket} from 'node:net';
import {startImapServer} from '../../source/demo/server/server.ts';
import {Mailbox} from '../../source/demo/server/store.ts';
import type {MailServer} from '../helpers/imap.ts';

export type Exchanged = {
  readonly tag: string;
  /** Without its tag and literals; '' for the greeting. */
  readonly command: string;
  /** What the honest server answers, as latin1, its tagged line and CRLF included. */
  readonly reply: string;
  /** Replies before this one on this connection. */
  readonly turn: number;
};

/** Ends the connection. */
export const hangUp = Symbol('hang up');
/** Says nothing more on this connection, and leaves it open. */
export const fallSilent = Symbol('fall silent');

export type Piece = string | Buffer | typeof hangUp | typeof fallSilent;
/** What is said instead; undefined: the honest reply. Strings are latin1. */
export type Lie = Piece | Iterable<Piece> | AsyncIterable<Piece> | undefined;
export type Hostility = (exchanged: Exchanged) => Lie;

export type HostileServer = MailServer & {
  readonly mailbox: Mailbox;
  stop(): Promise<void>;
};

export type HostileMessage = {
  readonly bytes: Buffer;
  readonly flags?: readonly string[];
  readonly date?: string;
};

/** A small message, told from others by its number. */
export function smallMail(number: number, more = ''): HostileMessage {
  const text = `From: a@example.org\r\nTo: b@example.org\r\nSubject: m ${number}\r\nDate: Mon, 2 Mar 1998 09:10:11 +0530\r\nMessage-ID: <h.${number}@example.org>\r\n${more}\r\nbody ${number}\r\n`;
  return {bytes: Buffer.from(text)};
}

/**
 * One mailbox, whoever signs in with `user` and 'pass'.
 * @param folders messages by name as on the wire; INBOX is there always
 * @param mailbox where they are put
 */
export async function startHostile(
  user: string,
  folders: Readonly<Record<string, readonly HostileMessage[]>>,
  hostility: Hostility,
  mailbox = new Mailbox('pass'),
): Promise<HostileServer> {
  for (const [name, messages] of Object.entries(folders)) {
    const folder = mailbox.create(name);
    for (const {bytes, flags = [], date = '17-Jul-1996 02:44:25 -0700'} of messages)
      folder.add({bytes, flags, date});
  }
  const honest = await startImapServer({mailboxes: new Map([[user, mailbox]]), now: Date.now});
  const clients = new Set<Connection>();
  const server = createServer(client => {
    const connection = new Connection(client, connect({host: honest.host, port: honest.port}), hostility);
    clients.add(connection);
    client.once('close', () => clients.delete(connection));
  });
  await new Promise<void>(listening => server.listen(0, '127.0.0.1', listening));
  const address = server.address();
  return {
    host: '127.0.0.1',
    imapPort: typeof address === 'object' && address !== null ? address.port : 0,
    mailbox,
    stop: async () => {
      server.close();
      for (const client of clients) client.end();
      await honest.stop();
    },
  };
}

class Connection {
  readonly #client: Socket;
  readonly #honest: Socket;
  readonly #hostility: Hostility;
  /** Tags and commands that the honest server has yet to answer, the greeting first. */
  readonly #asked: {readonly tag: string; readonly command: string}[] = [{tag: '', command: ''}];
  #said = Promise.resolve();
  #silent = false;
  #turn = 0;
  #reply = '';
  /** Its last characters, where all before them was looked through in vain: a long reply is put together once. */
  #tail: string | undefined;
  /** Of the command that is being sent: its text, and the rest of a literal in it. */
  #line = '';
  #command = '';
  #literal = 0;

  constructor(client: Socket, honest: Socket, hostility: Hostility) {
    this.#client = client;
    this.#honest = honest;
    this.#hostility = hostility;
    client.on('data', chunk => {
      this.#sent(chunk.toString('latin1'));
      honest.write(chunk);
    });
    honest.on('data', chunk => this.#answered(chunk.toString('latin1')));
    for (const socket of [client, honest]) {
      socket.on('error', () => this.end());
      socket.on('close', () => this.end());
    }
  }

  end(): void {
    this.#client.destroy();
    this.#honest.destroy();
  }

  #sent(text: string): void {
    let at = 0;
    while (at < text.length) {
      if (this.#literal > 0) {
        const taken = Math.min(this.#literal, text.length - at);
        this.#literal -= taken;
        at += taken;
        continue;
      }
      const end = text.indexOf('\n', at);
      const stop = end === -1 ? text.length : end + 1;
      this.#line += text.slice(at, stop);
      at = stop;
      if (end === -1) return;
      const literal = /\{(\d+)\+?\}\r\n$/.exec(this.#line);
      this.#command += this.#line.trimEnd();
      this.#line = '';
      if (literal !== null) {
        this.#literal = Number(literal[1]);
        continue;
      }
      const [tag = '', ...words] = this.#command.split(' ');
      this.#command = '';
      if (words.length > 0) this.#asked.push({tag, command: words.join(' ')});
    }
  }

  #answered(text: string): void {
    this.#reply += text;
    const waiting = this.#asked[0];
    if (this.#tail !== undefined && waiting !== undefined) {
      const near = this.#tail + text;
      this.#tail = near.slice(-100);
      if (!near.includes(`\n${waiting.tag} `)) return;
    }
    this.#tail = undefined;
    for (;;) {
      // A continuation is passed on: what comes behind it is the reply.
      const goAhead = /^\+[^\n]*\n/.exec(this.#reply)?.[0];
      if (goAhead !== undefined) {
        this.#reply = this.#reply.slice(goAhead.length);
        this.#say(goAhead);
        continue;
      }
      const asked = this.#asked[0];
      if (asked === undefined) return;
      const end = asked.tag === '' ? this.#reply.indexOf('\n') : this.#endOf(asked.tag);
      if (end === -1) {
        // A packet may end within the tag: also where the reply begins with it, it is found behind a line's end.
        const looked = `\n${this.#reply}`;
        if (asked.tag !== '' && this.#reply !== '' && !looked.includes(`\n${asked.tag} `))
          this.#tail = looked.slice(-100);
        return;
      }
      const reply = this.#reply.slice(0, end + 1);
      this.#reply = this.#reply.slice(end + 1);
      this.#asked.shift();
      const turn = this.#turn++;
      this.#say(this.#hostility({...asked, reply, turn}) ?? reply);
    }
  }

  #endOf(tag: string): number {
    const at = this.#reply.startsWith(`${tag} `) ? 0 : this.#reply.indexOf(`\n${tag} `);
    return at === -1 ? -1 : this.#reply.indexOf('\n', at + 1);
  }

  /** One after the other, no faster than the client takes it. */
  #say(lie: Exclude<Lie, undefined>): void {
    this.#said = this.#said
      .then(async () => {
        if (typeof lie === 'string' || Buffer.isBuffer(lie) || typeof lie === 'symbol')
          await this.#piece(lie);
        else
          for await (const piece of lie) {
            if (!(await this.#piece(piece))) return;
            // The client may live in this process.
            await new Promise(others => setImmediate(others));
          }
      })
      .catch(() => this.end());
  }

  async #piece(piece: Piece): Promise<boolean> {
    if (this.#client.destroyed || this.#silent) return false;
    if (piece === hangUp) {
      this.#client.end();
      return false;
    }
    if (piece === fallSilent) {
      this.#silent = true;
      return false;
    }
    const taken = typeof piece === 'string' ? this.#client.write(piece, 'latin1') : this.#client.write(piece);
    if (!taken) await drained(this.#client);
    return !this.#client.destroyed;
  }
}

/** It takes more, or it is gone. */
function drained(socket: Socket): Promise<void> {
  return new Promise(resolve => {
    const done = () => {
      socket.off('drain', done);
      socket.off('close', done);
      resolve();
    };
    socket.on('drain', done);
    socket.on('close', done);
  });
}
