import {execFileSync} from 'node:child_process';
import {mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync} from 'node:fs';
import {type FileHandle, open} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {Writable} from 'node:stream';
import {expect, onTestFinished, test, vi} from 'vitest';
import {parseCommandLine} from '../../source/command-line/options.ts';
import {fixCommand} from '../../source/program/fix-command.ts';
import {isSameFile, writePrivateFile} from '../../source/program/private-file.ts';
import type {System} from '../../source/program/system.ts';
import {fakeSystem} from './fake-system.ts';

const noProfiles = {get: () => undefined, list: () => []};
const header =
  'Source user id,Source domain,Source user password,Destination user id,Destination server,Type';
const bad = `${header}\njohn@baya.com,,hunter2,vault,imap.example.com,O365-IMAP\nann,baya.com,pw,,imap.example.com,O365-IMAP\n`;

function fix(files: Record<string, string>, ...argv: string[]) {
  return fixOn(fakeSystem(files), argv);
}

function fixOn(machine: System, argv: readonly string[]) {
  const parsed = parseCommandLine(['check', 'users.csv', ...argv]);
  if (!parsed.ok) throw new Error(parsed.problem);
  const {options} = parsed;
  const written = {stdout: '', stderr: ''};
  const stream = (name: 'stdout' | 'stderr') =>
    new Writable({
      write(chunk: Buffer, _encoding, done) {
        written[name] += chunk.toString();
        done();
      },
    }) as unknown as NodeJS.WriteStream;
  const system = {...machine, stdout: stream('stdout'), stderr: stream('stderr')};
  const output = options.output === 'jsonl' ? 'jsonl' : 'plain';
  const done = fixCommand('users.csv', options.fix ?? '', output, {options, profiles: noProfiles, system});
  return {done, written};
}

test('writes the mended file, says what was changed and what is left, and no secret', async () => {
  const files = {'/desk/users.csv': bad, '/desk/out.csv': undefined as unknown as string};
  const {done, written} = fix(files, '--fix', 'out.csv');
  expect(await done).toBe(2);
  expect(files['/desk/out.csv']).toBe(
    `${header.replace('Type', 'Request type')}\njohn,baya.com,hunter2,vault,imap.example.com,O365-IMAP\nann,baya.com,pw,,imap.example.com,O365-IMAP\n`,
  );
  expect(files['/desk/users.csv']).toBe(bad);
  expect(written.stdout.split('\n')).toEqual([
    '2 changes to users.csv:',
    '  line 1: column "Type" is now "Request type"',
    '  line 2: Source user id: "john@baya.com": use john, baya.com',
    'Written to /desk/out.csv, for you alone to read: it may hold passwords.',
    '',
  ]);
  expect(written.stderr).toMatch(/^1 error left, to be mended by hand:\nout\.csv:3: error: column 4 /);
  expect(written.stdout + written.stderr).not.toContain('hunter2');
});

const good = `${header.replace('Type', 'Request type')},Destination folder\njohn,baya.com,hunter2,vault,imap.example.com,O365-IMAP,Data\n`;

test.each([
  ['my users.csv', '"my users.csv"'],
  ['out.csv', 'out.csv'],
  ['$HOME.csv', "'$HOME.csv'"],
])('the next command can be typed as it is told, also for %s', async (out, typed) => {
  const {done, written} = fix({'/desk/users.csv': good}, '--fix', out);
  expect(await done).toBe(0);
  expect(written.stderr.split('\n')[0]).toBe(`No error is left. Next: mailferry check ${typed}`);
});

test('a file in UTF-16 is written in UTF-8, which is said; any other is as it was', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'mf-fix-'));
  onTestFinished(() => rmSync(directory, {recursive: true}));
  const mended = async (bytes: Uint8Array) => {
    const machine = fakeSystem({});
    const path = join(directory, 'out.csv');
    rmSync(path, {force: true});
    const files = {...machine.files, read: async () => bytes, write: writePrivateFile};
    const argv = ['--fix', path];
    const plain = fixOn({...machine, files}, argv);
    expect(await plain.done).toBe(0);
    const json = fixOn({...machine, files}, [...argv, '--yes', '--output', 'jsonl']);
    expect(await json.done).toBe(0);
    const {changes} = JSON.parse(json.written.stdout);
    return {bytes: readFileSync(path), said: plain.written.stdout, told: changes};
  };
  const sentence = 'the file is UTF-8 now, with a byte order mark; it was UTF-16';
  const wide = await mended(Buffer.from(`\ufeff${good}`, 'utf16le'));
  expect(wide.bytes.toString()).toBe(`\ufeff${good}`);
  expect(wide.said).toContain(`1 change to users.csv:\n  ${sentence}\n`);
  expect(wide.told).toEqual([{sentence}]);
  for (const mark of ['', '\ufeff']) {
    const same = await mended(Buffer.from(mark + good));
    expect([same.bytes.toString(), same.told]).toEqual([mark + good, []]);
  }
});

test('replaces no file without --yes', async () => {
  const files = {'/desk/users.csv': bad, '/desk/out.csv': 'mine'};
  await expect(fix(files, '--fix', 'out.csv').done).rejects.toThrow(/is there already; nothing was written/);
  expect(files['/desk/out.csv']).toBe('mine');
  await fix(files, '--fix', 'out.csv', '--yes').done;
  expect(files['/desk/out.csv']).toContain('john,baya.com');
});

test('replaces no file that was changed while it was mended', async () => {
  const files: Record<string, string> = {'/desk/users.csv': bad};
  const {done} = fix(files, '--fix', './users.csv', '--yes');
  files['/desk/users.csv'] = 'theirs';
  await expect(done).rejects.toThrow(/users\.csv was changed by somebody .* nothing was written/);
  expect(files['/desk/users.csv']).toBe('theirs');
  files['/desk/users.csv'] = bad;
  await fix(files, '--fix', './users.csv', '--yes').done;
  expect(files['/desk/users.csv']).toContain('john,baya.com');
});

test('as JSON: the changes, and what is left by the lines of the new file', async () => {
  const files: Record<string, string> = {'/desk/users.csv': bad.replace('\njohn', '\n\n\njohn')};
  const {done, written} = fix(files, '--fix', 'out.csv', '--output', 'jsonl');
  expect(await done).toBe(2);
  const line = JSON.parse(written.stdout) as {problems: {severity: string}[]};
  expect(line).toMatchObject({version: 1, type: 'fixed', file: '/desk/out.csv'});
  expect(line.problems.filter(({severity}) => severity === 'error')).toMatchObject([
    {line: 3, field: 'destinationUserId', column: {number: 4}},
  ]);
  expect(written.stderr).toBe('');
});

test('a file that is no CSV is refused in words', async () => {
  await expect(fix({'/desk/users.csv': 'PK\u0003\u0004x'}, '--fix', 'out.csv').done).rejects.toThrow(
    /spreadsheet/,
  );
});

test('the file that is written is its owner’s alone, as a new one and in place of another', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'mf-fix-'));
  onTestFinished(() => rmSync(directory, {recursive: true}));
  const path = join(directory, 'out.csv');
  const bytes = new TextEncoder().encode('secret');
  await writePrivateFile(path, bytes, false);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  await expect(writePrivateFile(path, bytes, false)).rejects.toMatchObject({code: 'EEXIST'});

  const open = join(directory, 'open.csv');
  const link = join(directory, 'link.csv');
  writeFileSync(open, 'old', {mode: 0o644});
  symlinkSync(open, link);
  await writePrivateFile(link, bytes, true);
  expect(readFileSync(open, 'utf8')).toBe('secret');
  expect(statSync(open).mode & 0o777).toBe(0o600);
});

test.skipIf(process.platform === 'win32')('what is no file is not replaced by one', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'mf-fix-'));
  onTestFinished(() => rmSync(directory, {recursive: true}));
  const [pipe, toPipe, nowhere] = ['pipe', 'to-pipe', 'nowhere'].map(name => join(directory, name)) as [
    string,
    string,
    string,
  ];
  execFileSync('mkfifo', [pipe]);
  symlinkSync(pipe, toPipe);
  symlinkSync(join(directory, 'absent'), nowhere);
  const machine = fakeSystem({'/desk/users.csv': bad});
  const system = {...machine, files: {...machine.files, write: writePrivateFile}};
  for (const path of [pipe, toPipe, nowhere, directory])
    for (const more of [[], ['--yes']])
      await expect(fixOn(system, ['--fix', path, ...more]).done).rejects.toThrow(
        `${path} is there already and is no file; nothing was written. Name a file for --fix.`,
      );
  expect(statSync(toPipe).isFIFO()).toBe(true);
  expect(readdirSync(directory).toSorted()).toEqual(['nowhere', 'pipe', 'to-pipe']);
});

test.skipIf(process.platform === 'win32')('a file is the same by every path that leads to it', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'mf-fix-'));
  onTestFinished(() => rmSync(directory, {recursive: true}));
  const [path, link, copy] = ['users.csv', 'link.csv', 'copy.csv'].map(name => join(directory, name)) as [
    string,
    string,
    string,
  ];
  for (const each of [path, copy]) writeFileSync(each, bad);
  symlinkSync(path, link);
  symlinkSync(directory, join(directory, 'here'));
  const spelled = [path, link, `${directory}/./users.csv`, join(directory, 'here', 'link.csv')];
  for (const one of spelled) expect([one, await isSameFile(one, path)]).toEqual([one, true]);
  for (const one of [copy, join(directory, 'none.csv')])
    expect([one, await isSameFile(one, path), await isSameFile(path, one)]).toEqual([one, false, false]);
});

test('replaces nothing that was changed while it was mended, also by another path', async () => {
  const files: Record<string, string> = {'/desk/users.csv': bad, '/desk/link.csv': bad};
  const machine = fakeSystem(files);
  const linked = {...machine, files: {...machine.files, isSame: async () => true}};
  const {done} = fixOn(linked, ['--fix', 'link.csv', '--yes']);
  files['/desk/link.csv'] = 'theirs';
  await expect(done).rejects.toThrow(/link\.csv was changed by somebody/);
  expect(files['/desk/link.csv']).toBe('theirs');
});

test('a disk that is full leaves no half file in the place of none', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'mf-fix-'));
  onTestFinished(() => rmSync(directory, {recursive: true}));
  const path = join(directory, 'out.csv');
  const any = await open(join(directory, 'any'), 'w');
  const full = vi
    .spyOn(Object.getPrototypeOf(any) as FileHandle, 'sync')
    .mockRejectedValue(Object.assign(new Error('no space'), {code: 'ENOSPC'}));
  onTestFinished(() => full.mockRestore());
  await any.close();
  await expect(writePrivateFile(path, new TextEncoder().encode('secret'), false)).rejects.toMatchObject({
    code: 'ENOSPC',
  });
  expect(readdirSync(directory)).toEqual(['any']);
});
