// A person's sign-in is kept in the system's keychain: the next run does not ask, and nothing else of it is kept.
import {afterAll, beforeAll, expect, it} from 'vitest';
import {fill} from '../helpers/mail.ts';
import {fillTree} from '../helpers/mail-folders.ts';
import {type Dovecot, describeDovecot, startDovecot} from '../servers/dovecot.ts';
import {takesTokens} from '../servers/identity/dovecot-tokens.ts';
import {deskId, type IdentityPlace, makeIdentityPlace} from '../servers/identity/place.ts';
import {type IdentityProvider, startIdentityProvider} from '../servers/identity/provider.ts';
import {TokenTable} from '../servers/identity/tokens.ts';
import {describeKeyring, startKeyring} from '../servers/keyring.ts';
import {newPlace, requestRow} from './place.ts';

const name = "a Microsoft sign-in in the system's keychain";
describeDovecot(name, () => describeKeyring(name, tests));

function tests() {
  let identity: IdentityPlace;
  let provider: IdentityProvider;
  let source: Dovecot;
  let destination: Dovecot;

  beforeAll(async () => {
    identity = makeIdentityPlace();
    provider = await startIdentityProvider({
      tokens: new TokenTable(Date.now),
      certificates: identity.certificates,
      tenants: ['baya.com'],
      interval: 0,
      applications: [{id: deskId, isPublic: true}],
    });
    [source, destination] = await Promise.all([
      startDovecot({extra: takesTokens(provider, identity, 'delegated')}),
      startDovecot(),
    ]);
    await fill(
      source,
      {user: 'ann@baya.com', password: 'pass'},
      fillTree([['INBOX']], {seed: 3, messages: 5}),
    );
  });
  afterAll(async () => {
    await Promise.all([source, destination].map(server => server?.stop()));
    await provider?.stop();
    identity?.remove();
  });

  it('is not asked for again, and is asked for once it was revoked', async ({onTestFinished}) => {
    const keyring = await startKeyring();
    onTestFinished(() => keyring.stop());
    const place = newPlace();
    const file = place.csv([
      requestRow(source, destination, 'ann', {
        'Source user password': '',
        'Source auth': 'oauth-device',
        'Source client id': deskId,
      }),
    ]);
    const env = {...keyring.env, MAILFERRY_AUTHORITY: provider.origin};
    const run = async (...more: string[]) => {
      const running = place.start(['run', file, '--yes', '--ca', identity.certificates.caFile, ...more], {
        env,
      });
      running.child.stderr?.on('data', (text: string) => {
        const code = /type the code ([A-Z0-9]{9})/.exec(text)?.[1];
        if (code !== undefined) provider.approve(code, 'ann@baya.com');
      });
      return running.done;
    };
    const first = await run();
    expect(first.code).toBe(0);
    expect(first.stderr).toContain("It is kept in this computer's keychain");
    const entry = `${provider.origin}/baya.com ${deskId} https://outlook.office.com/IMAP.AccessAsUser.All ann@baya.com`;
    const kept = keyring.lookup('mailferry-microsoft', entry);
    expect(kept).toContain('refresh.');
    expect(kept).not.toContain('simulated.');
    for (const {bytes} of place.files()) expect(bytes.toString('latin1')).not.toContain('refresh.');

    const second = await run('--no-input');
    expect([second.code, second.stderr]).toEqual([0, '']);
    // The refresh token changes at each use, and the new one is what is kept.
    expect(keyring.lookup('mailferry-microsoft', entry)).not.toBe(kept);

    provider.revokeAll();
    const third = await run('--no-input');
    expect(third.code).toBe(2);
    expect(third.stderr).toContain('ann@baya.com (oauth-device)');
  });
}
