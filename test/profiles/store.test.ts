import {execFile} from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {DatabaseSync} from 'node:sqlite';
import {fileURLToPath, pathToFileURL} from 'node:url';
import {promisify} from 'node:util';
import {afterEach, beforeEach, expect, test} from 'vitest';
import {withLock} from '../../source/profiles/lock.ts';
import {ProfileError} from '../../source/profiles/profile-error.ts';
import {openProfiles} from '../../source/profiles/store.ts';

let cwd: string;
const file = () => join(cwd, 'profiles.json');
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'profiles-'));
});
afterEach(() => rmSync(cwd, {recursive: true, force: true}));

const john = {
  kind: 'request',
  answers: {type: 'O365-IMAP', sourceUserId: 'john', sourceSecret: 'hunter2', destinationSecret: 'env:PW'},
  options: {exclude: ['Drafts'], mailboxes: 2},
} as const;

test('a profile is kept for its owner only, without its secret', () => {
  openProfiles({cwd}).save('john.baya', john);
  expect(statSync(file()).mode & 0o777).toBe(0o600);
  expect(readFileSync(file(), 'utf8')).not.toContain('hunter2');
  expect(openProfiles({cwd}).get('john.baya')).toEqual({
    ...john,
    answers: {type: 'O365-IMAP', sourceUserId: 'john', destinationSecret: 'env:PW'},
  });
  chmodSync(file(), 0o644);
  openProfiles({cwd}).rememberAnswers({type: 'O365-IMAP', sourceUserId: 'ann'});
  expect(statSync(file()).mode & 0o777).toBe(0o600);
});

test('profiles are listed by name, replaced, renamed and removed', () => {
  const profiles = openProfiles({cwd});
  profiles.save('b', {kind: 'csv', path: '/data/users.csv'});
  profiles.save('a', john);
  profiles.save('a', {kind: 'csv', path: 'a.csv'});
  expect(profiles.list()).toEqual([
    {name: 'a', profile: {kind: 'csv', path: 'a.csv', options: {}}},
    {name: 'b', profile: {kind: 'csv', path: '/data/users.csv', options: {}}},
  ]);
  expect(() => profiles.rename('a', 'b')).toThrow(ProfileError);
  expect(profiles.rename('a', 'c')).toBe(true);
  expect(profiles.remove('b')).toBe(true);
  expect([profiles.remove('b'), profiles.rename('x', 'y'), profiles.remove('toString')]).toEqual([
    false,
    false,
    false,
  ]);
  expect(profiles.get('toString')).toBeUndefined();
  expect(
    openProfiles({cwd})
      .list()
      .map(({name}) => name),
  ).toEqual(['c']);
});

test('the last answers come back by request type, without secrets, and leave the profiles alone', () => {
  const profiles = openProfiles({cwd});
  expect(profiles.lastAnswers()).toEqual({type: '', answers: {}});
  profiles.save('a', john);
  profiles.rememberAnswers({type: 'IMAP-O365', sourceUserId: 'ann', destinationSecret: 'keychain:ann'});
  profiles.rememberAnswers({type: 'O365-IMAP', sourceUserId: 'john', sourceSecret: 'hunter2'});
  expect(readFileSync(file(), 'utf8')).not.toContain('hunter2');
  expect(openProfiles({cwd}).lastAnswers()).toEqual({
    type: 'O365-IMAP',
    answers: {
      'IMAP-O365': {type: 'IMAP-O365', sourceUserId: 'ann', destinationSecret: 'keychain:ann'},
      'O365-IMAP': {type: 'O365-IMAP', sourceUserId: 'john'},
    },
  });
  expect(openProfiles({cwd}).list()).toHaveLength(1);
});

test('a file of version 1 is brought up to date, and kept as it was', () => {
  const text = JSON.stringify({
    schemaVersion: 1,
    profiles: {john, 'from tomorrow': {kind: 'carrier pigeon'}},
    lastAnswers: {type: 'O365-IMAP', sourceDomain: 'baya.com', sourceSecret: 'hunter2'},
  });
  writeFileSync(file(), text);
  const profiles = openProfiles({cwd});
  expect(profiles.list().map(({name}) => name)).toEqual(['john']);
  expect(profiles.get('john')?.options).toEqual({exclude: ['Drafts'], mailboxes: 2});
  expect(profiles.lastAnswers()).toEqual({
    type: 'O365-IMAP',
    answers: {'O365-IMAP': {type: 'O365-IMAP', sourceDomain: 'baya.com'}},
  });
  const written = JSON.parse(readFileSync(file(), 'utf8'));
  expect(written).toMatchObject({schemaVersion: 2, profiles: {'from tomorrow': {kind: 'carrier pigeon'}}});
  expect(written).not.toHaveProperty('lastAnswers');
  expect(statSync(file()).mode & 0o777).toBe(0o600);
  expect(readFileSync(join(cwd, 'profiles.version-1.json'), 'utf8')).toBe(text);
  expect(openProfiles({cwd}).list()).toHaveLength(1);
});

test('two that write at once lose nothing', async () => {
  const store = fileURLToPath(new URL('../../source/profiles/store.ts', import.meta.url));
  const writer = (name: string) => `
    import {openProfiles} from ${JSON.stringify(pathToFileURL(store).href)};
    const profiles = openProfiles({cwd: ${JSON.stringify(cwd)}});
    for (let number = 0; number < 25; number++) profiles.save('${name}-' + number, {kind: 'csv', path: 'a.csv'});`;
  const run = promisify(execFile);
  await Promise.all(
    ['a', 'b', 'c'].map(name => run(process.execPath, ['--input-type=module', '--eval', writer(name)])),
  );
  const names = openProfiles({cwd})
    .list()
    .map(({name}) => name);
  expect(new Set(names).size).toBe(75);
  for (const name of readdirSync(cwd)) expect(statSync(join(cwd, name)).mode & 0o777).toBe(0o600);
});

test('who has the lock has it alone, until the work is done', () => {
  const path = join(cwd, 'profiles.json.lock');
  /** As another process would ask for it. */
  const taken = () => {
    const other = new DatabaseSync(path, {timeout: 0});
    try {
      other.exec('BEGIN EXCLUSIVE');
      return false;
    } catch {
      return true;
    } finally {
      other.close();
    }
  };
  expect(withLock(path, taken)).toBe(true);
  expect(taken()).toBe(false);
  const broken = () => {
    throw new Error('broken');
  };
  expect(() => withLock(path, broken)).toThrow('broken');
  expect(taken()).toBe(false);
});

test('nothing is written where the lock cannot be had', () => {
  openProfiles({cwd}).save('a', john);
  const before = readFileSync(file(), 'utf8');
  rmSync(`${file()}.lock`, {force: true});
  mkdirSync(`${file()}.lock`);
  const profiles = openProfiles({cwd});
  for (const write of [
    () => profiles.save('b', john),
    () => profiles.remove('a'),
    () => profiles.rename('a', 'b'),
    () => profiles.rememberAnswers({type: 'O365-IMAP', sourceUserId: 'ann'}),
  ])
    expect(write).toThrow(ProfileError);
  expect(readFileSync(file(), 'utf8')).toBe(before);

  writeFileSync(file(), 'damaged');
  expect(openProfiles({cwd}).notice).toMatch(/cannot be saved/);
  expect(readFileSync(file(), 'utf8')).toBe('damaged');
});

test.each(['', ' a', 'users.csv', 'a/b', '--yes', '__proto__', 'a\u001b[2J', 'a\u202e', 'x'.repeat(61)])(
  'a profile cannot be called %j',
  name => {
    expect(() => openProfiles({cwd}).save(name, john)).toThrow(ProfileError);
  },
);

test.each(['{"schemaVersion":1,"prof', '', '[]', '{"schemaVersion":"x"}', '\u0000\u0001'])(
  'a damaged file (%j) is put aside, told, and never wiped',
  text => {
    writeFileSync(join(cwd, 'profiles.damaged-1.json'), 'older');
    writeFileSync(file(), text);
    const profiles = openProfiles({cwd});
    expect(profiles.notice).toContain('profiles.damaged-2.json');
    expect(readFileSync(join(cwd, 'profiles.damaged-1.json'), 'utf8')).toBe('older');
    expect(readFileSync(join(cwd, 'profiles.damaged-2.json'), 'utf8')).toBe(text);
    profiles.save('a', john);
    expect(openProfiles({cwd}).notice).toBeUndefined();
    expect(openProfiles({cwd}).list()).toHaveLength(1);
  },
);

test('one profile that cannot be read does not take the others along, and stays in the file', () => {
  const stored = {
    schemaVersion: 2,
    profiles: {good: {kind: 'csv', path: 'a.csv'}, bad: {kind: 'carrier pigeon'}},
  };
  writeFileSync(file(), JSON.stringify(stored));
  const profiles = openProfiles({cwd});
  expect(profiles.notice).toMatch(/^1 of the saved profiles/);
  expect(profiles.list().map(({name}) => name)).toEqual(['good']);
  profiles.save('new', john);
  expect(JSON.parse(readFileSync(file(), 'utf8')).profiles.bad).toEqual({kind: 'carrier pigeon'});
});

test('a file that is spoilt while it is used is not begun anew', () => {
  const profiles = openProfiles({cwd});
  profiles.save('a', john);
  writeFileSync(file(), '{"schemaVersion":2,"prof');
  expect(() => profiles.save('b', john)).toThrow(ProfileError);
  expect(readFileSync(file(), 'utf8')).toBe('{"schemaVersion":2,"prof');
});

test('what an older file was before it was brought up to date stays as it was kept first', () => {
  writeFileSync(join(cwd, 'profiles.version-1.json'), 'kept first');
  writeFileSync(file(), '{"schemaVersion":1,"profiles":{}}');
  openProfiles({cwd});
  expect(readFileSync(join(cwd, 'profiles.version-1.json'), 'utf8')).toBe('kept first');
});

test('a profile is given no name that it could not be saved under', () => {
  const profiles = openProfiles({cwd});
  profiles.save('a', john);
  expect(() => profiles.rename('a', 'b/c')).toThrow(ProfileError);
  expect(profiles.get('a')).toBeDefined();
});

test('what cannot be read is told, and nothing is written in its place', () => {
  mkdirSync(file());
  const profiles = openProfiles({cwd});
  expect(profiles.notice).toMatch(/cannot be read \(EISDIR\)/);
  expect(() => profiles.save('a', john)).toThrow(/cannot be read/);
  expect(readdirSync(cwd)).toEqual(['profiles.json']);
});

test("a newer mailferry's file is neither read nor written", () => {
  const text = JSON.stringify({schemaVersion: 3, profiles: {}});
  writeFileSync(file(), text);
  const profiles = openProfiles({cwd});
  expect(profiles.notice).toMatch(/newer mailferry/);
  expect(() => profiles.save('a', john)).toThrow(/newer mailferry/);
  expect(readFileSync(file(), 'utf8')).toBe(text);
});

test('a folder that cannot be made is told, and only saving fails', () => {
  writeFileSync(join(cwd, 'occupied'), '');
  const profiles = openProfiles({cwd: join(cwd, 'occupied', 'below')});
  expect(profiles.list()).toEqual([]);
  expect(() => profiles.save('a', john)).toThrow(ProfileError);
  expect(readdirSync(cwd)).toEqual(['occupied']);
});
