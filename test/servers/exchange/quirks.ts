// How the simulated server differs from a plain IMAP server, as data: one switch a quirk, with its number (several have
// one where they belong together), its usual value and its value when everything comes at once.
import {choice, count, onOff, readValue, type ValueOf} from './quirk-values.ts';

export const quirks = {
  greeting: choice(
    1,
    ['new', 'old'],
    {usual: 'new'},
    'Which greeting is sent; neither has a CAPABILITY code.',
  ),
  capabilityBefore: choice(
    2,
    ['2026-09', '2026-03', 'classic'],
    {usual: '2026-09'},
    'Which capabilities are told before the sign-in; 2026-09 has LOGINDISABLED where passwords are refused.',
  ),
  capabilityAfter: choice(
    2,
    ['classic', 'rev2'],
    {usual: 'classic', hard: 'rev2'},
    'Which capabilities are told after the sign-in; rev2 offers ENABLE IMAP4rev2, the trap of number 20.',
  ),
  password: choice(
    3,
    ['refused-new', 'refused-old', 'accepted'],
    {usual: 'refused-new'},
    'How LOGIN and PLAIN are refused; accepted is for gateways and old servers.',
  ),
  saslIr: onOff(4, {usual: true}, 'XOAUTH2 takes its answer with the command; off: only after a +.'),
  transientConnects: count(
    5,
    'sign-ins',
    {usual: 2},
    'How many sign-ins a mailbox in the state "transient" leaves unconnected.',
  ),
  tokenExpiry: onOff(6, {usual: true}, 'A session ends with BYE when the token it signed in with expires.'),
  expireAt: choice(
    6,
    ['off', 'command', 'fetching', 'announced', 'received', 'stored', 'idle'],
    {usual: 'off'},
    'Tokens also expire at this moment: before a command, between two FETCH lines, in place of +, after the literal (received: not stored, stored: stored but not answered), in IDLE.',
  ),
  expireEvery: count(6, 'moments', {usual: 200, hard: 40}, 'At which of those moments: every so manieth.'),
  afterLiteral: choice(
    6,
    ['stored', 'lost'],
    {usual: 'stored'},
    'Whether a message is stored whose token expires between its last byte and the answer.',
  ),
  throttle: choice(
    7,
    ['off', 'NO', 'BAD'],
    {usual: 'off', hard: 'NO'},
    'FETCH and APPEND are refused with a back-off time, APPEND in place of its +.',
  ),
  throttleAfter: count(
    7,
    'operations',
    {usual: 500, hard: 60},
    'How many FETCHes of bodies and APPENDs a mailbox has before it is throttled, and again after each wait.',
  ),
  throttleMs: count(7, 'ms', {usual: 299_609}, 'The back-off time.'),
  throttleDrop: onOff(7, {usual: false, hard: true}, 'BYE and the end of the connection follow the line.'),
  throttleScope: choice(7, ['mailbox', 'tenant'], {usual: 'mailbox'}, 'Who waits together.'),
  marked: onOff(8, {usual: true}, 'LIST has \\Marked where there is new mail.'),
  inboxName: choice(8, ['INBOX', 'Inbox'], {usual: 'INBOX'}, 'How LIST writes the inbox.'),
  slashFolders: choice(
    9,
    ['hidden', 'shown'],
    {usual: 'hidden'},
    'Folders with "/" in their display name are not listed and cannot be opened.',
  ),
  keywords: choice(10, ['dropped', 'kept'], {usual: 'dropped'}, 'Keywords but $MDNSent vanish silently.'),
  smallUidValidity: onOff(10, {usual: true}, 'UIDVALIDITY is a small number that folders share.'),
  flaggedByAppend: choice(
    10,
    ['imap-only', 'kept'],
    {usual: 'imap-only'},
    '\\Flagged given to APPEND is seen by IMAP only; given to STORE it is seen in Outlook too.',
  ),
  sizes: choice(11, ['estimated', 'exact'], {usual: 'estimated'}, 'RFC822.SIZE is not the literal size.'),
  silentFetch: onOff(12, {usual: true}, 'FETCH of a message made "silent" says OK and sends nothing.'),
  stubs: onOff(13, {usual: true}, 'A message made "stub" is replaced by the retrieval-failed note.'),
  rewrite: choice(
    14,
    ['off', 'mime', 'mapi'],
    {usual: 'mime', hard: 'mapi'},
    'APPEND stores other bytes: headers in another order and folding, other boundaries and transfer encodings; mapi also writes Date in UTC and encoded words anew.',
  ),
  contentChecks: onOff(15, {usual: true}, 'APPEND refuses what Exchange cannot convert, without a reason.'),
  badBytes: choice(
    15,
    ['taken', 'refused'],
    {usual: 'taken'},
    'NUL bytes and bare line feeds are refused, as other servers do it, in their words.',
  ),
  largestMessage: count(15, 'bytes', {usual: 37_748_736}, 'The size limit of a message.'),
  largestRefusal: choice(
    15,
    ['NO', 'BAD'],
    {usual: 'NO', hard: 'BAD'},
    'Over the limit: NO Maximum size… in place of +, or BAD Command Argument Error. 11 after the bytes.',
  ),
  quotaRefusal: choice(
    15,
    ['NO', 'BAD'],
    {usual: 'NO'},
    'Over quota: NO Server Unavailable. 15, or BAD … 11.',
  ),
  errorBudget: count(16, 'errors', {usual: 10}, 'BYE Connection closed. 14 after so many BADs; 0: never.'),
  connectionCap: count(17, 'sessions', {usual: 16}, 'How many sessions a mailbox may have; 0: any number.'),
  lingerMs: count(17, 'ms', {usual: 60_000}, 'How long a session that ended without LOGOUT still counts.'),
  capAnswer: choice(17, ['not-connected', 'eof'], {usual: 'not-connected'}, 'What a sign-in too many gets.'),
  idleMs: count(
    18,
    'ms',
    {usual: 1_800_000},
    'BYE Connection is closed. 13 after so long without a command.',
  ),
  linkFault: choice(
    18,
    ['off', 'eof', 'reset', 'silent', 'closed-13', 'mid-literal'],
    {usual: 'off', hard: 'eof'},
    'Connections break: end of file, reset, no answer any more, BYE 13, or in the middle of a literal.',
  ),
  linkFaultEvery: count(
    18,
    'moments',
    {usual: 500, hard: 150},
    'At which command or message: every so manieth.',
  ),
  search: choice(
    19,
    ['strict', 'lenient'],
    {usual: 'strict'},
    'SEARCH refuses CHARSET and every KEYWORD but $MDNSent.',
  ),
  longestLine: count(19, 'bytes', {usual: 10_240}, 'A longer command line is BAD Command Error. 10.'),
  rev2Search: onOff(
    20,
    {usual: true},
    'With IMAP4rev2 enabled, or RETURN, SEARCH answers ESEARCH without ALL.',
  ),
  createRules: onOff(21, {usual: true}, 'CREATE is case-insensitive, makes parents, and refuses Files.'),
  copyUid: choice(
    22,
    ['told', 'empty'],
    {usual: 'told', hard: 'empty'},
    'COPYUID comes with or without UIDs.',
  ),
  appendUid: onOff(22, {usual: true, hard: false}, 'APPEND tells the UID it gave.'),
  shuffledFetch: onOff(23, {usual: true}, 'The items of a FETCH line come in any order.'),
  chatter: onOff(
    23,
    {usual: false, hard: true},
    'Untagged EXISTS and FETCH (FLAGS …) come between the answers.',
  ),
  editedUid: choice(24, ['new', 'kept'], {usual: 'new'}, 'An edited message has a new UID.'),
  rawTabs: onOff(25, {usual: true}, 'LIST sends a name with a TAB unquoted.'),
  trailingSpace: choice(25, ['closes', 'opens'], {usual: 'closes'}, 'SELECT of "name " closes the socket.'),
  pipelining: choice(
    26,
    ['refused', 'accepted'],
    {usual: 'refused'},
    'A command sent behind an APPEND that waits for its + is BAD Command is not valid in this state.',
  ),
  desync: onOff(27, {usual: false}, 'The bytes of a refused non-synchronising literal are read as commands.'),
  idleEnd: choice(
    28,
    ['OK', 'unavailable'],
    {usual: 'OK'},
    'DONE may end with NO Server Unavailable. 15 and BYE.',
  ),
  slowSignInMs: count(29, 'ms', {usual: 0}, 'How long the first answer after a sign-in takes.'),
  slowFolderMs: count(
    29,
    'ms',
    {usual: 0},
    'How long SELECT and FETCH of a folder over 1,000 messages take.',
  ),
  readReceipts: onOff(
    15,
    {usual: true},
    'Read receipts asked for are sent when a message is downloaded, or stored as \\Seen.',
  ),
} as const;

export type QuirkName = keyof typeof quirks;
export type Quirks = {-readonly [Name in QuirkName]: ValueOf<(typeof quirks)[Name]>};

export const quirkNames = Object.keys(quirks) as QuirkName[];

function valuesBy(which: 'usual' | 'hard'): Quirks {
  return Object.fromEntries(quirkNames.map(name => [name, quirks[name][which]])) as Quirks;
}

/** What the server does where nothing else is said. */
export function usualQuirks(): Quirks {
  return valuesBy('usual');
}

/** Everything a client must withstand, at once. */
export function hardQuirks(): Quirks {
  return valuesBy('hard');
}

/**
 * Reads `name=value`.
 * @throws Error with a sentence where there is no such quirk or value
 */
export function readQuirk(text: string): Partial<Quirks> {
  const [name = '', value = 'on'] = text.split('=');
  if (!isQuirkName(name)) throw new Error(`There is no quirk "${name}"; --list names them all`);
  return {[name]: readValue(name, quirks[name], value)};
}

function isQuirkName(name: string): name is QuirkName {
  return Object.hasOwn(quirks, name);
}
