// Folders that can and cannot be made.
import {mkdtempSync, rmSync, statSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, expect, test} from 'vitest';
import {makeFolder} from '../source/make-folder.ts';

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
