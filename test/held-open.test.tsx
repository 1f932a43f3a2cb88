// A file that a spreadsheet has open, as Windows lets it: whoever is to replace it hears what has it, and what else is
// written is written all the same.
import fs, {readFileSync} from 'node:fs';
import {syncBuiltinESMExports} from 'node:module';
import os from 'node:os';
import {basename, join} from 'node:path';
import {afterEach, expect, onTestFinished, test, vi} from 'vitest';
import {replaceWhole} from '../source/files/whole-file.ts';
import {checkLineSchema} from '../source/lines/check-schema.ts';
import {openDesk} from '../source/wizard/csv/desk.ts';
import {CsvSave} from '../source/wizard/csv/save.tsx';
import {closedPort} from './cli/closed-port.ts';
import {newPlace, requestRow} from './cli/place.ts';
import {cleanup, renderScreen} from './helpers/render.tsx';
import {fakeFiles} from './wizard/fakes.ts';

afterEach(cleanup);

/** From here on nothing can take the place of files of that name. */
function holdOpen(name: string, code: string, platform: NodeJS.Platform): void {
  const real = {rename: fs.promises.rename, platform: os.platform};
  fs.promises.rename = async (from, to) => {
    if (basename(String(to)) === name) throw Object.assign(new Error(`${code}: rename`), {code});
    await real.rename(from, to);
  };
  os.platform = () => platform;
  syncBuiltinESMExports();
  onTestFinished(() => {
    fs.promises.rename = real.rename;
    os.platform = real.platform;
    syncBuiltinESMExports();
  });
}

test.each([
  ['EPERM', 'win32', 'EBUSY'],
  ['EACCES', 'win32', 'EBUSY'],
  ['EBUSY', 'win32', 'EBUSY'],
  ['ENOSPC', 'win32', 'ENOSPC'],
  ['EPERM', 'linux', 'EPERM'],
] as const)('%s on %s comes from %s', async (code, platform, told) => {
  const path = newPlace().file('check.csv', 'old');
  holdOpen('check.csv', code, platform);
  await expect(replaceWhole(path, ['new'])).rejects.toMatchObject({code: told});
  expect(readFileSync(path, 'utf8')).toBe('old');
});

test('a check whose table is open in a spreadsheet writes its other files, and says what to close', async () => {
  const place = newPlace();
  const nobody = {host: '127.0.0.1', imapPort: await closedPort()};
  const check = ['check', place.csv([requestRow(nobody, nobody, 'ann')]), '--output', 'jsonl'];
  await place.here(check);
  const others = ['check.json', 'check-messages.csv'].map(name => join(place.reports, name));
  for (const other of others) fs.writeFileSync(other, 'old');
  holdOpen('check.csv', 'EPERM', 'win32');
  const {code, stdout, stderr} = await place.here(check);
  expect(stderr).toBe(
    `The report cannot be written to ${join(place.reports, 'check.csv')}: another program, such as Excel, has it open. Close it there and do this again, or choose another folder with --reports.\n`,
  );
  for (const other of others) expect(readFileSync(other, 'utf8')).not.toBe('old');
  const last = checkLineSchema.parse(JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? ''));
  expect(last).toMatchObject({type: 'check-finished', exitCode: code, files: others});
});

test('so does --fix', async () => {
  const place = newPlace();
  const nobody = {host: '127.0.0.1', imapPort: 9};
  const file = place.csv([requestRow(nobody, nobody, 'ann')]);
  holdOpen('users.csv', 'EPERM', 'win32');
  const {code, stderr} = await place.here(['check', file, '--fix', file, '--yes']);
  expect(code).toBe(2);
  expect(stderr).toContain(
    'another program, such as Excel, has it open. Close it there, or choose another name.',
  );
});

test('so does the screen that saves a list', async () => {
  const size = {columns: 80, rows: 24};
  const files = {
    ...fakeFiles({}),
    write: () => Promise.reject(Object.assign(new Error('open'), {code: 'EBUSY'})),
  };
  const desk = openDesk(new TextEncoder().encode('Source user id\njohn\n'), 'users.csv');
  const screen = renderScreen(
    <CsvSave
      {...{...size, title: 'users.csv', desk, files, path: 'users.csv'}}
      onSaved={vi.fn()}
      onCancel={vi.fn()}
    />,
    size,
  );
  await screen.press('enter');
  await screen.waitFor('Another program, such as Excel, has it open. Close it there');
});
