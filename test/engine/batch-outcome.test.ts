import {expect, it} from 'vitest';
import {exitCodeOf} from '../../source/engine/batch-outcome.ts';
import {noCounts, type RequestOutcome} from '../../source/engine/request.ts';

const of = (state: RequestOutcome['state'], reached = true, failed = 0): RequestOutcome => ({
  state,
  reached,
  counts: {...noCounts, failed},
});
const [done, gaps] = [of('Processed'), of('Processed', true, 1)];
const [broken, away, invalid] = [of('Failed'), of('Failed', false), of('Invalid', false)];
const [stopped, unbegun] = [of('Stopped'), of('Stopped', false)];

it.each<[string, readonly RequestOutcome[], number]>([
  ['all is copied', [done, done], 0],
  ['a message failed', [gaps, done], 3],
  ['a mailbox failed in its middle', [broken, done], 3],
  ['a mailbox could not be reached', [done, away], 3],
  ['a request is not valid', [done, invalid], 3],
  ['the only mailbox failed in its middle', [broken], 3],
  ['all that failed in its middle is one, and the other could not be reached', [broken, away], 3],
  ['no request is valid', [invalid, invalid], 2],
  ['no mailbox could be reached', [away, away], 4],
  ['one is not valid and the other could not be reached', [invalid, away], 4],
  ['it was stopped', [stopped, unbegun], 130],
  ['it was stopped before anything was reached', [unbegun], 130],
  ['it was stopped when others had failed or were copied', [broken, gaps, done, away, stopped], 130],
])('where %s', (_, outcomes, code) => {
  expect(exitCodeOf(outcomes)).toBe(code);
});

it.each<[string, readonly RequestOutcome[]]>([
  ['in the middle', [broken, unbegun]],
  ['before anything was reached', [away, unbegun]],
  ['in the last mailbox', [done, broken]],
  ['in the only one, at its beginning', [away]],
])('a run that a full disk stopped %s was not stopped by the user', (_, outcomes) => {
  expect(exitCodeOf(outcomes, false)).toBe(3);
});
