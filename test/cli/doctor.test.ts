// The doctor as its user meets it: twelve mailboxes, each broken in another way, and `mailferry check` names every
// cause. Office 365 and Microsoft's sign-in are simulated on loopback.
import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {parse} from 'csv-parse/sync';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {checkLineSchema} from '../../source/lines/check-schema.ts';
import type {MailboxOptions} from '../servers/exchange/mailbox.ts';
import {type ExchangeServer, startExchange} from '../servers/exchange/server.ts';
import {makeIdentityPlace} from '../servers/identity/place.ts';
import {type IdentityProvider, startIdentityProvider} from '../servers/identity/provider.ts';
import {objectIdOf, TokenTable} from '../servers/identity/tokens.ts';
import {newPlace, type Row, requestRow} from './place.ts';

const domain = 'contoso.example';
const secret = 'Sec~ret.8Q-of-the-app';
const app = (digit: number) => `${String(digit).repeat(8)}-2222-4333-8444-555555555555`;
const good = app(1);
const desk = app(9);

const secrets = (digit: number) => ({id: app(digit), secrets: [secret]});
const withApp = (digit: number, changes: Row = {}): Row => ({'Source client id': app(digit), ...changes});

type Case = {
  readonly user: string;
  readonly code: string;
  /** What a person must read in order to mend it. */
  readonly step: string | RegExp;
  readonly link: RegExp;
  readonly row?: Row;
  readonly mailbox?: MailboxOptions;
};

const imapPages = /^https:\/\/learn\.microsoft\.com\/exchange\//;
const lookUp = (number: number) =>
  new RegExp(`^https://login\\.microsoftonline\\.com/error\\?code=${number}$`);

const broken: readonly Case[] = [
  {
    user: 'imap-off',
    code: 'imap-off-or-address',
    mailbox: {state: 'imap-off'},
    step: `Set-CASMailbox -Identity 'imap-off@${domain}' -ImapEnabled $true`,
    link: imapPages,
  },
  {
    user: 'no-licence',
    code: 'mailbox-missing',
    mailbox: {state: 'no-licence'},
    row: {'Source auth': 'oauth-device', 'Source client id': desk, 'Source user password': ''},
    step: 'Licenses and apps',
    link: imapPages,
  },
  {
    user: 'no-access',
    code: 'full-access-missing',
    mailbox: {fullAccess: []},
    step: `Add-MailboxPermission -Identity 'no-access@${domain}' -User ${objectIdOf(good)} -AccessRights FullAccess`,
    link: imapPages,
  },
  {
    user: 'no-consent',
    code: 'consent-missing',
    row: withApp(2),
    step: 'Grant admin consent',
    link: lookUp(65001),
  },
  {
    user: 'no-principal',
    code: 'microsoft-token-refused',
    row: withApp(3),
    step: new RegExp(`\\(1\\) [^(]*New-ServicePrincipal -AppId ${app(3)} -ObjectId ${objectIdOf(app(3))}`),
    link: imapPages,
  },
  {user: 'CONTOSO\\form', code: 'address-form', step: "make the mailbox's own address", link: imapPages},
  {user: 'policy', code: 'conditional-access', row: withApp(4), step: 'Sign-in logs', link: lookUp(53003)},
  {
    user: 'expired',
    code: 'app-secret-expired',
    row: withApp(5),
    step: 'Certificates & secrets',
    link: lookUp(7000222),
  },
  {
    user: 'wrong-secret',
    code: 'app-secret-wrong',
    row: withApp(6, {'Source user password': 'env:WRONG_SECRET'}),
    step: "the secret's value, not its id",
    link: lookUp(7000215),
  },
  {
    user: 'no-app',
    code: 'app-not-in-tenant',
    row: withApp(7),
    step: 'client id and tenant id',
    link: lookUp(700016),
  },
  {
    user: 'no-tenant',
    code: 'tenant-unknown',
    row: {'Source tenant': 'nowhere.example'},
    step: 'tenant id or a domain',
    link: lookUp(90002),
  },
  {
    user: 'password',
    code: 'microsoft-password-refused',
    row: {'Source auth': 'password', 'Source client id': '', 'Source user password': 'env:APP_SECRET'},
    step: 'oauth-app',
    link: imapPages,
  },
];

type AtEnd = (work: () => void) => void;

describe('twelve mailboxes, each broken in another way', () => {
  const certificates = makeIdentityPlace();
  let office: ExchangeServer;
  let vault: ExchangeServer;
  let provider: IdentityProvider;

  beforeAll(async () => {
    const tokens = new TokenTable(Date.now);
    provider = await startIdentityProvider({
      tokens,
      certificates: certificates.certificates,
      tenants: [domain],
      applications: [...[1, 2, 3, 4, 5, 6].map(secrets), {id: desk, isPublic: true}],
      interval: 1,
    });
    for (const [digit, number] of [
      [2, 65001],
      [4, 53003],
      [5, 7000222],
    ] as const)
      provider.directory.refuse(app(digit), number);
    office = await startExchange({tokens, servicePrincipals: [good]});
    vault = await startExchange({quirks: {password: 'accepted', slashFolders: 'shown'}});
    for (const {user, code, mailbox = {}} of broken)
      if (code !== 'address-form') office.mailbox(`${user}@${domain}`, mailbox);
    office.mailbox(`fine@${domain}`);
    office.mailbox(`slow@${domain}`, {state: 'transient'});
    for (const user of ['target', ...broken.map(each => each.user), 'fine', 'slow'])
      vault.mailbox(`${user}@vault.example`);
  });
  afterAll(async () => {
    await Promise.all([office, vault, provider].map(server => server?.stop()));
    certificates.remove();
  });

  const row = (user: string, changes: Row = {}): Row =>
    requestRow(office, vault, user, {
      'Source domain': domain,
      'Source auth': 'oauth-app',
      'Source tenant': domain,
      'Source client id': good,
      'Source user password': 'env:APP_SECRET',
      'Destination user id': 'target',
      ...changes,
    });
  const env = () => ({
    APP_SECRET: secret,
    WRONG_SECRET: 'something.Else~1',
    MAILFERRY_AUTHORITY: provider.origin,
  });

  /** Runs the check; whoever has to sign in with a device code does. */
  async function check(atEnd: AtEnd, rows: readonly Row[], args: readonly string[] = []) {
    const place = newPlace(atEnd);
    const run = place.start(['check', place.csv(rows), '--ca', certificates.certificates.caFile, ...args], {
      env: env(),
    });
    let shown = '';
    run.child.stderr?.on('data', (text: string) => {
      shown += text;
      for (const code of provider.userCodes())
        if (shown.includes(code)) provider.approve(code, `no-licence@${domain}`);
    });
    return {...(await run.done), place};
  }

  it.concurrent('all twelve are named rightly, with the step that mends each and a page, and nobody is reached', async ({
    onTestFinished,
  }) => {
    const {code, stdout, stderr, place} = await check(
      onTestFinished,
      broken.map(({user, row: changes}) => row(user, changes)),
    );
    const records: Record<string, string>[] = parse(readFileSync(join(place.reports, 'check.csv')), {
      columns: true,
      bom: true,
    });
    expect(records.map(record => [record['source'], record['code']])).toEqual(
      broken.map(each => [`${each.user}@${domain}`, each.code]),
    );
    for (const [index, {step, link}] of broken.entries()) {
      const record = records[index];
      expect(record?.['state']).toBe('unreached');
      expect(record?.['next step']).toMatch(step);
      expect(record?.['link']).toMatch(link);
      // The screen has it too; long lines are wrapped there.
      const screen = stdout.replace(/\s+/g, '');
      expect(screen).toContain((record?.['problem'] ?? '').replace(/\s+/g, ''));
      expect(screen).toContain((record?.['next step'] ?? '').replace(/\s+/g, ''));
      expect(screen).toContain(record?.['link'] ?? 'no link');
    }
    expect(stdout).toContain('0 of 12 mailboxes can be copied. 12 cannot');
    expect(code).toBe(4);
    for (const text of [stdout, stderr]) expect(text).not.toContain(secret);
    expect(vault.mailbox('target@vault.example').folders.map(({path}) => path[0])).not.toContain(
      'Data17012018',
    );
  });

  it.concurrent('one that can be copied makes it 3, and JSON lines tell the same', async ({
    onTestFinished,
  }) => {
    const {code, stdout} = await check(
      onTestFinished,
      [row('fine'), row('no-access'), row('imap-off')],
      ['--output', 'jsonl'],
    );
    const lines = stdout
      .trimEnd()
      .split('\n')
      .map(line => checkLineSchema.parse(JSON.parse(line)));
    const told = lines.flatMap(line =>
      line.type === 'checked'
        ? [[line.title.split(' ')[0], line.state, line.problems.map(each => each.code)]]
        : [],
    );
    expect(Object.fromEntries(told.map(([title, ...rest]) => [title, rest]))).toEqual({
      [`fine@${domain}`]: ['ready', ['exchange-source-settings', 'exchange-slash-folders']],
      [`no-access@${domain}`]: ['unreached', ['full-access-missing']],
      [`imap-off@${domain}`]: ['unreached', ['imap-off-or-address']],
    });
    expect(lines.at(-1)).toMatchObject({
      type: 'check-finished',
      exitCode: 3,
      totals: {requests: 3, ready: 1},
    });
    expect(code).toBe(3);
  });

  it.concurrent('a mailbox that opens at the third sign-in only is no missing right', async ({
    onTestFinished,
  }) => {
    const {code, stdout} = await check(onTestFinished, [row('slow')]);
    expect(stdout).toMatch(/^ok {4}/);
    expect(code).toBe(0);
    expect(stdout).toContain('-ImapSuppressReadReceipt $true');
  });

  it.concurrent('where an app opens none of several mailboxes, it is the app', async ({onTestFinished}) => {
    const {code, stdout} = await check(
      onTestFinished,
      ['policy', 'expired', 'fine'].map(user => row(user, withApp(3))),
    );
    expect(stdout.replace(/\s+/g, ' ')).toContain('none of the 3 mailboxes tried');
    expect(code).toBe(4);
  });

  it('a secret that has expired is asked for once, not for each of sixty mailboxes', async ({
    onTestFinished,
  }) => {
    const before = provider.requests.length;
    const {code, stdout} = await check(
      onTestFinished,
      Array.from({length: 60}, (_, index) => row(`u${index}`, withApp(5))),
    );
    expect(stdout).toContain('60 mailboxes');
    expect(code).toBe(4);
    // Sixteen looks are under way when the first one fails.
    expect(provider.requests.length - before).toBeLessThanOrEqual(16);
  });
});
