import {chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import {expect, onTestFinished, test, vi} from 'vitest';
import {addressesFor, type Live, readLive, writeLive} from '../../source/live/folder.ts';

test.skipIf(process.platform === 'win32')(
  'nobody listens in a folder below the temporary one that is not one’s own alone',
  () => {
    const temporary = mkdtempSync(join(tmpdir(), 'mf-live-'));
    onTestFinished(() => {
      vi.unstubAllEnvs();
      rmSync(temporary, {recursive: true, force: true});
    });
    vi.stubEnv('TMPDIR', temporary);
    const run = join(temporary, 'long'.repeat(30));
    mkdirSync(run);
    const [elsewhere] = addressesFor(run, 'linux');
    const folder = dirname(elsewhere?.() ?? '');
    expect(dirname(folder)).toBe(temporary);
    chmodSync(folder, 0o755);
    expect(elsewhere).toThrow(/is not a folder of yours alone/);
    rmSync(folder, {recursive: true});
    const theirs = join(temporary, 'theirs');
    mkdirSync(theirs, {mode: 0o700});
    symlinkSync(theirs, folder);
    expect(elsewhere).toThrow(/is not a folder of yours alone/);
  },
);

test('a file that does not say where a run listens is none', () => {
  const folder = mkdtempSync(join(tmpdir(), 'mf-live-'));
  onTestFinished(() => rmSync(folder, {recursive: true, force: true}));
  const live: Live = {version: 1, run: 'r1', pid: 42, address: '/x.sock', token: 'secret'};
  writeLive(folder, live);
  expect(readLive(folder)).toEqual(live);
  for (const wrong of [{version: 2}, {run: 7}, {pid: '42'}, {address: 3}, {token: null}]) {
    writeFileSync(join(folder, 'live.json'), JSON.stringify({...live, ...wrong}));
    expect([wrong, readLive(folder)]).toEqual([wrong, undefined]);
  }
});
