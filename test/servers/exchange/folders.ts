// CREATE, DELETE, RENAME and the subscriptions.
import {type Command, textOf} from '../../../source/demo/server/commands.ts';
import {decodeName} from '../../helpers/imap-names.ts';
import {badArgument, no} from './answers.ts';
import type {Connection} from './connection.ts';
import {folderNamed, mailboxOf} from './listing.ts';
import {wireName} from './mailbox.ts';
import type {Handler} from './session.ts';

export const folders: Readonly<Record<string, Handler>> = {
  CREATE: create,
  DELETE: remove,
  RENAME: rename,
  SUBSCRIBE: subscribe,
  UNSUBSCRIBE: subscribe,
};

/** Files belongs to OneDrive; some mailboxes do not even show it. */
const reserved = new Set(['files']);

function create(connection: Connection, {arguments: given}: Command): string {
  const mailbox = mailboxOf(connection);
  const name = textOf(given[0]).replace(/\/$/, '');
  if (name === '' || name.split('/').includes('')) throw badArgument();
  if (connection.quirks.createRules && reserved.has(name.toLowerCase())) throw no('Folder name is reserved');
  if (mailbox.byWire(name) !== undefined) throw no('Mailbox already exists.');
  mailbox.create(decodeName(name));
  return 'OK CREATE completed.';
}

function remove(connection: Connection, {arguments: given}: Command): string {
  const mailbox = mailboxOf(connection);
  const folder = folderNamed(connection, textOf(given[0]));
  // INBOX and the folders that every mailbox has cannot be deleted.
  if (folder.specialUse !== '' || !folder.mail || wireName(folder).toUpperCase() === 'INBOX')
    throw no('DELETE failed.');
  mailbox.folders.splice(mailbox.folders.indexOf(folder), 1);
  return 'OK DELETE completed.';
}

function rename(connection: Connection, {arguments: given}: Command): string {
  const mailbox = mailboxOf(connection);
  const from = folderNamed(connection, textOf(given[0]));
  const name = textOf(given[1]);
  if (mailbox.byWire(name) !== undefined) throw no('Mailbox already exists.');
  const to = mailbox.create(decodeName(name));
  for (const message of from.messages) to.add(message.bytes, message);
  mailbox.folders.splice(mailbox.folders.indexOf(from), 1);
  return 'OK RENAME completed.';
}

function subscribe(connection: Connection, {name, arguments: given}: Command): string {
  folderNamed(connection, textOf(given[0]));
  return `OK ${name} completed.`;
}
