// `mailferry secrets`, and a run whose passwords are in the system's keychain.
import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {afterAll, beforeAll, expect, it, test} from 'vitest';
import {countMessages, fill, readMailbox} from '../helpers/mail.ts';
import {fillTree} from '../helpers/mail-folders.ts';
import {cleanEnvironment, program} from '../helpers/program.ts';
import {openTerminal} from '../helpers/terminal.ts';
import {type Dovecot, describeDovecot, startDovecot} from '../servers/dovecot.ts';
import {describeKeyring, type Keyring, startKeyring} from '../servers/keyring.ts';
import {newPlace, requestRow} from './place.ts';

const secret = 'Kq7 "gr\u00fcn" $ecret';

describeKeyring('passwords in the system keychain', () => {
  let keyring: Keyring;
  beforeAll(async () => {
    keyring = await startKeyring();
  });
  afterAll(() => keyring?.stop());

  it('are typed unseen, listed by name, replaced and removed', async () => {
    const place = newPlace();
    const run = (...args: string[]) => place.run(['secrets', ...args], {env: keyring.env});
    // Where a try before left it.
    await run('remove', 'john@baya.com');
    expect(await run()).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/has no password of mailferry/),
    });
    const terminal = openTerminal({
      command: process.execPath,
      args: [program, 'secrets', 'set', 'john@baya.com'],
      env: keyring.env,
      cwd: place.directory,
      columns: 120,
    });
    await terminal.waitFor('Password to keep as "john@baya.com":');
    await terminal.type(secret);
    await terminal.press('enter');
    expect((await terminal.exit).code).toBe(0);
    expect(terminal.everything()).toContain('Write keychain:john@baya.com in place of the password.');
    expect(terminal.raw).not.toContain('ecret');
    expect(keyring.lookup('mailferry', 'john@baya.com')).toBe(secret);

    expect(await run('list')).toMatchObject({code: 0, stdout: 'john@baya.com\n'});
    expect(await run('remove', 'nobody')).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/has no password "nobody"/),
    });
    expect(await run('remove', 'john@baya.com')).toMatchObject({code: 0});
    expect(keyring.lookup('mailferry', 'john@baya.com')).toBe('');
  });

  it('come from another program too, and what is none is refused', async () => {
    const place = newPlace();
    const set = (input: string) => place.run(['secrets', 'set', 'piped'], {env: keyring.env, input});
    expect(await set(`${secret}\nurl: example.com\n`)).toMatchObject({code: 0, stderr: ''});
    expect(keyring.lookup('mailferry', 'piped')).toBe(secret);
    // A writer that keeps its end open is not waited for.
    const staying = spawn(process.execPath, [program, 'secrets', 'set', 'stays'], {
      env: cleanEnvironment(keyring.env),
      stdio: ['pipe', 'ignore', 'inherit'],
    });
    staying.stdin.write('kept\n');
    expect((await once(staying, 'exit'))[0]).toBe(0);
    expect(keyring.lookup('mailferry', 'stays')).toBe('kept');
    expect(await set('')).toMatchObject({code: 2, stderr: 'No password was given; nothing was kept.\n'});
    expect(await set('a\tb\n')).toMatchObject({code: 2, stderr: expect.stringMatching(/control character/)});
    expect(keyring.lookup('mailferry', 'piped')).toBe(secret);
  });

  it('are not asked for in vain where the keychain is locked', async () => {
    const place = newPlace();
    await place.run(['secrets', 'set', 'piped'], {env: keyring.env, input: `${secret}\n`});
    const locked = await startKeyring(keyring);
    try {
      const {code, stdout, stderr} = await place.run(['secrets', 'set', 'piped'], {
        env: locked.env,
        input: 'x\n',
      });
      expect([code, stdout]).toEqual([2, '']);
      expect(stderr).toBe(
        'The system keychain is locked and was not unlocked. Sign in to the desktop, or unlock it, and try again.\n',
      );
    } finally {
      await locked.end();
    }
  });

  describeDovecot('a run with keychain:NAME', () => {
    let source: Dovecot;
    let destination: Dovecot;
    beforeAll(async () => {
      [source, destination] = await Promise.all([
        startDovecot({passwords: {'ann@baya.com': 'Kq7-source'}}),
        startDovecot({passwords: {'ann@vault.example': 'Zw3-destination'}}),
      ]);
      await fill(
        source,
        {user: 'ann@baya.com', password: 'Kq7-source'},
        fillTree([['INBOX']], {seed: 3, messages: 7}),
      );
    });
    afterAll(async () => {
      await Promise.all([source, destination].map(server => server?.stop()));
    });

    it('takes the passwords from there, and says which one is not there', async () => {
      const place = newPlace();
      const file = place.csv([
        requestRow(source, destination, 'ann', {
          'Source user password': 'keychain:ann at baya',
          'Destination user password': 'keychain:vault',
        }),
      ]);
      const {env} = keyring;
      await place.run(['secrets', 'remove', 'vault'], {env});
      await place.run(['secrets', 'set', 'ann at baya'], {env, input: 'Kq7-source\n'});
      const without = await place.run(['check', file], {env});
      expect(without.code).toBe(4);
      // Lines are broken between words.
      expect(without.stdout.replaceAll(/\s+/g, ' ')).toContain(
        'no password "vault" of mailferry. Put it there: mailferry secrets set vault',
      );
      await place.run(['secrets', 'set', 'vault'], {env, input: 'Zw3-destination\n'});
      expect(await place.run(['run', file, '--yes', '--no-input'], {env})).toMatchObject({
        code: 0,
        stderr: '',
      });
      const arrived = await readMailbox(destination, {
        user: 'ann@vault.example',
        password: 'Zw3-destination',
      });
      expect(countMessages(arrived)).toBe(7);
    });
  });
});

test.runIf(process.platform === 'linux')(
  'without a keychain each action says so in one sentence',
  async () => {
    const place = newPlace();
    const env = {DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nonexistent/bus'};
    for (const args of [['list'], ['set', 'x'], ['remove', 'x']]) {
      const {code, stdout, stderr} = await place.run(['secrets', ...args], {env, input: 'hunter2\n'});
      expect([args, code, stdout]).toEqual([args, 2, '']);
      expect(stderr).toMatch(/^There is no system keychain here: [^\n]*\n$/);
    }
  },
);
