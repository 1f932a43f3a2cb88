// Profiles from the command line: kept, shown, renamed, handed to a colleague, carried out.
import {chmodSync, readFileSync, rmSync, statSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {afterAll, beforeAll, expect, it, test} from 'vitest';
import {carryOut} from '../../source/carry-out.ts';
import {openProfiles} from '../../source/profiles/store.ts';
import {countMessages, fill, readMailbox} from '../helpers/mail.ts';
import {fillTree} from '../helpers/mail-folders.ts';
import {fakeTerminal} from '../program/fake-terminal.ts';
import {type Dovecot, describeDovecot, startDovecot} from '../servers/dovecot.ts';
import {newPlace, type Place, requestRow} from './place.ts';

const nobody = {host: '127.0.0.1', imapPort: 1};

async function ok(place: Place, ...args: string[]): Promise<string> {
  const {code, stdout, stderr} = await place.here(args);
  expect([args, code, stderr]).toEqual([args, 0, '']);
  return stdout;
}

/** Agreed to beforehand, and told all the same. */
async function agreed(place: Place, told: RegExp, ...args: string[]): Promise<string> {
  const {code, stdout, stderr} = await place.here([...args, '--yes']);
  expect([args, code, stderr]).toEqual([args, 0, expect.stringMatching(told)]);
  return stdout;
}

async function refused(place: Place, ...args: string[]): Promise<string> {
  const {code, stdout, stderr} = await place.here(args);
  expect([args, code, stdout]).toEqual([args, 2, '']);
  return stderr;
}

test('a CSV is saved with its options, listed, shown, renamed, removed', async () => {
  const place = newPlace();
  place.csv([requestRow(nobody, nobody, 'ann')]);
  expect(await ok(place, 'profiles')).toMatch(/^No profile is saved yet/);
  const options = ['--mailboxes', '8', '--exclude', 'Old', '--exclude', 'Older', '--since', '2019-01-01'];
  await ok(place, 'profiles', 'save', 'monthly', 'users.csv', ...options, '--with-junk');
  expect(await ok(place, 'profiles')).toBe(`monthly  ${join(place.directory, 'users.csv')}\n`);
  const shown = await ok(place, 'profiles', 'show', 'monthly');
  expect(shown.split('\n')).toEqual([
    `CSV file     ${join(place.directory, 'users.csv')}`,
    '--since      2019-01-01',
    '--exclude    Old',
    '--exclude    Older',
    '--with-junk',
    '--mailboxes  8',
    '',
  ]);
  expect(await refused(place, 'profiles', 'save', 'monthly', 'users.csv')).toMatch(/already\. Add --yes/);
  expect(await refused(place, 'profiles', 'save', 'other', 'none.csv')).toMatch(/no file .*none\.csv/);
  await ok(place, 'profiles', 'rename', 'monthly', 'yearly');
  expect(await refused(place, 'profiles', 'rename', 'monthly', 'x')).toMatch(/no profile "monthly"/);
  expect(await refused(place, 'profiles', 'rename', 'yearly', 'a/b')).toMatch(/must not look like a path/);
  await ok(place, 'profiles', 'remove', 'yearly');
  expect(await refused(place, 'profiles', 'show', 'yearly')).toMatch(/no profile "yearly"/);
});

test('a profile is handed out in a file that is for its owner alone; folders and endless files are none', async () => {
  const place = newPlace();
  place.csv([requestRow(nobody, nobody, 'ann')]);
  expect(await refused(place, 'profiles', 'save', 'all', '.')).toMatch(/is a folder\. Name the CSV in it/);
  await ok(place, 'profiles', 'save', 'monthly', 'users.csv');
  const file = place.file('out.json', 'old');
  chmodSync(file, 0o644);
  expect(await refused(place, 'profiles', 'export', 'monthly', file)).toMatch(/already\. Add --yes/);
  await ok(place, 'profiles', 'export', 'monthly', file, '--yes');
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readFileSync(file, 'utf8')).toContain('users.csv');
  expect(await refused(place, 'profiles', 'export', 'monthly', '.', '--yes')).toMatch(
    /is no file\. Name a file/,
  );
  expect(await refused(place, 'profiles', 'import', '/dev/zero')).toMatch(/too large for a profile/);
});

test('a file from elsewhere is taken only whole, only when asked, and runs nothing unseen', async () => {
  const [sender, receiver] = [newPlace(), newPlace()];
  openProfiles({cwd: sender.state}).save('john', {
    kind: 'request',
    answers: {
      type: 'O365-IMAP',
      sourceUserId: 'john',
      sourceSecret: 'hunter2',
      destinationSecret: 'cmd:pass show x',
    },
    options: {notify: 'mail me', set: ['Source user password=cmd:id', 'Source Server=gateway.example']},
  });
  const file = join(receiver.directory, 'john.json');
  await ok(sender, 'profiles', 'export', 'john', file);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readFileSync(file, 'utf8')).not.toContain('hunter2');
  expect(await refused(sender, 'profiles', 'export', 'john', file)).toMatch(/already\. Add --yes/);
  expect(await ok(sender, 'profiles', 'export', 'john')).toBe(readFileSync(file, 'utf8'));

  expect(await refused(receiver, 'profiles', 'import', file)).toMatch(
    /runs commands.*\n +cmd:pass show x\n +--set Source user password=cmd:id\n +--notify mail me\nAdd --yes/,
  );
  await agreed(receiver, /^This profile runs commands/, 'profiles', 'import', file);
  expect(await ok(receiver, 'profiles', 'show', 'john')).toMatch(
    /^Destination user password {2}cmd:pass show x$/m,
  );
  expect(await refused(receiver, 'profiles', 'import', file)).toMatch(
    /already\. Give another name behind the file/,
  );
  await agreed(receiver, /^This profile runs commands/, 'profiles', 'import', file, 'second');
  const replaced = /^There is a profile "john" already: it is replaced\.\nThis profile runs commands/;
  await agreed(receiver, replaced, 'profiles', 'import', file);

  const whole = readFileSync(file, 'utf8');
  for (const [text, says] of [
    ['{', /it is not JSON/],
    ['{"version":2}', /is no profile of mailferry/],
    [whole.replace('"version": 2', '"version": 3'), /newer mailferry/],
    [whole.replace('"request"', '"pigeon"'), /damaged at "profile\.kind"/],
    [whole.replace('"name": "john"', '"name": "--yes"'), /bad name/],
  ] as const) {
    writeFileSync(file, text);
    expect(await refused(receiver, 'profiles', 'import', file, '--yes')).toMatch(says);
  }
  expect(await ok(receiver, 'profiles')).toMatch(/^john .*\nsecond .*\n$/);
});

test('one that sends what is kept here is taken only when asked, and says for which CSV it is', async () => {
  const [sender, receiver] = [newPlace(), newPlace()];
  const path = receiver.csv([requestRow(nobody, nobody, 'ann')]);
  const set = ['Source user password=file:~/.netrc', 'Source Server=imap.example.com'];
  openProfiles({cwd: sender.state}).save('monthly', {kind: 'csv', path, options: {set}});
  openProfiles({cwd: sender.state}).save('plain', {kind: 'csv', path, options: {}});
  const file = join(receiver.directory, 'monthly.json');
  await ok(sender, 'profiles', 'export', 'monthly', file);
  expect(await refused(receiver, 'profiles', 'import', file)).toBe(
    [
      'This profile sends what is kept on this machine:',
      '  file:~/.netrc to imap.example.com',
      '  the source passwords in its CSV to imap.example.com',
      'Add --yes to say that it may.\n',
    ].join('\n'),
  );
  expect(await ok(receiver, 'profiles')).toMatch(/^No profile is saved yet/);
  expect(await agreed(receiver, /sends what is kept/, 'profiles', 'import', file)).toContain(
    `It is for ${path}, which is on`,
  );
  await ok(sender, 'profiles', 'export', 'plain', file, '--yes');
  rmSync(path);
  expect(await ok(receiver, 'profiles', 'import', file)).toContain(`not on this machine: put it at ${path}`);
});

test('a command is told to its end, however long it is', async () => {
  const [sender, receiver] = [newPlace(), newPlace()];
  const notify = `true ${'#'.repeat(9000)} ; rm`;
  openProfiles({cwd: sender.state}).save('long', {kind: 'csv', path: '/none.csv', options: {notify}});
  const file = receiver.file('long.json', await ok(sender, 'profiles', 'export', 'long'));
  expect(await refused(receiver, 'profiles', 'import', file)).toContain(`# ; rm\nAdd --yes`);
});

test.each([
  ['n\r', 'by saying no'],
  ['\u0003', 'with Ctrl+C'],
])('one that is not taken (%j, %s) is a stop by the person, and is not there', async keys => {
  const [sender, receiver] = [newPlace(), newPlace()];
  openProfiles({cwd: sender.state}).save('a', {kind: 'csv', path: '/a.csv', options: {notify: 'mail me'}});
  const file = receiver.file('a.json', await ok(sender, 'profiles', 'export', 'a'));
  const {system, keyboard, shown} = fakeTerminal();
  const argv = ['profiles', 'import', file, '--state', receiver.state];
  const code = carryOut(argv, system, () => undefined);
  keyboard.write(keys);
  expect(await code).toBe(130);
  expect(shown()).toMatch(/^This profile runs commands on this machine:\n {2}--notify mail me\n/);
  expect(shown()).toMatch(/Not taken\.\n$/);
  expect(openProfiles({cwd: receiver.state}).list()).toEqual([]);
});

test('at a terminal one that is there already is replaced when asked', async () => {
  const [sender, receiver] = [newPlace(), newPlace()];
  openProfiles({cwd: sender.state}).save('a', {kind: 'csv', path: '/new.csv', options: {}});
  openProfiles({cwd: receiver.state}).save('a', {kind: 'csv', path: '/old.csv', options: {}});
  const file = receiver.file('a.json', await ok(sender, 'profiles', 'export', 'a'));
  for (const [keys, code, path] of [
    ['n\r', 130, '/old.csv'],
    ['y\r', 0, '/new.csv'],
  ] as const) {
    const {system, keyboard, shown} = fakeTerminal();
    const argv = ['profiles', 'import', file, '--state', receiver.state];
    const done = carryOut(argv, system, () => undefined);
    keyboard.write(keys);
    expect(await done).toBe(code);
    expect(shown()).toMatch(/^There is a profile "a" already: it is replaced\.\n/);
    expect(openProfiles({cwd: receiver.state}).get('a')).toMatchObject({path});
  }
});

test('a damaged file of profiles is set aside, and the message says where', async () => {
  const place = newPlace();
  place.csv([requestRow(nobody, nobody, 'ann')]);
  await ok(place, 'profiles', 'save', 'monthly', 'users.csv');
  const file = join(place.state, 'profiles.json');
  writeFileSync(file, '{"schemaVersion": 2, "prof');
  const {code, stderr} = await place.here(['profiles']);
  const aside = join(place.state, 'profiles.damaged-1.json');
  expect([code, stderr]).toEqual([
    0,
    `The saved profiles could not be read. The file is kept as ${aside}; a new one is begun.\n`,
  ]);
  expect(readFileSync(aside, 'utf8')).toBe('{"schemaVersion": 2, "prof');
});

describeDovecot('a profile that one person saves', () => {
  let source: Dovecot;
  let destination: Dovecot;
  beforeAll(async () => {
    [source, destination] = await Promise.all([
      startDovecot({passwords: {'ann@baya.com': 'Kq7-source'}}),
      startDovecot({passwords: {'ann@vault.example': 'Zw3-destination'}}),
    ]);
    await fill(
      source,
      {user: 'ann@baya.com', password: 'Kq7-source'},
      fillTree([['INBOX'], ['Sent Items']], {seed: 3, messages: 12}),
    );
  });
  afterAll(async () => {
    await Promise.all([source, destination].map(server => server?.stop()));
  });

  it('is run by another, with passwords of their own', async () => {
    const [one, other] = [newPlace(), newPlace()];
    openProfiles({cwd: one.state}).save('ann', {
      kind: 'request',
      answers: {
        type: 'O365-IMAP',
        sourceUserId: 'ann',
        sourceDomain: 'baya.com',
        sourceServer: source.host,
        sourcePort: String(source.imapPort),
        sourceSecurity: 'none',
        sourceSecret: 'env:SOURCE_PASSWORD',
        destinationUserId: 'ann',
        destinationDomain: 'vault.example',
        destinationServer: destination.host,
        destinationPort: String(destination.imapPort),
        destinationSecurity: 'none',
        destinationSecret: 'env:VAULT_PASSWORD',
        destinationFolder: 'Data17012018',
      },
    });
    const file = other.file('ann.json', await ok(one, 'profiles', 'export', 'ann'));
    await agreed(other, /sends what is kept/, 'profiles', 'import', file);
    const missing = await other.here(['profiles', 'run', 'ann', '--yes', '--no-input']);
    expect(missing.code).toBe(4);
    expect(missing.stdout).toContain('SOURCE_PASSWORD');
    const env = {SOURCE_PASSWORD: 'Kq7-source', VAULT_PASSWORD: 'Zw3-destination'};
    const {code, stderr} = await other.run(['profiles', 'run', 'ann', '--yes'], {env});
    expect([code, stderr]).toEqual([0, '']);
    const arrived = await readMailbox(destination, {user: 'ann@vault.example', password: 'Zw3-destination'});
    expect(countMessages(arrived)).toBe(12);
  });
});
