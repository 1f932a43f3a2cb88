// Screens that are left before a run was started: what waits for the copy must not take that for one.
import {Console} from 'node:console';
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {expect, onTestFinished, test, vi} from 'vitest';
import {carryOut} from '../../source/carry-out.ts';
import {openProfiles} from '../../source/profiles/store.ts';
import {fakeFiles} from '../wizard/fakes.ts';
import {fakeTerminal} from './fake-terminal.ts';

const csv = 'Title,Source user id,Source domain,Destination user id\nA,john,baya.com,john\n';
const ctrlC = '\u0003';
/** The unambiguous form of Esc. */
const esc = '\u001B[27u';

async function left(argv: readonly string[], keys: readonly (readonly [seen: string, key: string])[]) {
  const state = mkdtempSync(join(tmpdir(), 'mf-left-'));
  onTestFinished(() => rmSync(state, {recursive: true, force: true}));
  openProfiles({cwd: state}).save('john', {
    kind: 'request',
    answers: {type: 'O365-IMAP', sourceUserId: 'john'},
    options: {},
  });
  // Ink makes a console of its own from the test runner's, which lacks this.
  const own = vi.stubGlobal('console', Object.assign(Object.create(console), {Console}));
  onTestFinished(() => void own.unstubAllGlobals());
  const {system, keyboard, shown, waitFor} = fakeTerminal();
  const files = fakeFiles({'/desk/users.csv': csv});
  const code = carryOut(
    [...argv, '--state', state, '--reports', join(state, 'reports')],
    {...system, files, env: {TERM: 'xterm'}},
    () => undefined,
  );
  for (const [seen, key] of keys) {
    await Promise.race([waitFor(seen), code]);
    keyboard.write(key);
  }
  return {code: await code, shown: shown()};
}

test.each([
  ['the rows of a CSV with Ctrl+C', ['run', 'users.csv'], [['only errors', ctrlC]]],
  ['the questions of a profile with Ctrl+C', ['run', 'john'], [['Sign-in user', ctrlC]]],
  [
    'the start, gone back to from a CSV',
    ['run', 'users.csv'],
    [
      ['only errors', esc],
      ['Which file holds', esc],
      ['New request', 'q'],
    ],
  ],
] as const)('leaving %s is a stop by the person, and said', async (_, argv, keys) => {
  const {code, shown} = await left(argv, keys);
  expect(code).toBe(130);
  expect(shown).toMatch(/Not started; nothing was copied\.\n$/);
});

test('leaving the start that was asked for is none', async () => {
  const {code, shown} = await left([], [['New request', 'q']]);
  expect(code).toBe(0);
  expect(shown).not.toContain('Not started');
});
