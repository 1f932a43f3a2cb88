// Microsoft sign-in from outside: the program, an identity provider, and a Dovecot that asks it about every token.
import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {afterAll, beforeAll, beforeEach, expect, it} from 'vitest';
import {expectSameMail, fill, type Mailbox, readMailbox} from '../helpers/mail.ts';
import {fillTree} from '../helpers/mail-folders.ts';
import {type Dovecot, describeDovecot, startDovecot} from '../servers/dovecot.ts';
import {takesTokens} from '../servers/identity/dovecot-tokens.ts';
import {appId, appSecret, deskId, type IdentityPlace, makeIdentityPlace} from '../servers/identity/place.ts';
import {type IdentityProvider, startIdentityProvider} from '../servers/identity/provider.ts';
import {TokenTable} from '../servers/identity/tokens.ts';
import {lastSummary, newPlace, type Place, requestRow} from './place.ts';

const users = ['ann', 'bob', 'info'];

describeDovecot('the command line with Microsoft sign-in', () => {
  let identity: IdentityPlace;
  let provider: IdentityProvider;
  let forApps: Dovecot;
  let forPeople: Dovecot;
  let destination: Dovecot;
  let mail: Mailbox;

  beforeAll(async () => {
    identity = makeIdentityPlace();
    provider = await startIdentityProvider({
      tokens: new TokenTable(Date.now),
      certificates: identity.certificates,
      tenants: ['baya.com'],
      interval: 0,
      applications: [
        {id: appId, secrets: [appSecret], certificates: [identity.application.certificate]},
        {id: deskId, isPublic: true},
      ],
    });
    [forApps, forPeople, destination] = await Promise.all([
      startDovecot({extra: takesTokens(provider, identity, 'app')}),
      startDovecot({extra: takesTokens(provider, identity, 'delegated')}),
      startDovecot(),
    ]);
    const folders = fillTree([['INBOX'], ['Sent Items']], {seed: 9, messages: 12});
    for (const server of [forApps, forPeople])
      for (const user of users) await fill(server, {user: `${user}@baya.com`, password: 'pass'}, folders);
    mail = await readMailbox(forApps, {user: 'ann@baya.com', password: 'pass'});
  });
  afterAll(async () => {
    await Promise.all([forApps, forPeople, destination].map(server => server?.stop()));
    await provider?.stop();
    identity?.remove();
  });
  let before: number;
  beforeEach(() => {
    before = provider.requests.length;
  });
  const grants = () => provider.requests.slice(before).map(({grant}) => grant);

  const environment = (changes: Record<string, string | undefined> = {}) => ({
    MAILFERRY_AUTHORITY: provider.origin,
    MAILFERRY_CLIENT_ID: appId,
    // No test writes into the keychain of whoever runs it.
    DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nonexistent',
    ...changes,
  });
  const app = (user: string, folder: string, changes = {}) =>
    requestRow(forApps, destination, user, {
      'Source user password': '',
      'Source auth': 'oauth-app',
      'Destination folder': folder,
      ...changes,
    });
  const person = (user: string, auth: string, folder: string, changes = {}) =>
    requestRow(forPeople, destination, user, {
      'Source user password': '',
      'Source auth': auth,
      'Destination folder': folder,
      ...changes,
    });
  const trust = () => ['--ca', identity.certificates.caFile];

  /** Nothing that was written or said holds a secret or a token. */
  function expectNoSecrets(place: Place, said: {stdout: string; stderr: string}, except: string[] = []) {
    const texts = [
      said.stdout,
      said.stderr,
      ...place.files(except).map(({bytes}) => bytes.toString('latin1')),
    ];
    for (const text of texts) expect(text).not.toMatch(/Sec~ret|simulated\.|refresh\.|PRIVATE KEY/);
  }

  it('signs in once as an application and carries every mailbox of the CSV', async () => {
    const place = newPlace();
    const file = place.csv(['ann', 'bob'].map(user => app(user, 'Secret')));
    const env = environment({MAILFERRY_CLIENT_SECRET: appSecret});
    const checked = await place.here(['check', file, ...trust()], {env});
    expect([checked.code, checked.stderr]).toEqual([0, '']);
    const run = await place.run(['run', file, '--yes', ...trust()], {env});
    expect([run.code, run.stderr]).toEqual([0, '']);
    expect(grants()).toEqual(['client_credentials', 'client_credentials']);
    const account = {user: 'bob@vault.example', password: 'pass'};
    expectSameMail(mail, await readMailbox(destination, account), path => `Secret/${path}`);
    expectNoSecrets(place, run);
    expectNoSecrets(place, checked);
  });

  it('signs in with a certificate, and with a secret from a file', async () => {
    const place = newPlace();
    const pem = place.file('app.pem', identity.application.pem);
    const env = environment({MAILFERRY_CLIENT_CERTIFICATE: pem});
    const run = await place.run(['run', place.csv([app('ann', 'Certificate')]), '--yes', ...trust()], {env});
    expect([run.code, run.stderr]).toEqual([0, '']);
    expectNoSecrets(place, run, [pem]);
    const secret = place.file('secret.txt', `${appSecret}\n`);
    const rows = [app('ann', 'File', {'Source user password': `file:${secret}`, 'Source client id': appId})];
    const other = await place.here(['run', place.csv(rows), '--yes', ...trust()], {
      env: environment({MAILFERRY_CLIENT_ID: undefined}),
    });
    expect([other.code, other.stderr]).toEqual([0, '']);
    expectNoSecrets(place, other, [pem, secret]);
  });

  it("says which of Microsoft's refusals it was, and exits 4", async () => {
    const place = newPlace();
    const env = environment({MAILFERRY_CLIENT_SECRET: 'Sec~ret.wrong'});
    const run = await place.here(['run', place.csv([app('ann', 'Refused')]), '--yes', ...trust()], {env});
    expect(run.code).toBe(4);
    expect(run.stdout).toContain('7000215');
    expectNoSecrets(place, run);
    expect(lastSummary(place)).toMatchObject({exitCode: 4});
  });

  it('says what is missing before anything runs, and exits 2', async () => {
    const place = newPlace();
    const run = await place.here(['run', place.csv([app('ann', 'Missing')]), '--yes', ...trust()], {
      env: environment({MAILFERRY_CLIENT_ID: undefined}),
    });
    expect(run.code).toBe(2);
    expect(run.stderr).toContain('MAILFERRY_CLIENT_ID');
    expect(run.stderr).toContain('MAILFERRY_CLIENT_SECRET');
  });

  it('shows a device code on standard error, waits, and goes on by itself', async () => {
    const place = newPlace();
    const rows = ['ann', 'info'].map(user =>
      person(user, 'oauth-device', 'Device', {
        'Source client id': deskId,
        ...(user === 'ann' ? {} : {'Source sign-in user': 'info@baya.com'}),
      }),
    );
    const running = place.start(['run', place.csv(rows), '--yes', ...trust()], {env: environment()});
    const codes: string[] = [];
    running.child.stderr?.on('data', (text: string) => {
      for (const match of text.matchAll(/as (\S+?)[,:][\s\S]*?type the code ([A-Z0-9]{9})/g)) {
        codes.push(match[2] ?? '');
        provider.approve(match[2] ?? '', match[1] ?? '');
      }
    });
    const run = await running.done;
    expect(run.code).toBe(0);
    expect(codes).toHaveLength(2);
    expect(run.stderr).toContain(`open ${provider.origin}/device`);
    expect(run.stderr).toContain('ann@baya.com is signed in. There is no keychain here');
    expectNoSecrets(place, run);
  });

  it('refuses to wait for anybody with --no-input, and names who has to sign in', async () => {
    const place = newPlace();
    const file = place.csv([person('ann', 'oauth-device', 'Nobody', {'Source client id': deskId})]);
    for (const command of [
      ['run', file, '--yes'],
      ['check', file],
    ]) {
      const run = await place.run([...command, '--no-input', ...trust()], {env: environment()});
      expect(run.code).toBe(2);
      expect(run.stderr).toContain('ann@baya.com (oauth-device)');
      expect(run.stderr).toContain('MAILFERRY_CLIENT_SECRET');
    }
    expect(provider.userCodes()).toEqual([]);
  });

  it('says why nobody was signed in, and the mailbox fails by name', async () => {
    const place = newPlace();
    const file = place.csv([person('ann', 'oauth-device', 'Declined', {'Source client id': deskId})]);
    const running = place.start(['run', file, '--yes', ...trust()], {env: environment()});
    running.child.stderr?.on('data', (text: string) => {
      const code = /type the code ([A-Z0-9]{9})/.exec(text)?.[1];
      if (code !== undefined) provider.decline(code);
    });
    const run = await running.done;
    expect(run.code).toBe(4);
    expect(run.stderr).toContain('was declined on Microsoft');
    expect(readFileSync(join(place.reports, lastSummary(place).run, 'requests.csv'), 'utf8')).toContain(
      'ann',
    );
  });
});
