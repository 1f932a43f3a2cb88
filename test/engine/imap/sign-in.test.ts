// Signing in to a real Dovecot: what it costs, and what it refuses.
import {afterAll, beforeAll, expect, it} from 'vitest';
import {Session} from '../../../source/engine/imap/session.ts';
import {signIn} from '../../../source/engine/imap/sign-in.ts';
import type {Endpoint} from '../../../source/request/schema.ts';
import {Secret} from '../../../source/request/secret.ts';
import {type Dovecot, describeDovecot, startDovecot} from '../../servers/dovecot.ts';
import {startMeddler} from '../../servers/meddler.ts';

describeDovecot('signing in', () => {
  let server: Dovecot;
  beforeAll(async () => {
    server = await startDovecot();
  });
  afterAll(async () => server?.stop());

  const endpoint = (port: number): Endpoint => ({
    provider: 'imap',
    userId: 'john',
    domain: 'baya.com',
    server: '127.0.0.1',
    port,
    security: 'none',
    auth: 'password',
    secret: {kind: 'ask'},
  });
  const enter = (port: number, signal = new AbortController().signal) =>
    signIn(
      'source',
      endpoint(port),
      {kind: 'password', user: 'john@baya.com', password: async () => new Secret('pass')},
      {connectMs: 10_000, inactivityMs: 10_000, version: '1.2.3'},
      signal,
    );

  it('waits for two answers only, then lists in one: every further one costs a mailbox far away', async () => {
    const sent: string[] = [];
    const line = await startMeddler(server.imapPort, {
      line: text => {
        sent.push(text.replace(/^\S+ /, '').split(' ')[0]?.trim() ?? '');
        return false;
      },
    });
    const session = new Session(await enter(line.imapPort));
    const listed = await session.list();
    expect(listed.map(mailbox => mailbox.name)).toContain('INBOX');
    // ID goes out together with LIST.
    expect(sent.filter(word => word !== '')).toEqual([
      'AUTHENTICATE',
      expect.any(String),
      'NAMESPACE',
      'ID',
      'LIST',
    ]);
    session.logout();
    line.close();
  });

  it('knows the personal namespace and what the server can', async () => {
    const signedIn = await enter(server.imapPort);
    expect([signedIn.prefix, signedIn.delimiter, signedIn.foreign]).toEqual(['', '/', []]);
    expect(signedIn.capabilities.has('MULTIAPPEND')).toBe(true);
    signedIn.wire.leave();
  });

  it('ends at once when it is aborted', async () => {
    const stop = new AbortController();
    const entering = enter(server.imapPort, stop.signal);
    stop.abort();
    await expect(entering).rejects.toThrow();
  });
});
