import fs, {
  existsSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import {type FileHandle, open} from 'node:fs/promises';
import {syncBuiltinESMExports} from 'node:module';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {expect, it, onTestFinished, vi} from 'vitest';
import {createWhole, replaceWhole} from '../../source/files/whole-file.ts';

function place(): {folder: string; file: string} {
  const folder = mkdtempSync(join(tmpdir(), 'mf-whole-'));
  onTestFinished(() => rmSync(folder, {recursive: true, force: true}));
  return {folder, file: join(folder, 'users.csv')};
}

/** From here on the file system does something else instead. */
function instead<Name extends 'link' | 'open' | 'rename'>(
  name: Name,
  work: (typeof fs.promises)[Name],
): void {
  const real = fs.promises[name];
  fs.promises[name] = work;
  syncBuiltinESMExports();
  onTestFinished(() => {
    fs.promises[name] = real;
    syncBuiltinESMExports();
  });
}

const noLinks = () => Promise.reject(Object.assign(new Error('no links here'), {code: 'EPERM'}));

it('a new file is not there before it is whole, so that a kill leaves no half one', async () => {
  const {folder, file} = place();
  const any = await open(join(folder, 'any'), 'w');
  await any.close();
  const before: boolean[] = [];
  const sync = vi
    .spyOn(Object.getPrototypeOf(any) as FileHandle, 'sync')
    .mockImplementation(async () => void before.push(existsSync(file)));
  onTestFinished(() => sync.mockRestore());
  await createWhole(file, ['secret']);
  expect(before[0]).toBe(false);
  expect([readFileSync(file, 'utf8'), readdirSync(folder)]).toEqual(['secret', ['any', 'users.csv']]);
});

for (const [where, prepare] of [
  ['where files can be linked', () => undefined],
  ['where they cannot', () => instead('link', noLinks)],
] as const)
  it(`a new file takes no other’s place, ${where}`, async () => {
    prepare();
    const {folder, file} = place();
    await createWhole(file, ['first']);
    await expect(createWhole(file, ['second'])).rejects.toMatchObject({code: 'EEXIST'});
    expect([readFileSync(file, 'utf8'), readdirSync(folder)]).toEqual(['first', ['users.csv']]);
  });

it('a new file that cannot be put in its place leaves nothing there', async () => {
  instead('link', noLinks);
  instead('rename', () => Promise.reject(Object.assign(new Error('no'), {code: 'EIO'})));
  const {folder, file} = place();
  await expect(createWhole(file, ['first'])).rejects.toMatchObject({code: 'EIO'});
  expect(readdirSync(folder)).toEqual([]);
});

it('takes the place only of what is known', async () => {
  const {folder, file} = place();
  const bytes = (text: string) => new TextEncoder().encode(text);
  await createWhole(file, ['as it was read']);
  await replaceWhole(file, ['mended'], bytes('as it was read'));
  expect(readFileSync(file, 'utf8')).toBe('mended');
  // As long, or longer.
  for (const changed of ['changed', 'changed by somebody']) {
    writeFileSync(file, changed);
    await expect(replaceWhole(file, ['again'], bytes('chanced'))).rejects.toMatchObject({code: 'ECHANGED'});
    expect([readFileSync(file, 'utf8'), readdirSync(folder)]).toEqual([changed, ['users.csv']]);
  }
});

it('two programs that replace the same file at once leave it as one of them wrote it', async () => {
  const {folder, file} = place();
  const piece = 'x'.repeat(300 * 1024);
  const under = Promise.withResolvers<void>();
  const done = Promise.withResolvers<void>();
  async function* slow() {
    yield `slow${piece}`;
    under.resolve();
    await done.promise;
    yield 'end';
  }
  let other: Promise<number> | undefined;
  async function* quick() {
    yield `quick${piece}`;
    other = replaceWhole(file, slow());
    await under.promise;
    yield 'end';
  }
  await replaceWhole(file, quick());
  expect(readFileSync(file, 'utf8') === `quick${piece}end`).toBe(true);
  done.resolve();
  await other;
  expect(readFileSync(file, 'utf8') === `slow${piece}end`).toBe(true);
  expect(readdirSync(folder)).toEqual(['users.csv']);
});

it.skipIf(process.platform === 'win32')('what lies in the way of the part is not written into', async () => {
  const {folder, file} = place();
  const theirs = join(folder, 'theirs');
  writeFileSync(theirs, 'untouched', {mode: 0o644});
  const real = fs.promises.open;
  instead('open', (path, ...how) => {
    if (String(path).endsWith('.part')) symlinkSync(theirs, path);
    return real(path, ...how);
  });
  await expect(replaceWhole(file, ['subjects'])).rejects.toMatchObject({code: 'EEXIST'});
  expect([readFileSync(theirs, 'utf8'), existsSync(file)]).toEqual(['untouched', false]);
});

it.skipIf(process.platform === 'win32')('of a link that is replaced, the other file stays', async () => {
  const {folder, file} = place();
  const theirs = join(folder, 'theirs');
  writeFileSync(theirs, 'untouched', {mode: 0o644});
  symlinkSync(theirs, file);
  await replaceWhole(file, ['subjects']);
  expect(readFileSync(theirs, 'utf8')).toBe('untouched');
  expect([lstatSync(file).isFile(), statSync(file).mode & 0o777]).toEqual([true, 0o600]);
});

it('what a killed program has left is removed once it is old', async () => {
  const {folder, file} = place();
  const [old, fresh, theirs] = ['.mailferry-0123456789ab.part', '.mailferry-ba9876543210.part', 'users.part'];
  for (const name of [old, fresh, theirs]) writeFileSync(join(folder, name), 'half');
  const longAgo = statSync(join(folder, fresh)).mtimeMs / 1000 - 2 * 60 * 60;
  for (const name of [old, theirs]) utimesSync(join(folder, name), longAgo, longAgo);
  await replaceWhole(file, ['subjects']);
  expect(readdirSync(folder)).toEqual([fresh, 'users.csv', theirs]);
});
