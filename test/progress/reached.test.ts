import {expect, test} from 'vitest';
import {ratesLine} from '../../source/dashboard/header-lines.ts';
import {overallFraction} from '../../source/dashboard/progress.ts';
import type {NewEvent} from '../../source/engine/events.ts';
import {requestEndLines, totalsLine} from '../../source/lines/sentences.ts';
import {reached, reachedTogether} from '../../source/progress/reached.ts';
import {emptySnapshot, reduce} from '../../source/progress/reduce.ts';
import type {Snapshot} from '../../source/progress/snapshot.ts';
import {verdictOf} from '../../source/report/verdict.ts';
import {countWords} from '../../source/summary/totals.ts';
import {lineText} from '../../source/ui/cells.ts';
import {at, folder, runStarted} from './events.ts';

/** One mailbox of 100 messages ends early, 40 of them copied; the engine counts the other 60 as `rest`. */
function endedEarly(state: 'Stopped' | 'Failed', rest: 'skipped' | 'failed'): Snapshot {
  const counts = {selected: 100, copied: 40, alreadyPresent: 0, skipped: 0, failed: 0, bytes: 4000};
  const inFolder = {request: 0, folder: 0};
  const nothing = {alreadyPresent: 0, alreadyPresentBytes: 0};
  const events: readonly NewEvent[] = [
    {type: 'folders-planned', request: 0, folders: [folder(0, {messages: 100})]},
    {type: 'folder-counted', ...inFolder, selected: 100, selectedBytes: 10_000, ...nothing},
    {type: 'messages-copied', ...inFolder, messages: 40, bytes: 4000},
    {type: 'folder-state', ...inFolder, state: state === 'Stopped' ? 'stopped' : 'failed'},
    {type: 'request-finished', request: 0, counts: {...counts, [rest]: 60}},
    {type: 'request-state', request: 0, state},
  ];
  return events.reduce<Snapshot>(
    (snapshot, event) => reduce(snapshot, at(event, 1_000_000)),
    reduce(emptySnapshot, runStarted(1)),
  );
}

test.each([
  ['Stopped', 'skipped'],
  ['Failed', 'failed'],
] as const)('a mailbox that ended early (%s) is as far as its folders are', (state, rest) => {
  const snapshot = endedEarly(state, rest);
  const [request] = snapshot.requests;
  expect(request?.counts[rest]).toBe(60);
  expect(request === undefined ? 0 : reached(request)).toBe(40);
  expect(reachedTogether(snapshot)).toBe(40);
  expect(overallFraction(snapshot)).toBe(0.4);
  expect(snapshot.doneBytes).toBe(4000);
  expect(totalsLine(snapshot, {messagesPerSecond: 0, bytesPerSecond: 0})).toContain(
    '40 %, 40 of 100 messages',
  );
});

test.each([
  ['Stopped', 'skipped'],
  ['Failed', 'failed'],
] as const)(
  'a mailbox that ended early (%s) and is put back waits with what its folders told',
  (state, rest) => {
    const again: NewEvent = {type: 'request-state', request: 0, state: 'Pending'};
    const snapshot = reduce(endedEarly(state, rest), at(again, 2_000_000));
    const told = {selected: 100, copied: 40, skipped: 0, failed: 0};
    expect(snapshot.requests[0]?.counts).toMatchObject(told);
    expect(snapshot.totals).toMatchObject(told);
    expect(overallFraction(snapshot)).toBe(0.4);
  },
);

test('what a stop left is told as not reached, not as skipped', () => {
  const snapshot = {...endedEarly('Stopped', 'skipped'), exitCode: 130, endedAt: 2_000_000};
  const {details} = verdictOf(snapshot);
  const grid = lineText(ratesLine(snapshot, 2_000_000, 120));
  for (const words of [countWords(snapshot).join(', '), details.join(' '), grid]) {
    expect(words).toContain('60 not reached');
    expect(words).not.toContain('skipped');
  }
});

test('what is left of a folder that had failed before the stop is failed, not "not reached" as well', () => {
  const nothing = {selectedBytes: 0, alreadyPresent: 0, alreadyPresentBytes: 0};
  const folders = [folder(0, {messages: 40}), folder(1, {messages: 60})];
  const counts = {selected: 100, copied: 0, alreadyPresent: 0, skipped: 60, failed: 40, bytes: 0};
  const events: readonly NewEvent[] = [
    {type: 'folders-planned', request: 0, folders},
    {type: 'folder-counted', request: 0, folder: 0, selected: 40, ...nothing},
    {type: 'folder-counted', request: 0, folder: 1, selected: 60, ...nothing},
    {type: 'folder-state', request: 0, folder: 0, state: 'failed'},
    {type: 'folder-state', request: 0, folder: 1, state: 'stopped'},
    {type: 'request-finished', request: 0, counts},
    {type: 'request-state', request: 0, state: 'Stopped'},
    {type: 'run-finished', exitCode: 130, totals: counts},
  ];
  const snapshot = events.reduce<Snapshot>(
    (before, event) => reduce(before, at(event, 1_000_000)),
    reduce(emptySnapshot, runStarted(1)),
  );
  expect(
    snapshot.requests.flatMap(request => requestEndLines(request, request.source, false, new Set()))[0],
  ).toContain('0 skipped, 60 not reached, 40 failed');
  const line = totalsLine(snapshot, {messagesPerSecond: 0, bytesPerSecond: 0});
  for (const words of [countWords(snapshot).join(', '), verdictOf(snapshot).details.join(' '), line])
    expect(words).toMatch(/40 failed, 60 not reached/);
});
