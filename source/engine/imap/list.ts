// All mailboxes of an account, as the server lists them.
import {statusesOf} from './create.ts';
import {ListBounds} from './list-bounds.ts';
import type {ListedMailbox} from './mailbox.ts';
import {type NameApart, namesApart} from './names-apart.ts';
import {isInbox, isNoSelect, type MailboxStatus, readStatus} from './responses.ts';
import {mostListed} from './session-bounds.ts';
import {readValues, textOf, type Value} from './values.ts';
import type {Wire} from './wire.ts';

/** `exchange`: it takes one command at a time. */
type Connection = {readonly wire: Wire; readonly exchange: boolean; has(capability: string): boolean};

/** As `Session.list`. */
export async function listAll(connection: Connection): Promise<ListedMailbox[]> {
  const items = connection.has('STATUS=SIZE')
    ? '(MESSAGES UIDNEXT UIDVALIDITY SIZE)'
    : '(MESSAGES UIDNEXT UIDVALIDITY)';
  const withStatus = connection.has('LIST-STATUS');
  const specialUse = connection.has('SPECIAL-USE') ? ' SPECIAL-USE' : '';
  const command = withStatus
    ? `LIST "" "*" RETURN (STATUS ${items} CHILDREN${specialUse})`
    : connection.has('LIST-EXTENDED') && specialUse !== ''
      ? 'LIST "" "*" RETURN (CHILDREN SPECIAL-USE)'
      : 'LIST "" "*"';
  const bounds = new ListBounds(connection.wire.end);
  const listed: {wire: string; delimiter: string; flags: string[]}[] = [];
  const statuses = new Map<string, MailboxStatus>();
  await connection.wire.command(command, {
    most: mostListed,
    untagged: response => {
      const line = response.lines[0] ?? '';
      if (/^\* LIST /i.test(line)) {
        const values = readValues(response, 7);
        const flags = Array.isArray(values[0]) ? (values[0] as readonly Value[]).map(textOf) : [];
        const wire = nameIn(line, values);
        const delimiter = textOf(values[1]);
        bounds.add(wire, delimiter);
        if (wire !== '' || values.length > 2) listed.push({wire, delimiter, flags});
        return true;
      }
      return readStatus(response, statuses);
    },
  });
  // It is there whether it is listed or not (RFC 9051 section 5.1).
  const unlisted = !listed.some(({wire}) => isInbox(wire));
  if (unlisted) listed.push({wire: 'INBOX', delimiter: delimiterOf(listed), flags: []});
  const names = namesApart(listed.map(({wire}) => wire));
  const shared = new Set([...names.values()].map(({reads}) => reads));
  const unique = [...new Map(listed.map(entry => [entry.wire, entry])).values()].map(entry => {
    const {name = entry.wire, reads} = names.get(entry.wire) ?? {};
    return {...entry, name, ...(reads === undefined ? {} : {reads})};
  });
  // An answer is known by what its name reads: where two read the same, each is asked alone.
  const isShared = ({name, reads}: NameApart) => reads !== undefined || shared.has(name);
  const alone = unique.filter(isShared);
  for (const {name} of alone) statuses.delete(name);
  const selectable = unique.filter(entry => !isNoSelect(entry.flags));
  const missing = selectable.filter(entry => !statuses.has(entry.name) && !isShared(entry));
  for (const [name, status] of await statusesOf(
    connection,
    missing.map(entry => entry.wire),
  ))
    statuses.set(name, status);
  for (const {name, wire, flags} of alone) {
    if (isNoSelect(flags)) continue;
    for (const status of (await statusesOf(connection, [wire])).values()) statuses.set(name, status);
  }
  const paths = pathsOf(unique);
  return unique.flatMap(entry => {
    const status = statuses.get(entry.name);
    if (unlisted && entry.wire === 'INBOX' && status === undefined) return [];
    return {
      ...entry,
      path: paths.get(entry.name) ?? [entry.name],
      noSelect: isNoSelect(entry.flags),
      ...(status === undefined ? {} : {status}),
    };
  });
}

/** What separates levels where nothing else is known: INBOX's, or the first that there is. */
export function delimiterOf(listed: readonly {readonly wire: string; readonly delimiter: string}[]): string {
  const inbox = listed.find(({wire}) => isInbox(wire));
  return inbox?.delimiter || (listed.find(({delimiter}) => delimiter !== '')?.delimiter ?? '/');
}

/** A raw TAB or blank makes a server send a name as several atoms: whatever follows the delimiter is the name. */
function nameIn(line: string, values: readonly Value[]): string {
  const [, , name, more] = values;
  if (typeof name !== 'string' || typeof more !== 'string') return textOf(name);
  return /^\* LIST \([^)]*\) (?:"(?:[^"\\]|\\.)*"|NIL) (.*)$/i.exec(line)?.[1] ?? name;
}

/**
 * The levels of each name. Two names may have the same where namespaces separate them by different characters: of these
 * the first by its name has them, and any other is one level. The order of the list does not matter.
 */
function pathsOf(
  listed: readonly {readonly name: string; readonly delimiter: string}[],
): Map<string, readonly string[]> {
  const paths = new Map<string, readonly string[]>();
  const taken = new Set<string>();
  for (const {name, delimiter} of listed.toSorted((one, other) => (one.name < other.name ? -1 : 1))) {
    const levels = delimiter === '' ? [name] : name.split(delimiter);
    const key = JSON.stringify(levels);
    paths.set(name, taken.has(key) ? [name] : levels);
    taken.add(key);
  }
  return paths;
}
