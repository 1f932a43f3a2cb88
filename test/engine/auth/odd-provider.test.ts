// An identity provider that is not as it should be: what speaks old TLS is told no secret, what says too much is not
// listened to, and what means harm is shown as text. MSAL for real.
import {readFileSync} from 'node:fs';
import type {RequestListener} from 'node:http';
import {createServer, type ServerOptions} from 'node:https';
import type {AddressInfo} from 'node:net';
import type {SecureVersion} from 'node:tls';
import {afterAll, expect, it, onTestFinished} from 'vitest';
import {IdentityNetwork} from '../../../source/engine/auth/identity-network.ts';
import {appSignIn, type MsalPorts, type SignInPrompt, UserSignIn} from '../../../source/engine/auth/msal.ts';
import {promptText} from '../../../source/program/sign-in-people.ts';
import {Secret} from '../../../source/request/secret.ts';
import {laxNode} from '../../helpers/lax-node.ts';
import {acts, misleads} from '../../servers/hostile-text.ts';
import {appId, appSecret, deskId, makeIdentityPlace} from '../../servers/identity/place.ts';

const place = makeIdentityPlace();
afterAll(() => place.remove());

const scope = 'https://outlook.office365.com/.default';
const never = () => new AbortController().signal;
const ports: MsalPorts = {
  ca: [place.certificates.ca],
  now: () => 1_800_000_000_000,
  sleep: async (_, signal) => signal.throwIfAborted(),
};

/** @returns its origin */
async function startProvider(settings: ServerOptions, answer: RequestListener): Promise<string> {
  const {certificateFile, keyFile} = place.certificates;
  const files = {cert: readFileSync(certificateFile), key: readFileSync(keyFile)};
  const server = createServer({...files, ...settings}, answer).on('tlsClientError', () => undefined);
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `https://localhost:${(server.address() as AddressInfo).port}`;
}

/** An application asks for a token; Node's settings count as they are then. */
function asked(origin: string): Promise<unknown> {
  const proof = async () => ({kind: 'secret', value: new Secret(appSecret)}) as const;
  const registration = {authority: `${origin}/baya.com`, clientId: appId};
  return appSignIn(registration, scope, proof, {...ports, ca: [...ports.ca]})(never());
}

/** Its own OpenSSL would not let it be this old. */
const speaking = (newest: SecureVersion): ServerOptions => ({
  minVersion: 'TLSv1',
  maxVersion: newest,
  ciphers: 'DEFAULT@SECLEVEL=0',
});

it('is told no secret in TLS older than 1.2, also where Node was told to speak it', async () => {
  laxNode();
  let requests = 0;
  const origin = await startProvider(speaking('TLSv1.1'), (_, answer) => {
    requests++;
    answer.end('{}');
  });
  await expect(asked(origin)).rejects.toMatchObject({name: 'SignInUnreachable'});
  expect(requests).toBe(0);
});

it('is asked where it speaks TLS 1.2 and nothing newer', async () => {
  const origin = await startProvider(speaking('TLSv1.2'), (_, answer) => answer.end('{"is": "heard"}'));
  const network = new IdentityNetwork(ports);
  await expect(network.sendGetRequestAsync(origin)).resolves.toMatchObject({
    status: 200,
    body: {is: 'heard'},
  });
});

it('is waited for no longer where its answer comes byte by byte', async () => {
  const origin = await startProvider({}, (_, answer) => {
    const dripping = setInterval(() => answer.write(' '), 20);
    answer.once('close', () => clearInterval(dripping));
  });
  const network = new IdentityNetwork({...ports, answerMs: 300});
  await expect(network.sendGetRequestAsync(origin)).rejects.toMatchObject({
    name: 'SignInUnreachable',
    code: 'ETIMEDOUT',
  });
});

it('is read no further than any answer goes', async () => {
  const endless = JSON.stringify({endless: 'x'.repeat(2_000_000)});
  const origin = await startProvider({}, (_, answer) => answer.end(endless));
  await expect(asked(origin)).rejects.toMatchObject({
    name: 'SignInUnreachable',
    message: 'The answer is too long',
  });
});

/** What a person is shown who signs in by device code, where the provider answers so. */
async function shownFor(body: object): Promise<SignInPrompt> {
  const origin = await startProvider({}, (request, answer) => {
    const base = `https://${request.headers.host}/baya.com`;
    const metadata = {
      issuer: `${base}/v2.0`,
      authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
      token_endpoint: `${base}/oauth2/v2.0/token`,
      device_authorization_endpoint: `${base}/oauth2/v2.0/devicecode`,
      jwks_uri: `${base}/discovery/v2.0/keys`,
    };
    const code = {device_code: 'code', user_code: 'ABC', verification_uri: `${base}/device`, interval: 5};
    const isCode = request.url?.includes('/devicecode') === true;
    answer.end(JSON.stringify(isCode ? {...code, expires_in: 900, ...body} : metadata));
  });
  const registration = {authority: `${origin}/baya.com`, clientId: deskId};
  const store = {read: async () => '', write: async () => undefined};
  const person = new UserSignIn(registration, scope, 'john@baya.com', store, ports);
  const seen = new AbortController();
  const shown: SignInPrompt[] = [];
  const signing = person.byDevice(prompt => {
    shown.push(prompt);
    seen.abort();
  }, seen.signal);
  await expect(signing).rejects.toMatchObject({name: 'AbortError'});
  const [prompt] = shown;
  if (prompt === undefined) throw new Error('Nothing was shown');
  return prompt;
}

it('shows a person no more than text where it sends code and address meant to hurt', async () => {
  const prompt = await shownFor({
    user_code: `A${acts}B${misleads}${'C'.repeat(5000)}`,
    verification_uri: `https://login.example/${acts}${misleads}${'d'.repeat(5000)}`,
  });
  const john = {user: 'john@baya.com', mailboxes: ['john@baya.com']};
  const text = promptText(john, prompt, false, ports.now());
  expect(text).toMatch(/open https:\/\/login\.example\/.+ and type the code A.+/);
  expect(text).not.toMatch(/[^\P{Cc}\n]|\p{Cf}|\p{Cs}|\p{Default_Ignorable_Code_Point}/u);
  expect(text.length).toBeLessThan(500);
  expect(text.split('\n')).toHaveLength(4);
});

it.each([1e300, -1, '900', null])('gives a person no more than a day for a code: %s', async expires_in => {
  const {expires} = await shownFor({expires_in});
  expect(expires).toBeGreaterThan(ports.now());
  expect(expires).toBeLessThanOrEqual(ports.now() + 86_400_000);
});
