// Another client at work on either mailbox: carries a change out at the server and enters it in the books.

import {createHash} from 'node:crypto';
import {showPath} from '../../../source/engine/folders/path.ts';
import {ImapConnection, ImapRefusal, type MailServer} from '../../helpers/imap.ts';
import {encodeName, quote} from '../../helpers/imap-names.ts';
import {namespaceOf, readFolder, type StoredMessage, selectable} from '../../helpers/mail.ts';
import {corpus, type MailToStore} from '../../helpers/mail-corpus.ts';
import {type Random, seeded} from '../../helpers/mail-random.ts';
import type {Books} from './books.ts';
import type {Looks} from './looks.ts';
import {fillUp, makeRoom} from './quota.ts';
import type {At, Change} from './steps.ts';

export type Mail = Pick<MailToStore, 'bytes' | 'flags' | 'date'>;

export type Moment = 'during' | 'between' | 'known';

/** Where the copies go. */
export const root = 'Data17012018';

const otherFlags: readonly (readonly string[])[] = [
  [],
  ['\\Seen'],
  ['\\Flagged', '\\Seen'],
  ['\\Answered', '$Work'],
  ['Projekt-42', '$Label1', '\\Seen'],
];

const name = (path: string) => quote(encodeName(path));
const contents = (messages: readonly StoredMessage[]) => messages.map(({sha256}) => sha256);
const isBelow = (path: string, parent: string, separator: string) => path.startsWith(parent + separator);

/** A source path as the plan shows it: `\` escapes. */
export const shown = (path: string) => showPath(path.split('/'));

export class Hands {
  readonly #at: At;
  readonly #server: MailServer;
  readonly #user: string;
  readonly #books: Books;
  readonly #looks: Looks;
  #names = 0;

  constructor(at: At, server: MailServer, user: string, books: Books, looks: Looks) {
    this.#looks = looks;
    this.#at = at;
    this.#server = server;
    this.#user = user;
    this.#books = books;
  }

  /**
   * A change that the server refuses, since a run is at work on the same folder, is not made.
   * @param moment `known`: between two runs, the first of which ended in order
   */
  async make(change: Change, moment: Moment): Promise<void> {
    const connection = await ImapConnection.open(this.#server, this.#user);
    try {
      await this.#make(change, connection, moment);
    } catch (error) {
      if (!(error instanceof ImapRefusal)) throw error;
    } finally {
      await connection.close();
    }
  }

  /** The folder is made where it is missing. */
  async fill(path: string, messages: readonly Mail[]): Promise<void> {
    const connection = await ImapConnection.open(this.#server, this.#user);
    try {
      if (!(await this.#folders(connection)).paths.includes(path))
        await connection.command(`CREATE ${name(path)}`);
      await this.#append(connection, path, messages);
    } finally {
      await connection.close();
    }
  }

  async #folders(
    connection: ImapConnection,
  ): Promise<{readonly paths: readonly string[]; readonly separator: string; readonly prefix: string}> {
    const {prefix, separator} = await namespaceOf(connection);
    const paths = await selectable(connection);
    const below = prefix + root;
    return {
      prefix,
      separator,
      paths: this.#at === 'source' ? paths : paths.filter(path => isBelow(path, below, separator)),
    };
  }

  async #make(change: Change, connection: ImapConnection, moment: Moment): Promise<void> {
    if (change.kind === 'fill up') return fillUp(connection);
    if (change.kind === 'make room') return makeRoom(connection);
    const known = moment === 'known';
    const {paths, separator, prefix} = await this.#folders(connection);
    const folder = paths[change.folder % Math.max(1, paths.length)];
    if (folder === undefined) return;
    const whole = (path: string) => [
      path,
      ...paths.filter(each => each !== path && isBelow(each, path, separator)),
    ];
    switch (change.kind) {
      case 'append':
        return this.#append(connection, folder, corpus(change.count, {seed: change.seed, repeats: false}));
      case 'repeat': {
        const there = await readFolder(connection, folder, true);
        return this.#append(connection, folder, some(there, change).map(asMail));
      }
      case 'flag': {
        const flagged = some(await readFolder(connection, folder, false), change);
        const flags = seeded(change.seed).pick(otherFlags);
        await this.#select(connection, folder, flagged, set => [
          `UID STORE ${set} FLAGS.SILENT (${flags.join(' ')})`,
        ]);
        if (this.#at === 'destination')
          for (const message of flagged) this.#looks.put(folder, {...message, flags});
        return;
      }
      case 'expunge': {
        const gone = some(await readFolder(connection, folder, false), change);
        await this.#select(connection, folder, gone, set => [
          `UID STORE ${set} +FLAGS.SILENT (\\Deleted)`,
          `UID EXPUNGE ${set}`,
        ]);
        return this.#left(folder, gone, known);
      }
      case 'move': {
        const to = paths[change.to % paths.length];
        if (to === undefined || to === folder) return;
        const moved = some(await readFolder(connection, folder, false), change);
        await this.#select(connection, folder, moved, set => [`UID MOVE ${set} ${name(to)}`]);
        this.#came(to, moved);
        return this.#left(folder, moved, known);
      }
      case 'move away and back': {
        const away = `${prefix}Away ${++this.#names}`;
        await connection.command(`CREATE ${name(away)}`);
        const moved = some(await readFolder(connection, folder, false), change);
        await this.#select(connection, folder, moved, set => [`UID MOVE ${set} ${name(away)}`]);
        this.#left(folder, moved, known);
        this.#came(folder, moved);
        if (moved.length > 0) {
          await connection.command(`SELECT ${name(away)}`);
          await connection.command(`UID MOVE 1:* ${name(folder)}`);
        }
        await connection.command('UNSELECT').catch(() => undefined);
        await connection.command(`DELETE ${name(away)}`);
        return;
      }
      case 'create': {
        const path = change.name.join(separator);
        if (!paths.includes(path)) await connection.command(`CREATE ${name(path)}`);
        return;
      }
      case 'rename':
        return this.#rename(
          connection,
          folder,
          this.#at === 'source' ? change.name.join(separator) : `${prefix}By hand ${++this.#names}`,
          whole(folder),
          moment,
        );
      case 'delete': {
        if (folder === 'INBOX') return;
        const gone = this.#at === 'source' ? [] : await readFolder(connection, folder, false);
        await connection.command(`DELETE ${name(folder)}`);
        this.#folderGone(folder, gone, moment);
        return;
      }
      case 'restore': {
        if (folder === 'INBOX') return;
        const gone = await readFolder(connection, folder, true);
        await connection.command('UNSELECT').catch(() => undefined);
        await connection.command(`DELETE ${name(folder)}`);
        this.#folderGone(folder, gone, moment);
        await connection.command(`CREATE ${name(folder)}`).catch(() => undefined);
        const again = shuffled(gone.map(asMail), seeded(change.seed));
        // Between two runs as many are there as before.
        if (this.#at === 'destination' && moment !== 'during') {
          await connection.append(folder, again);
          this.#looked(folder, again);
        } else await this.#append(connection, folder, again);
      }
    }
  }

  async #rename(
    connection: ImapConnection,
    folder: string,
    to: string,
    moved: readonly string[],
    moment: Moment,
  ): Promise<void> {
    if (folder === 'INBOX') return;
    const gone = new Map<string, readonly StoredMessage[]>();
    if (this.#at === 'destination')
      for (const path of moved) gone.set(path, await readFolder(connection, path, false));
    await connection.command('UNSELECT').catch(() => undefined);
    await connection.command(`RENAME ${name(folder)} ${name(to)}`);
    for (const path of moved) {
      const held = this.#books.held(shown(path));
      this.#folderGone(path, gone.get(path) ?? [], moment);
      if (this.#at === 'source') this.#books.sourceHas(shown(to + path.slice(folder.length)), held);
    }
  }

  async #append(connection: ImapConnection, folder: string, messages: readonly Mail[]): Promise<void> {
    if (messages.length === 0) return;
    await connection.append(folder, messages);
    const digests = messages.map(({bytes}) => digest(bytes));
    if (this.#at === 'source') this.#books.sourceHas(shown(folder), digests);
    else this.#books.put(folder, digests);
    this.#looked(folder, messages);
  }

  /** How mail looks that people put at the destination. */
  #looked(folder: string, messages: readonly Mail[]): void {
    if (this.#at === 'source') return;
    for (const {bytes, flags, date} of messages)
      this.#looks.put(folder, {sha256: digest(bytes), flags, internalDate: date ?? ''});
  }

  async #select(
    connection: ImapConnection,
    folder: string,
    messages: readonly StoredMessage[],
    commands: (set: string) => readonly string[],
  ): Promise<void> {
    if (messages.length === 0) return;
    await connection.command(`SELECT ${name(folder)}`);
    for (const command of commands(messages.map(({uid}) => uid).join(','))) await connection.command(command);
  }

  #came(folder: string, messages: readonly StoredMessage[]): void {
    if (this.#at === 'source') this.#books.sourceHas(shown(folder), contents(messages));
    else {
      this.#books.put(folder, contents(messages));
      for (const message of messages) this.#looks.put(folder, message);
    }
  }

  #left(folder: string, messages: readonly StoredMessage[], known: boolean): void {
    if (this.#at === 'source') this.#books.sourceLost(shown(folder), contents(messages));
    else this.#books.took(folder, contents(messages), known);
  }

  /** @param gone what was in it at the destination */
  #folderGone(path: string, gone: readonly StoredMessage[], moment: Moment): void {
    if (this.#at === 'destination') {
      this.#books.renewed(path);
      // A run that is looking at it may see its mail go before the folder: then its copies count as deleted.
      if (moment === 'during') {
        this.#books.took(path, contents(gone), false);
        this.#looks.emptied(path);
      }
    } else {
      this.#books.sourceLost(shown(path), this.#books.held(shown(path)));
      this.#books.sourceRenewed(shown(path));
    }
  }
}

const asMail = ({bytes, flags, internalDate}: StoredMessage): Mail => ({
  bytes,
  flags: [...flags],
  date: internalDate,
});

function shuffled<Item>(items: readonly Item[], random: Random): Item[] {
  return items
    .map(item => ({item, at: random.below(1e6)}))
    .sort((one, other) => one.at - other.at)
    .map(({item}) => item);
}

function some(
  messages: readonly StoredMessage[],
  {count, seed}: {readonly count: number; readonly seed: number},
): StoredMessage[] {
  return shuffled(messages, seeded(seed)).slice(0, count);
}

/** Of a message as Dovecot hands it out: with the line ends that it stores all others as. */
const digest = (bytes: Uint8Array) =>
  createHash('sha256')
    .update(
      Buffer.from(
        Buffer.from(bytes)
          .toString('latin1')
          .replaceAll(/(?<!\r)\n/g, '\r\n'),
        'latin1',
      ),
    )
    .digest('hex');
