import {describe, expect, test} from 'vitest';
import {asShown} from '../../source/progress/dry-run.ts';
import {emptySnapshot, reduce} from '../../source/progress/reduce.ts';
import type {Snapshot} from '../../source/progress/snapshot.ts';
import {reportOf} from '../../source/report/data.ts';
import {reportHtml} from '../../source/report/html.ts';
import {verdictOf} from '../../source/report/verdict.ts';
import {summaryText} from '../../source/summary/text.ts';
import {countWords} from '../../source/summary/totals.ts';
import {at, counted, folder, problem, runStarted} from '../progress/events.ts';
import {info} from './sample.ts';

describe('the verdict', () => {
  const ended = (exitCode: number, ...list: Parameters<typeof reduce>[1][]): Snapshot =>
    [...list, at({type: 'run-finished', exitCode, totals: counted(0, 0)} as const, 9)].reduce(
      reduce,
      reduce(emptySnapshot, runStarted(1)),
    );
  const state = (name: 'Processed' | 'Stopped' | 'Failed' | 'Invalid') =>
    at({type: 'request-state', request: 0, state: name} as const, 2);
  const finished = (selected: number, copied: number, failed = 0) =>
    at({type: 'request-finished', request: 0, counts: counted(selected, copied, failed)} as const, 1);

  test.each([
    [
      ended(0, finished(10, 10), state('Processed')),
      'complete',
      'Every selected message is at the destination.',
    ],
    [
      ended(3, finished(10, 9, 1), state('Processed')),
      'incomplete',
      '1 of 10 selected messages is not at the destination.',
    ],
    [
      ended(3, finished(10, 4), state('Failed')),
      'incomplete',
      '6 of 10 selected messages are not at the destination.',
    ],
    [
      ended(130, finished(10, 4), state('Stopped')),
      'stopped',
      'Stopped before the end: 4 of 10 selected messages are at the destination.',
    ],
    [
      ended(1, finished(10, 10), state('Processed')),
      'incomplete',
      'The run ended with an error, so it is not sure that everything is at the destination.',
    ],
    [
      ended(4, state('Failed')),
      'nothing',
      'Nothing was copied: no mailbox could be reached or signed in to.',
    ],
    [ended(2, state('Invalid')), 'nothing', 'Nothing was copied: 1 request is invalid.'],
    [ended(0, state('Processed')), 'complete', 'There was nothing to copy: no message is selected.'],
    [
      reduce(emptySnapshot, runStarted(2)),
      'stopped',
      'The run has not ended: 0 of 0 selected messages are at the destination.',
    ],
  ])('%#', (given, kind, sentence) => {
    expect(verdictOf(given)).toMatchObject({kind, sentence});
  });

  test('of a run that was stopped between two mailboxes says that others were not begun', () => {
    const end = at({type: 'run-finished', exitCode: 130, totals: counted(0, 0)} as const, 9);
    const stopped = at({type: 'request-state', request: 1, state: 'Stopped'} as const, 3);
    const snapshot = [finished(10, 10), state('Processed'), stopped, end].reduce(
      reduce,
      reduce(emptySnapshot, runStarted(2)),
    );
    expect(verdictOf(snapshot)).toEqual({
      kind: 'stopped',
      tone: 'warn',
      sentence: 'Stopped before the end: 1 of 2 mailboxes was not begun.',
      details: [
        '10 messages selected in 2 mailboxes: 10 copied now, 0 there already.',
        'Run it again to go on; nothing is copied twice.',
      ],
    });
  });

  test('of a run that was stopped early says it also where most of what was begun has arrived', () => {
    const end = at({type: 'run-finished', exitCode: 130, totals: counted(0, 0)} as const, 9);
    const stopped = at({type: 'request-state', request: 1, state: 'Stopped'} as const, 3);
    const snapshot = [finished(10, 8), state('Stopped'), stopped, end].reduce(
      reduce,
      reduce(emptySnapshot, runStarted(2)),
    );
    expect(verdictOf(snapshot).sentence).toBe(
      'Stopped before the end: 1 of 2 mailboxes was not begun; of the others 8 of 10 selected messages are at the destination.',
    );
  });

  test('of a dry run says how many messages would be copied, which the engine counts as skipped', () => {
    const dry = (...list: Parameters<typeof reduce>[1][]) => {
      const snapshot = ended(0, ...list);
      return verdictOf({...snapshot, dryRun: true});
    };
    const skipped = {...counted(10, 0), skipped: 7, alreadyPresent: 3};
    const done = at({type: 'request-finished', request: 0, counts: skipped} as const, 1);
    expect(dry(done, state('Processed'))).toEqual({
      kind: 'dry-run',
      tone: 'ok',
      sentence: 'Dry run, nothing was copied: 7 messages would be copied.',
      details: ['10 messages selected in 1 mailbox: 7 would be copied, 3 there already.'],
    });
    expect(dry(state('Failed'))).toMatchObject({
      tone: 'fail',
      sentence: 'Dry run, nothing was copied: no message is selected; 1 mailbox could not be checked.',
    });
  });

  const noted = {...problem, sentence: 'The message is no longer at the source.', code: 'message-vanished'};
  const deleted = {...problem, sentence: 'It was copied earlier and is gone.', code: 'copy-deleted'};
  const skipped = (reason: typeof problem, uid: number) =>
    at({type: 'message-skipped', request: 0, folder: 0, message: {uid}, problem: reason} as const, 1);
  const work = (selected: number, copied: number) => [
    at({type: 'folders-planned', request: 0, folders: [folder(0, {messages: selected})]} as const, 1),
    at(
      {
        type: 'folder-counted',
        request: 0,
        folder: 0,
        selected,
        selectedBytes: 0,
        alreadyPresent: 0,
        alreadyPresentBytes: 0,
      } as const,
      1,
    ),
    at({type: 'messages-copied', request: 0, folder: 0, messages: copied, bytes: 0} as const, 1),
  ];

  test('tells what somebody deleted apart from what is missing', () => {
    const gone = [skipped(noted, 1), skipped(deleted, 2)];
    const fine = ended(0, ...work(10, 8), ...gone, state('Processed'));
    expect(verdictOf(fine)).toEqual({
      kind: 'complete',
      tone: 'warn',
      sentence: 'Every selected message is at the destination, but 2 that were deleted meanwhile.',
      details: [
        '10 messages selected in 1 mailbox: 8 copied now, 0 there already, 2 deleted meanwhile.',
        'What was deleted is named below: nothing of it is brought back.',
      ],
    });
    expect(countWords(fine)).toEqual(['8 copied', '2 deleted meanwhile']);
    const failed = at(
      {type: 'message-failed', request: 0, folder: 0, message: {uid: 3}, problem} as const,
      1,
    );
    expect(verdictOf(ended(3, ...work(10, 7), ...gone, failed, state('Processed')))).toMatchObject({
      kind: 'incomplete',
      tone: 'fail',
      sentence: '1 of 10 selected messages is not at the destination; 2 messages were deleted meanwhile.',
    });
    expect(verdictOf(ended(0, ...work(1, 0), skipped(noted, 1), state('Processed')))).toMatchObject({
      tone: 'warn',
      sentence: 'Nothing was left to copy: 1 selected message was deleted meanwhile.',
    });
    const page = reportHtml(reportOf({...info, requests: []}, fine));
    expect(page).toContain('<section class="verdict warn">\n<h1>! Every selected message');
    expect(page).toContain('<b>2</b><span>deleted meanwhile</span>');
    expect(page).toContain('<b>0</b><span>skipped</span>');
    expect(summaryText(fine)).toContain('8 copied, 2 deleted meanwhile');
    // Another reason is no excuse.
    expect(verdictOf(ended(0, ...work(10, 9), skipped(problem, 1), state('Processed')))).toMatchObject({
      tone: 'fail',
      sentence: '1 of 10 selected messages is not at the destination.',
    });
  });

  test('of a dry run does not promise what was deleted', () => {
    const dryRun = {...problem, code: 'dry-run'};
    const snapshot = ended(0, ...work(10, 0), skipped(dryRun, 1), skipped(deleted, 2), state('Processed'));
    const dry = {...snapshot, dryRun: true, totals: {...snapshot.totals, skipped: 10}};
    expect(verdictOf(dry).sentence).toBe('Dry run, nothing was copied: 9 messages would be copied.');
    expect(asShown(dry).totals).toMatchObject({copied: 9, skipped: 1});
    expect(verdictOf(asShown(dry))).toEqual(verdictOf(dry));
  });

  test('counts a mailbox as lost only where nothing of it is known', () => {
    const other = at({type: 'request-state', request: 1, state: 'Failed'} as const, 2);
    const two = [reduce(emptySnapshot, runStarted(2))];
    const snapshot = [finished(15, 10, 5), state('Failed'), other].reduce(reduce, two[0] ?? emptySnapshot);
    expect(verdictOf({...snapshot, exitCode: 3}).sentence).toBe(
      '5 of 15 selected messages and 1 mailbox as a whole are not at the destination.',
    );
    expect(verdictOf(ended(3, finished(10, 10), state('Failed'))).sentence).toContain('it is not sure');
  });

  test('is never complete while a folder is broken, though no message is known to be missing', () => {
    const broken = ended(
      3,
      at({type: 'folders-planned', request: 0, folders: [folder(0, {messages: 0})]} as const, 1),
      at({type: 'folder-state', request: 0, folder: 0, state: 'failed', problem} as const, 1),
      state('Processed'),
    );
    expect(verdictOf(broken).kind).toBe('incomplete');
  });
});
