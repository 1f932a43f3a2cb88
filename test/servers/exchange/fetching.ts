// FETCH and UID FETCH.
import {type Argument, type Command, isList, textOf} from '../../../source/demo/server/commands.ts';
import {fetchItem, inSet} from '../../../source/demo/server/messages.ts';
import {badArgument, badState, Refused} from './answers.ts';
import type {Connection, Selected} from './connection.ts';
import {envelopeOf} from './envelope.ts';
import {bigFolder, mailboxOf} from './listing.ts';
import {downloaded} from './receipts.ts';
import type {Handler} from './session.ts';
import type {ExchangeMessage} from './store.ts';
import {stubEnvelope, stubOf} from './stub.ts';

export const fetching: Readonly<Record<string, Handler>> = {FETCH: fetch, 'UID FETCH': fetch};

export type Numbered = {readonly number: number; readonly message: ExchangeMessage};

/** What is open. @throws Refused where nothing is */
export function opened(connection: Connection): Selected {
  if (connection.selected === undefined) throw badState();
  return connection.selected;
}

/** The messages of a set, as far as they are still there. @throws Refused for a set that cannot be */
export function chosen({view, folder}: Selected, set: string, byUid: boolean): Numbered[] {
  const wrong = !/^(\d+|\*)(:(\d+|\*))?(,(\d+|\*)(:(\d+|\*))?)*$/.test(set);
  if (wrong || (!byUid && view.length === 0)) throw new Refused('BAD The specified message set is invalid.');
  const there = new Set(folder.messages);
  const last = byUid ? (view.at(-1)?.uid ?? 0) : view.length;
  return view
    .map((message, index) => ({number: index + 1, message}))
    .filter(({number, message}) => there.has(message) && inSet(set, byUid ? message.uid : number, last));
}

const macros: Readonly<Record<string, readonly string[]>> = {
  FAST: ['FLAGS', 'INTERNALDATE', 'RFC822.SIZE'],
  ALL: ['FLAGS', 'INTERNALDATE', 'RFC822.SIZE', 'ENVELOPE'],
  RFC822: ['BODY[]'],
  'RFC822.HEADER': ['BODY.PEEK[HEADER]'],
  'RFC822.TEXT': ['BODY[TEXT]'],
};

const known =
  /^(UID|FLAGS|INTERNALDATE|ENVELOPE|RFC822\.SIZE|BODY(\.PEEK)?\[(HEADER|TEXT|HEADER\.FIELDS \([^)]*\))?\](<\d+\.\d+>)?)$/i;

function itemsOf(argument: Argument | undefined, byUid: boolean): string[] {
  const asked = (isList(argument) ? argument : [argument ?? '']).map(textOf);
  const items = asked.flatMap(item => macros[item.toUpperCase()] ?? [item]);
  if (items.length === 0 || !items.every(item => known.test(item))) throw badArgument();
  return byUid && !items.some(item => /^UID$/i.test(item)) ? ['UID', ...items] : items;
}

async function fetch(connection: Connection, {name, arguments: given}: Command): Promise<string> {
  const selected = opened(connection);
  const byUid = name === 'UID FETCH';
  const items = itemsOf(given[1], byUid);
  const numbered = chosen(selected, textOf(given[0]), byUid);
  const bodies = items.some(item => /^BODY(\.PEEK)?\[(TEXT)?\]/i.test(item));
  const throttled = bodies ? connection.throttled(numbered.length) : undefined;
  if (throttled !== undefined) throw new Refused(throttled);
  const {quirks, world} = connection;
  if (selected.view.length > bigFolder && quirks.slowFolderMs > 0) await world.wait(quirks.slowFolderMs);
  for (const [index, one] of numbered.entries()) {
    if (quirks.silentFetch && one.message.behaves === 'silent') continue;
    await connection.at('fetching');
    if (quirks.chatter && index % 3 === 1) await chat(connection, selected);
    await sendMessage(connection, one, items);
  }
  return 'OK FETCH completed.';
}

async function sendMessage(connection: Connection, one: Numbered, items: readonly string[]): Promise<void> {
  const mailbox = mailboxOf(connection);
  const {message, number} = one;
  const {quirks} = connection;
  const stub = quirks.stubs && message.behaves === 'stub';
  const bytes = stub ? stubOf(message, mailbox.address) : message.bytes;
  const pieces: (string | Buffer)[] = [`* ${number} FETCH (`];
  for (const [index, item] of ordered(items, message.uid, quirks.shuffledFetch).entries()) {
    if (index > 0) pieces.push(' ');
    const name = item.toUpperCase();
    if (name === 'RFC822.SIZE') pieces.push(`RFC822.SIZE ${sizeOf(connection, message.uid, bytes.length)}`);
    else if (name === 'ENVELOPE')
      pieces.push(`ENVELOPE ${stub ? stubEnvelope(message, mailbox.address) : envelopeOf(bytes)}`);
    else if (name === 'FLAGS') pieces.push(`FLAGS (${flagsOf(connection, message).join(' ')})`);
    else pieces.push(...fetchItem({...message, bytes}, item));
    if (/^BODY\[/i.test(item) && connection.selected?.readOnly === false && !message.flags.includes('\\Seen'))
      message.flags = [...message.flags, '\\Seen'];
    if (/^BODY(\.PEEK)?\[\]$/i.test(item)) downloaded(mailbox, message);
  }
  pieces.push(')\r\n');
  const literal = pieces.findIndex(piece => Buffer.isBuffer(piece));
  if (literal === -1) return connection.send(joined(pieces));
  const body = pieces[literal] as Buffer;
  const half = Math.floor(body.length / 2);
  await connection.send(joined([...pieces.slice(0, literal), body.subarray(0, half)]));
  await connection.at('body');
  await connection.send(joined([body.subarray(half), ...pieces.slice(literal + 1)]));
}

function joined(pieces: readonly (string | Buffer)[]): Buffer {
  return Buffer.concat(
    pieces.map(piece => (typeof piece === 'string' ? Buffer.from(piece, 'latin1') : piece)),
  );
}

/** Another order for another message, the same each time. */
function ordered(items: readonly string[], uid: number, shuffled: boolean): readonly string[] {
  if (!shuffled) return items;
  const start = uid % items.length;
  return [...items.slice(start), ...items.slice(0, start)];
}

export function flagsOf({selected}: Connection, {uid, flags}: ExchangeMessage): readonly string[] {
  return selected !== undefined && uid >= selected.recentFrom ? [...flags, '\\Recent'] : flags;
}

/** Off by a few bytes, or by a factor between a third and three; the same for each message every time. */
function sizeOf(connection: Connection, uid: number, bytes: number): number {
  if (connection.quirks.sizes === 'exact' || mailboxOf(connection).options.exactSizes === true) return bytes;
  const estimates = [bytes + 7, bytes * 1.37, bytes * 0.3, bytes - 3, bytes * 3];
  return Math.max(1, Math.round(estimates[uid % estimates.length] ?? bytes));
}

/** News that nobody asked for: true, and in between. */
async function chat(connection: Connection, {view}: Selected): Promise<void> {
  await connection.untagged(`${view.length} EXISTS`);
  const first = view[0];
  if (first !== undefined)
    await connection.untagged(`1 FETCH (FLAGS (${flagsOf(connection, first).join(' ')}))`);
}
