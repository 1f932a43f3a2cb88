// All mailboxes of an account, as the server lists them.
import {statusesOf} from './create.ts';
import {ListBounds} from './list-bounds.ts';
import type {ListedMailbox} from './mailbox.ts';
import {decodeMailbox} from './modified-utf7.ts';
import {isNoSelect, type MailboxStatus, readStatus} from './responses.ts';
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
  const bounds = new ListBounds();
  const listed: {name: string; wire: string; delimiter: string; flags: string[]}[] = [];
  const statuses = new Map<string, MailboxStatus>();
  await connection.wire.command(command, {
    most: mostListed,
    untagged: response => {
      const line = response.lines[0] ?? '';
      if (/^\* LIST /i.test(line)) {
        const values = readValues(response, 7);
        const flags = Array.isArray(values[0]) ? (values[0] as readonly Value[]).map(textOf) : [];
        // A raw TAB makes Exchange send a name as several atoms: whatever follows the delimiter is the name.
        const name = textOf(values[2]) || '';
        const delimiter = textOf(values[1]);
        bounds.add(name, delimiter);
        if (name !== '' || values.length > 2)
          listed.push({name: decodeMailbox(name), wire: name, delimiter, flags});
        return true;
      }
      return readStatus(response, statuses);
    },
  });
  const unique = [...new Map(listed.map(entry => [entry.name, entry])).values()];
  const selectable = unique.filter(entry => !isNoSelect(entry.flags));
  const missing = selectable.filter(entry => !statuses.has(entry.name));
  for (const [name, status] of await statusesOf(
    connection,
    missing.map(entry => entry.wire),
  ))
    statuses.set(name, status);
  return unique.map(entry => {
    const status = statuses.get(entry.name);
    return {
      ...entry,
      path: entry.delimiter === '' ? [entry.name] : entry.name.split(entry.delimiter),
      noSelect: isNoSelect(entry.flags),
      ...(status === undefined ? {} : {status}),
    };
  });
}
