// One TLS context serves all connections: to make one is to read every authority that the system trusts.
import tls from 'node:tls';
import {expect, it, onTestFinished, vi} from 'vitest';
import {IdentityNetwork} from '../../../source/engine/auth/identity-network.ts';
import {trusting} from '../../../source/engine/auth/trust.ts';
import {signIn} from '../../../source/engine/imap/sign-in.ts';
import {Secret} from '../../../source/request/secret.ts';
import {job} from '../../helpers/engine.ts';
import type {CertificateKind} from '../../servers/certificates.ts';
import {startTlsServer, type TlsServer} from '../../servers/tls-server.ts';

const user = 'john@baya.com';

it('is shared where the same authorities are trusted, and only there', () => {
  const ca = tls.getCACertificates('default').slice(0, 1);
  expect(trusting(ca)).toBe(trusting(ca));
  expect(trusting([])).toBe(trusting());
  expect(trusting(ca)).not.toBe(trusting());
});

function enter(server: TlsServer, ca: readonly string[]): Promise<unknown> {
  return signIn(
    'source',
    job({server, user, tls: true}, {server, user, tls: true}).what.source,
    {kind: 'password', user, password: async () => new Secret('pass')},
    {ca, connectMs: 10_000, inactivityMs: 10_000, version: '0', now: Date.now},
    new AbortController().signal,
  );
}

/** Lets nobody in. */
async function startServer(kind: CertificateKind = 'good'): Promise<TlsServer> {
  const server = await startTlsServer(kind);
  onTestFinished(() => server.close());
  return server;
}

it('is the one that a sign-in at a mail server and a question to an identity provider use', async () => {
  const server = await startServer();
  const ca = [server.ca];
  const made = vi.spyOn(tls, 'createSecureContext');
  onTestFinished(() => made.mockRestore());
  await expect(enter(server, ca)).rejects.toThrow();
  // It speaks no HTTP: what counts is that it was asked.
  const network = new IdentityNetwork({ca, sleep: async () => undefined, answerMs: 1000});
  await expect(network.sendGetRequestAsync(`https://localhost:${server.imapsPort}/`)).rejects.toThrow();
  expect(server.heard()).toMatch(/AUTHENTICATE.*GET /s);
  expect(made).not.toHaveBeenCalled();
});

it('trusts the authorities of the system beside those that are named', async () => {
  const server = await startServer();
  // Those of one kind have the same authority.
  const {ca} = await startServer('wrong-name');
  const before = tls.getCACertificates('default');
  onTestFinished(() => tls.setDefaultCACertificates(before));
  await expect(enter(server, [ca])).rejects.toThrow(/certificate/);
  expect(server.heard()).toBe('');
  tls.setDefaultCACertificates([server.ca]);
  await expect(enter(server, [ca])).rejects.toThrow();
  expect(server.heard()).toContain('AUTHENTICATE');
});
