// What signing in reads: a person's PEM file, what an identity provider answers, what was kept of an earlier sign-in.
import {X509Certificate} from 'node:crypto';
import {PublicClientApplication} from '@azure/msal-node';
import {readClientCertificate} from '../../../../source/engine/auth/certificate.ts';
import {pollSeconds, readAnswer} from '../../../../source/engine/auth/identity-answer.ts';
import {certificatesIn, pemBlocks} from '../../../../source/engine/auth/pem.ts';
import {SignInRefused} from '../../../../source/engine/auth/sign-in-refused.ts';
import {cachePlugin} from '../../../../source/engine/auth/token-store.ts';
import {problemFromError} from '../../../../source/engine/problems/from-error.ts';
import {type Input, must, mustBeClean, orOwn, type Target} from '../target.ts';

const block = (label: string, text: string) => `-----BEGIN ${label}-----\n${text}\n-----END ${label}-----\n`;
const pem = `Bag Attributes\n${block('CERTIFICATE', 'MIIBszCCAVmgAwIBAgIUQ2x1')}${block('CERTIFICATE', 'MIIC')}${block('RSA PRIVATE KEY', 'MIIEow')}`;

function certificate({text}: Input): void {
  for (const {label, text: found} of pemBlocks(text)) {
    must(text.includes(found), 'a block that is not there');
    const begin = `-----BEGIN ${label}-----`;
    must(found.startsWith(begin) && found.endsWith(`-----END ${label}-----`), `${label} is not whole`);
    must(!found.slice(begin.length).includes(begin), `${label} holds another`);
  }
  must(certificatesIn(text).length <= pemBlocks(text).length, 'more certificates than blocks');
  const read = orOwn(() => readClientCertificate(text), Error);
  if (read !== undefined) new X509Certificate(read.x5c);
}

const answers = [
  {token_type: 'Bearer', expires_in: 3599, access_token: 'a.b.c', refresh_token: 'r'},
  {device_code: 'd', user_code: 'ABC', verification_uri: 'https://x.example', interval: 5, expires_in: 900},
  {
    error: 'invalid_grant',
    error_codes: [50076],
    error_description: 'AADSTS50076: Due to a configuration change\r\nTrace ID: 1\r\nTimestamp: 2026-01-31',
  },
  {error: 'authorization_pending'},
];

function answer({text, random}: Input): void {
  const read = readAnswer(text, said => said);
  if (read === undefined) return;
  must(typeof read.body === 'object', 'an answer that is none');
  const seconds = pollSeconds(read.body);
  must(seconds >= 0 && seconds <= 60, `${seconds} s between two polls`);
  if (read.refusal === undefined) return;
  const refused = new SignInRefused(read.refusal);
  for (const words of [refused.message, refused.code, refused.description]) mustBeClean(words, 'the refusal');
  const end = random.pick(['source', 'destination'] as const);
  const told = {end, login: 'ann@baya.example', server: 'x.example', during: 'sign-in'} as const;
  const {sentence, nextStep = '', detail = '', code} = problemFromError(refused, told);
  for (const words of [sentence, nextStep, detail]) mustBeClean(words, code);
}

const account = 'uid.tenant-login.example-tenant';
const kept = JSON.stringify({
  Account: {
    [account]: {
      home_account_id: 'uid.tenant',
      environment: 'login.example',
      realm: 'tenant',
      username: 'a@b',
    },
  },
  RefreshToken: {
    'uid.tenant-login.example-refreshtoken-app--': {
      ...{home_account_id: 'uid.tenant', environment: 'login.example', client_id: 'app'},
      ...{credential_type: 'RefreshToken', secret: 'r'},
    },
  },
  AccessToken: {x: {secret: 'short-lived', credential_type: 'AccessToken'}},
  IdToken: {},
  AppMetadata: {},
});

/** Nothing of it by the network: what MSAL makes of the text, and what goes back. */
async function keptSignIn({text}: Input): Promise<void> {
  let written = '';
  const plugin = cachePlugin({
    read: async () => text,
    async write(said) {
      written = said;
    },
  });
  const app = new PublicClientApplication({auth: {clientId: 'app'}, cache: {cachePlugin: plugin}});
  const tokenCache = app.getTokenCache();
  for (const {username} of await tokenCache.getAllAccounts())
    must(username === undefined || typeof username === 'string', 'a name that is none');
  await plugin.afterCacheAccess({tokenCache, cacheHasChanged: true} as never);
  if (written === '') return;
  const keys = Object.keys(JSON.parse(written) as object);
  must(!keys.includes('AccessToken') && !keys.includes('IdToken'), 'a token is kept that opens a mailbox');
}

export const signingTargets: readonly Target[] = [
  {
    name: 'signing.certificate',
    samples: [pem, block('PRIVATE KEY', 'MII') + block('CERTIFICATE', 'MIIB')],
    words: [
      '-----BEGIN CERTIFICATE-----',
      '-----END CERTIFICATE-----',
      '-----BEGIN ',
      'PRIVATE KEY-----',
      '-----',
    ],
    hurts: [
      ['', '-----BEGIN CERTIFICATE-----\n', ''],
      ['-----BEGIN CERTIFICATE-----x-----END CERTIFICATE-----', '-----BEGIN PRIVATE KEY-----\n', ''],
      ['', '-----BEGIN ', ''],
    ],
    check: certificate,
  },
  {
    name: 'signing.answers',
    samples: answers.map(value => JSON.stringify(value)),
    words: ['AADSTS', 'Trace ID:', 'error', 'interval'],
    json: true,
    check: answer,
  },
  {name: 'signing.kept', samples: [kept], json: true, weight: 4, unmeasured: true, check: keptSignIn},
];
