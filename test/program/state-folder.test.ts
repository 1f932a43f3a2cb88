// A --state that cannot be one is named before anything else, by whatever command; an empty one says which it is.
import {mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {newPlace} from '../cli/place.ts';

const commands = [
  ['runs'],
  ['runs', '--output', 'plain'],
  ['report', 'users'],
  ['attach'],
  ['stop', 'users'],
  ['resume', 'users', '--no-input'],
  ['retry', 'users', '--no-input'],
  ['profiles'],
  ['check', 'users.csv'],
  ['run', 'users.csv', '--yes'],
];

test.each(commands)(
  '%s %s: a file in place of the state folder is named, with what to do',
  async (...args) => {
    const place = newPlace();
    const file = place.file('state.txt', 'something else');
    for (const [state, wrong] of [
      [file, `${file} is a file, not a folder`],
      [join(file, 'below'), `${join(file, 'below')} leads through a file`],
    ] as const) {
      const {code, stdout, stderr} = await place.here([...args, '--state', state]);
      expect([code, stdout, stderr]).toEqual([
        2,
        '',
        `The state folder cannot be used: ${wrong}. Name a folder with --state; one that does not exist is made.\n`,
      ]);
    }
  },
);

test('a list of runs that cannot be read is not taken for none', async () => {
  const place = newPlace();
  mkdirSync(place.state);
  const runs = join(place.state, 'runs');
  writeFileSync(runs, 'something else');
  const {code, stderr} = await place.here(['runs']);
  expect([code, stderr]).toEqual([2, expect.stringContaining(`${runs} is a file, not a folder.`)]);
});

test('where there is no run the folder is named, there or not', async () => {
  const place = newPlace();
  const said = async (...args: string[]) => {
    const {code, stdout, stderr} = await place.here(args);
    return [code, stdout + stderr];
  };
  const missing = `No run is kept yet: ${place.state} does not exist; the first run makes it.\n`;
  expect(await said('runs')).toEqual([0, missing]);
  expect(await said('report', 'users')).toEqual([2, `There is no run "users". ${missing}`]);
  mkdirSync(place.state);
  expect(await said('runs')).toEqual([0, `No run is kept in ${place.state} yet.\n`]);
});
