// Fills mailboxes, reads them back byte for byte, and compares two of them.
import {createHash} from 'node:crypto';
import {expect} from 'vitest';
import {ImapConnection, ImapRefusal, type MailServer} from './imap.ts';
import {decodeName, encodeName, quote} from './imap-names.ts';
import type {Token} from './imap-reader.ts';
import type {FolderToFill} from './mail-corpus.ts';

export type StoredMessage = {
  readonly uid: number;
  /** Sorted, without \Recent. */
  readonly flags: readonly string[];
  /** As the server says it, for example `17-Jul-1996 02:44:25 -0700`. */
  readonly internalDate: string;
  /** Of the bytes, in octets. */
  readonly size: number;
  readonly sha256: string;
  /** The first 4 KB, for looking at; all of it with `wholeBytes`. */
  readonly bytes: Buffer;
};

/** Messages by folder path, decoded, levels joined by the server's own separator. */
export type Mailbox = Map<string, StoredMessage[]>;

export type Account = {readonly user: string; readonly password?: string};

const months = 'JanFebMarAprMayJunJulAugSepOctNovDec';

/** Milliseconds since 1970 of an IMAP date-time. */
export function instantOf(internalDate: string): number {
  const match = /^ *(\d+)-(\w{3})-(\d{4}) (\d\d):(\d\d):(\d\d) ([+-])(\d\d)(\d\d)$/.exec(internalDate);
  if (!match) throw new Error(`Not an IMAP date-time: ${internalDate}`);
  const [day, , year, hour, minute, second] = match.slice(1).map(Number);
  const month = months.indexOf(match[2] ?? '') / 3;
  const zone = (Number(match[8]) * 60 + Number(match[9])) * (match[7] === '-' ? -1 : 1);
  return Date.UTC(year ?? 0, month, day, hour, (minute ?? 0) - zone, second);
}

/** The prefix and separator of the personal namespace, RFC 2342. */
export async function namespaceOf(
  connection: ImapConnection,
): Promise<{readonly prefix: string; readonly separator: string}> {
  if (connection.capabilities.has('NAMESPACE')) {
    const [answer] = await connection.command('NAMESPACE');
    const personal = answer?.[1];
    const first = Array.isArray(personal) ? personal[0] : undefined;
    if (Array.isArray(first)) return {prefix: String(first[0]), separator: String(first[1] ?? '/')};
  }
  const [list] = await connection.command('LIST "" ""');
  return {prefix: '', separator: String(list?.[2] ?? '/')};
}

/** Creates the folders where they are missing and appends their messages, in order. */
export async function fill(
  server: MailServer,
  user: string | Account,
  folders: readonly FolderToFill[],
): Promise<void> {
  const connection = await signIn(server, user);
  try {
    const {prefix, separator} = await namespaceOf(connection);
    const existing = new Set((await listFolders(connection)).map(folder => folder.path));
    for (const {path, messages} of folders) {
      const name =
        path[0] === 'INBOX' && (path.length === 1 || prefix !== '') ? path : [prefix.slice(0, -1), ...path];
      const joined = name.filter(level => level !== '').join(separator);
      if (joined !== 'INBOX' && !existing.has(joined))
        await connection.command(`CREATE ${quote(encodeName(joined))}`);
      existing.add(joined);
      await connection.append(joined, messages);
    }
  } finally {
    await connection.close();
  }
}

export type ListedFolder = {
  readonly path: string;
  readonly separator: string;
  readonly attributes: readonly string[];
};

/** All folders of a mailbox, sorted by path. */
export async function listFolders(connection: ImapConnection): Promise<ListedFolder[]> {
  const folders: ListedFolder[] = [];
  for (const [kind, attributes, separator, name] of await connection.command('LIST "" "*"')) {
    if (kind !== 'LIST') continue;
    folders.push({
      path: decodeName(String(name)),
      separator: String(separator),
      attributes: Array.isArray(attributes) ? attributes.map(String) : [],
    });
  }
  return folders.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/**
 * Everything in the mailbox, read with EXAMINE and BODY.PEEK. Folders that cannot be selected are left out.
 * `wholeBytes` keeps each message in memory, for small mailboxes only.
 */
export async function readMailbox(
  server: MailServer,
  user: string | Account,
  {wholeBytes = false}: {readonly wholeBytes?: boolean} = {},
): Promise<Mailbox> {
  const connection = await signIn(server, user);
  const mailbox: Mailbox = new Map();
  try {
    for (const path of await selectable(connection))
      try {
        mailbox.set(path, await readFolder(connection, path, wholeBytes));
      } catch (error) {
        // Dovecot may list a folder for a moment that has just been deleted.
        if (!(error instanceof ImapRefusal) || (await selectable(connection)).includes(path)) throw error;
      }
  } finally {
    await connection.close();
  }
  return mailbox;
}

/** Paths of the folders that can be opened. */
export async function selectable(connection: ImapConnection): Promise<readonly string[]> {
  return (await listFolders(connection))
    .filter(({attributes}) => !attributes.some(attribute => /^\\(noselect|nonexistent)$/i.test(attribute)))
    .map(({path}) => path);
}

/** A message of the folder each, by UID. */
export async function readFolder(
  connection: ImapConnection,
  path: string,
  wholeBytes: boolean,
): Promise<StoredMessage[]> {
  const messages: StoredMessage[] = [];
  const untagged = await connection.command(`EXAMINE ${quote(encodeName(path))}`);
  if (untagged.some(([count, kind]) => kind === 'EXISTS' && count === '0')) return messages;
  await connection.command('UID FETCH 1:* (FLAGS INTERNALDATE BODY.PEEK[])', ([, kind, items]) => {
    if (kind === 'FETCH' && Array.isArray(items)) messages.push(storedMessage(items, wholeBytes));
  });
  return messages.sort((a, b) => a.uid - b.uid);
}

function storedMessage(items: readonly Token[], wholeBytes: boolean): StoredMessage {
  const value = (name: string) => items[items.indexOf(name) + 1];
  const body = value('BODY[]');
  const bytes = Buffer.isBuffer(body) ? body : Buffer.from(String(body ?? ''));
  const flags = value('FLAGS');
  return {
    uid: Number(value('UID')),
    flags: (Array.isArray(flags) ? flags.map(String) : []).filter(flag => flag !== '\\Recent').sort(),
    internalDate: String(value('INTERNALDATE')),
    size: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    bytes: wholeBytes ? bytes : Buffer.from(bytes.subarray(0, 4096)),
  };
}

const signIn = (server: MailServer, user: string | Account) =>
  typeof user === 'string'
    ? ImapConnection.open(server, user)
    : ImapConnection.open(server, user.user, user.password === undefined ? {} : {password: user.password});

/** What two copies of a message must share. */
export function fingerprint(message: StoredMessage): string {
  const subject = /^subject:.*$/im.exec(message.bytes.toString('latin1'))?.[0] ?? '(no subject)';
  const date = new Date(instantOf(message.internalDate)).toISOString();
  return [message.sha256, message.size, date, message.flags.join(' '), subject.slice(0, 100)].join(' | ');
}

/**
 * Fails unless, for every folder that `mapping` gives a place, the destination's folder holds the same messages:
 * byte for byte, flags and keywords, INTERNALDATE to the second, each as often. Where several folders go to one
 * place it holds them all. A folder that `mapping` gives `undefined` is not looked at.
 */
export function expectSameMail(
  source: Mailbox,
  destination: Mailbox,
  mapping: ReadonlyMap<string, string> | ((path: string) => string | undefined),
): void {
  const placeOf = typeof mapping === 'function' ? mapping : (path: string) => mapping.get(path);
  const wanted: Record<string, string[]> = {};
  for (const [path, messages] of source) {
    const place = placeOf(path);
    if (place === undefined) continue;
    wanted[place] = [...(wanted[place] ?? []), ...messages.map(fingerprint)];
  }
  const found: Record<string, string[] | string> = {};
  for (const [place, prints] of Object.entries(wanted)) {
    prints.sort();
    found[place] = destination.get(place)?.map(fingerprint).sort() ?? 'there is no such folder';
  }
  expect(found).toEqual(wanted);
}

/** Messages in all folders. */
export function countMessages(mailbox: Mailbox): number {
  return [...mailbox.values()].reduce((sum, messages) => sum + messages.length, 0);
}
