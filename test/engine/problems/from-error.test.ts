import {connect} from 'node:net';
import {expect, test} from 'vitest';
import type {ErrorContext} from '../../../source/engine/problems/from-error.ts';
import {problemFromError} from '../../../source/engine/problems/from-error.ts';

const base: ErrorContext = {
  end: 'source',
  login: 'john@baya.com',
  server: 'imap.example.com:993',
  during: 'other',
};
const exchange = {server: 'outlook.office365.com:993', during: 'sign-in'} as const;
const append = {end: 'destination', during: 'append', folder: 'Data/INBOX'} as const;

function failure(fields: object, message = 'Command failed'): Error {
  return Object.assign(new Error(message), fields);
}
const no = (responseText: string, fields: object = {}) =>
  failure({responseStatus: 'NO', responseText, ...fields});

test.each<[string, unknown, Partial<ErrorContext>, string, string]>([
  // name, error, context, code, scope verdict
  ['unknown host', failure({code: 'ENOTFOUND'}), {during: 'connect'}, 'host-unknown', 'mailbox stop'],
  [
    'the same while reconnecting',
    failure({code: 'ENOTFOUND'}),
    {reconnecting: true},
    'host-unknown',
    'mailbox again',
  ],
  ['DNS out of order', failure({code: 'EAI_AGAIN'}), {}, 'name-lookup-failed', 'mailbox again'],
  ['refused', failure({code: 'ECONNREFUSED'}), {during: 'connect'}, 'connection-refused', 'mailbox stop'],
  ['no route', failure({code: 'EHOSTUNREACH'}), {}, 'host-unreachable', 'mailbox again'],
  ['no answer', failure({code: 'ETIMEDOUT'}), {during: 'connect'}, 'connect-timed-out', 'mailbox again'],
  ['silence later', failure({code: 'ETIMEDOUT'}), {during: 'fetch'}, 'timed-out', 'mailbox again'],
  ['reset', failure({code: 'ECONNRESET'}), {during: 'append'}, 'connection-lost', 'mailbox again'],
  [
    'every address refused',
    Object.assign(new AggregateError([failure({code: 'ECONNREFUSED'})])),
    {},
    'connection-refused',
    'mailbox stop',
  ],
  [
    'wrapped time-out',
    failure({code: 'CONNECT_TIMEOUT', _err: failure({code: 'ETIMEDOUT'})}),
    {},
    'connect-timed-out',
    'mailbox again',
  ],
  [
    'wrong password',
    no('Invalid credentials', {authenticationFailed: true, serverResponseCode: 'AUTHENTICATIONFAILED'}),
    {during: 'sign-in'},
    'sign-in-refused',
    'mailbox stop',
  ],
  [
    'wrong password, no code',
    no('nope', {authenticationFailed: true}),
    {during: 'sign-in'},
    'sign-in-refused',
    'mailbox stop',
  ],
  [
    'wrong password, whole line',
    failure({authenticationFailed: true, responseStatus: 'NO', response: '3 NO [AUTHENTICATIONFAILED] bad'}),
    {during: 'sign-in'},
    'sign-in-refused',
    'mailbox stop',
  ],
  [
    // https://github.com/Foundry376/Mailspring/issues/2111
    'wrong password at Yandex',
    no('[AUTHENTICATIONFAILED] LOGIN invalid credentials or IMAP is disabled sc=1', {
      authenticationFailed: true,
      serverResponseCode: 'AUTHENTICATIONFAILED',
    }),
    {during: 'sign-in'},
    'sign-in-refused',
    'mailbox stop',
  ],
  [
    'IMAP off',
    no('[AUTHENTICATIONFAILED] IMAP is disabled for this account', {authenticationFailed: true}),
    {during: 'sign-in'},
    'imap-switched-off',
    'mailbox stop',
  ],
  [
    // https://github.com/thunderbird/thunderbird-android/issues/9069
    'app password at Mail.ru',
    no('NEOBHODIM parol prilozheniya https://help.mail.ru/ / Aplication password is REQUIRED', {
      authenticationFailed: true,
    }),
    {during: 'sign-in'},
    'app-password-needed',
    'mailbox stop',
  ],
  [
    'basic authentication off',
    no('Basic authentication is disabled.', {authenticationFailed: true}),
    exchange,
    'microsoft-password-refused',
    'mailbox stop',
  ],
  [
    'LOGIN failed. at Exchange',
    no('LOGIN failed.', {authenticationFailed: true}),
    {...exchange, auth: 'password'},
    'microsoft-password-refused',
    'mailbox stop',
  ],
  [
    'LOGIN failed. on an Exchange greeting',
    no('LOGIN failed.', {authenticationFailed: true}),
    {during: 'sign-in', greeting: '* OK Microsoft Exchange IMAP4 service ready. 1b2c (tcpproxy/15)'},
    'microsoft-password-refused',
    'mailbox stop',
  ],
  [
    'LOGIN failed. anywhere else',
    no('LOGIN failed.', {authenticationFailed: true}),
    {during: 'sign-in'},
    'sign-in-refused',
    'mailbox stop',
  ],
  [
    'LOGINDISABLED at Exchange',
    failure({authenticationFailed: true}, 'Login is disabled'),
    exchange,
    'microsoft-password-refused',
    'mailbox stop',
  ],
  [
    'LOGINDISABLED elsewhere',
    failure({authenticationFailed: true}, 'Login is disabled'),
    {during: 'sign-in'},
    'password-sign-in-off',
    'mailbox stop',
  ],
  [
    'token refused',
    no('AUTHENTICATE failed.', {authenticationFailed: true}),
    {...exchange, auth: 'oauth-app'},
    'microsoft-token-refused',
    'mailbox stop',
  ],
  [
    'not connected',
    failure({
      authenticationFailed: true,
      responseStatus: 'BAD',
      responseText: 'User is authenticated but not connected.',
    }),
    exchange,
    'mailbox-not-connected',
    'mailbox slower',
  ],
  [
    'unavailable at sign-in is no refusal',
    no('Server Unavailable. 15', {authenticationFailed: true}),
    exchange,
    'server-unavailable',
    'mailbox slower',
  ],
  [
    'a fault of its own',
    no('[SERVERBUG] Internal error occurred.', {serverResponseCode: 'SERVERBUG'}),
    append,
    'server-unavailable',
    'mailbox slower',
  ],
  [
    'token ran out',
    failure({code: 'NoConnection', reason: 'Session invalidated - AccessTokenExpired'}),
    append,
    'token-expired',
    'mailbox again',
  ],
  [
    'BYE 14',
    failure({code: 'NoConnection', reason: 'Connection closed. 14'}),
    append,
    'connection-lost',
    'mailbox again',
  ],
  [
    'too many',
    failure({
      code: 'ClosedAfterConnectTLS',
      reason: 'Maximum number of connections from user+IP exceeded (mail_max_userip_connections=10)',
    }),
    {during: 'connect'},
    'too-many-connections',
    'mailbox slower',
  ],
  [
    'throttled',
    failure({code: 'ETHROTTLE', throttleReset: 299_609, responseStatus: 'NO'}),
    append,
    'throttled',
    'mailbox slower',
  ],
  [
    'throttled at sign-in',
    failure({code: 'ETHROTTLE', throttleReset: 1000, authenticationFailed: true}),
    exchange,
    'throttled',
    'mailbox slower',
  ],
  ['quota by code', no('x', {serverResponseCode: 'OVERQUOTA'}), append, 'over-quota', 'mailbox stop'],
  ['quota by words', no('Quota exceeded (mailbox for user is full)'), append, 'over-quota', 'mailbox stop'],
  [
    // https://github.com/OfflineIMAP/offlineimap/pull/29
    'quota at GroupWise',
    no('APPEND The 1500 MB storage limit has been exceeded.'),
    append,
    'over-quota',
    'mailbox stop',
  ],
  [
    'too large by code',
    failure({serverResponseCode: 'APPENDLIMIT'}),
    {...append, size: 40e6, limit: 36e6},
    'message-too-large',
    'message skip',
  ],
  [
    'too large at Exchange',
    no('Maximum size of appendable message has been exceeded'),
    {...append, size: 40e6},
    'message-too-large',
    'message skip',
  ],
  [
    'refused message',
    failure({responseStatus: 'BAD', responseText: 'Command Argument Error. 11'}),
    append,
    'message-refused',
    'message skip',
  ],
  [
    'state lost',
    failure({responseStatus: 'BAD', responseText: 'Command received in Invalid state.'}),
    append,
    'connection-lost',
    'mailbox again',
  ],
  [
    'folder gone there',
    no("doesn't exist", {serverResponseCode: 'TRYCREATE'}),
    append,
    'destination-folder-missing',
    'folder again',
  ],
  [
    'folder gone here',
    no('x', {mailboxMissing: true}),
    {during: 'fetch', folder: 'Old'},
    'folder-vanished',
    'folder skip',
  ],
  [
    'no right to read',
    no('x', {serverResponseCode: 'NOPERM'}),
    {folder: 'Shared'},
    'folder-unreadable',
    'folder skip',
  ],
  [
    'no right to write',
    no('x', {serverResponseCode: 'NOPERM'}),
    append,
    'folder-not-writable',
    'folder skip',
  ],
  [
    'reserved name',
    no('Folder name is reserved'),
    {during: 'create', end: 'destination', folder: 'Files'},
    'folder-name-reserved',
    'folder skip',
  ],
  [
    'create refused',
    no('Invalid mailbox name'),
    {during: 'create', end: 'destination', folder: 'a*b'},
    'folder-not-created',
    'folder skip',
  ],
  ['fetch refused', no('cannot'), {during: 'fetch', folder: 'INBOX'}, 'message-unreadable', 'message skip'],
  ['list refused', no('cannot'), {during: 'list'}, 'command-refused', 'mailbox stop'],
  ['no IMAP there', failure({code: 'ParserError4'}), {during: 'connect'}, 'not-imap', 'mailbox stop'],
  ['garbled later', failure({code: 'ParserError4'}), {during: 'fetch'}, 'answer-unreadable', 'mailbox again'],
  ['disk full', failure({code: 'ENOSPC', syscall: 'write'}), {}, 'disk-full', 'run stop'],
  ['no right to a file', failure({code: 'EACCES', syscall: 'open'}), {}, 'file-not-allowed', 'run stop'],
  ['firewall', failure({code: 'EACCES', syscall: 'connect'}), {}, 'host-unreachable', 'mailbox again'],
  ['ledger locked', failure({code: 'ERR_SQLITE_ERROR', errcode: 5}), {}, 'ledger-locked', 'mailbox stop'],
  [
    'ledger damaged',
    failure({code: 'ERR_SQLITE_ERROR', errcode: 11 + 256}),
    {},
    'ledger-damaged',
    'mailbox stop',
  ],
  [
    'stop',
    new DOMException('This operation was aborted', 'AbortError'),
    {},
    'stopped-by-user',
    'mailbox stop',
  ],
  ['a bug', new TypeError('x is not a function'), {}, 'internal-error', 'run stop'],
  ['not even an error', undefined, {}, 'internal-error', 'run stop'],
  [
    'hostile code',
    failure({code: '__proto__', serverResponseCode: 'CONSTRUCTOR'}),
    {},
    'internal-error',
    'run stop',
  ],
])('%s', (_name, error, context, code, effect) => {
  const said = problemFromError(error, {...base, ...context});
  expect([said.code, `${said.scope} ${said.verdict}`]).toEqual([code, effect]);
});

test('a server that fails by its own fault is not said to be away, and its words stand there', () => {
  const said = problemFromError(
    no('[SERVERBUG] Internal error occurred.', {serverResponseCode: 'SERVERBUG'}),
    {...base, ...append},
  );
  expect(said.sentence).toBe(
    'The destination server imap.example.com:993 failed at this, and says that the fault is its own.',
  );
  expect(said.detail).toBe('[SERVERBUG] Internal error occurred.');
  expect(said.nextStep).toContain("server's log");
});

test('advice of Node for programmers is left out of what a person reads', () => {
  const said = problemFromError(
    failure(
      {code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE', tlsFailed: true},
      'unable to verify the first certificate; if the root CA is installed locally, try running Node.js with --use-system-ca',
    ),
    {...base, during: 'connect'},
  );
  expect([said.code, said.detail]).toEqual(['tls-unknown-issuer', 'unable to verify the first certificate']);
});

test('the refusal of passwords by Microsoft says what to do instead', () => {
  const said = problemFromError(no('Basic authentication is disabled.', {authenticationFailed: true}), {
    ...base,
    ...exchange,
  });
  expect(said.nextStep).toMatch(/oauth-app.*gateway/);
  expect(said.detail).toBe('Basic authentication is disabled.');
});

test("a back-off is told in the server's own time, bounded", () => {
  const asked = (throttleReset: number) =>
    problemFromError(failure({code: 'ETHROTTLE', throttleReset}), base).sentence;
  expect(asked(299_609)).toContain('5 min');
  expect(asked(1e15)).toContain('24 h');
  expect(
    problemFromError(no('Request is throttled. Suggested Backoff Time: 92415 milliseconds'), base).sentence,
  ).toContain('93 s');
});

test('server text cannot reach the terminal, and is bounded', () => {
  const hostile = `\x1b]0;x\x07\x1b[2J\u202e${'A'.repeat(5000)}`;
  const said = problemFromError(no(hostile), {...base, during: 'create', folder: hostile});
  const shown = `${said.sentence}${said.nextStep}${said.detail}`;
  expect(shown).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  expect(shown.length).toBeLessThan(1500);
  expect(said.sentence).toMatch(/\.$/);
});

test('a refused sign-in never shows the command with the password', () => {
  const said = problemFromError(
    failure({authenticationFailed: true, responseStatus: 'NO', executedCommand: '2 LOGIN "john" "geheim"'}),
    base,
  );
  expect(JSON.stringify(said)).not.toContain('geheim');
});

test('a real refused connection is understood', async () => {
  const error = await new Promise<Error>(resolve => connect(1, '127.0.0.1').once('error', resolve));
  expect(problemFromError(error, {...base, during: 'connect'}).code).toBe('connection-refused');
});
