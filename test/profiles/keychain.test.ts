import {afterAll, beforeAll, expect, test, vi} from 'vitest';
import {openKeychain} from '../../source/profiles/keychain.ts';
import {secretSources} from '../../source/profiles/secret-sources.ts';
import {resolveSecret} from '../../source/profiles/secrets.ts';
import {secretReferenceOf} from '../../source/request/secret-text.ts';
import {describeKeyring, type Keyring, startKeyring} from '../servers/keyring.ts';

describeKeyring('the system keychain', () => {
  let keyring: Keyring;
  beforeAll(async () => {
    keyring = await startKeyring();
    for (const [name, value] of Object.entries(keyring.env)) vi.stubEnv(name, value);
  });
  afterAll(async () => {
    vi.unstubAllEnvs();
    await keyring?.stop();
  });

  test('keeps a secret under its name, replaces it, lists it, forgets it', async () => {
    const keychain = openKeychain('mailferry-test');
    expect(await keychain.get('john@baya.com')).toBeUndefined();
    await keychain.set('john@baya.com', 'first');
    await keychain.set('john@baya.com', 'gr\u00fcn "; $');
    await keychain.set('ann', 'other');
    expect(await keychain.get('john@baya.com')).toBe('gr\u00fcn "; $');
    // Another program finds it too: it is in the keyring, not in this process.
    expect(keyring.lookup('mailferry-test', 'john@baya.com')).toBe('gr\u00fcn "; $');
    expect(await keychain.names()).toEqual(['ann', 'john@baya.com']);
    expect(await openKeychain('mailferry-other').names()).toEqual([]);
    expect(await keychain.remove('john@baya.com')).toBe(true);
    expect(await keychain.remove('john@baya.com')).toBe(false);
    expect(await keychain.names()).toEqual(['ann']);
  });

  test('gives what keychain:NAME stands for, and says how to put it there', async () => {
    await openKeychain('mailferry').set('vault', 'hunter2');
    const sources = secretSources({});
    expect((await resolveSecret(secretReferenceOf('keychain:vault'), sources)).reveal()).toBe('hunter2');
    await expect(resolveSecret(secretReferenceOf('keychain:no one'), sources)).rejects.toThrow(
      'The system keychain has no password "no one" of mailferry. Put it there: mailferry secrets set "no one"',
    );
  });
});

test.runIf(process.platform === 'linux')('without a keychain one sentence says so', async () => {
  vi.stubEnv('DBUS_SESSION_BUS_ADDRESS', 'unix:path=/nonexistent/bus');
  const keychain = openKeychain('mailferry');
  for (const work of [
    () => keychain.get('x'),
    () => keychain.set('x', 'hunter2'),
    () => keychain.remove('x'),
    () => keychain.names(),
  ])
    await expect(work()).rejects.toThrow(
      /^There is no system keychain here: no Secret Service answers\..* Use env:NAME, file:PATH or cmd:COMMAND instead\.$/,
    );
  vi.unstubAllEnvs();
});
