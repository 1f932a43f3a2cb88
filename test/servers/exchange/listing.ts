// LIST, LSUB, NAMESPACE, STATUS, SELECT and EXAMINE.
import {type Command, isList, quote, textOf} from '../../../source/demo/server/commands.ts';
import {badArgument, Ended, no} from './answers.ts';
import type {Connection} from './connection.ts';
import {type ExchangeMailbox, wireName} from './mailbox.ts';
import type {Handler} from './session.ts';
import type {Folder} from './store.ts';

const flags = '\\Seen \\Answered \\Flagged \\Deleted \\Draft $MDNSent';
/** A folder with more messages is a big one. */
export const bigFolder = 1000;

export const listing: Readonly<Record<string, Handler>> = {
  LIST: list,
  LSUB: list,
  NAMESPACE: async connection => {
    await connection.untagged('NAMESPACE (("" "/")) NIL NIL');
    return 'OK NAMESPACE completed.';
  },
  STATUS: status,
  SELECT: select,
  EXAMINE: select,
  CLOSE: close,
  UNSELECT: close,
};

export function mailboxOf(connection: Connection): ExchangeMailbox {
  if (connection.signedIn === undefined) throw new Ended();
  return connection.signedIn.mailbox;
}

/** @throws Refused where IMAP shows no such folder */
export function folderNamed(connection: Connection, name: string): Folder {
  const folder = mailboxOf(connection).byWire(name);
  if (folder === undefined) throw no(`${name} doesn't exist.`);
  return folder;
}

async function list(connection: Connection, command: Command): Promise<string> {
  const {name, arguments: given} = command;
  const mailbox = mailboxOf(connection);
  // No LIST-EXTENDED: neither selection nor return options.
  if (given.length !== 2 || given.some(isList)) throw badArgument();
  const pattern = textOf(given[0]) + textOf(given[1]);
  if (pattern === '') {
    await connection.untagged(`${name} (\\Noselect \\HasChildren) "/" ""`);
    return `OK ${name} completed.`;
  }
  const matches = new RegExp(
    `^${pattern
      .replaceAll(/[\\^$.+?()[\]{}|]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('%', '[^/]*')}$`,
    'is',
  );
  const shown = mailbox.listed;
  const names = shown.map(wireName);
  for (const [index, folder] of shown.entries()) {
    const wire = names[index] ?? '';
    if (!matches.test(wire)) continue;
    // Folders that are not listed count too: in a log Conversation History has children, and none is there.
    const children = mailbox.folders.some(other => wireName(other).startsWith(`${wireName(folder)}/`));
    const attributes = [
      ...(connection.quirks.marked && folder.recentFrom < folder.uidNext ? ['\\Marked'] : []),
      children ? '\\HasChildren' : '\\HasNoChildren',
      ...(folder.specialUse === '' ? [] : [folder.specialUse]),
    ];
    await connection.untagged(`${name} (${attributes.join(' ')}) "/" ${shownName(connection, wire)}`);
  }
  return `OK ${name} completed.`;
}

/** As Exchange writes it: an atom where possible; a name with a TAB is taken for one. */
function shownName(connection: Connection, wire: string): string {
  const {inboxName, rawTabs} = connection.quirks;
  const name = /^INBOX(?=\/|$)/i.test(wire) ? inboxName + wire.slice(5) : wire;
  if (name.includes('\t')) return rawTabs ? name : quote(name.replaceAll('\t', '&AAk-'));
  return /^[^\s"\\()%*{}\]]+$/.test(name) ? name : quote(name);
}

const statusItems: Readonly<Record<string, (folder: Folder) => number>> = {
  MESSAGES: folder => folder.messages.length,
  RECENT: folder => folder.messages.filter(message => message.uid >= folder.recentFrom).length,
  UIDNEXT: folder => folder.uidNext,
  UIDVALIDITY: folder => folder.uidValidity,
  UNSEEN: folder => folder.messages.filter(message => !message.flags.includes('\\Seen')).length,
};

async function status(connection: Connection, {arguments: given}: Command): Promise<string> {
  const [name, items] = given;
  const folder = folderNamed(connection, textOf(name));
  const told = (isList(items) ? items : []).map(item => textOf(item).toUpperCase());
  if (told.length === 0 || !told.every(item => Object.hasOwn(statusItems, item))) throw badArgument();
  const values = told.map(item => `${item} ${statusItems[item]?.(folder)}`).join(' ');
  await connection.untagged(`STATUS ${shownName(connection, wireName(folder))} (${values})`);
  return 'OK STATUS completed.';
}

async function select(connection: Connection, {name, arguments: given}: Command): Promise<string> {
  connection.selected = undefined;
  const wire = textOf(given[0]);
  const {quirks, world} = connection;
  if (wire.endsWith(' ') && quirks.trailingSpace === 'closes') connection.drop();
  const folder = folderNamed(connection, wire);
  const readOnly = name === 'EXAMINE';
  const view = [...folder.messages];
  if (view.length > bigFolder && quirks.slowFolderMs > 0) await world.wait(quirks.slowFolderMs);
  const {recentFrom} = folder;
  connection.selected = {folder, readOnly, view, recentFrom};
  const keywords = quirks.keywords === 'kept' ? ' \\*' : '';
  const unseen = view.findIndex(message => !message.flags.includes('\\Seen'));
  await connection.untagged(`${view.length} EXISTS`);
  await connection.untagged(`${view.filter(message => message.uid >= recentFrom).length} RECENT`);
  await connection.untagged(`FLAGS (${flags})`);
  await connection.untagged(`OK [PERMANENTFLAGS (${readOnly ? '' : flags + keywords})] Permanent flags`);
  if (unseen !== -1) await connection.untagged(`OK [UNSEEN ${unseen + 1}] Is the first unseen message`);
  await connection.untagged(`OK [UIDVALIDITY ${folder.uidValidity}] UIDVALIDITY value`);
  await connection.untagged(`OK [UIDNEXT ${folder.uidNext}] The next unique identifier value`);
  if (!readOnly) folder.recentFrom = folder.uidNext;
  return readOnly ? 'OK [READ-ONLY] EXAMINE completed.' : 'OK [READ-WRITE] SELECT completed.';
}

function close(connection: Connection, {name}: Command): string {
  const {selected} = connection;
  if (selected === undefined) throw no(`${name} failed.`);
  if (name === 'CLOSE' && !selected.readOnly) {
    const deleted = selected.folder.messages.filter(message => message.flags.includes('\\Deleted'));
    selected.folder.remove(new Set(deleted.map(message => message.uid)));
  }
  connection.selected = undefined;
  return `OK ${name} completed.`;
}
