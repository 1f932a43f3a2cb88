// Microsoft's own list for an IMAP migration: EmailAddress, UserName, Password, at times UserRoot. The address is the
// mailbox in Office 365 that mail goes to; the name and the password sign in at the server it comes from.
// https://learn.microsoft.com/exchange/mailbox-migration/migrating-imap-mailboxes/csv-files-for-imap-migration-batches
import {cleanText} from '../../format/clean.ts';
import {type FieldKey, fieldOf} from '../fields.ts';
import {providers} from '../providers/catalogue.ts';
import {domainRule, userIdRule} from '../rules.ts';
import {type Column, columnsOf, fieldNamed} from './columns.ts';

type Turned = {readonly keys: readonly FieldKey[]; readonly turn: (cell: string) => readonly string[]};

/** An address as user id and domain; what is none stays whole, for the rules to judge. */
function addressParts(cell: string): readonly string[] {
  const text = cell.trim();
  const at = text.lastIndexOf('@');
  const userId = text.slice(0, at);
  const domain = text.slice(at + 1);
  const splits =
    at > 0 &&
    userIdRule(userId) === undefined &&
    domain !== '' &&
    domainRule(domain, providers.imap) === undefined;
  return splits ? [userId, domain] : [text, ''];
}

/** Microsoft writes the root with slashes around it; a source folder has none. */
const rootPath = (cell: string): readonly string[] => [cell.trim().replace(/^\/+|\/+$/g, '')];

const turned: Readonly<Record<string, Turned>> = {
  emailaddress: {keys: ['destinationUserId', 'destinationDomain'], turn: addressParts},
  username: {keys: ['sourceUserId', 'sourceDomain'], turn: addressParts},
  password: {keys: ['sourceSecret'], turn: cell => [cell]},
  userroot: {keys: ['sourceFolder'], turn: rootPath},
};

const turnedOf = (name: string): Turned | undefined => turned[name.trim().toLowerCase()];

/** The type that such a list is for. */
const microsoftType = 'IMAP-O365';

const saysType = (names: readonly string[]) => names.some(name => fieldNamed(name) === 'type');

export function isMicrosoftHeader(names: readonly string[]): boolean {
  const found = new Set(names.map(name => name.trim().toLowerCase()));
  return found.has('emailaddress') && found.has('username');
}

/**
 * Our columns for Microsoft's, each with the number and the name of the one that it comes from, behind the type: a row that
 * is too short lacks its own last cells, not the type.
 */
export function microsoftColumns(names: readonly string[]): readonly Column[] {
  const own = columnsOf(names);
  const columns = names.flatMap((name, index): Omit<Column, 'id'>[] => {
    const place = {number: index + 1, name: cleanText(name.trim(), 60), written: name};
    const known = turnedOf(name);
    if (known !== undefined) return known.keys.map(key => ({...place, key, state: 'known'}));
    const column = own[index];
    return column === undefined ? [] : [column];
  });
  const label = fieldOf('type').label;
  const type = {number: names.length + 1, name: label, written: label, key: 'type', state: 'known'} as const;
  return [...(saysType(names) ? [] : [type]), ...columns].map((column, id) => ({...column, id}));
}

/** The cells of a row below such a header. More or fewer of them stay that many more or fewer. */
export function microsoftCells(names: readonly string[], cells: readonly string[]): readonly string[] {
  const turnedCells = cells.flatMap((cell, index) => turnedOf(names[index] ?? '')?.turn(cell) ?? [cell]);
  return saysType(names) ? turnedCells : [microsoftType, ...turnedCells];
}
