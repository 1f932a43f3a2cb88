// Folders that can and cannot be made.
import {chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join, posix, win32} from 'node:path';
import {afterAll, expect, test} from 'vitest';
import {isShared, makeFolder, missingLevels} from '../../source/files/make-folder.ts';

const directory = mkdtempSync(join(tmpdir(), 'mf-folder-'));
afterAll(() => rmSync(directory, {recursive: true, force: true}));

test('each level is made, for this user alone, once', () => {
  const folder = join(directory, 'a', 'b', 'c');
  makeFolder(folder);
  makeFolder(folder);
  for (const each of ['a', 'a/b', 'a/b/c']) expect(statSync(join(directory, each)).mode & 0o777).toBe(0o700);
});

test('what is in the way is an error, not a folder', () => {
  const file = join(directory, 'file');
  writeFileSync(file, '');
  expect(() => makeFolder(file)).toThrow(/EEXIST/);
  expect(() => makeFolder(join(file, 'below'))).toThrow(/ENOTDIR|EEXIST/);
});

test.runIf(process.platform === 'linux')('a place that takes no folders is an error at once', () => {
  expect(() => makeFolder('/proc/nobody/mailferry')).toThrow(/ENOENT|EACCES|EPERM/);
});

test('the levels that are missing end at the root, also where the drive or the share is not there', () => {
  let asked = 0;
  const nowhere = {
    exists: () => {
      if (++asked > 20) throw new Error('It goes on for ever');
      return false;
    },
    above: win32.dirname,
  };
  expect(missingLevels('Z:\\mail\\runs', nowhere)).toEqual(['Z:\\', 'Z:\\mail', 'Z:\\mail\\runs']);
  expect(missingLevels('\\\\nas\\mail\\runs', nowhere)).toEqual(['\\\\nas\\mail\\', '\\\\nas\\mail\\runs']);
  const home = {exists: (path: string) => path === '/home', above: posix.dirname};
  expect(missingLevels('/home/john/mail', home)).toEqual(['/home/john', '/home/john/mail']);
});

test.skipIf(process.platform === 'win32')(
  'a folder that everybody may write to, or put another in the place of, is shared',
  () => {
    const at = (name: string, mode: number) => {
      const folder = join(directory, name);
      mkdirSync(folder);
      chmodSync(folder, mode);
      return folder;
    };
    expect(isShared(at('own', 0o755))).toBe(false);
    expect(isShared(at('all', 0o777))).toBe(true);
    expect(isShared(at('all/below', 0o700))).toBe(true);
    // As /tmp is: what is in it is its owner's, but it is no place to write to by itself.
    expect(isShared(at('sticky', 0o1777))).toBe(true);
    expect(isShared(at('sticky/below', 0o700))).toBe(false);
    symlinkSync(join(directory, 'all'), join(directory, 'own', 'link'));
    expect(isShared(join(directory, 'own', 'link'))).toBe(true);
    symlinkSync(join(directory, 'all', 'below'), join(directory, 'own', 'deep'));
    expect(isShared(join(directory, 'own', 'deep'))).toBe(true);
  },
);
