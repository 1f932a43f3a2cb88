import fs, {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import {syncBuiltinESMExports} from 'node:module';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {expect, onTestFinished, test, vi} from 'vitest';
import {openHistory, type RunRecord} from '../../source/program/history.ts';

const record: RunRecord = {
  version: 1,
  run: 'second',
  from: '/users.csv',
  startedAt: 2000,
  requests: 3,
  processed: 1,
};

test('a record is on disk before it takes the place of the one before it', () => {
  const state = mkdtempSync(join(tmpdir(), 'mf-history-'));
  onTestFinished(() => rmSync(state, {recursive: true, force: true}));
  const write = vi.spyOn(fs, 'writeFileSync');
  syncBuiltinESMExports();
  onTestFinished(() => {
    write.mockRestore();
    syncBuiltinESMExports();
  });
  openHistory(state).write(record);
  expect(write.mock.calls.map(([file, , options]) => [file, options])).toEqual([
    [expect.stringMatching(/\.part$/), expect.objectContaining({flush: true})],
  ]);
});

test('runs are listed newest first, and what is no record is passed over', () => {
  const state = mkdtempSync(join(tmpdir(), 'mf-history-'));
  onTestFinished(() => rmSync(state, {recursive: true, force: true}));
  const history = openHistory(state);
  expect(history.list()).toEqual([]);
  const ended: RunRecord = {
    ...record,
    run: 'first',
    startedAt: 1000,
    endedAt: 1500,
    exitCode: 0,
    reports: '/r',
  };
  history.write(ended);
  history.write(record);

  mkdirSync(join(state, 'runs'), {recursive: true});
  const wrong: readonly unknown[] = [
    null,
    [],
    'text',
    {...record, version: 2},
    {...record, from: undefined},
    {...record, startedAt: 'yesterday'},
    {...record, exitCode: '0'},
    {...record, reports: 7},
    {...record, run: 'of another name'},
  ];
  for (const [index, value] of wrong.entries())
    writeFileSync(join(state, 'runs', `wrong-${index}.json`), JSON.stringify(value));
  // What cannot be shown, or leads elsewhere, is none of ours, whatever the file is called.
  for (const run of ['a\u001b[2J', 'a\u202eb', '.hidden'])
    writeFileSync(join(state, 'runs', `${run}.json`), JSON.stringify({...record, run}));
  writeFileSync(join(state, 'runs', 'half.json'), '{"version":1,');
  expect(history.list()).toEqual([record, ended]);
  expect(history.get('first')).toEqual(ended);
});

test.skipIf(process.platform === 'win32')('a state folder that everybody may write to is refused', () => {
  const state = mkdtempSync(join(tmpdir(), 'mf-history-'));
  onTestFinished(() => rmSync(state, {recursive: true, force: true}));
  chmodSync(state, 0o777);
  expect(() => openHistory(state).take('first')).toThrow(
    /^The state folder \S+ is not safe: everybody on this machine may write to it .*chmod o-w.*--state\.$/,
  );
  expect(existsSync(join(state, 'runs', 'first.json'))).toBe(false);
  chmodSync(state, 0o700);
  expect(openHistory(state).take('first')).toBe(true);
});

test.skipIf(process.platform === 'win32')(
  'a name is taken for a run only where no file has it, and for nobody else',
  () => {
    const state = mkdtempSync(join(tmpdir(), 'mf-history-'));
    onTestFinished(() => rmSync(state, {recursive: true, force: true}));
    const history = openHistory(state);
    expect(history.take('first')).toBe(true);
    expect(statSync(join(state, 'runs', 'first.json')).mode & 0o777).toBe(0o600);
    const other = join(state, 'theirs');
    writeFileSync(other, 'untouched');
    symlinkSync(other, join(state, 'runs', 'second.json'));
    expect(history.take('second')).toBe(false);
    symlinkSync(join(state, 'nowhere'), join(state, 'runs', 'third.json'));
    expect(history.take('third')).toBe(false);
    expect([readFileSync(other, 'utf8'), existsSync(join(state, 'nowhere'))]).toEqual(['untouched', false]);
  },
);
