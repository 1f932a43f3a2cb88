import {expect, test} from 'vitest';
import type {NewEvent} from '../../source/engine/events.ts';
import {failureGroups, unlisted} from '../../source/summary/groups.ts';
import {summaryText} from '../../source/summary/text.ts';
import {verdict} from '../../source/summary/verdict.ts';
import {
  after,
  copied,
  counted,
  failedMessage,
  folderOf,
  imapOff,
  midway,
  started,
} from '../dashboard/sample.ts';

const ten = [...counted(0, [folderOf(0, 'INBOX', 10)])];
const state = (request: number, to: 'Processed' | 'Failed' | 'Stopped' | 'Invalid'): NewEvent => ({
  type: 'request-state',
  request,
  state: to,
  ...(to === 'Failed' || to === 'Invalid' ? {problem: imapOff} : {}),
});
const finish = (exitCode: number): NewEvent => ({
  type: 'run-finished',
  exitCode,
  totals: {selected: 0, copied: 0, alreadyPresent: 0, skipped: 0, failed: 0, bytes: 0},
});
const sentence = (events: readonly NewEvent[]) => verdict(after(events)).sentence;

test('each end of a run has its sentence', () => {
  const one = started(['john']);
  expect(sentence([one, ...ten, ...copied(0, 0, 10, true), state(0, 'Processed'), finish(0)])).toBe(
    'Every selected message is at the destination.',
  );
  expect(
    sentence([
      one,
      ...ten,
      ...copied(0, 0, 9),
      failedMessage(0, 0, 1, 'a'),
      state(0, 'Processed'),
      finish(3),
    ]),
  ).toBe('1 of 10 messages is not at the destination; here it is.');
  expect(sentence([one, ...ten, ...copied(0, 0, 4), state(0, 'Stopped'), finish(130)])).toBe(
    'Stopped with 4 of 10 messages at the destination; run it again to go on.',
  );
  expect(sentence([one, state(0, 'Failed'), finish(4)])).toBe(
    'No mailbox could be reached or signed in to; nothing was copied.',
  );
  expect(sentence([one, state(0, 'Invalid'), finish(2)])).toBe(
    'The request is not valid; nothing was copied.',
  );
  expect(sentence([started(['john'], true), ...ten, state(0, 'Processed'), finish(0)])).toBe(
    'Dry run: nothing was copied; 10 messages would be copied.',
  );
  expect(
    sentence([
      started(['john', 'eve']),
      ...ten,
      ...copied(0, 0, 10, true),
      state(0, 'Processed'),
      state(1, 'Failed'),
      finish(3),
    ]),
  ).toBe('1 mailbox of 2 was not copied, here it is.');
});

test('a mailbox that failed half way keeps its missing messages in the count', () => {
  const events = [
    started(['john', 'ann']),
    ...ten,
    ...copied(0, 0, 4),
    state(0, 'Failed'),
    state(1, 'Processed'),
    finish(3),
  ];
  expect(verdict(after(events))).toEqual({
    sentence: '6 of 10 messages are not at the destination, and 1 mailbox failed; here they are.',
    role: 'fail',
  });
});

test('failures are grouped by reason: mailboxes first, with the places they happened', () => {
  const groups = failureGroups(after(midway));
  expect(groups.map(group => [group.problem.code, group.mailboxes, group.messages, group.where])).toEqual([
    ['imap-off', 1, 0, ['eve@baya.com']],
    ['too-large', 0, 2, ['john@baya.com INBOX']],
  ]);
});

test('failures that are no longer listed by name are counted', () => {
  const snapshot = after(midway);
  const cut = {
    ...snapshot,
    requests: snapshot.requests.map(request => ({
      ...request,
      folders: request.folders.map(folder => ({...folder, failures: folder.failures.slice(0, 1)})),
    })),
  };
  expect(unlisted(snapshot)).toBe(0);
  expect(unlisted(cut)).toBe(1);
});

test('the text after the screens says verdict, totals and where the report is, in 80 columns', () => {
  const text = summaryText(after([...midway, finish(3)]), '/data/reports/2026-11-23-0700');
  const lines = text.split('\n');
  expect(Math.max(...lines.map(line => line.length))).toBeLessThanOrEqual(80);
  expect(lines[0]).toContain('620 of 1,090 messages are not at the destination, and 1 mailbox failed');
  expect(text).toContain('40 mailboxes, 1,090 messages selected: 470 copied, 2 failed, 618 not reached');
  expect(text).toContain('Report: /data/reports/2026-11-23-0700\n  report.html  summary.json');
  expect(summaryText(after([...midway, finish(3)]))).toContain('No report was written.');
});
