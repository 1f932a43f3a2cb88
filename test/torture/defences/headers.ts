// A column whose name is no field's: nothing in it is shown, sent or mended before a person has said what it is.
import {rowOf} from '../../helpers/defence.ts';

const row = (file: string) => rowOf(`request/${file}`, 'request/csv/guess');
const split = rowOf('request/check-endpoint', 'request/csv/addresses');
const named = row('csv/columns');
const guessed = row('csv/guess');
const checked = row('csv/check');

const unread = 'is neither shown nor sent, nor is it mended: %s';
const unsure = 'not where %s';
const open = 'what a column may be that is not read yet is not said to be missing, nor what follows from it';

export const headers = [
  named(
    'a column whose name is only near to a field’s is not read',
    '    const key = readAs(column);\n    if',
    '    const {key} = column;\n    if',
    unread,
  ),
  named(
    'a secret of an application is known by its name',
    "'clientsecret', ",
    '',
    'is one where it is called %s',
  ),
  named('a word more is another name', 'longer <= 1 && ', '', unread),
  named('so is another word at the end', ' && (wrong === 1 || known.at(-1) === text.at(-1))', '', unread),
  named('one that could be two fields’ is neither’s', 'others.length === 0 && ', '', unsure),
  guessed(
    'many wrong letters make another name',
    'isSecretKey(key) || fieldMistyped(column.name) !== key',
    'isSecretKey(key)',
    unsure,
  ),
  guessed(
    'above cells that are wrong for a field stands another name',
    "finding?.severity !== 'error' || finding.fix?.sure === true",
    'finding !== null',
    unsure,
  ),
  guessed(
    'and above any word that could be a server’s',
    "text.includes('.') ? undefined : ",
    'text.length > 0 ? undefined : ',
    unsure,
  ),
  checked('what is offered is not missing', ' && !waits(found, answers, offered)', '', open),
  guessed('nor is what follows from it', ' || (isTypeOpen && ', ' || (isTypeOpen && !isTypeOpen && ', open),
  checked(
    'no fix writes where something is that is not read yet',
    '!(isRead && (',
    '!((',
    'an address takes the place of no domain that is not read yet',
  ),
  row('csv/mend')(
    'what is not read is not tidied',
    'column === undefined ? undefined : readAs(column)',
    'column?.key',
    'a column that is not read keeps its cells as they are',
  ),
  row('csv/edit')(
    'what is given takes an offer away',
    "column.state === 'unknown' && keys.includes(key) ? others : column",
    "column.state === 'unknown' && keys.includes(key) ? column : column",
    'a column that is given beside it takes the offer away',
  ),
  rowOf('request/csv/columns', 'request/csv/addresses')(
    'an address is no domain that is mistyped',
    "...['email', 'emailaddress', 'mail', 'address', 'mailbox'],",
    '',
    'a column "%s" holds user ids, and an address in it is split',
  ),
  split(
    'who stands before the @ goes to the user id',
    "userId === '' && userIdRule(before) === undefined",
    "userId === '' && userIdRule(before) === before",
    'an address in the place of the domain goes to an empty user id too, and leaves nobody out unasked',
  ),
  split(
    'and is not let go unasked',
    'sure: isKept',
    'sure: true',
    'nobody is gone from a list that was mended, wherever an address stood in it',
  ),
  rowOf('request/csv/shape', 'request/csv/guess')(
    'no cell moves below another name where a password may be among those that are missing',
    '|| vacant.has(column) || !mayBeSecret(column)',
    '|| true',
    'comes not to light by filling up a short row that may lack it',
  ),
  rowOf('request/secret-text', 'program/ask')(
    'nothing is no password',
    "if (text === '') return `",
    "if (text === '-') return `",
    'under the policy %s %s is refused where it is typed, and asked for again',
  ),
];
