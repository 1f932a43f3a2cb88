import fs, {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import {syncBuiltinESMExports} from 'node:module';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {expect, it, onTestFinished} from 'vitest';
import {replacePrivate} from '../../source/files/replace-private.ts';

function place(): {folder: string; file: string} {
  const folder = mkdtempSync(join(tmpdir(), 'mf-small-'));
  onTestFinished(() => rmSync(folder, {recursive: true, force: true}));
  return {folder, file: join(folder, 'one.json')};
}

/** Something happens in the moment before, or after, the part is written. */
function aroundWriting(before: (part: string) => void, after: () => void = () => undefined): void {
  const {writeFileSync: real} = fs;
  const restore = () => {
    fs.writeFileSync = real;
    syncBuiltinESMExports();
  };
  fs.writeFileSync = (path, ...how) => {
    restore();
    before(String(path));
    real(path, ...how);
    after();
  };
  syncBuiltinESMExports();
  onTestFinished(restore);
}

it('two programs that write the same small file at once leave it as one of them wrote it', () => {
  const {folder, file} = place();
  aroundWriting(
    () => undefined,
    () => replacePrivate(file, 'theirs'),
  );
  replacePrivate(file, 'ours');
  expect([readFileSync(file, 'utf8'), readdirSync(folder)]).toEqual(['ours', ['one.json']]);
});

it.skipIf(process.platform === 'win32')('a small file is not written into what lies in its way', () => {
  const {folder, file} = place();
  const theirs = join(folder, 'theirs');
  writeFileSync(theirs, 'untouched', {mode: 0o644});
  symlinkSync(theirs, file);
  replacePrivate(file, 'ours');
  expect([readFileSync(theirs, 'utf8'), readFileSync(file, 'utf8')]).toEqual(['untouched', 'ours']);
  expect([lstatSync(file).isFile(), statSync(file).mode & 0o777]).toEqual([true, 0o600]);
  aroundWriting(part => symlinkSync(theirs, part));
  expect(() => replacePrivate(file, 'more')).toThrow(/EEXIST/);
  expect([readFileSync(theirs, 'utf8'), readFileSync(file, 'utf8')]).toEqual(['untouched', 'ours']);
});

it('a small file that cannot be put in its place leaves nothing there', () => {
  const {folder, file} = place();
  mkdirSync(join(file, 'full'), {recursive: true});
  expect(() => replacePrivate(file, 'ours')).toThrow();
  expect(readdirSync(folder)).toEqual(['one.json']);
});

it('what a killed program has left of a small file is removed once it is old', () => {
  const {folder, file} = place();
  const [old, fresh] = ['.mailferry-0123456789ab.part', '.mailferry-ba9876543210.part'];
  for (const name of [old, fresh]) writeFileSync(join(folder, name), 'half');
  const longAgo = statSync(join(folder, fresh)).mtimeMs / 1000 - 2 * 60 * 60;
  utimesSync(join(folder, old), longAgo, longAgo);
  replacePrivate(file, 'ours');
  expect(readdirSync(folder)).toEqual([fresh, 'one.json']);
});
