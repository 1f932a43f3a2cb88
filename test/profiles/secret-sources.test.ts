import {execFileSync} from 'node:child_process';
import {mkdtempSync, writeFileSync} from 'node:fs';
import {writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {describe, expect, test} from 'vitest';
import {secretSources} from '../../source/profiles/secret-sources.ts';

const sources = secretSources({});
const file = (text: string) => {
  const path = join(mkdtempSync(join(tmpdir(), 'mailferry-secret-')), 'password');
  writeFileSync(path, text);
  return path;
};

test('a password file is read as it is', async () => {
  expect(await sources.readFile(file('gr\u00fcn "; $\n'))).toBe('gr\u00fcn "; $\n');
});

test('a file without end is given up after what no password needs', async () => {
  await expect(sources.readFile('/dev/zero')).rejects.toMatchObject({code: 'EFBIG'});
  await expect(sources.readFile(file('x'.repeat(100_000)))).rejects.toMatchObject({code: 'EFBIG'});
});

test('a file that is not there says so', async () => {
  await expect(sources.readFile('/nowhere/password')).rejects.toMatchObject({code: 'ENOENT'});
  await expect(sources.readFile(tmpdir())).rejects.toMatchObject({code: 'EISDIR'});
});

describe.skipIf(process.platform === 'win32')('a pipe', () => {
  const pipe = () => {
    const path = join(mkdtempSync(join(tmpdir(), 'mailferry-secret-')), 'pipe');
    execFileSync('mkfifo', [path]);
    return path;
  };

  test('is read when somebody writes into it', async () => {
    const path = pipe();
    const reading = sources.readFile(path);
    await writeFile(path, 'hunter2\n');
    expect(await reading).toBe('hunter2\n');
  });

  test('is waited for no longer than anybody waits', async () => {
    const stop = new AbortController();
    const reading = sources.readFile(pipe(), stop.signal);
    stop.abort();
    await expect(reading).rejects.toMatchObject({code: 'ETIMEDOUT'});
  });
});
