// A client that says and hears raw bytes, for testing the simulator itself.
import {connect as connectPlain, type Socket} from 'node:net';
import {connect as connectTls} from 'node:tls';
import type {MailServer} from '../../helpers/imap.ts';

export class Talk {
  readonly #socket: Socket;
  #heard = '';
  #over = false;
  #wake: () => void = () => undefined;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setEncoding('latin1');
    socket.on('data', (text: string) => {
      this.#heard += text;
      this.#wake();
    });
    socket.on('error', () => undefined);
    socket.once('close', () => {
      this.#over = true;
      this.#wake();
    });
  }

  /** Connects and hears the greeting. */
  static async open(server: MailServer, {tls = false}: {tls?: boolean} = {}): Promise<Talk> {
    const {host, imapPort, imapsPort = 0, ca} = server;
    const talk = new Talk(
      tls
        ? connectTls({host, port: imapsPort, ...(ca === undefined ? {} : {ca})})
        : connectPlain({host, port: imapPort}),
    );
    await talk.hear(/^\* OK .*\r\n/);
    return talk;
  }

  /** Connected, and signed in with a password. */
  static async signedIn(server: MailServer, user: string, password = 'pass'): Promise<Talk> {
    const talk = await Talk.open(server);
    await talk.ask(`in LOGIN ${user} ${password}`);
    return talk;
  }

  /** Sends the text as it is. */
  send(text: string): void {
    this.#socket.write(text, 'latin1');
  }

  /** Waits until this comes, and gives everything up to and with it. Throws where the connection ends before. */
  async hear(wanted: RegExp): Promise<string> {
    for (;;) {
      const found = wanted.exec(this.#heard);
      if (found !== null) {
        const text = this.#heard.slice(0, found.index + found[0].length);
        this.#heard = this.#heard.slice(text.length);
        return text;
      }
      if (this.#over) throw new Error(`The connection ended after: ${this.#heard}`);
      await this.#more();
    }
  }

  /** Sends a command, gives everything up to its tagged answer. */
  ask(command: string): Promise<string> {
    const tag = command.split(' ', 1)[0] ?? '';
    this.send(`${command}\r\n`);
    return this.hear(new RegExp(`(^|\\n)${tag} (OK|NO|BAD).*\\r\\n`));
  }

  /** APPEND with a literal that waits for its +; gives the answer. */
  async append(folder: string, message: string, attributes = '()'): Promise<string> {
    this.send(`ap APPEND ${folder} ${attributes} {${Buffer.byteLength(message, 'latin1')}}\r\n`);
    const go = await this.hear(/(^|\n)(\+|ap) .*\r\n/);
    if (!go.includes('+ ')) return go;
    this.send(`${message}\r\n`);
    return this.hear(/(^|\n)ap .*\r\n/);
  }

  /** What comes until the server ends the connection. */
  async rest(): Promise<string> {
    while (!this.#over) await this.#more();
    return this.#heard;
  }

  close(): void {
    this.#socket.destroy();
  }

  #more(): Promise<void> {
    const {promise, resolve} = Promise.withResolvers<void>();
    this.#wake = resolve;
    return promise;
  }
}
