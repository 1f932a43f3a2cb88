import {expect, test} from 'vitest';
import {parseCommandLine} from '../../source/options.ts';
import {load} from '../../source/program/load.ts';
import {templateText} from '../../source/program/small-commands.ts';
import {requestTypes} from '../../source/request/types.ts';
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

test('so is what to know of a good one', async () => {
  const {requests, advice} = await read(Array.from({length: 300}, () => row));
  expect(requests).toHaveLength(300);
  expect(advice).toHaveLength(101);
  expect(advice.at(-1)).toMatch(/^and \d+ more\.$/);
});
