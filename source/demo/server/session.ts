// One client's connection. Commands are answered in order, so a client may send several at once. There is no
// STORE, EXPUNGE or DELETE: nothing on this server can be changed but by CREATE and APPEND.
import {once} from 'node:events';
import type {Socket} from 'node:net';
import {type Argument, type Command, CommandReader, isList, quote, textOf} from './commands.ts';
import type {Link} from './link.ts';
import {chosen, fetchItem, fetchItems, type Numbered, search} from './messages.ts';
import type {Folder, Mailbox, NewMessage} from './store.ts';

export type SessionOptions = {
  readonly mailboxes: ReadonlyMap<string, Mailbox>;
  readonly link: Link;
  /** APPENDLIMIT (RFC 7889), in bytes. */
  readonly largestMessage?: number;
  /** In ms. */
  readonly now: () => number;
};

const capabilities =
  'IMAP4rev1 LITERAL+ ID NAMESPACE CHILDREN UNSELECT ENABLE UIDPLUS SPECIAL-USE LIST-STATUS STATUS=SIZE';
const systemFlags = '\\Answered \\Flagged \\Deleted \\Seen \\Draft';

/** Ends a command with NO or BAD. */
class Refusal extends Error {}

const no = (text: string) => new Refusal(`NO ${text}`);
const bad = (text: string) => new Refusal(`BAD ${text}`);

export class Session {
  readonly #socket: Socket;
  readonly #options: SessionOptions;
  readonly #reader: CommandReader;
  #mailbox: Mailbox | undefined;
  #selected: Folder | undefined;
  #told = 0;

  constructor(socket: Socket, options: SessionOptions) {
    this.#socket = socket;
    this.#options = options;
    this.#reader = new CommandReader({
      chunks: this.#chunks(),
      send: line => this.#send(`${line}\r\n`),
      accept: (command, size) => {
        if (/^\S+ APPEND /i.test(command) && this.#tooLarge(size)) return this.#tooLargeText();
        return size > 100_000_000 ? 'NO That is too large' : undefined;
      },
    });
  }

  /** Serves the connection to its end. */
  async serve(): Promise<void> {
    await this.#send('* OK ready\r\n');
    for (;;) {
      const command = await this.#reader.next();
      if (command === undefined) return;
      const answer = await this.#carryOut(command);
      await this.#tellExists();
      await this.#send(`${command.tag} ${answer}\r\n`);
      if (command.name === 'LOGOUT') return;
    }
  }

  async #carryOut(command: Command): Promise<string> {
    try {
      return await this.#answer(command);
    } catch (error) {
      if (error instanceof Refusal) return error.message;
      throw error;
    }
  }

  async #answer({name, arguments: given}: Command): Promise<string> {
    switch (name) {
      case 'CAPABILITY':
        await this.#untagged(`CAPABILITY ${this.#capabilities()}`);
        return 'OK';
      case 'ID':
        await this.#untagged('ID ("name" "mailferry demo")');
        return 'OK';
      case 'NOOP':
      case 'CHECK':
        return 'OK';
      case 'LOGOUT':
        await this.#untagged('BYE until next time');
        return 'OK';
      case 'LOGIN':
        return this.#login(textOf(given[0]), textOf(given[1]));
    }
    const mailbox = this.#mailbox;
    if (mailbox === undefined) throw bad('Sign in first');
    switch (name) {
      case 'NAMESPACE':
        await this.#untagged('NAMESPACE (("" "/")) NIL NIL');
        return 'OK';
      case 'ENABLE':
        await this.#untagged('ENABLED');
        return 'OK';
      case 'LIST':
      case 'LSUB':
        return this.#list(mailbox, name, given);
      case 'STATUS':
        await this.#untagged(statusOf(folderIn(mailbox, given[0]), given[1]));
        return 'OK';
      case 'SELECT':
      case 'EXAMINE':
        return this.#select(folderIn(mailbox, given[0]), name);
      case 'CLOSE':
      case 'UNSELECT':
        this.#selected = undefined;
        return 'OK';
      case 'CREATE':
        return create(mailbox, textOf(given[0]));
      case 'SUBSCRIBE':
        return 'OK';
      case 'APPEND':
        return this.#append(mailbox, given);
    }
    const selected = this.#selected;
    if (selected === undefined) throw bad('Unknown command, or no folder selected');
    switch (name) {
      case 'FETCH':
      case 'UID FETCH':
        return this.#fetch(selected, given, name === 'UID FETCH');
      case 'SEARCH':
      case 'UID SEARCH':
        return this.#search(selected, given, name === 'UID SEARCH');
    }
    throw bad('Unknown command');
  }

  #capabilities(): string {
    const {largestMessage} = this.#options;
    return largestMessage === undefined ? capabilities : `${capabilities} APPENDLIMIT=${largestMessage}`;
  }

  #login(user: string, password: string): string {
    const mailbox = this.#options.mailboxes.get(user.toLowerCase());
    if (mailbox === undefined || mailbox.password !== password)
      throw no('[AUTHENTICATIONFAILED] Wrong user name or password');
    this.#mailbox = mailbox;
    return `OK [CAPABILITY ${this.#capabilities()}] Signed in`;
  }

  async #list(mailbox: Mailbox, name: string, given: readonly Argument[]): Promise<string> {
    const pattern = textOf(given[0]) + textOf(given[1]);
    if (pattern === '') {
      await this.#untagged(`${name} (\\Noselect) "/" ""`);
      return 'OK';
    }
    const matches = new RegExp(
      `^${pattern
        .replaceAll(/[\\^$.+?()[\]{}|]/g, '\\$&')
        .replaceAll('*', '.*')
        .replaceAll('%', '[^/]*')}$`,
      'i',
    );
    const wanted = isList(given[3]) ? given[3] : [];
    const status = wanted[wanted.findIndex(option => /^STATUS$/i.test(textOf(option))) + 1];
    for (const folder of mailbox.folders.filter(each => matches.test(each.name))) {
      const attributes = [
        mailbox.hasChildren(folder) ? '\\HasChildren' : '\\HasNoChildren',
        folder.specialUse,
      ];
      await this.#untagged(`${name} (${attributes.join(' ').trim()}) "/" ${quote(folder.name)}`);
      if (isList(status)) await this.#untagged(statusOf(folder, status));
    }
    return 'OK';
  }

  async #select(folder: Folder, name: string): Promise<string> {
    this.#selected = folder;
    this.#told = folder.messages.length;
    await this.#untagged(`FLAGS (${systemFlags})`);
    await this.#untagged(`${this.#told} EXISTS`);
    await this.#untagged('0 RECENT');
    await this.#untagged(`OK [PERMANENTFLAGS (${name === 'SELECT' ? `${systemFlags} \\*` : ''})] kept`);
    await this.#untagged(`OK [UIDVALIDITY ${folder.uidValidity}] UIDs hold`);
    await this.#untagged(`OK [UIDNEXT ${folder.uidNext}] next UID`);
    return `OK [${name === 'SELECT' ? 'READ-WRITE' : 'READ-ONLY'}] Open`;
  }

  async #fetch(folder: Folder, given: readonly Argument[], byUid: boolean): Promise<string> {
    const items = fetchItems(given[1], byUid);
    if (items === undefined) throw bad('Unknown FETCH item');
    for (const {number, message} of chosen(folder, textOf(given[0]), byUid)) {
      const pieces = items.flatMap((item, index) => [index === 0 ? '' : ' ', ...fetchItem(message, item)]);
      const bytes = [`* ${number} FETCH (`, ...pieces, ')\r\n'].map(piece =>
        typeof piece === 'string' ? Buffer.from(piece) : piece,
      );
      await this.#send(Buffer.concat(bytes));
    }
    return 'OK';
  }

  async #search(folder: Folder, keys: readonly Argument[], byUid: boolean): Promise<string> {
    const found = search(folder, keys);
    if (found === undefined) throw bad('Unknown SEARCH key');
    const answer = (one: Numbered) => (byUid ? one.message.uid : one.number);
    await this.#untagged(['SEARCH', ...found.map(answer)].join(' '));
    return 'OK';
  }

  #append(mailbox: Mailbox, given: readonly Argument[]): string {
    const folder = mailbox.find(textOf(given[0]));
    if (folder === undefined) throw no('[TRYCREATE] There is no such folder');
    const bytes = given.at(-1);
    if (!Buffer.isBuffer(bytes)) throw bad('APPEND needs a literal');
    if (this.#tooLarge(bytes.length)) throw new Refusal(this.#tooLargeText());
    const between = given.slice(1, -1);
    const message: NewMessage = {
      flags: between.filter(isList).flat().map(textOf),
      date: between.map(textOf).find(text => text !== '') ?? internalDate(this.#options.now()),
      bytes,
    };
    const uid = folder.add(message);
    return `OK [APPENDUID ${folder.uidValidity} ${uid}] Stored`;
  }

  #tooLarge(size: number): boolean {
    const {largestMessage} = this.#options;
    return largestMessage !== undefined && size > largestMessage;
  }

  #tooLargeText(): string {
    return `NO [TOOBIG] This server takes messages of up to ${this.#options.largestMessage} bytes`;
  }

  /** Another connection may have added to the folder that is open here (RFC 3501 section 7.3.1). */
  async #tellExists(): Promise<void> {
    const count = this.#selected?.messages.length ?? 0;
    if (this.#selected === undefined || count === this.#told) return;
    this.#told = count;
    await this.#untagged(`${count} EXISTS`);
  }

  #untagged(line: string): Promise<void> {
    return this.#send(`* ${line}\r\n`);
  }

  async #send(data: string | Buffer): Promise<void> {
    const {link} = this.#options;
    await link.carry(data.length);
    if (this.#socket.destroyed) return;
    if (link.latencyMs > 0) {
      setTimeout(() => {
        if (!this.#socket.destroyed) this.#socket.write(data);
      }, link.latencyMs);
    } else if (!this.#socket.write(data)) {
      await Promise.race([once(this.#socket, 'drain'), once(this.#socket, 'close')]);
    }
  }

  async *#chunks(): AsyncGenerator<Buffer> {
    for await (const chunk of this.#socket) {
      await this.#options.link.carry(chunk.length);
      yield chunk;
    }
  }
}

function folderIn(mailbox: Mailbox, name: Argument | undefined): Folder {
  const folder = mailbox.find(textOf(name));
  if (folder === undefined) throw no('[NONEXISTENT] There is no such folder');
  return folder;
}

function create(mailbox: Mailbox, name: string): string {
  if (name === '' || mailbox.find(name) !== undefined)
    throw no('[ALREADYEXISTS] The folder is there already');
  mailbox.create(name.replace(/\/$/, ''));
  return 'OK';
}

function statusOf(folder: Folder, items: Argument | undefined): string {
  const values: Record<string, number> = {
    MESSAGES: folder.messages.length,
    UIDNEXT: folder.uidNext,
    UIDVALIDITY: folder.uidValidity,
    UNSEEN: folder.messages.filter(message => !message.flags.includes('\\Seen')).length,
    RECENT: 0,
    SIZE: folder.bytes,
  };
  const names = (isList(items) ? items : []).map(item => textOf(item).toUpperCase());
  const told = names.filter(name => Object.hasOwn(values, name)).map(name => `${name} ${values[name]}`);
  return `STATUS ${quote(folder.name)} (${told.join(' ')})`;
}

/** In UTC, as RFC 3501 writes it. */
function internalDate(ms: number): string {
  const [, day = '', month = '', year = '', time = ''] = new Date(ms).toUTCString().split(' ');
  return `${day}-${month}-${year} ${time} +0000`;
}
