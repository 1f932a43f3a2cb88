import {expect, test} from 'vitest';
import {mostFailures} from '../../source/progress/fold-folder.ts';
import {emptySnapshot, reduce} from '../../source/progress/reduce.ts';
import type {Snapshot} from '../../source/progress/snapshot.ts';
import {reportOf} from '../../source/report/data.ts';
import {reportHtml} from '../../source/report/html.ts';
import {at, folder, problem, runStarted} from '../progress/events.ts';
import {info} from './sample.ts';

test('the page does not give the messages that it names for all there are', () => {
  let full: Snapshot = reduce(emptySnapshot, runStarted(1));
  full = reduce(full, at({type: 'folders-planned', request: 0, folders: [folder(0)]}, 1));
  const fail = (uid: number) => {
    full = reduce(full, at({type: 'message-failed', request: 0, folder: 0, message: {uid}, problem}, 1));
  };
  for (let uid = 1; uid <= mostFailures; uid += 1) fail(uid);
  expect(reportHtml(reportOf(info, full))).toContain(`<h3>${mostFailures} messages: ${problem.sentence}`);
  fail(mostFailures + 1);
  const page = reportHtml(reportOf(info, full));
  expect(page).toContain(`<h3>at least ${mostFailures} messages: ${problem.sentence}`);
  expect(page).toContain('1 more message is named in messages.csv.');
});

test('also where one of those that it names has been found meanwhile', () => {
  const event = {request: 0, folder: 0};
  const failed = Array.from(
    {length: mostFailures + 9},
    (_, uid) => ({type: 'message-failed', ...event, message: {uid}, problem}) as const,
  );
  const found = {type: 'message-found', ...event, message: {uid: mostFailures}} as const;
  const snapshot = [
    runStarted(1),
    at({type: 'folders-planned', request: 0, folders: [folder(0)]} as const, 1),
    ...[...failed, found].map(each => at(each, 1)),
  ].reduce(reduce, emptySnapshot);
  const page = reportHtml(reportOf(info, snapshot));
  expect(page).toContain(`<h3>at least ${mostFailures - 1} messages: ${problem.sentence}`);
  expect(page).toContain('9 more messages are named in messages.csv.');
});

test('one of several sentences is not given for all, and each message keeps its own', () => {
  let two: Snapshot = reduce(emptySnapshot, runStarted(1));
  two = reduce(two, at({type: 'folders-planned', request: 0, folders: [folder(0)]}, 1));
  for (const [uid, size] of [
    [1, '12 MB'],
    [2, '54 MB'],
  ] as const) {
    const own = {...problem, sentence: `The message has ${size}, more than the destination takes.`};
    two = reduce(two, at({type: 'message-failed', request: 0, folder: 0, message: {uid}, problem: own}, 1));
  }
  const page = reportHtml(reportOf(info, two));
  expect(page).toContain('<h3>2 messages, such as: The message has 12 MB');
  // Once in the heading, and each in its row.
  expect(page.match(/The message has 12 MB/g)).toHaveLength(2);
  expect(page.match(/The message has 54 MB/g)).toHaveLength(1);
});
