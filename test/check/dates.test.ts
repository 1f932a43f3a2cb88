// What the check says where only mail within dates is asked for: the numbers of that mail, everywhere.
import {parse} from 'csv-parse/sync';
import {expect, test} from 'vitest';
import {totalOf} from '../../source/check/asked.ts';
import {detailLines} from '../../source/check/details.ts';
import {checkCsv, checkJson} from '../../source/check/files.ts';
import {type Checked, rowOf, totalsOf} from '../../source/check/row.ts';
import {closingLines, tableLines} from '../../source/check/table.ts';
import type {Inspection} from '../../source/engine/look/inspection.ts';
import {folderColumns, folderLine, totalsLines} from '../../source/wizard/check-lines.ts';
import {checkedLine, checkSummary} from '../../source/wizard/csv/check-lines.ts';
import {tickedFolders} from '../../source/wizard/folder-choice.ts';
import {reviewRows} from '../../source/wizard/review-lines.ts';
import {ready} from './sample.ts';

const whole = ready(0, 'ann');
/** Of the 10 messages in INBOX 3 lie within the dates. @param inDates undefined: its server does not search */
function dated(inDates?: {messages: number; bytes: number}): Checked {
  const [inbox, ...others] = whole.inspection.folders;
  if (inbox === undefined) throw new Error('The sample has an INBOX');
  const folders = [{...inbox, ...(inDates === undefined ? {} : {inDates})}, ...others];
  return {
    ...whole,
    what: {...whole.what, since: '2019-01-01', before: '2020-01-01'},
    inspection: {...whole.inspection, folders},
  };
}
const three = dated({messages: 3, bytes: 300_000});

test('the row, its time and the sums are those of the mail within the dates', () => {
  const row = rowOf(three);
  expect(row).toMatchObject({messages: 3, bytes: 300_000, since: '2019-01-01', before: '2020-01-01'});
  expect(row.forecast?.high).toBeLessThan(rowOf(whole).forecast?.high ?? 0);
  expect(totalsOf([row, rowOf(whole)], 1)).toMatchObject({dated: 1, messages: 13, bytes: 1_300_000});
  expect(totalsOf([rowOf(whole)], 1)).not.toHaveProperty('dated');
});

test('the text says that it is so, the files say which dates', () => {
  const details = detailLines(three, 200).join('\n');
  expect(details).toContain('3 messages within the dates, 300 kB, from 1 of 2 folders');
  expect(details).toMatch(/\[x\] INBOX +3 +300 kB/);
  expect(tableLines([rowOf(three)], 120).join('\n')).toMatch(/1 of 2 +3 +300 kB/);
  expect(closingLines(totalsOf([rowOf(three)], 1), 1, 200).join()).toContain(
    'can be copied: 3 messages within the dates, 300 kB, ',
  );
  const records: Record<string, string>[] = parse([...checkCsv([three, whole])].join(''), {
    columns: true,
    bom: true,
  });
  expect(records.map(({messages, bytes, since, before}) => [messages, bytes, since, before])).toEqual([
    ['3', '300000', '2019-01-01', '2020-01-01'],
    ['10', '1000000', '', ''],
  ]);
  const json = JSON.parse([...checkJson([three], {from: 'users.csv', checkedAt: 0, atOnce: 1})].join(''));
  expect(json).toMatchObject({
    totals: {dated: 1, messages: 3},
    requests: [{since: '2019-01-01', messages: 3, folders: [{messages: 10, inDates: {messages: 3}}, {}]}],
  });
});

test('without dates no word of them', () => {
  const row = rowOf(whole);
  const text = [...detailLines(whole, 200), ...closingLines(totalsOf([row], 1), 1, 200)].join('\n');
  expect(text).toContain('10 messages, 1.0 MB, from 1 of 2 folders');
  expect(text).not.toContain('dates');
});

test('what could not be counted by date has no number', () => {
  const unsearched = dated();
  expect(rowOf(unsearched)).toMatchObject({messages: 0, bytes: 0});
  expect(detailLines(unsearched, 200).join('\n')).toMatch(/\[x\] INBOX +→/);
});

test('the guided program tells the same of one request and of many', () => {
  const wordsOf = (lines: readonly (readonly {readonly text: string}[])[]) =>
    lines.map(line => line.map(({text}) => text).join('')).join('\n');
  const many = {request: three.what, look: {phase: 'found', inspection: three.inspection}} as const;
  expect(wordsOf([checkedLine(many, false, 20, 120)])).toContain('3 messages in 1 folder, 300 kB');
  expect(wordsOf(checkSummary([many], 4, 120))).toContain('To copy 3 messages within the dates, 300 kB, ');

  const one = (inspection: Inspection, ticked = tickedFolders(inspection.folders)) => {
    const totals = totalOf(inspection.folders, ({source}) => ticked.has(source), three.what);
    const widths = folderColumns(inspection.folders, 100);
    const list = inspection.folders.map(folder =>
      folderLine(folder, ticked.has(folder.source), false, widths, three.what),
    );
    const told = wordsOf([...list, ...totalsLines(totals, inspection, three.what, 100)]);
    return {told, review: reviewRows(three.what, totals)[3]?.[1]};
  };
  const counted = one(three.inspection);
  expect(counted.told).toMatch(/\[x\] INBOX +3 +300 kB/);
  expect(counted.told).toMatch(/To copy {2}3 messages within the dates in 1 folder, 300 kB\nTime {5}/);
  expect(counted.review).toBe('3 messages, 300 kB');
  // Chosen after the look: nothing is known of it, and no time is told.
  const more = one(three.inspection, new Set(['INBOX', 'Calendar']));
  expect(more.told).toMatch(/\[x\] Calendar +→/);
  expect(more.told).toMatch(
    /To copy {2}3 messages within the dates in 2 folders, 300 kB\n! 1 folder is not counted by date: r looks again$/,
  );
  expect(more.review).toBe('at least 3 messages, 300 kB');
});
