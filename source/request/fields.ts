// The fields of a request: one definition for the wizard's step, the CSV column and the error text.
import type {Endpoint, Request} from './schema.ts';
import {secretPlaces} from './secret-text.ts';
import {requestTypes} from './types.ts';

export type FieldKey =
  | 'title'
  | 'type'
  | 'sourceUserId'
  | 'sourceDomain'
  | 'sourceAuth'
  | 'sourceSecret'
  | 'sourceServer'
  | 'sourcePort'
  | 'sourceSecurity'
  | 'sourceTenant'
  | 'sourceClientId'
  | 'sourceSignInUser'
  | 'destinationUserId'
  | 'destinationDomain'
  | 'destinationAuth'
  | 'destinationSecret'
  | 'destinationServer'
  | 'destinationPort'
  | 'destinationSecurity'
  | 'destinationTenant'
  | 'destinationClientId'
  | 'destinationSignInUser'
  | 'destinationFolder'
  | 'since'
  | 'before'
  | 'sourceFolder'
  | 'repair';

/** What was typed, as text. A missing key and '' both mean "not given"; the default then applies. */
export type Answers = Readonly<Partial<Record<FieldKey, string>>>;

export type Field = {
  readonly key: FieldKey;
  /** The form's label, also the canonical CSV column: 'Source user id'. */
  readonly label: string;
  /** The same in the wizard, where the end is already said: 'User id'. */
  readonly short: string;
  readonly group: 'type' | 'source' | 'destination' | 'filters';
  readonly kind: 'text' | 'secret' | 'choice';
  readonly choices?: readonly {readonly value: string; readonly label: string}[];
  /** One sentence: under the field in the wizard; the help of the option of the same name. */
  readonly help: string;
  /** What it means to leave it empty, where that is worth saying: 'from the first'. */
  readonly empty?: string;
  readonly example?: string;
};

export type End = 'source' | 'destination';

export const authChoices: readonly {readonly value: Endpoint['auth']; readonly label: string}[] = [
  {value: 'password', label: 'password'},
  {value: 'oauth-app', label: 'app-only'},
  {value: 'oauth-browser', label: 'browser'},
  {value: 'oauth-device', label: 'device code'},
];

export const repairChoices: readonly {
  readonly value: 'none' | NonNullable<Request['repair']>;
  readonly label: string;
}[] = [
  {value: 'none', label: 'none'},
  {value: 'lines', label: 'lines'},
  {value: 'bytes', label: 'bytes'},
  {value: 'all', label: 'all'},
];

export const securityChoices: readonly {readonly value: Endpoint['security']; readonly label: string}[] = [
  {value: 'tls', label: 'TLS'},
  {value: 'starttls', label: 'STARTTLS'},
  {value: 'none', label: 'none'},
];

/** The key of an end's field: `keyOf('source', 'UserId')`. */
export type EndPart =
  | 'UserId'
  | 'Domain'
  | 'Auth'
  | 'Tenant'
  | 'ClientId'
  | 'SignInUser'
  | 'Secret'
  | 'Server'
  | 'Port'
  | 'Security';
export function keyOf(end: End, part: EndPart): FieldKey {
  return `${end}${part}`;
}

/** Labels are the request form's own words, which write "Source Server" but "Destination server". */
function endFields(end: End, name: 'Source' | 'Destination', serverLabel: string): readonly Field[] {
  return [
    {
      key: keyOf(end, 'UserId'),
      label: `${name} user id`,
      short: 'User id',
      group: end,
      kind: 'text',
      help: 'The part of the address before the @.',
      example: 'john',
    },
    {
      key: keyOf(end, 'Domain'),
      label: `${name} domain`,
      short: 'Domain',
      group: end,
      kind: 'text',
      help: 'The part of the address after the @.',
      example: 'baya.com',
    },
    {
      key: keyOf(end, 'Auth'),
      label: `${name} auth`,
      short: 'Sign in',
      group: end,
      kind: 'choice',
      choices: authChoices,
      help: 'Office 365: app-only for many mailboxes, browser for yours, device code where there is none.',
    },
    {
      key: keyOf(end, 'Tenant'),
      label: `${name} tenant`,
      short: 'Tenant',
      group: end,
      kind: 'text',
      help: 'Directory (tenant) id of the app registration, or one of its domains.',
      empty: 'MAILFERRY_TENANT, else the domain of the address',
      example: 'baya.com',
    },
    {
      key: keyOf(end, 'ClientId'),
      label: `${name} client id`,
      short: 'Client id',
      group: end,
      kind: 'text',
      help: 'Application (client) id of the app registration.',
      empty: 'MAILFERRY_CLIENT_ID',
      example: '00000000-0000-0000-0000-000000000000',
    },
    {
      key: keyOf(end, 'SignInUser'),
      label: `${name} sign-in user`,
      short: 'Sign-in user',
      group: end,
      kind: 'text',
      help: 'For a shared mailbox: the address of who signs in and has full access to it.',
      empty: 'the mailbox itself',
      example: 'admin@baya.com',
    },
    {
      key: keyOf(end, 'Secret'),
      label: `${name} user password`,
      short: 'Password',
      group: end,
      kind: 'secret',
      help: `Never stored. ${secretPlaces} say where it is instead.`,
      example: `env:${name.toUpperCase()}_PASSWORD`,
    },
    {
      key: keyOf(end, 'Server'),
      label: serverLabel,
      short: 'Server',
      group: end,
      kind: 'text',
      help: 'Host name or IP address.',
      example: 'outlook.office365.com',
    },
    {
      key: keyOf(end, 'Port'),
      label: `${name} Server Port`,
      short: 'Port',
      group: end,
      kind: 'text',
      help: '1 to 65535; secure IMAP uses 993.',
      example: '993',
    },
    {
      key: keyOf(end, 'Security'),
      label: `${name} security`,
      short: 'Security',
      group: end,
      kind: 'choice',
      choices: securityChoices,
      help: 'TLS from the start, STARTTLS, or none (this machine only).',
    },
  ];
}

/** Every field, in the order a person is asked. */
export const fields: readonly Field[] = [
  {
    key: 'type',
    label: 'Request type',
    short: 'Type',
    group: 'type',
    kind: 'choice',
    choices: requestTypes.map(type => ({value: type.code, label: type.label})),
    help: 'What stands at each end. One of them is Office 365.',
    example: 'O365-IMAP',
  },
  {
    key: 'title',
    label: 'Title',
    short: 'Title',
    group: 'type',
    kind: 'text',
    help: 'What the request is called in lists and reports. It may stay empty.',
    example: 'John to the archive',
  },
  ...endFields('source', 'Source', 'Source Server'),
  ...endFields('destination', 'Destination', 'Destination server'),
  {
    key: 'destinationFolder',
    label: 'Destination folder',
    short: 'Folder',
    group: 'destination',
    kind: 'text',
    help: 'Made if missing. All mail goes below it, in the folders of the source.',
    example: 'Data17012018',
  },
  {
    key: 'since',
    label: 'Since',
    short: 'Since',
    group: 'filters',
    kind: 'text',
    help: 'Mail that arrived on this day or later.',
    empty: 'from the first',
    example: '2019-01-01',
  },
  {
    key: 'before',
    label: 'Before',
    short: 'Before',
    group: 'filters',
    kind: 'text',
    help: 'Mail that arrived before this day.',
    empty: 'up to the newest',
    example: '2019-02-01',
  },
  {
    key: 'sourceFolder',
    label: 'Source folder',
    short: 'Source folder',
    group: 'filters',
    kind: 'text',
    help: 'Only this folder and those below it: its exact path, levels joined by "/".',
    empty: 'all folders',
    example: 'Projects/2019',
  },
  {
    key: 'repair',
    label: 'Repair',
    short: 'Repair',
    group: 'filters',
    kind: 'choice',
    choices: repairChoices,
    help: 'What may be changed about a message that is refused: lines breaks lines that are too long, bytes mends bare line ends and drops NUL bytes.',
  },
];

const byKey = new Map(fields.map(field => [field.key, field]));

export function fieldOf(key: FieldKey): Field {
  const field = byKey.get(key);
  if (field === undefined) throw new TypeError(`no field ${key}`);
  return field;
}

/** All there is to say under a field. */
export function fieldHelp({help, empty}: Pick<Field, 'help' | 'empty'>): string {
  return empty === undefined ? help : `${help} Empty: ${empty}.`;
}
