// STORE, COPY, MOVE and EXPUNGE.
import {type Command, isList, textOf} from '../../../source/demo/server/commands.ts';
import {badArgument, no} from './answers.ts';
import type {Connection} from './connection.ts';
import {chosen, flagsOf, type Numbered, opened} from './fetching.ts';
import {keptFlags} from './flags.ts';
import {folderNamed} from './listing.ts';
import type {Handler} from './session.ts';

export const storing: Readonly<Record<string, Handler>> = {
  STORE: store,
  'UID STORE': store,
  COPY: copy,
  'UID COPY': copy,
  MOVE: move,
  'UID MOVE': move,
  EXPUNGE: expunge,
  'UID EXPUNGE': expunge,
};

function writable(connection: Connection) {
  const selected = opened(connection);
  if (selected.readOnly) throw no('The folder is read-only.');
  return selected;
}

async function store(connection: Connection, {name, arguments: given}: Command): Promise<string> {
  const selected = writable(connection);
  const byUid = name.startsWith('UID ');
  const item = /^([+-]?)FLAGS(\.SILENT)?$/i.exec(textOf(given[1]));
  if (item === null) throw badArgument();
  const flags = keptFlags((isList(given[2]) ? given[2] : given.slice(2)).map(textOf), connection.quirks);
  for (const {number, message} of chosen(selected, textOf(given[0]), byUid)) {
    if (item[1] === '+') message.flags = [...new Set([...message.flags, ...flags])];
    else if (item[1] === '-') message.flags = message.flags.filter(flag => !flags.includes(flag));
    else message.flags = flags;
    message.flaggedInOutlook = message.flags.includes('\\Flagged');
    if (item[2] !== undefined) continue;
    const uid = byUid ? ` UID ${message.uid}` : '';
    await connection.untagged(`${number} FETCH (FLAGS (${flagsOf(connection, message).join(' ')})${uid})`);
  }
  return 'OK STORE completed.';
}

async function copy(connection: Connection, {name, arguments: given}: Command): Promise<string> {
  const numbered = chosen(opened(connection), textOf(given[0]), name.startsWith('UID '));
  const code = await copied(connection, numbered, textOf(given[1]));
  return `OK ${code} COPY completed.`;
}

async function move(connection: Connection, {name, arguments: given}: Command): Promise<string> {
  const selected = writable(connection);
  const numbered = chosen(selected, textOf(given[0]), name.startsWith('UID '));
  await connection.untagged(`OK ${await copied(connection, numbered, textOf(given[1]))}`);
  selected.folder.remove(new Set(numbered.map(({message}) => message.uid)));
  return 'OK MOVE completed.';
}

/** @returns the COPYUID code, with nothing in it where the quirk says so */
async function copied(
  connection: Connection,
  numbered: readonly Numbered[],
  target: string,
): Promise<string> {
  const folder = folderNamed(connection, target);
  const uids = numbered.map(({message}) => folder.add(message.bytes, message).uid);
  const from =
    connection.quirks.copyUid === 'empty' ? '' : numbered.map(({message}) => message.uid).join(',');
  const to = connection.quirks.copyUid === 'empty' ? '' : uids.join(',');
  return `[COPYUID ${folder.uidValidity} ${from} ${to}]`;
}

function expunge(connection: Connection, {name, arguments: given}: Command): string {
  const selected = writable(connection);
  const within = name === 'EXPUNGE' ? undefined : chosen(selected, textOf(given[0]), true);
  const candidates = within?.map(({message}) => message) ?? selected.folder.messages;
  const deleted = candidates.filter(message => message.flags.includes('\\Deleted'));
  selected.folder.remove(new Set(deleted.map(message => message.uid)));
  return 'OK EXPUNGE completed.';
}
