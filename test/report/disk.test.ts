import {mkdirSync, mkdtempSync, readFileSync, rmSync, statSync} from 'node:fs';
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
  'a folder that was there and a table that grows are their owner’s alone from the first line on',
  async () => {
    const folder = join(mkdtempSync(join(tmpdir(), 'mf-disk-')), 'run');
    onTestFinished(() => rmSync(folder, {recursive: true, force: true}));
    mkdirSync(folder, {mode: 0o755});
    await nodeDisk.makeFolder(folder);
    const table = join(folder, 'messages.csv');
    const growing = await nodeDisk.grow(table);
    await growing.writeAt(0, 'subject\n');
    await growing.close();
    expect([folder, table].map(path => statSync(path).mode & 0o777)).toEqual([0o700, 0o600]);
  },
);

it('a table grows from where it is told to, and is kept when it is opened again', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'mf-disk-'));
  onTestFinished(() => rmSync(folder, {recursive: true, force: true}));
  const table = join(folder, 'messages.csv');
  const growing = await nodeDisk.grow(table);
  expect(await growing.writeAt(0, 'whole\nhalf of a l')).toBe(17);
  expect(await growing.writeAt(6, 'another, \u00e9\n')).toBe(18);
  await growing.close();
  const again = await nodeDisk.grow(table);
  expect(await again.writeAt(18, 'next\n')).toBe(23);
  await again.close();
  expect(readFileSync(table, 'utf8')).toBe('whole\nanother, \u00e9\nnext\n');
});
