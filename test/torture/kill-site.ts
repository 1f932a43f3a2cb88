// Where runs are killed: one source mailbox with all that troubles, and destinations that each take mail in another way.
import {createHash} from 'node:crypto';
import {rmSync} from 'node:fs';
import {join} from 'node:path';
import {type Row, requestRow} from '../cli/place.ts';
import {ImapConnection} from '../helpers/imap.ts';
import {
  countMessages,
  fill,
  type Mailbox,
  readFolder,
  readMailbox,
  type StoredMessage,
} from '../helpers/mail.ts';
import {bigMessage, corpus, type FolderToFill, type MailToStore} from '../helpers/mail-corpus.ts';
import {type Dovecot, type DovecotOptions, startDovecot} from '../servers/dovecot.ts';
import type {Quirks} from '../servers/exchange/quirks.ts';
import {type ExchangeServer, startExchange} from '../servers/exchange/server.ts';
import {alsoMarked, markedPassword} from './left-behind.ts';

const largestMessage = 300_000;

/** Ways of storing, each with what the destination must lack for it; the last one refuses one message of a batch and the large one, and one is not even sent to it. */
const dovecots = {
  multiappend: {},
  pipelined: {hide: ['MULTIAPPEND']},
  overlapped: {hide: ['MULTIAPPEND', 'LITERAL+'], add: ['LITERAL-']},
  refusing: {largestMessage, add: ['APPENDLIMIT=350000']},
} as const satisfies Record<string, DovecotOptions>;

/** Exchange, simulated: one command at a time, and flags set once more. One does not tell UIDs, so that what
 * arrived is looked for, and asks to wait now and then. */
const exchanges = {
  single: {},
  unnamed: {appendUid: false, throttle: 'NO', throttleAfter: 17, throttleMs: 500},
} as const satisfies Record<string, Partial<Quirks>>;

export const variants = ['multiappend', 'pipelined', 'overlapped', 'single', 'unnamed', 'refusing'] as const;
export type Variant = (typeof variants)[number];

const isDovecot = (variant: Variant): variant is keyof typeof dovecots => Object.hasOwn(dovecots, variant);
const isExchange = (variant: Variant): variant is keyof typeof exchanges => Object.hasOwn(exchanges, variant);

export type Site = {
  readonly source: Dovecot;
  /** User id of the mailbox that the usual request copies, and what is in it. */
  readonly whole: string;
  readonly mail: Mailbox;
  readonly messages: number;
  /** A mailbox more at the source, with the same mail; its user id. */
  another(): Promise<string>;
  /** What a destination of the variant holds in the end. */
  golden(variant: Variant): Mailbox;
  /** How many messages it does not take. */
  refused(variant: Variant): number;
  /** Port of the variant's destination. */
  port(variant: Variant): number;
  /** A request from a source mailbox (`whole` where none is given) to a mailbox of the destination that `user` names. */
  row(variant: Variant, user: string, to?: {readonly port?: number; readonly source?: string}): Row;
  read(variant: Variant, user: string): Promise<Mailbox>;
  /** Another client at work in a folder of the destination. */
  store(variant: Variant, user: string, folder: string, message: MailToStore): Promise<void>;
  /** Deletes the messages there with this content. */
  remove(variant: Variant, user: string, folder: string, sha256: string): Promise<void>;
  /** Messages that are flagged over IMAP and nowhere else. */
  unflagged(variant: Variant, user: string): number;
  /** Removes a destination's mailbox. */
  forget(variant: Variant, user: string): void;
  stop(): Promise<void>;
};

const whole = 'whole';
export const sourceAddress = (user: string) => `${user}@baya.com`;
const address = (user: string) => `${user}@vault.example`;

/** Some of everything that is hard to tell apart, one message that streams, and two that a small server does not take. */
function mail(seed: number): FolderToFill[] {
  const inbox = corpus(30, {seed: seed * 10 + 1, repeats: true});
  const projects = corpus(20, {seed: seed * 10 + 3, repeats: true});
  const twins = corpus(2, {seed: seed * 10 + 5, kinds: ['no-message-id']});
  return [
    {
      path: ['INBOX'],
      messages: [
        ...inbox.slice(0, 20),
        bigMessage(2_400_000, seed * 10 + 6),
        ...inbox.slice(20),
        {...bigMessage(320_000, seed * 10 + 7), flags: ['\\Flagged']},
        bigMessage(400_000, seed * 10 + 8),
      ],
    },
    {path: ['Sent Items'], messages: corpus(8, {seed: seed * 10 + 2, repeats: false})},
    // Equal in every byte and date, without a Message-ID: only their number tells them apart.
    {path: ['Projects'], messages: [...projects, ...twins, ...twins, ...twins]},
    {path: ['Projects', 'Île de Ré'], messages: corpus(8, {seed: seed * 10 + 4, repeats: false})},
  ];
}

export async function startSite(seed: number, wanted: readonly Variant[] = variants): Promise<Site> {
  const servers = new Map<Variant, Dovecot>();
  const simulators = new Map<Variant, ExchangeServer>();
  const [source] = await Promise.all([
    startDovecot({extra: alsoMarked}),
    ...wanted.filter(isDovecot).map(async variant => {
      servers.set(variant, await startDovecot({...dovecots[variant], extra: alsoMarked}));
    }),
    ...wanted.filter(isExchange).map(async variant => {
      simulators.set(variant, await simulated(exchanges[variant]));
    }),
  ]);
  const letters = mail(seed);
  await fill(source, sourceAddress(whole), letters);
  const held = await readMailbox(source, sourceAddress(whole));
  let others = 0;
  const server = (variant: Variant) => {
    const found = simulators.get(variant) ?? servers.get(variant);
    if (found === undefined) throw new Error(`There is no server for ${variant}`);
    return found;
  };
  const golden = (variant: Variant): Mailbox =>
    new Map<string, StoredMessage[]>([
      ['INBOX', []],
      // Exchange makes the folders above a new one; at Dovecot they hold no mail.
      ...(isExchange(variant) ? [['Data17012018', []] as [string, StoredMessage[]]] : []),
      ...[...held].map(([path, messages]): [string, StoredMessage[]] => [
        `Data17012018/${path}`,
        messages.filter(({size}) => variant !== 'refusing' || size <= largestMessage),
      ]),
    ]);
  return {
    source,
    whole,
    mail: held,
    messages: countMessages(held),
    async another() {
      const user = `other${++others}`;
      await fill(source, sourceAddress(user), letters);
      return user;
    },
    golden,
    refused: variant => countMessages(held) - countMessages(golden(variant)),
    port: variant => server(variant).imapPort,
    row(variant, user, {port = server(variant).imapPort, source: from = whole} = {}) {
      simulators.get(variant)?.mailbox(address(user), mailbox);
      return requestRow(source, {host: '127.0.0.1', imapPort: port}, user, {
        'Source user id': from,
        'Source user password': markedPassword,
        'Destination user password': markedPassword,
        Title: `${variant} ${user}`,
        ...(isExchange(variant) ? {'Request type': 'IMAP-O365'} : {}),
      });
    },
    async read(variant, user) {
      const exchange = simulators.get(variant);
      return exchange === undefined
        ? readMailbox(server(variant), address(user))
        : heldBy(exchange, address(user));
    },
    async store(variant, user, folder, message) {
      const exchange = simulators.get(variant);
      if (exchange !== undefined) {
        exchange.mailbox(address(user)).add(folder, message.bytes, message);
        return;
      }
      const connection = await ImapConnection.open(server(variant), address(user));
      await connection.append(folder, [message]).finally(() => connection.close());
    },
    async remove(variant, user, folder, sha256) {
      const exchange = simulators.get(variant);
      if (exchange !== undefined) {
        const uids = (heldBy(exchange, address(user)).get(folder) ?? [])
          .filter(each => each.sha256 === sha256)
          .map(({uid}) => uid);
        exchange.mailbox(address(user)).remove(folder, uids);
        return;
      }
      const connection = await ImapConnection.open(server(variant), address(user));
      try {
        await expunge(connection, folder, sha256);
      } finally {
        await connection.close();
      }
    },
    unflagged(variant, user) {
      const exchange = simulators.get(variant);
      return exchange === undefined ? 0 : flaggedHalf(exchange, address(user));
    },
    forget(variant, user) {
      simulators.get(variant)?.mailbox(address(user), mailbox);
      const {directory} = servers.get(variant) ?? {};
      if (directory !== undefined)
        rmSync(join(directory, 'mail', address(user)), {recursive: true, force: true, maxRetries: 5});
    },
    async stop() {
      await Promise.all([source, ...servers.values(), ...simulators.values()].map(each => each.stop()));
    },
  };
}

/** Deletes the messages of a folder with this content. */
export async function expunge(connection: ImapConnection, folder: string, sha256: string): Promise<void> {
  const there = await readFolder(connection, folder, false);
  const uids = there.filter(each => each.sha256 === sha256).map(({uid}) => uid);
  await connection.command(`SELECT "${folder}"`);
  await connection.command(`UID STORE ${uids.join(',')} +FLAGS.SILENT (\\Deleted)`);
  await connection.command(`UID EXPUNGE ${uids.join(',')}`);
}

const mailbox = {password: markedPassword, standardFolders: false} as const;

/** Exchange as far as storing goes; it keeps what it is given, so that it can be compared. */
function simulated(quirks: Partial<Quirks>): Promise<ExchangeServer> {
  return startExchange({
    quirks: {
      password: 'accepted',
      rewrite: 'off',
      keywords: 'kept',
      contentChecks: false,
      sizes: 'exact',
      // Sessions of killed programs count for a minute; here a program is killed every second.
      connectionCap: 0,
      ...quirks,
    },
  });
}

/** Past IMAP, which may ask to wait. */
function heldBy(server: ExchangeServer, user: string): Mailbox {
  const {folders} = server.mailbox(user);
  return new Map(
    folders.map(({path, messages}) => [
      path.join('/'),
      messages.map(({uid, flags, date, bytes}) => ({
        uid,
        flags: flags.toSorted(),
        internalDate: date,
        size: bytes.length,
        sha256: createHash('sha256').update(bytes).digest('hex'),
        bytes,
      })),
    ]),
  );
}

function flaggedHalf(server: ExchangeServer, user: string): number {
  return server
    .mailbox(user)
    .folders.flatMap(folder => folder.messages)
    .filter(({flags, flaggedInOutlook}) => flags.includes('\\Flagged') && !flaggedInOutlook).length;
}
