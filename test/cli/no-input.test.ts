// --no-input at a terminal, where somebody could be asked: nothing waits for a key, and what is missing is named.
import {expect, test} from 'vitest';
import {openProfiles} from '../../source/profiles/store.ts';
import {program} from '../helpers/program.ts';
import {openTerminal} from '../helpers/terminal.ts';
import {newPlace, type Place, requestRow} from './place.ts';

const nobody = {host: '127.0.0.1', imapPort: 1};

async function atTerminal(place: Place, ...args: string[]): Promise<{code: number; text: string}> {
  const terminal = openTerminal({
    command: process.execPath,
    args: [program, ...args, '--no-input', '--state', place.state, '--reports', place.reports],
    cwd: place.directory,
    columns: 200,
  });
  const {code} = await terminal.exit;
  return {code, text: terminal.everything()};
}

test('each command that would ask ends with a sentence', async () => {
  const place = newPlace();
  const csv = place.csv([requestRow(nobody, nobody, 'ann')]);
  const unasked = place.csv(
    [requestRow(nobody, nobody, 'ann', {'Source user password': '', 'Destination user password': ''})],
    'unasked.csv',
  );
  openProfiles({cwd: place.state}).save('open', {
    kind: 'request',
    answers: {type: 'O365-IMAP', sourceUserId: 'john'},
  });
  const shared = place.file(
    'shared.json',
    JSON.stringify({
      mailferry: 'profile',
      version: 2,
      name: 'shared',
      profile: {kind: 'request', answers: {sourceSecret: 'cmd:pass show x'}},
    }),
  );
  const cases: readonly (readonly [readonly string[], RegExp])[] = [
    [[], /The guided screens ask, which --no-input forbids/],
    [['run', csv], /without a last question\. Add --yes/],
    [['run', csv, '--output', 'tui', '--yes'], /--output tui waits for keys/],
    [
      ['run', unasked, '--yes'],
      /source: ann@baya\.com at [\s\S]*Put it in the column "Source user password"/,
    ],
    [['check', unasked], /destination: ann@vault\.example/],
    [['run', 'open', '--yes'], /The profile "open" is not valid:\s+Source domain: /],
    [['secrets', 'set', 'x'], /typed, which --no-input forbids|no system keychain/],
    [['profiles', 'import', shared], /Add --yes to say that it may/],
  ];
  for (const [args, says] of cases) {
    const {code, text} = await atTerminal(place, ...args);
    expect([args, code]).toEqual([args, 2]);
    expect(text).toMatch(says);
  }
  // With nothing missing it goes, in lines.
  const {code, text} = await atTerminal(place, 'run', csv, '--yes');
  expect(code).toBe(4);
  expect(text).toMatch(/run \S+ starts: 1 request/);
});
