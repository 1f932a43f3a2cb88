import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {inspect} from 'node:util';
import {describe, expect, onTestFinished, test, vi} from 'vitest';
import {KeychainError} from '../../source/profiles/keychain.ts';
import {secretSources} from '../../source/profiles/secret-sources.ts';
import {resolveSecret, type SecretSources} from '../../source/profiles/secrets.ts';
import {runShellCommand} from '../../source/profiles/shell-command.ts';
import {Secret, type SecretReference} from '../../source/request/secret.ts';
import {secretReferenceOf} from '../../source/request/secret-text.ts';

function sources(changes: Partial<SecretSources> = {}): SecretSources {
  return {
    env: {},
    readFile: () => Promise.reject(Object.assign(new Error('no'), {code: 'ENOENT'})),
    runCommand: () => Promise.resolve({status: 0, stdout: '', timedOut: false}),
    readKeychain: () => Promise.resolve(undefined),
    ...changes,
  };
}

/** False also for one that has ended and that nobody has asked for. */
function isAtWork(pid: number): boolean {
  try {
    const [, state] = /^State:\s+(\S)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return state !== 'Z' && state !== 'X';
  } catch {
    return false;
  }
}

const resolve = async (text: string, changes?: Partial<SecretSources>) =>
  (await resolveSecret(secretReferenceOf(text), sources(changes))).reveal();

describe('a secret comes', () => {
  test('as it was typed', async () => {
    const reference: SecretReference = {kind: 'value', secret: new Secret(' p w ')};
    expect((await resolveSecret(reference, sources())).reveal()).toBe(' p w ');
  });

  test('from the environment', async () => {
    expect(await resolve('env:PW', {env: {PW: ' hunter2 '}})).toBe(' hunter2 ');
  });

  test('from a file, without its last line break and byte order mark; ~ is the home folder', async () => {
    const readFile = (path: string) =>
      Promise.resolve(path === '/home/me/pw' ? '\ufeffhunter2\r\n' : 'wrong');
    expect(await resolve('file:~/pw', {env: {HOME: '/home/me'}, readFile})).toBe('hunter2');
    expect(await resolve('file:/x', {readFile: () => Promise.resolve('two words ')})).toBe('two words ');
  });

  test('from the first line a command prints', async () => {
    const runCommand = (command: string) =>
      Promise.resolve({status: 0, stdout: `${command.length}\nurl: example.com\n`, timedOut: false});
    expect(await resolve('cmd:pass show x', {runCommand})).toBe('11');
  });
});

test('a password that begins like a place in capitals is given by a place', async () => {
  expect(await resolve('env:PW', {env: {PW: 'ENV:hunter2'}})).toBe('ENV:hunter2');
});

test('from the keychain, by its name', async () => {
  const readKeychain = (name: string) => Promise.resolve(name === 'my vault' ? 'hunter2' : undefined);
  expect(await resolve('keychain: my vault', {readKeychain})).toBe('hunter2');
});

describe('what was tried is told, never the secret', () => {
  const result = (changes: object) => ({
    runCommand: () => Promise.resolve({status: 0, stdout: 'hunter2', timedOut: false, ...changes}),
  });
  const file = (text: string) => ({readFile: () => Promise.resolve(text)});
  test.each([
    ['keychain:none', {}, /no password "none" .* mailferry secrets set none$/],
    ['keychain:', {}, /After keychain: comes the name/],
    [
      'keychain:bad',
      {readKeychain: () => Promise.resolve('hunter2\n')},
      /"bad" in the system keychain holds/,
    ],
    [
      'keychain:x',
      {readKeychain: () => Promise.reject(new KeychainError('There is no system keychain here.'))},
      /no system keychain here/,
    ],
    ['ENV:hunter2', {}, /^Write env: in small letters\./],
    ['env:MISSING', {}, /MISSING is not set/],
    ['env:constructor', {}, /constructor is not set/],
    ['env:EMPTY', {env: {EMPTY: ''}}, /EMPTY is empty/],
    ['env:BAD', {env: {BAD: 'hunter2\u0007'}}, /BAD holds/],
    ['file:/no/such', {}, /\/no\/such does not exist/],
    [
      'file:/locked',
      {readFile: () => Promise.reject(Object.assign(new Error(), {code: 'EACCES'}))},
      /\/locked.*EACCES/,
    ],
    ['file:/two', file('hunter2\nhunter2\n'), /\/two holds more than one line/],
    ['file:/empty', file('\n'), /\/empty is empty/],
    ['cmd:pass hunter2', result({status: 1}), /"pass" ended with status 1/],
    ['cmd:pass hunter2', result({status: null}), /"pass" was killed/],
    ['cmd:pass hunter2', result({status: null, timedOut: true}), /"pass" gave no answer within 60 seconds/],
    ['cmd:pass hunter2', result({status: null, tooLong: true}), /"pass" prints more than a password/],
    ['cmd:pass hunter2', result({stdout: '\nhunter2'}), /"pass" is empty/],
    ['', {}, /No password is given/],
  ] as const)('%s', async (text, changes, message) => {
    const error: unknown = await resolve(text, changes).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(Error);
    expect(error).toHaveProperty('message', expect.stringMatching(message));
    expect(inspect(error)).not.toContain('hunter2');
  });
});

test('the strict policy holds for fetched secrets too', async () => {
  const env = {PW: 'hunter"2'};
  expect(await resolve('env:PW', {env})).toBe('hunter"2');
  await expect(resolveSecret(secretReferenceOf('env:PW'), sources({env}), 'strict')).rejects.toThrow(
    /strict/,
  );
});

test('this machine is asked: a real file and a real command', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'secret-'));
  try {
    writeFileSync(join(folder, 'pw'), 'hunter2\n');
    const real = secretSources({HOME: folder});
    expect((await resolveSecret(secretReferenceOf('file:~/pw'), real)).reveal()).toBe('hunter2');
    expect((await resolveSecret(secretReferenceOf('cmd:echo hunter2'), real)).reveal()).toBe('hunter2');
    await expect(resolveSecret(secretReferenceOf(`file:${folder}`), real)).rejects.toThrow(/EISDIR/);
  } finally {
    rmSync(folder, {recursive: true});
  }
});

describe.skipIf(process.platform === 'win32')('the shell', () => {
  test('runs a whole command line and keeps standard error out', async () => {
    expect(await runShellCommand('echo one; echo two >&2; exit 3', 10_000)).toEqual({
      status: 3,
      stdout: 'one\n',
      timedOut: false,
      tooLong: false,
    });
  });

  test('is ended at the time limit, with everything it started', async () => {
    const result = await runShellCommand('sleep 600 & echo $!; wait', 1000);
    expect(result).toMatchObject({status: null, timedOut: true});
    const started = Number(result.stdout);
    expect(started).toBeGreaterThan(1);
    await vi.waitFor(() => expect(isAtWork(started)).toBe(false));
  });

  // What stays behind ends by itself, long after it has been seen that nobody waits for it.
  test.each([
    ['it has ended', 'sleep 60 & echo done', 60_000, {status: 0, stdout: 'done\n', timedOut: false}],
    ['it was ended', 'setsid sleep 60 & sleep 60', 300, {status: null, timedOut: true}],
  ])(
    'is waited for no longer than until %s, whoever holds its output open',
    async (_, command, limit, ended) => {
      expect(await runShellCommand(command, limit)).toMatchObject(ended);
    },
  );

  test('is ended where it prints without end', async () => {
    expect(await runShellCommand('yes', 60_000)).toMatchObject({status: null, tooLong: true});
  });

  test('may leave what it is told unread', async () => {
    const lost: unknown[] = [];
    const note = (error: unknown) => lost.push(error);
    process.on('uncaughtException', note);
    onTestFinished(() => void process.off('uncaughtException', note));
    const told = {input: 'x'.repeat(4 * 1024 * 1024)};
    expect(await runShellCommand('exit 4', 60_000, undefined, told)).toMatchObject({status: 4});
    expect(lost).toEqual([]);
  });

  test('is ended when nobody waits for it any more', async () => {
    const stop = new AbortController();
    const ended = runShellCommand('sleep 600', 600_000, stop.signal);
    stop.abort();
    expect(await ended).toMatchObject({status: null, timedOut: false});
    expect(await runShellCommand('sleep 600', 600_000, stop.signal)).toMatchObject({status: null});
  });
});
