// An Office 365 on this machine for trying mailferry by hand: `npm run exchange-simulator`.
import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {startImapServer} from '../../../source/demo/server/server.ts';
import {Mailbox} from '../../../source/demo/server/store.ts';
import {corpus} from '../../helpers/mail-corpus.ts';
import {makeIdentityPlace} from '../identity/place.ts';
import {type IdentityProvider, startIdentityProvider} from '../identity/provider.ts';
import {TokenTable} from '../identity/tokens.ts';
import {applicationId, applicationSecret, domain, fillTenant} from './by-hand-mail.ts';
import {readByHandOptions} from './by-hand-options.ts';
import {startExchange} from './server.ts';

const print = (text: string) => process.stdout.write(`${text}\n`);

function readArguments() {
  try {
    return readByHandOptions(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
    process.exit(2);
  }
}

const options = readArguments();
if (typeof options === 'string') {
  process.stdout.write(options);
  process.exit(0);
}

const place = makeIdentityPlace();
const {directory, certificates} = place;
const tokens = new TokenTable(Date.now);
const exchange = await startExchange({certificates, tokens, quirks: options.quirks});
fillTenant(exchange, options.messages);
const identity = await startIdentityProvider({
  tokens,
  certificates,
  tenants: [domain],
  applications: [
    {
      id: applicationId,
      secrets: [applicationSecret],
      certificates: [place.application.certificate],
      isPublic: true,
    },
  ],
  tokenSeconds: options.tokenSeconds,
});
identity.atBrowser = `ann@${domain}`;
const approving = setInterval(() => approveDevices(identity), 3000);

/** The other end: a plain IMAP server that takes any mail. */
const vault = new Map(
  ['ann', 'juergen', 'mads', 'info', 'eve', 'imap-off', 'no-licence', 'no-access', 'transient', 'nobody'].map(
    name => [`${name}@vault.example`, new Mailbox('pass')],
  ),
);
for (const message of corpus(200, {seed: 9}))
  vault
    .get('eve@vault.example')
    ?.create('INBOX')
    .add({...message, bytes: message.bytes});
const other = await startImapServer({mailboxes: vault, now: Date.now});

const caFile = certificates.caFile;
const passwords = csv('passwords.csv', 'password');
const application = csv('application.csv', 'oauth-app');
const device = csv('device.csv', 'oauth-device', ['ann']);
const certificate = join(directory, 'application.pem');
writeFileSync(certificate, place.application.pem, {mode: 0o600});
const doctor = csv('doctor.csv', 'oauth-app', [
  'ann',
  'imap-off',
  'no-licence',
  'no-access',
  'transient',
  'nobody',
]);
print(`Exchange      127.0.0.1:${exchange.imapsPort} (TLS), 127.0.0.1:${exchange.imapPort} (plain)
Microsoft     ${identity.origin}
Other end     127.0.0.1:${other.port} (plain)

Mailboxes     ann, juergen (German), mads (Danish), info (shared; ann may), new (empty) @${domain}
Not right     imap-off, no-licence, no-access, transient @${domain}
Password      pass

With passwords:
  npm start -- check ${passwords} --ca ${caFile}
  npm start -- run ${passwords} --ca ${caFile}

As an application:
  export MAILFERRY_AUTHORITY=${identity.origin} MAILFERRY_TENANT=${domain}
  export MAILFERRY_CLIENT_ID=${applicationId} MAILFERRY_CLIENT_SECRET=${applicationSecret}
  npm start -- check ${application} --ca ${caFile}
  npm start -- run ${application} --ca ${caFile}
  npm start -- check ${doctor} --ca ${caFile}
With a certificate in place of the secret:
  unset MAILFERRY_CLIENT_SECRET; export MAILFERRY_CLIENT_CERTIFICATE=${certificate}

As a person, by device code (with MAILFERRY_AUTHORITY and MAILFERRY_CLIENT_ID as above):
  npm start -- run ${device} --ca ${caFile}

Device codes and the browser's page are answered in the name of ann@${domain}. Ctrl+C ends it.`);

for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => {
    clearInterval(approving);
    void Promise.all([exchange.stop(), identity.stop(), other.stop()]).then(() => {
      place.remove();
      process.exit(0);
    });
  });

function approveDevices(provider: IdentityProvider): void {
  for (const code of provider.userCodes()) {
    provider.approve(code, `ann@${domain}`);
    print(`Device code ${code}: ann@${domain} says yes`);
  }
}

/** From mailboxes of Exchange to the other end, and from there into the empty one. */
function csv(
  name: string,
  auth: 'password' | 'oauth-app' | 'oauth-device',
  users = ['ann', 'juergen', 'mads', 'info'],
): string {
  const rows: Record<string, string | number>[] = users.map(user => ({
    'Request type': 'O365-IMAP',
    'Source user id': user,
    'Source domain': domain,
    'Source user password': auth === 'password' ? 'pass' : '',
    'Source Server': '127.0.0.1',
    'Source Server Port': exchange.imapsPort ?? 0,
    'Source auth': auth,
    'Destination user id': user,
    'Destination domain': 'vault.example',
    'Destination user password': 'pass',
    'Destination server': '127.0.0.1',
    'Destination Server Port': other.port,
    'Destination security': 'none',
    'Destination auth': 'password',
    'Destination folder': 'Carried',
  }));
  if (auth !== 'oauth-device')
    rows.push({
      'Request type': 'IMAP-O365',
      'Source user id': 'eve',
      'Source domain': 'vault.example',
      'Source user password': 'pass',
      'Source Server': '127.0.0.1',
      'Source Server Port': other.port,
      'Source security': 'none',
      'Source auth': 'password',
      'Destination user id': 'new',
      'Destination domain': domain,
      'Destination user password': auth === 'password' ? 'pass' : '',
      'Destination server': '127.0.0.1',
      'Destination Server Port': exchange.imapsPort ?? 0,
      'Destination auth': auth,
      'Destination folder': 'Carried',
    });
  const columns = [...new Set(rows.flatMap(row => Object.keys(row)))];
  const lines = [columns, ...rows.map(row => columns.map(column => row[column] ?? ''))];
  const file = join(directory, name);
  writeFileSync(file, `${lines.map(line => line.join(',')).join('\n')}\n`);
  return file;
}
