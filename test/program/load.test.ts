import {expect, test} from 'vitest';
import type {RunOptions} from '../../source/command-line/option-table.ts';
import {parseCommandLine} from '../../source/command-line/options.ts';
import {createJsonl} from '../../source/lines/jsonl.ts';
import {RunLost} from '../../source/live/run-errors.ts';
import {endingLines} from '../../source/program/endings.ts';
import {load} from '../../source/program/load.ts';
import {withProfile} from '../../source/program/run-options.ts';
import {UsageProblem} from '../../source/program/system.ts';
import {templateText} from '../../source/program/template-command.ts';
import {requestTypes} from '../../source/request/types.ts';
import {jsonLines} from '../cli/place.ts';
import {runStarted} from '../progress/events.ts';
import {fakeSystem} from './fake-system.ts';

const parsed = parseCommandLine(['run', 'users.csv']);
if (!parsed.ok) throw new Error(parsed.problem);
const {options} = parsed;
const noProfiles = {get: () => undefined, list: () => []};
const [header = '', row = ''] = templateText(requestTypes[0]?.code ?? '').split('\n');
const read = (rows: readonly string[]) =>
  load('users.csv', options, noProfiles, fakeSystem({'/desk/users.csv': [header, ...rows, ''].join('\n')}));

test('a file full of mistakes is told in lines that can be read', async () => {
  const rows = Array.from({length: 5000}, () => row.replace(/,\d+/, ',port'));
  const error: unknown = await read(rows).catch((caught: unknown) => caught);
  if (!(error instanceof Error)) throw new Error('nothing was wrong');
  const lines = error.message.split('\n');
  expect(lines[0]).toMatch(/^\/desk\/users\.csv has [\d,]+ problems; nothing was copied\.$/);
  expect(lines.slice(1, 101).every(line => line.includes(': error: '))).toBe(true);
  expect(lines[101]).toMatch(/^and 4,900 more\.$/);
  // What is only to be looked at stands apart from what is wrong.
  expect(lines.slice(102)).toEqual(['', '1 note besides:', expect.stringContaining(': advice: ')]);
});

test('programs are told every problem of it, the place and what to write, and no secret; then that nothing began', async () => {
  const rows = [row.replace(/,\d+/, ',port'), row.replace(/^(([^,]*,){2})[^,]*/, '$1john@baya.com')];
  const error: unknown = await read(rows).catch((caught: unknown) => caught);
  const lines = jsonLines(endingLines(error, 5));
  expect(lines.at(-1)).toEqual({
    ...{version: 1, type: 'refused', at: 5, exitCode: 2},
    sentence: '/desk/users.csv has 2 problems; nothing was copied.',
  });
  const told = lines.slice(0, -1);
  expect(told.every(line => line.type === 'input-problem' && line.file === '/desk/users.csv')).toBe(true);
  expect(told).toContainEqual(
    expect.objectContaining({
      ...{severity: 'error', line: 3, field: 'sourceUserId', value: 'john@baya.com'},
      column: {number: 3, name: 'Source user id'},
      fix: 'use john, baya.com',
    }),
  );
});

test('what can be mended for sure is pointed at, and only that', async () => {
  const hint = '"mailferry check users.csv --fix OUT.csv" writes the file with what can be mended, mended.';
  const told = async (user: string) => {
    const error: unknown = await read([row.replace(',john,', `,${user},`)]).catch(
      (caught: unknown) => caught,
    );
    if (!(error instanceof Error)) throw new Error('nothing was wrong');
    expect(error.message).toContain(`: error: `);
    return error.message.includes(hint);
  };
  expect([await told('john@baya.com'), await told('john@else.example')]).toEqual([true, false]);
});

test('a profile whose CSV is gone says where it was, and how to give another', async () => {
  const profile = {kind: 'csv', path: '/home/ann/users.csv', options: {}} as const;
  const profiles = {get: () => profile, list: () => [{name: 'ann', profile}]};
  await expect(load('ann', options, profiles, fakeSystem({}))).rejects.toThrow(
    'The profile "ann" is for /home/ann/users.csv, which is not there.',
  );
});

test('so is what refuses a command, and what is a bug', () => {
  const lastOf = (error: unknown) => jsonLines(endingLines(error, 5));
  expect(lastOf(new UsageProblem('Not so.\n  But so.'))).toMatchObject([
    {type: 'refused', exitCode: 2, sentence: 'Not so. But so.'},
  ]);
  expect(lastOf(new TypeError('x is not a function'))).toMatchObject([
    {type: 'broke', exitCode: 1, sentence: expect.stringContaining('x is not a function')},
  ]);
});

test.each([
  ['killed', 130, 'broke'],
  ['broke', 1, 'broke'],
  ['refused', 2, 'refused'],
] as const)('so is a run of another process that was lost: %s', (how, exitCode, type) => {
  expect(jsonLines(endingLines(new RunLost('It is gone.', how), 5))).toMatchObject([
    {type, exitCode, sentence: 'It is gone.'},
  ]);
});

test('so is what to know of a good one', async () => {
  const {requests, advice, notes} = await read(Array.from({length: 300}, () => row));
  expect(requests).toHaveLength(300);
  expect(advice).toHaveLength(101);
  expect(advice.at(-1)).toMatch(/^and \d+ more\.$/);
  let text = '';
  const jsonl = createJsonl({
    notes,
    write: part => {
      text += part;
    },
  });
  jsonl.take(runStarted(300));
  const types = jsonLines(text).map(({type}) => type);
  expect(types).toEqual(['run-started', ...notes.map(() => 'input-problem')]);
  expect(notes.length).toBeGreaterThan(101);
});

/** What may be repaired for a row, or a profile, that says `all` itself. @param own options of the profile */
async function repairOf(kind: 'row' | 'profile', argv: readonly string[], own: RunOptions = {}) {
  const line = parseCommandLine(['run', kind === 'row' ? 'users.csv' : 'ann', ...argv]);
  if (!line.ok) throw new Error(line.problem);
  const chosen = withProfile(line.options, line.given, own);
  const answers = {
    ...{type: 'O365-IMAP', sourceUserId: 'john', sourceDomain: 'baya.com', destinationUserId: 'john'},
    ...{destinationDomain: 'vault.example', destinationServer: 'imap.vault.example', repair: 'all'},
  };
  const profile = {kind: 'request', answers, options: own} as const;
  const profiles = {list: () => [], get: (name: string) => (name === 'ann' ? profile : undefined)};
  const system = fakeSystem({'/desk/users.csv': `${header},Repair\n${row},all\n`});
  const {requests} = await load(kind === 'row' ? 'users.csv' : 'ann', chosen, profiles, system);
  return requests.map(({repair}) => repair);
}

test.each(['row', 'profile'] as const)(
  'what --repair says counts in place of what a %s says, none too',
  async kind => {
    expect(await repairOf(kind, [])).toEqual(['all']);
    expect(await repairOf(kind, ['--repair', 'lines'])).toEqual(['lines']);
    expect(await repairOf(kind, ['--repair', 'none'])).toEqual([undefined]);
    expect(await repairOf(kind, [], {repair: 'none'})).toEqual([undefined]);
    expect(await repairOf(kind, ['--repair', 'bytes'], {repair: 'none'})).toEqual(['bytes']);
  },
);
