import {mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {parse} from 'csv-parse/sync';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import type {MessageRow} from '../../source/engine/look/listing.ts';
import {type Disk, nodeDisk} from '../../source/report/disk.ts';
import {ReportError} from '../../source/report/report-error.ts';
import {createReport} from '../../source/report/writer.ts';
import {events, info, snapshotOf} from './sample.ts';

let root: string;
let directory: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'report-'));
  directory = join(root, 'reports', info.run);
});

afterEach(() => rm(root, {recursive: true, force: true}));

const rows: readonly MessageRow[] = [
  {
    request: 0,
    result: 'copied',
    sourceFolder: 'INBOX',
    sourceUid: 12,
    destinationFolder: 'Data17012018/INBOX',
    destinationUid: 3,
    date: Date.UTC(1998, 1, 3, 4, 5, 6),
    size: 1234,
    messageId: '<1@baya.com>',
    from: '"Müller, Jörg" <j@baya.com>',
    subject: '=HYPERLINK("http://evil.example")',
  },
  {request: 0, result: 'earlier', run: '2026-01-01-000000', destinationUid: 1},
  {
    request: 0,
    result: 'failed',
    sourceFolder: 'INBOX',
    sourceUid: 4711,
    code: 'message-too-large',
    reason: 'Too large.',
  },
];

async function csv(name: string): Promise<Record<string, string>[]> {
  return parse(await readFile(join(directory, name)), {columns: true, bom: true});
}

function failing(code: string, when: (path: string) => boolean): Disk {
  const refuse = (path: string) => {
    if (when(path)) throw Object.assign(new Error(code), {code});
  };
  return {
    ...nodeDisk,
    async replace(path, chunks) {
      refuse(path);
      return nodeDisk.replace(path, chunks);
    },
    async grow(path) {
      const growing = await nodeDisk.grow(path);
      return {
        ...growing,
        async writeAt(offset, text) {
          if (when(path)) await growing.writeAt(offset, text.slice(0, 5));
          refuse(path);
          return growing.writeAt(offset, text);
        },
      };
    },
  };
}

describe('a report', () => {
  test('has its folder and a first summary before anything is copied, for its owner only', async () => {
    await createReport(directory, info);
    const summary = JSON.parse(await readFile(join(directory, 'summary.json'), 'utf8'));
    expect(summary).toMatchObject({version: 1, run: info.run, exitCode: null});
    expect(summary.requests).toHaveLength(3);
    expect((await stat(directory)).mode & 0o777).toBe(0o700);
    expect((await stat(join(directory, 'summary.json'))).mode & 0o777).toBe(0o600);
  });

  test('has all files in the end, and nothing else', async () => {
    const report = await createReport(directory, info);
    await report.messages(rows);
    expect(await report.finish(snapshotOf(events))).toBe(directory);
    expect((await readdir(directory)).sort()).toEqual([
      'folders.csv',
      'messages.csv',
      'report.html',
      'requests.csv',
      'summary.json',
    ]);
    for (const name of await readdir(directory)) {
      expect((await stat(join(directory, name))).mode & 0o777).toBe(0o600);
    }
    const summary = JSON.parse(await readFile(join(directory, 'summary.json'), 'utf8'));
    expect(summary.exitCode).toBe(3);
    for (const request of summary.requests) {
      const {selected, copied, alreadyPresent, skipped, failed} = request;
      expect(copied + alreadyPresent + skipped + failed).toBe(selected);
    }
  });

  test('says how the run ended also where its last event is still to come', async () => {
    const report = await createReport(directory, info);
    await report.finish(snapshotOf(events.slice(0, -1)), {exitCode: 3, endedAt: info.startedAt + 60_000});
    const summary = JSON.parse(await readFile(join(directory, 'summary.json'), 'utf8'));
    expect(summary).toMatchObject({
      exitCode: 3,
      endedAt: '2026-11-22T14:04:00Z',
      verdict: {kind: 'incomplete'},
    });
  });

  test('lists the messages by request, whatever the order they came in', async () => {
    const report = await createReport(directory, info);
    const other: MessageRow = {request: 1, result: 'copied', subject: 'second'};
    await Promise.all([report.messages([other]), report.messages(rows), report.messages([other])]);
    await report.finish(snapshotOf(events));
    const listed = await csv('messages.csv');
    expect(listed.map(row => [row['request'], row['title'], row['result']])).toEqual([
      ['1', 'Request 0', 'copied'],
      ['1', 'Request 0', 'earlier'],
      ['1', 'Request 0', 'failed'],
      ['2', 'Request 1', 'copied'],
      ['2', 'Request 1', 'copied'],
    ]);
    expect(listed[0]).toEqual({
      request: '1',
      title: 'Request 0',
      result: 'copied',
      run: info.run,
      'source folder': 'INBOX',
      'source uid': '12',
      'destination folder': 'Data17012018/INBOX',
      'destination uid': '3',
      date: '1998-02-03T04:05:06Z',
      size: '1234',
      'message id': '<1@baya.com>',
      from: '"Müller, Jörg" <j@baya.com>',
      subject: '\'=HYPERLINK("http://evil.example")',
      code: '',
      reason: '',
    });
    expect(listed[1]?.['run']).toBe('2026-01-01-000000');
  });

  test('names what failed also where the request broke off before its listing', async () => {
    const report = await createReport(directory, info);
    await report.finish(snapshotOf(events));
    const listed = await csv('messages.csv');
    expect(listed.map(row => [row['result'], row['source folder'], row['source uid']])).toEqual([
      ['failed', 'INBOX', '4711'],
      ['skipped', 'INBOX', '7'],
    ]);
  });

  test.skipIf(process.platform === 'win32')('writes into nothing that lies where its rows go', async () => {
    const parts = join(directory, '.messages');
    const other = join(root, 'other');
    await mkdir(parts, {recursive: true});
    await writeFile(other, 'of somebody');
    await symlink(other, join(parts, '1.csv'));
    const report = await createReport(directory, info);
    await report.messages(rows);
    await report.finish(snapshotOf(events));
    expect(await readFile(other, 'utf8')).toBe('of somebody');
    expect((await csv('messages.csv')).filter(row => row['request'] === '1')).toHaveLength(rows.length);
  });

  test('forgets the rows of an attempt that is made again', async () => {
    const report = await createReport(directory, info);
    await report.messages([{request: 1, result: 'copied', subject: 'first attempt'}]);
    await report.restart(1);
    // A disk that was full of them has room for the next ones.
    expect(await readdir(join(directory, '.messages'))).toEqual([]);
    await report.messages([{request: 1, result: 'already present', subject: 'second attempt'}]);
    await report.finish(snapshotOf(events));
    const second = (await csv('messages.csv')).filter(row => row['request'] === '2');
    expect(second.map(row => row['subject'])).toEqual(['second attempt']);
  });
});

describe('a disk that refuses', () => {
  test('is found before anything is copied', async () => {
    await writeFile(join(root, 'reports'), 'a file in the way');
    await expect(createReport(directory, info)).rejects.toThrow(
      `The report cannot be written to ${directory}: a part of the path is a file, not a folder.`,
    );
    await rm(join(root, 'reports'));
    const full = createReport(directory, info, {
      disk: failing('ENOSPC', path => path.endsWith('summary.json')),
    });
    await expect(full).rejects.toMatchObject({
      name: 'ReportError',
      message: `The report cannot be written to ${join(directory, 'summary.json')}: the disk is full.`,
      nextStep: 'Make room there, or choose another folder with --reports.',
    });
  });

  test('says so where the folder may not be written', async () => {
    const disk = failing('EACCES', () => true);
    await expect(createReport(directory, info, {disk})).rejects.toMatchObject({
      message: `The report cannot be written to ${join(directory, 'summary.json')}: mailferry may not write there.`,
      nextStep: 'Check the rights on this folder, or choose another with --reports.',
    });
  });

  test('keeps no other file from being written', async () => {
    const disk = failing('ENOSPC', path => path.endsWith('messages.csv'));
    const report = await createReport(directory, info, {disk});
    await expect(report.finish(snapshotOf(events))).rejects.toThrow(ReportError);
    expect(await readdir(directory)).toEqual(
      expect.arrayContaining(['folders.csv', 'report.html', 'requests.csv', 'summary.json']),
    );
  });

  test('is not believed where a file is shorter than what was written', async () => {
    const disk: Disk = {...nodeDisk, size: async path => (await nodeDisk.size(path)) - 1};
    await expect(createReport(directory, info, {disk})).rejects.toThrow(ReportError);
  });

  test('loses no row and no file: what failed can be tried again', async () => {
    let full = true;
    const disk = failing('ENOSPC', path => full && (path.endsWith('1.csv') || path.endsWith('report.html')));
    const report = await createReport(directory, info, {disk});
    const first = rows.slice(0, 1);
    full = false;
    await report.messages(first);
    full = true;
    await expect(report.messages(rows.slice(1))).rejects.toBeInstanceOf(ReportError);
    full = false;
    await report.restart(0);
    await report.messages(rows);
    full = true;
    await expect(report.finish(snapshotOf(events))).rejects.toThrow('report.html: the disk is full.');
    expect(JSON.parse(await readFile(join(directory, 'summary.json'), 'utf8')).exitCode).toBeNull();
    // The other files are there all the same.
    expect(await csv('folders.csv')).not.toEqual([]);
    full = false;
    await report.finish(snapshotOf(events));
    expect((await csv('messages.csv')).map(row => row['result'])).toEqual(['copied', 'earlier', 'failed']);
  });

  test('is not forgotten where rows were lost to it: all is written that can be, and said not to be whole', async () => {
    let full = false;
    const disk = failing('ENOSPC', path => full && path.endsWith('1.csv'));
    const report = await createReport(directory, info, {disk});
    await report.messages(rows.slice(0, 1));
    full = true;
    await expect(report.messages(rows.slice(1))).rejects.toBeInstanceOf(ReportError);
    full = false;
    const finished = report.finish(snapshotOf(events.slice(0, -1)), {exitCode: 0, endedAt: info.startedAt});
    await expect(finished).rejects.toMatchObject({
      name: 'ReportError',
      incomplete: true,
      message: `Rows are missing in ${join(directory, 'messages.csv')}: the disk is full.`,
    });
    // The half row that the disk took is not among them.
    expect((await csv('messages.csv')).filter(row => row['request'] === '1')[0]?.['result']).toBe('copied');
    expect(await readFile(join(directory, 'messages.csv'), 'utf8')).toMatch(/\n$/);
    const summary = JSON.parse(await readFile(join(directory, 'summary.json'), 'utf8'));
    expect(summary.exitCode).toBe(3);
    expect(await readdir(directory)).not.toContain('.messages');
  });

  test('is not whole either where the disk only says in the end that it has not taken the rows', async () => {
    const disk: Disk = {
      ...nodeDisk,
      async grow(path) {
        const growing = await nodeDisk.grow(path);
        return {
          ...growing,
          async close() {
            await growing.close();
            if (path.endsWith('1.csv')) throw Object.assign(new Error('EDQUOT'), {code: 'EDQUOT'});
          },
        };
      },
    };
    const report = await createReport(directory, info, {disk});
    await report.messages(rows);
    await expect(report.finish(snapshotOf(events))).rejects.toMatchObject({incomplete: true});
  });

  test('leaves the file as it was, and no half one', async () => {
    const path = join(root, 'a.csv');
    await nodeDisk.replace(path, ['old']);
    async function* broken() {
      yield 'new'.repeat(200_000);
      throw Object.assign(new Error('no space'), {code: 'ENOSPC'});
    }
    await expect(nodeDisk.replace(path, broken())).rejects.toThrow('no space');
    expect(await readFile(path, 'utf8')).toBe('old');
    expect(await readdir(root)).toEqual(['a.csv']);
  });
});
