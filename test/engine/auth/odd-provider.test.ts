// An identity provider that is not as it should be: what speaks old TLS is told no secret, and what says too much is not
// listened to. MSAL for real.
import {readFileSync} from 'node:fs';
import type {RequestListener} from 'node:http';
import {createServer, type ServerOptions} from 'node:https';
import type {AddressInfo} from 'node:net';
import type {SecureVersion} from 'node:tls';
import {afterAll, expect, it, onTestFinished} from 'vitest';
import {IdentityNetwork} from '../../../source/engine/auth/identity-network.ts';
import {appSignIn, type MsalPorts} from '../../../source/engine/auth/msal.ts';
import {Secret} from '../../../source/request/secret.ts';
import {laxNode} from '../../helpers/lax-node.ts';
import {appId, appSecret, makeIdentityPlace} from '../../servers/identity/place.ts';

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

/** An application asks for a token. */
function asked(origin: string): Promise<unknown> {
  const proof = async () => ({kind: 'secret', value: new Secret(appSecret)}) as const;
  const registration = {authority: `${origin}/baya.com`, clientId: appId};
  return appSignIn(registration, scope, proof, ports)(never());
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
