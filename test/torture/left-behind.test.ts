import {chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {expect, onTestFinished, test} from 'vitest';
import {lookAtLeft, markedPassword} from './left-behind.ts';

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'mf-left-'));
  onTestFinished(() => rmSync(folder, {recursive: true}));
  return folder;
}

test('what is clean and for its owner only passes, and is counted', () => {
  const folder = newFolder();
  mkdirSync(join(folder, 'run'), {mode: 0o700});
  writeFileSync(join(folder, 'run', 'events.jsonl'), 'nothing', {mode: 0o600});
  expect(lookAtLeft([folder, join(folder, 'never-made')], ['Copied 3'])).toEqual({
    files: 1,
    modes: 3,
    wrong: [],
  });
});

test.each([
  ['in a file', Buffer.from(`half a page ${markedPassword}`), /a secret is in .*left-wal \(clear\)/],
  [
    'in base64',
    Buffer.from(Buffer.from(`\0ann\0${markedPassword}`).toString('base64')),
    /a secret is in .* \(base64\)/,
  ],
])('a secret %s is found', (_, bytes, said) => {
  const folder = newFolder();
  writeFileSync(join(folder, 'left-wal'), bytes, {mode: 0o600});
  expect(lookAtLeft([folder], []).wrong).toEqual([expect.stringMatching(said)]);
});

test('so is one that was printed, and so are files and folders that others may read', () => {
  const folder = newFolder();
  expect(lookAtLeft([folder], [`LOGIN ann ${markedPassword}`]).wrong).toEqual([
    'a secret was printed (clear)',
  ]);
  writeFileSync(join(folder, 'open'), '');
  chmodSync(join(folder, 'open'), 0o640);
  chmodSync(folder, 0o755);
  expect(lookAtLeft([folder], []).wrong).toEqual([
    `${folder} has the mode 755`,
    `${join(folder, 'open')} has the mode 640`,
  ]);
});
