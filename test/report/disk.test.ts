import {lstatSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {expect, it, onTestFinished} from 'vitest';
import {nodeDisk} from '../../source/report/disk.ts';

// Node's own recursive mkdir never comes back from there.
it.skipIf(process.platform !== 'linux')(
  'a place that takes no folders is refused, not tried for ever',
  async () => {
    await expect(nodeDisk.makeFolder('/proc/reports/run')).rejects.toMatchObject({code: 'ENOENT'});
  },
);

it.skipIf(process.platform === 'win32')(
  'what somebody has laid in the way of a file is not written into, and nobody else can read what is written',
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'mf-disk-'));
    onTestFinished(() => rmSync(folder, {recursive: true, force: true}));
    const [file, other, open] = ['check.csv', 'theirs', 'open.csv'].map(name => join(folder, name));
    writeFileSync(other ?? '', 'untouched', {mode: 0o644});
    symlinkSync(other ?? '', `${file}.part`);
    symlinkSync(other ?? '', file ?? '');
    writeFileSync(`${open}.part`, 'half', {mode: 0o644});
    for (const each of [file, open]) await nodeDisk.replace(each ?? '', ['subjects']);
    expect(readFileSync(other ?? '', 'utf8')).toBe('untouched');
    for (const each of [file, open]) {
      const {mode} = lstatSync(each ?? '');
      expect([each, readFileSync(each ?? '', 'utf8'), mode & 0o777]).toEqual([each, 'subjects', 0o600]);
    }
    expect(lstatSync(file ?? '').isSymbolicLink()).toBe(false);
  },
);
