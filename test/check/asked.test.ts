// What a request asks for is counted once: the check on the command line, the check of one request in the guided
// program and that of many tell the same numbers and forecast from them.
import {describe, expect, it} from 'vitest';
import {addedUp, mailWords, sizeWords, totalOf} from '../../source/check/asked.ts';
import {detailLines} from '../../source/check/details.ts';
import {stateOf, stopOf} from '../../source/check/may-copy.ts';
import {type Checked, rowOf, totalsOf} from '../../source/check/row.ts';
import {closingLines, tableLines} from '../../source/check/table.ts';
import type {InspectedFolder} from '../../source/engine/look/inspection.ts';
import {problem} from '../../source/engine/problems/problems.ts';
import {totalsLines} from '../../source/wizard/check-lines.ts';
import {checkedLine, checkSummary} from '../../source/wizard/csv/check-lines.ts';
import {obstacle} from '../../source/wizard/folder-choice.ts';
import {reviewRows} from '../../source/wizard/review-lines.ts';
import {inspection, planned} from '../wizard/fakes.ts';
import {loginOf, ready, unreached} from './sample.ts';

const isSelected = ({selected}: InspectedFolder) => selected;

describe('totalOf', () => {
  const {bytes: _, ...unsized} = planned(9, 'Other');

  it('adds up the chosen folders, and says of how many the size is not known', () => {
    const chosen = new Set(['INBOX', 'Projects', 'Other']);
    const isChosen = ({source}: InspectedFolder) => chosen.has(source);
    expect(totalOf(inspection.folders, isChosen, {})).toEqual({
      folders: 2,
      messages: 4240,
      bytes: 901_000_000,
    });
    const folders = [...inspection.folders, unsized];
    expect(totalOf(folders, isChosen, {})).toEqual({
      folders: 3,
      messages: 4250,
      bytes: 901_000_000,
      unsized: 1,
    });
  });

  it('knows the size of an empty folder', () => {
    expect(totalOf([{...unsized, messages: 0}], isSelected, {})).toEqual({
      folders: 1,
      messages: 0,
      bytes: 0,
    });
  });

  it('adds up what lies within the dates, and says of how many folders that is not known', () => {
    const folders = [
      {...planned(0, 'INBOX'), inDates: {messages: 3, bytes: 300}},
      {...planned(1, 'Old'), inDates: {messages: 0, bytes: 0}},
      planned(2, 'Calendar', {reason: 'calendar, not mail'}),
    ];
    const since = {since: '2019-01-01'};
    expect(totalOf(folders, isSelected, since)).toEqual({folders: 2, messages: 3, bytes: 300});
    expect(totalOf(folders, ({source}) => source !== 'Old', since)).toEqual({
      folders: 2,
      messages: 3,
      bytes: 300,
      uncounted: 1,
    });
  });

  it('is told as "at least" for what is missing from it', () => {
    const words = (sum: Parameters<typeof mailWords>[0]) => mailWords(sum) + sizeWords(sum);
    expect(words({messages: 3, bytes: 300_000})).toBe('3 messages, 300 kB');
    expect(words({messages: 3, bytes: 300_000, uncounted: 1})).toBe('at least 3 messages, 300 kB');
    expect(words({messages: 3, bytes: 300_000, unsized: 1})).toBe('3 messages, at least 300 kB');
    expect(words({messages: 3, bytes: 0, unsized: 1})).toBe('3 messages');
    const both = [
      {messages: 1, bytes: 2, unsized: 1},
      {messages: 3, bytes: 4, unsized: 2, uncounted: 5},
    ];
    expect(addedUp(both)).toEqual({messages: 4, bytes: 6, unsized: 3, uncounted: 5});
  });
});

describe('a mailbox of 20 GB with a folder of unknown size', () => {
  const {bytes: _, ...other} = planned(1, 'Other', {messages: 10});
  const base = ready(0, 'ann');
  const checked: Checked = {
    ...base,
    inspection: {
      ...base.inspection,
      folders: [planned(0, 'INBOX', {messages: 1000, bytes: 20e9}), other],
    },
  };
  const {what} = checked;
  const look = {phase: 'found', inspection: checked.inspection} as const;
  const row = rowOf(checked);
  const total = totalOf(checked.inspection.folders, isSelected, what);
  const wordsOf = (lines: readonly (readonly {readonly text: string}[])[]) =>
    lines.map(line => line.map(({text}) => text).join('')).join('\n');
  const time = 'about 2 to 12 hours';

  it('is told with what is known of it and with the same time by every check', () => {
    const many = {request: what, look};
    expect(detailLines(checked, 200).join('\n')).toContain(
      'to copy      1,010 messages, at least 20 GB, from 2 of 2 folders',
    );
    expect(detailLines(checked, 200).join('\n')).toContain(time);
    expect(closingLines(totalsOf([row], 1), 1, 200).join()).toContain(
      `1,010 messages, at least 20 GB, ${time}`,
    );
    expect(wordsOf(totalsLines(total, checked.inspection, what, 100))).toContain(
      `To copy  1,010 messages in 2 folders, at least 20 GB\nTime     ${time}`,
    );
    expect(wordsOf(checkSummary([many], 1, 120))).toContain(
      `To copy 1,010 messages, at least 20 GB, ${time}`,
    );
    expect(wordsOf([checkedLine(many, false, 20, 120)])).toContain(
      '1,010 messages in 2 folders, at least 20 GB',
    );
    expect(reviewRows(what, total)[3]?.[1]).toBe('1,010 messages, at least 20 GB');
  });

  it('does not fit where what is known of it does not', () => {
    expect(wordsOf(totalsLines(total, checked.inspection, what, 100))).toContain(
      'The destination has only 5.0 GB free.',
    );
  });

  it('has a size with a + in the table, and none where nothing is known', () => {
    expect(tableLines([row], 120).join('\n')).toMatch(/ 1,010 +20 GB\+ /);
    const unknown = {...checked, inspection: {...checked.inspection, folders: [other]}};
    expect(tableLines([rowOf(unknown)], 120).join('\n')).not.toMatch(/ B|SIZE/);
  });

  it('says in its row how many folders are not in the numbers', () => {
    expect(row).toMatchObject({messages: 1010, bytes: 20e9, unsized: 1});
    expect(totalsOf([row, row], 1)).toMatchObject({messages: 2020, bytes: 40e9, unsized: 2});
  });
});

describe('whether a mailbox may be copied', () => {
  const busy = problem('mailbox-not-connected', loginOf('eve'));
  const missing = problem('source-folder-not-found', {folder: 'Nowhere', near: []});
  const nothing = problem('nothing-selected', {});

  it.each([
    ['ready', ready(0, 'ann', [busy]).inspection, undefined],
    ['stopped', ready(0, 'ann', [busy, missing]).inspection, missing],
    ['stopped', ready(0, 'ann', [nothing]).inspection, nothing],
    ['unreached', unreached(0, 'eve', busy).inspection, busy],
    ['unreached', {folders: [], problems: []}, undefined],
  ] as const)('is decided once: %s', (state, found, stop) => {
    expect(stateOf(found)).toBe(state);
    expect(stopOf(found)).toEqual(stop);
    const chosen = new Set(['INBOX']);
    // The ticks may have changed since the look.
    const goesOn = state === 'ready' || stop === nothing;
    expect(obstacle(found, chosen) === undefined).toBe(goesOn);
    if (!goesOn && stop !== undefined) expect(obstacle(found, chosen)).toBe(stop.sentence);
  });
});
