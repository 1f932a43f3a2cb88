// The day of a message is the one that a mail program on this computer shows, and the same wherever it is told.
import {afterAll, beforeAll, expect, test} from 'vitest';
import {foreseenColumns} from '../../source/check/foreseen-lines.ts';
import {failureLine} from '../../source/dashboard/folder-line.ts';
import {formatDay} from '../../source/format/date.ts';
import {messageLine} from '../../source/lines/sentences.ts';
import {emptySnapshot, reduce} from '../../source/progress/reduce.ts';
import {reportOf} from '../../source/report/data.ts';
import {reportHtml} from '../../source/report/html.ts';
import {at, folder, problem, runStarted} from '../progress/events.ts';
import {info} from '../report/sample.ts';

const before = process.env['TZ'];
beforeAll(() => {
  process.env['TZ'] = 'Asia/Tokyo';
});
afterAll(() => {
  process.env['TZ'] = before;
});

/** Late on the 18th in UTC, early on the 19th in Tokyo. */
const date = Date.UTC(2017, 0, 18, 20, 30);
const message = {uid: 7, subject: 'Plans', date, size: 100};

test('the page, the grid, the log and the check tell the same day, as the mail program does', () => {
  const failed = {type: 'message-failed', request: 0, folder: 0, message, problem} as const;
  const snapshot = [
    runStarted(1),
    at({type: 'folders-planned', request: 0, folders: [folder(0)]} as const, 1),
    at(failed, 1),
  ].reduce(reduce, emptySnapshot);
  const grid = failureLine({kind: 'failed', message, problem}, false, 120);
  for (const text of [
    reportHtml(reportOf(info, snapshot)),
    grid.map(span => span.text).join(''),
    messageLine(at(failed, 1), 'INBOX', false),
    foreseenColumns({folder: 'INBOX', message, problem}, 120),
  ]) {
    expect(text).toContain('2017-01-19');
    expect(text).not.toContain('2017-01-18');
  }
});

test('a day that is not known is left empty', () => {
  expect([undefined, Number.NaN, Number.POSITIVE_INFINITY].map(formatDay)).toEqual(['', '', '']);
});
