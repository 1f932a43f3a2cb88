// A run that is tried again from another folder than it was started in: the files that it needs are where they were.
import {mkdirSync} from 'node:fs';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {parseCommandLine} from '../../source/command-line/options.ts';
import {openHistory} from '../../source/program/history.ts';
import {hostWord} from '../../source/program/host-word.ts';
import {whereTyped} from '../../source/program/run-options.ts';
import {newPlace, requestRow} from '../cli/place.ts';
import {carryOutHere} from '../helpers/here.ts';
import {startHonestPair} from './honest-pair.ts';

test('a run is tried again from anywhere: its certificates and password files are found', async () => {
  const {source, destination} = await startHonestPair();
  const place = newPlace();
  const password = (text: string) => place.file('pw.txt', text);
  place.csv([requestRow(source, destination, 'john', {'Source user password': 'file:pw.txt'})]);
  place.file('own.pem', '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n');
  password('wrong');
  const usual = ['--yes', '--no-input', '--output', 'plain'];
  const history = openHistory(place.state);
  const latest = () =>
    history.list().toSorted((one, other) => other.run.localeCompare(one.run))[0]?.run ?? '';
  const set = ['--set', 'destination_user_password=file:pw.txt'];
  const first = await place.here(['run', 'users.csv', ...usual, '--ca', 'own.pem', ...set]);
  expect(first.code, first.stderr).toBe(4);
  const elsewhere = ['one', 'other'].map(name => join(place.directory, name));
  for (const cwd of elsewhere) mkdirSync(cwd);
  const codes: (number | null)[] = [];
  for (const [index, cwd] of elsewhere.entries()) {
    if (index === 1) password('pass');
    codes.push((await place.here(['retry', latest(), ...usual], {cwd})).code);
  }
  expect(codes).toEqual([4, 0]);
  expect(destination.mailbox.folders.length).toBeGreaterThan(1);
});

test('a run that the screens have handed on knows where it began', async () => {
  const place = newPlace();
  const parsed = parseCommandLine(['retry', 'one', '--state', place.state, '--reports', place.reports]);
  if (!parsed.ok) throw new Error(parsed.problem);
  const {options, given} = parsed;
  const handed = {requests: [], from: 'x', options, given: [...given], folder: '/first', remembered: []};
  const input = JSON.stringify({...handed, reports: place.reports});
  await carryOutHere([hostWord], {input});
  expect(openHistory(place.state).list()).toMatchObject([{folder: '/first'}]);
});

test('what is typed names files by where they are; no other value is changed', () => {
  const texts = ['Title=file:x', 'Source user password= file:pw.txt', 'source_user_password=file:~/pw'];
  const set = [...texts, 'source_user_password=env:PW'].flatMap(text => ['--set', text]);
  const parsed = parseCommandLine(['run', 'users.csv', '--ca', 'own.pem', ...set]);
  if (!parsed.ok) throw new Error(parsed.problem);
  expect(whereTyped(parsed.options, '/desk')).toEqual({
    ...parsed.options,
    ca: '/desk/own.pem',
    set: [
      'Title=file:x',
      'Source user password=file:/desk/pw.txt',
      'source_user_password=file:~/pw',
      'source_user_password=env:PW',
    ],
  });
});
