import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {expect, onTestFinished, test} from 'vitest';
import {notify} from '../../source/program/notify.ts';
import {newPlace, requestRow} from '../cli/place.ts';

const nobody = {host: '127.0.0.1', imapPort: 1};
const env = {PATH: process.env['PATH']};

function folder(): string {
  const directory = mkdtempSync(join(tmpdir(), 'mf-notify-'));
  onTestFinished(() => rmSync(directory, {recursive: true, force: true}));
  return directory;
}

test('the command gets the summary, and the run by its name', async () => {
  const directory = folder();
  writeFileSync(join(directory, 'summary.json'), '{"version":1,"exitCode":3}\n');
  const out = join(directory, 'out');
  const command = `cat > "${out}"; printf '%s %s %s' "$MAILFERRY_RUN" "$MAILFERRY_EXIT_CODE" "$MAILFERRY_REPORTS" >> "${out}"`;
  expect(await notify(command, {run: 'r', exitCode: 3, reports: directory}, env)).toBeUndefined();
  expect(readFileSync(out, 'utf8')).toBe(`{"version":1,"exitCode":3}\nr 3 ${directory}`);
  expect(await notify(`cat > "${out}"`, {run: 'r', exitCode: 1}, env)).toBeUndefined();
  expect(JSON.parse(readFileSync(out, 'utf8'))).toEqual({version: 1, run: 'r', exitCode: 1});
});

test.each([
  ['exit 7', /ended with status 7\. Run it by hand/],
  ['no-such-command-here', /ended with status 127/],
  ['kill -9 $$', /was killed/],
  ['sleep 60', /not done within 0\.2 seconds; it was ended/],
])('%s is a warning', async (command, says) => {
  expect(await notify(command, {run: 'r', exitCode: 0}, env, 0.2)).toMatch(says);
});

test('a command that reads nothing of a long summary is none', async () => {
  const directory = folder();
  writeFileSync(join(directory, 'summary.json'), 'x'.repeat(1_000_000));
  expect(await notify('true', {run: 'r', exitCode: 0, reports: directory}, env)).toBeUndefined();
});

test('a run tells it once it has ended; what it prints and whether it fails does not count', async () => {
  const place = newPlace();
  const csv = place.csv([requestRow(nobody, nobody, 'ann')]);
  const told = join(place.directory, 'told');
  const command = `cat >> "${told}"; echo noise; exit 1`;
  const {code, stdout, stderr} = await place.here([
    'run',
    csv,
    '--yes',
    '--output',
    'jsonl',
    '--notify',
    command,
  ]);
  expect([code, stderr]).toEqual([
    4,
    expect.stringMatching(/^The command of --notify ended with status 1\./),
  ]);
  expect(stdout).not.toContain('noise');
  expect(JSON.parse(readFileSync(told, 'utf8'))).toMatchObject({
    version: 1,
    exitCode: 4,
    requests: [{state: 'Failed'}],
  });
});

test('of a dry run only where the command line has it, not the profile', async () => {
  const place = newPlace();
  const csv = place.csv([requestRow(nobody, nobody, 'ann')]);
  const told = (name: string) => ['--notify', `echo told >> "${join(place.directory, name)}"`];
  await place.here(['profiles', 'save', 'monthly', csv, ...told('profile')]);
  await place.here(['run', 'monthly', '--dry-run']);
  await place.here(['run', 'monthly', '--dry-run', ...told('given')]);
  const names = place.files().map(({path}) => path.slice(place.directory.length + 1));
  expect(names).toContain('given');
  expect(names).not.toContain('profile');
  await place.here(['run', 'monthly', '--yes', '--output', 'quiet']);
  expect(readFileSync(join(place.directory, 'profile'), 'utf8')).toBe('told\n');
});
