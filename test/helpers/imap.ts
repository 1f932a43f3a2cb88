// A minimal IMAP client of the tests' own, for filling mailboxes and reading them back: what the program wrote
// through its IMAP library must not be checked through that library.
import {connect as connectPlain, type Socket} from 'node:net';
import {connect as connectTls} from 'node:tls';
import {encodeName, quote} from './imap-names.ts';
import {ImapReader, type Token} from './imap-reader.ts';

export type MailServer = {
  readonly host: string;
  /** The plain port; used unless `tls` is asked for. */
  readonly imapPort: number;
  readonly imapsPort?: number;
  readonly ca?: string;
};

export type ImapConnectionOptions = {
  readonly password?: string;
  readonly tls?: boolean;
};

/** One untagged response, for example ['LIST', ['\\HasNoChildren'], '/', 'INBOX']. */
export type Untagged = readonly Token[];

export type MessageToAppend = {
  readonly bytes: Uint8Array;
  readonly flags?: readonly string[];
  /** IMAP date-time, for example `17-Jul-1996 02:44:25 -0700`. */
  readonly date?: string;
};

/** Appended in one command where the server takes MULTIAPPEND. */
const batchBytes = 4_000_000;
const batchMessages = 200;

export class ImapRefusal extends Error {
  readonly status: string;

  constructor(command: string, answer: string) {
    super(`${command}: ${answer}`);
    this.name = 'ImapRefusal';
    this.status = answer.split(' ')[0] ?? '';
  }
}

export class ImapConnection {
  readonly #socket: Socket;
  readonly #reader: ImapReader;
  #tag = 0;
  capabilities: ReadonlySet<string> = new Set();

  private constructor(socket: Socket) {
    this.#socket = socket;
    this.#reader = new ImapReader(socket);
  }

  /** Signs in. Throws ImapRefusal where the server refuses. */
  static async open(
    server: MailServer,
    user: string,
    {password = 'pass', tls = false}: ImapConnectionOptions = {},
  ): Promise<ImapConnection> {
    const {host} = server;
    const socket = tls
      ? connectTls({host, port: server.imapsPort ?? 0, ...(server.ca === undefined ? {} : {ca: server.ca})})
      : connectPlain({host, port: server.imapPort});
    socket.setNoDelay(true);
    const connection = new ImapConnection(socket);
    await connection.#reader.line();
    await connection.command(`LOGIN ${quote(user)} ${quote(password)}`);
    for (const [kind, ...names] of await connection.command('CAPABILITY'))
      if (kind === 'CAPABILITY') connection.capabilities = new Set(names.map(String));
    return connection;
  }

  /** Sends a command without literals and gives its untagged responses. Throws ImapRefusal on NO and BAD. */
  async command(text: string, eachUntagged?: (response: Untagged) => void): Promise<Untagged[]> {
    const tag = this.#nextTag();
    this.#socket.write(`${tag} ${text}\r\n`);
    return this.#answer(tag, text, eachUntagged);
  }

  /** Appends to a folder given by its decoded path, several messages in a command where the server can. */
  async append(path: string, messages: readonly MessageToAppend[]): Promise<void> {
    const many = this.capabilities.has('MULTIAPPEND');
    const folder = quote(encodeName(path));
    let batch: MessageToAppend[] = [];
    let bytes = 0;
    for (const message of messages) {
      if (
        batch.length > 0 &&
        (!many || batch.length >= batchMessages || bytes + message.bytes.length > batchBytes)
      ) {
        await this.#appendBatch(folder, batch);
        batch = [];
        bytes = 0;
      }
      batch.push(message);
      bytes += message.bytes.length;
    }
    if (batch.length > 0) await this.#appendBatch(folder, batch);
  }

  async #appendBatch(folder: string, messages: readonly MessageToAppend[]): Promise<void> {
    const free = this.capabilities.has('LITERAL+');
    const tag = this.#nextTag();
    this.#socket.write(`${tag} APPEND ${folder}`);
    for (const {bytes, flags = [], date} of messages) {
      const when = date === undefined ? '' : ` "${date.padStart(26)}"`;
      this.#socket.write(` (${flags.join(' ')})${when} {${bytes.length}${free ? '+' : ''}}\r\n`);
      if (!free) {
        const go = await this.#reader.line();
        if (!go.startsWith('+')) throw new ImapRefusal(`APPEND ${folder}`, go.replace(`${tag} `, ''));
      }
      if (!this.#socket.write(bytes)) await this.#drained();
    }
    this.#socket.write('\r\n');
    await this.#answer(tag, `APPEND ${folder}`);
  }

  /** LOGOUT, then the end of the connection. */
  async close(): Promise<void> {
    await this.command('LOGOUT').catch(() => undefined);
    this.#socket.destroy();
  }

  #nextTag(): string {
    this.#tag += 1;
    return `t${this.#tag}`;
  }

  #drained(): Promise<void> {
    const {promise, resolve, reject} = Promise.withResolvers<void>();
    const failed = () => reject(new Error('The connection closed while sending'));
    this.#socket.once('close', failed);
    this.#socket.once('drain', resolve);
    return promise.finally(() => this.#socket.off('close', failed));
  }

  async #answer(
    tag: string,
    command: string,
    eachUntagged?: (response: Untagged) => void,
  ): Promise<Untagged[]> {
    const untagged: Untagged[] = [];
    for (;;) {
      const [first, ...rest] = await this.#reader.response();
      if (first === '*') {
        if (eachUntagged) eachUntagged(rest);
        else untagged.push(rest);
      } else if (first === tag) {
        if (rest[0] === 'OK') return untagged;
        throw new ImapRefusal(command, rest.map(String).join(' '));
      }
    }
  }
}
