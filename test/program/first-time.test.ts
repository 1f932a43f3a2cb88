import {mkdirSync, mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, expect, test} from 'vitest';
import {isFirstTime} from '../../source/program/first-time.ts';
import {openHistory, runName} from '../../source/program/history.ts';

let place: string;
let reports: string;
beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), 'mf-first-'));
  reports = join(place, 'reports');
});
afterEach(() => rmSync(place, {recursive: true, force: true}));

const none = {list: () => []};

test('it is the first time until a run is in the list', () => {
  const history = openHistory(join(place, 'state'));
  expect(isFirstTime(history, reports)).toBe(true);
  history.write({version: 1, run: 'a', from: 'users.csv', startedAt: 1, requests: 1, processed: 0});
  expect(isFirstTime(history, reports)).toBe(false);
});

test.each([1, 2])('a demo, the %i. in its minute, is known by its report alone', number => {
  let tried = 0;
  const run = runName(Date.UTC(2026, 10, 23, 7, 12), 'demo', () => ++tried === number);
  mkdirSync(join(reports, 'check-demo'), {recursive: true});
  expect(isFirstTime(none, reports)).toBe(true);
  mkdirSync(join(reports, run));
  expect(isFirstTime(none, reports)).toBe(false);
});
