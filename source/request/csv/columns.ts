// Which column of a CSV is which field. Case, blanks, underscores and hyphens of a name do not count.
import {cleanText} from '../../format/clean.ts';
import {type End, type FieldKey, fieldOf, keyOf} from '../fields.ts';
import {editsBetween, nearest} from '../nearest.ts';

/** The columns as they are written: the request form's own first, in its order. */
export const columnOrder: readonly FieldKey[] = [
  'title',
  'type',
  ...endColumns('source'),
  ...endColumns('destination'),
  'destinationFolder',
  'since',
  'before',
  'sourceFolder',
  'repair',
  'sourceSecurity',
  'sourceAuth',
  'destinationSecurity',
  'destinationAuth',
  ...microsoftColumns('source'),
  ...microsoftColumns('destination'),
];

function endColumns(end: End): FieldKey[] {
  return (['UserId', 'Domain', 'Secret', 'Server', 'Port'] as const).map(part => keyOf(end, part));
}

function microsoftColumns(end: End): FieldKey[] {
  return (['Tenant', 'ClientId', 'SignInUser'] as const).map(part => keyOf(end, part));
}

/** The labels of LegacyFlo's newer form, and what people write. */
function endAliases(end: End, names: readonly string[]): [string, FieldKey][] {
  const parts: readonly [Parameters<typeof keyOf>[1], readonly string[]][] = [
    [
      'UserId',
      [
        ...['userid', 'user', 'username', 'login', 'upn'],
        // Without these, "Source Email" would be the nearest to a domain. An address in one of them is split.
        ...['email', 'emailaddress', 'mail', 'address', 'mailbox'],
      ],
    ],
    ['Domain', ['domain', 'domainname']],
    [
      'Secret',
      [
        ...['password', 'userpassword', 'secret', 'clientsecret', 'appsecret'],
        ...['pass', 'passwd', 'pwd', 'pw', 'userpass', 'userpwd', 'userpw', 'loginpw'],
      ],
    ],
    ['Server', ['server', 'servername', 'host', 'hostname']],
    ['Port', ['port', 'serverport']],
    ['Security', ['security', 'encryption']],
    ['Auth', ['auth', 'authentication', 'signin']],
    ['Tenant', ['tenant', 'tenantid', 'directoryid']],
    ['ClientId', ['clientid', 'applicationid', 'appid']],
    ['SignInUser', ['signinuser', 'delegate']],
  ];
  return names.flatMap(name =>
    parts.flatMap(([part, words]) =>
      words.map((word): [string, FieldKey] => [`${name}${word}`, keyOf(end, part)]),
    ),
  );
}

const spelled = (name: string) => name.toLowerCase().replace(/[\s_-]+/gu, '');

const byName = new Map<string, FieldKey>([
  ...endAliases('source', ['source', 'src']),
  ...endAliases('destination', ['destination', 'dest', 'target']),
  ['destinationfoldername', 'destinationFolder'],
  ['destfolder', 'destinationFolder'],
  ['targetfolder', 'destinationFolder'],
  // Else they would be taken for a password that is mistyped.
  ['sourcepath', 'sourceFolder'],
  ['srcpath', 'sourceFolder'],
  ['destinationpath', 'destinationFolder'],
  ['destpath', 'destinationFolder'],
  ['targetpath', 'destinationFolder'],
  ['type', 'type'],
  ['since(yyyymmdd)', 'since'],
  ['before(yyyymmdd)', 'before'],
  ...columnOrder.map((key): [string, FieldKey] => [spelled(fieldOf(key).label), key]),
]);

export type Column = {
  /** Stays the same through every edit, while the place among the others may not. */
  readonly id: number;
  /** Where it stands in the file, from 1, as spreadsheets count. */
  readonly number: number;
  /** As the header has it, cleaned: for people. */
  readonly name: string;
  /** As the header has it. */
  readonly written: string;
  /** The field it holds. Of an unknown name: the field that was most likely meant, which is an offer and no more. */
  readonly key?: FieldKey;
  /** 'empty': no name. 'doubled': another column before it holds the same field. */
  readonly state: 'known' | 'unknown' | 'doubled' | 'empty';
};

/** Unknown names whose meaning is guessed: a file with more of them is no table of requests. */
const mostGuesses = 200;

function meant(name: string): FieldKey | undefined {
  const near = nearest(name, [...byName.keys()]);
  return near === undefined ? undefined : byName.get(near);
}

/** The field that a name stands for, in any usual spelling: 'source_user_id'. */
export function fieldNamed(name: string): FieldKey | undefined {
  return byName.get(spelled(name));
}

/** The field whose name is nearest to one that is no field's, if any is near. */
export function fieldNear(name: string): FieldKey | undefined {
  return meant(spelled(name));
}

/** More wrong letters than these make another name of it: "Source clave" is no "Source Server". */
const mostWrong = 2;
const endName = /^(?:source|src|destination|dest|target)/;

/**
 * The field of which a name that is no field's has a slip of the finger in it: few wrong letters for its length, the
 * end's name not counted, and none of them a word more ("Source mailbox pw") or another word at its end ("Source tenant
 * pw" is no tenant id). Undefined too where another field is as near as that, such as a password's.
 */
export function fieldMistyped(name: string): FieldKey | undefined {
  const text = spelled(name);
  const close = [...byName].flatMap(([known, key]) => {
    const longer = Math.abs(known.length - text.length);
    const wrong = longer > mostWrong ? longer : editsBetween(text, known);
    const most = Math.floor(known.replace(endName, '').length / 3);
    const slip = longer <= 1 && wrong <= most && (wrong === 1 || known.at(-1) === text.at(-1));
    return wrong > mostWrong ? [] : [{key, slip}];
  });
  const [first, ...others] = new Set(close.map(({key}) => key));
  return others.length === 0 && close.some(({slip}) => slip) ? first : undefined;
}

/** The field that the cells of a column are read as: none where its name is only near to one, which may hold a password. */
export function readAs({key, state}: Column): FieldKey | undefined {
  return state === 'known' ? key : undefined;
}

/** Reads a header row. */
export function columnsOf(cells: readonly string[]): readonly Column[] {
  const known = new Set<FieldKey>();
  const columns = cells.map((cell, index): Column => {
    const base = {id: index, number: index + 1, name: cleanText(cell.trim(), 60), written: cell};
    const key = fieldNamed(cell);
    if (key === undefined) return {...base, state: base.name === '' ? 'empty' : 'unknown'};
    if (known.has(key)) return {...base, key, state: 'doubled'};
    known.add(key);
    return {...base, key, state: 'known'};
  });
  let guesses = 0;
  return columns.map(column => {
    const guess = column.state === 'unknown' && guesses++ < mostGuesses;
    const key = guess ? fieldNear(column.name) : undefined;
    if (key === undefined || known.has(key)) return column;
    known.add(key);
    return {...column, key};
  });
}

/** The column each field is read from. */
export function columnsByKey(columns: readonly Column[]): ReadonlyMap<FieldKey, Column> {
  const found = new Map<FieldKey, Column>();
  for (const column of columns) {
    const key = readAs(column);
    if (key !== undefined && !found.has(key)) found.set(key, column);
  }
  return found;
}
