import {expect, test} from 'vitest';
import type {NewEvent} from '../../source/engine/events.ts';
import {failureGroups, unlisted} from '../../source/summary/groups.ts';
import {summaryText} from '../../source/summary/text.ts';
import {after, midway} from '../dashboard/sample.ts';

const finish = (exitCode: number): NewEvent => ({
  type: 'run-finished',
  exitCode,
  totals: {selected: 0, copied: 0, alreadyPresent: 0, skipped: 0, failed: 0, bytes: 0},
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
  // Mailboxes whose turn never came have no messages in these sums.
  expect(text.replaceAll(/\s+/g, ' ')).toContain(
    'Stopped before the end: 36 of 40 mailboxes were not begun; of the others 470 of 1,090 selected messages are at the destination.',
  );
  expect(text).toContain('Run it again to go on; nothing is copied twice.');
  expect(text).toContain('40 mailboxes, 1,090 messages selected: 470 copied, 2 failed, 618 not reached');
  expect(text).toContain('Report: /data/reports/2026-11-23-0700\n  report.html summary.json');
  expect(summaryText(after([...midway, finish(3)]))).toContain('No report was written.');
  const narrow = summaryText(after([...midway, finish(3)]), '/data/reports/2026-11-23-0700', 60);
  expect(Math.max(...narrow.split('\n').map(line => line.length))).toBeLessThanOrEqual(60);
  for (const word of text.split(/\s+/)) expect(narrow).toContain(word);
});
