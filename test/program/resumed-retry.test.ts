// A retry that was stopped and goes on: what it had left to try again, not all that its file asks for.
import {expect, test} from 'vitest';
import {openHistory} from '../../source/program/history.ts';
import {newPlace, requestRow} from '../cli/place.ts';
import {startHonestPair} from './honest-pair.ts';

test('resume of a retry takes along only the mailboxes that the retry was for', async () => {
  const {source, destination} = await startHonestPair();
  const place = newPlace();
  // Nobody of that name may sign in.
  place.csv([requestRow(source, destination, 'john'), requestRow(source, destination, 'eve')]);
  const usual = ['--yes', '--no-input', '--output', 'plain'];
  const history = openHistory(place.state);
  const runs = () => history.list().toSorted((one, other) => one.run.localeCompare(other.run));
  const latest = () => runs().at(-1)?.run ?? '';

  expect((await place.here(['run', 'users.csv', ...usual])).code).toBe(3);
  await place.here(['retry', latest(), ...usual]);
  const retry = history.get(latest());
  if (retry === undefined) throw new Error('No record');
  expect(retry).toMatchObject({requests: 1, retryOf: runs()[0]?.run});
  history.write({...retry, exitCode: 130});

  await place.here(['resume', retry.run, ...usual]);
  expect(runs()).toMatchObject([{requests: 2}, {requests: 1}, {requests: 1, retryOf: retry.run}]);
});
