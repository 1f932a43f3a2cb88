// What a message says to type is what can be typed: with the state folder that was given, and in quotes where a shell needs
// them.
import {spawnSync} from 'node:child_process';
import {rmSync} from 'node:fs';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {shellWord, typedCommand} from '../../source/command-line/typed-command.ts';
import {openHistory, type RunRecord} from '../../source/program/history.ts';
import {newPlace, type Place} from '../cli/place.ts';
import {carryOutHere} from '../helpers/here.ts';

test.each([
  ['/srv/mail', 'mailferry runs --state /srv/mail'],
  ['/srv/my mail', "mailferry runs --state '/srv/my mail'"],
  ['C:\\Users\\john', 'mailferry runs --state "C:\\Users\\john"'],
  ['/srv/$HOME', "mailferry runs --state '/srv/$HOME'"],
  [undefined, 'mailferry runs'],
])('with the state folder %s', (state, command) => {
  expect(typedCommand(state)('runs')).toBe(command);
});

test.each(['plain', 'two words', '$(rm x)', "it's", '"$x" it\'s `y`', 'a;b|c&d', '*?~'])(
  'a shell reads %s as it is',
  word => {
    for (const double of [true, false])
      expect(spawnSync('sh', ['-c', `printf %s ${shellWord(word, double)}`], {encoding: 'utf8'}).stdout).toBe(
        word,
      );
  },
);

const record = (place: Place, run: string, exitCode?: number): RunRecord => ({
  ...{version: 1, run, from: '/users.csv', startedAt: 1000, requests: 1, processed: 0},
  ...(exitCode === undefined ? {} : {endedAt: 2000, exitCode, reports: place.reports}),
});

test.each([
  [['attach'], 'runs'],
  [['attach', 'broken'], 'resume broken'],
  [['stop', 'broken'], 'resume broken'],
  [['attach', 'ended'], 'report ended'],
  [['resume', 'ended'], 'retry ended'],
  [['report', 'other'], 'runs'],
  [['profiles'], 'profiles save NAME FILE.csv'],
  [['profiles', 'show', 'other'], 'profiles'],
  [['profiles', 'save', 'monthly', 'users.csv'], 'run monthly'],
])('%j says a command that finds the same runs and profiles: %s', async (args, command) => {
  const place = newPlace();
  place.file('users.csv', '');
  const history = openHistory(place.state);
  for (const each of [record(place, 'broken'), record(place, 'ended', 3)]) history.write(each);
  const {stdout, stderr} = await place.here(args);
  expect(`${stdout}${stderr}`).toContain(`mailferry ${command} --state ${place.state}`);
});

test('a CSV that a profile names and that is gone is put in its place by what is said', async () => {
  const place = newPlace();
  const csv = place.file('users.csv', 'Source user id\n');
  await place.here(['profiles', 'save', 'every month', csv]);
  const moved = place.file('moved.csv', 'Source user id\n');
  const gone = await place.here([
    'profiles',
    'save',
    'every month',
    join(place.directory, 'no.csv'),
    '--yes',
  ]);
  expect(gone.stderr).toContain('There is no file');
  rmSync(csv);
  const {stderr} = await place.here(['check', 'every month']);
  const said = `profiles save "every month" FILE.csv --yes --state ${place.state}`;
  expect(stderr).toContain(`say where it is: mailferry ${said}`);
  const args = ['profiles', 'save', 'every month', moved, '--yes', '--state', place.state];
  const saved = await carryOutHere(args, {cwd: place.directory});
  expect([saved.code, saved.stdout]).toEqual([
    0,
    `Saved as "every month". To carry it out: mailferry run "every month" --state ${place.state}\n`,
  ]);
});
