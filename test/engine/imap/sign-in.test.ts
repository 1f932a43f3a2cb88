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
  const enter = (port: number, signal = new AbortController().signal, after?: Promise<void>) =>
    signIn(
      'source',
      endpoint(port),
      {kind: 'password', user: 'john@baya.com', password: async () => new Secret('pass')},
      {
        connectMs: 10_000,
        inactivityMs: 10_000,
        version: '1.2.3',
        now: Date.now,
        ...(after === undefined ? {} : {after}),
      },
      signal,
    );

  it('waits for one answer only, then lists in one: every further one costs a mailbox far away', async () => {
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
    expect(session.namespaces).toEqual({prefix: '', delimiter: '/', foreign: []});
    // ID and NAMESPACE go out together with LIST; the password with AUTHENTICATE (SASL-IR).
    expect(sent.filter(word => word !== '')).toEqual(['AUTHENTICATE', 'ID', 'NAMESPACE', 'LIST']);
    session.logout();
    line.close();
  });

  it('tells of a pause that is asked for at once, so that it is shown and can be stopped', async () => {
    const line = await startMeddler(server.imapPort, {
      line: (text, wire) => {
        const tag = /^(\S+) AUTHENTICATE/.exec(text)?.[1];
        if (tag !== undefined)
          wire.answer(`${tag} NO Request is throttled. Suggested Backoff Time: 60000 milliseconds\r\n`);
        return tag !== undefined;
      },
    });
    const began = performance.now();
    await expect(enter(line.imapPort)).rejects.toMatchObject({throttleReset: 60_000});
    // imapflow alone waits for half of the silence that a connection may have, five seconds here.
    expect(performance.now() - began).toBeLessThan(4000);
    line.close();
  });

  it('names nobody before it may', async () => {
    const sent: string[] = [];
    const greeted = Promise.withResolvers<void>();
    const line = await startMeddler(server.imapPort, {
      line: text => {
        sent.push(text);
        return false;
      },
      down: () => {
        greeted.resolve();
        return false;
      },
    });
    const {promise, reject} = Promise.withResolvers<void>();
    promise.catch(() => undefined);
    const entering = enter(line.imapPort, new AbortController().signal, promise);
    await greeted.promise;
    reject(new Error('The first connection was refused'));
    await expect(entering).rejects.toThrow('The first connection was refused');
    expect(sent.join('')).not.toContain('AUTHENTICATE');
    line.close();
  });

  it('knows what the server can', async () => {
    const signedIn = await enter(server.imapPort);
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
