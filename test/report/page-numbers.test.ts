// The report says of a run that did not copy all of it what the log and the screens say: no number of it contradicts, and
// the tables add up for whoever sums them.
import {parse} from 'csv-parse/sync';
import {expect, test} from 'vitest';
import type {NewEvent} from '../../source/engine/events.ts';
import {emptySnapshot, reduce} from '../../source/progress/reduce.ts';
import {foldersCsv, requestsCsv} from '../../source/report/csv.ts';
import {type Report, reportOf} from '../../source/report/data.ts';
import {reportHtml} from '../../source/report/html.ts';
import {at, folder, problem, runStarted} from '../progress/events.ts';
import {info} from './sample.ts';

const inFolder = {request: 0, folder: 0};
const wouldBeCopied = Array.from(
  {length: 90},
  (): NewEvent => ({
    type: 'message-skipped',
    ...inFolder,
    message: {uid: 1, size: 100},
    problem: {...problem, code: 'dry-run'},
  }),
);
const begun: readonly NewEvent[] = [
  {type: 'folders-planned', request: 0, folders: [folder(0, {messages: 100}), folder(1, {selected: false})]},
  {
    ...{type: 'folder-counted', ...inFolder, selected: 100, selectedBytes: 10_000},
    ...{alreadyPresent: 10, alreadyPresentBytes: 1000},
  },
];

function reported(rest: readonly NewEvent[], dryRun = false): Report {
  const started = {...runStarted(2), dryRun};
  const snapshot = [started, ...[...begun, ...rest].map(event => at(event, 10_000))].reduce(
    reduce,
    emptySnapshot,
  );
  return reportOf({...info, dryRun}, snapshot);
}

const pageOf = (rest: readonly NewEvent[], dryRun = false) => reportHtml(reported(rest, dryRun));

/** The columns of numbers of a table, row by row. */
function table(lines: Iterable<string>): string[][] {
  const rows: Record<string, string>[] = parse([...lines].join(''), {columns: true, bom: true});
  return rows.map(row =>
    [
      ...['selected', 'copied', 'already present', 'skipped', 'failed', 'bytes'],
      ...['dry run', 'to copy', 'deleted meanwhile', 'not reached'],
    ].map(name => row[name] ?? `no ${name}`),
  );
}

/** What is behind the label of a tile; undefined where there is none. */
const tile = (page: string, label: string) => new RegExp(`<b>([^<]*)</b><span>${label}<`).exec(page)?.[1];

/** Cells of the first row that begins so. */
const row = (page: string, first: string) =>
  new RegExp(`<tr><td[^>]*>${first}.*?</tr>`, 's')
    .exec(page)?.[0]
    .split('<td')
    .slice(1)
    .map(cell =>
      cell
        .replace(/^[^>]*>/, '')
        .replace(/<[^>]*>/g, ' ')
        .trim(),
    );

test('what a stop left is not reached: no tile, bar or table calls it skipped, and what is not known is not 0', () => {
  const counts = {selected: 100, copied: 30, alreadyPresent: 10, skipped: 60, failed: 0, bytes: 3000};
  const page = pageOf([
    {type: 'messages-copied', ...inFolder, messages: 30, bytes: 3000},
    {type: 'folder-state', ...inFolder, state: 'stopped'},
    {type: 'request-finished', request: 0, counts},
    {type: 'request-state', request: 0, state: 'Stopped', problem},
    {type: 'request-state', request: 1, state: 'Stopped', problem},
    {type: 'run-finished', exitCode: 130, totals: counts},
  ]);
  expect(tile(page, 'skipped')).toBe('0');
  expect(tile(page, 'not reached')).toBe('60');
  expect(page).toContain('<title>60 not reached</title>');
  expect(page).not.toContain('class="lost"');
  expect(page).not.toContain('named in messages.csv');
  expect(page).toContain('<th class="n">Not reached</th>');
  expect(row(page, '1<')?.slice(4)).toEqual(['100', '30', '10', '0', '60', '0', '3.0 kB']);
  expect(row(page, 'Folder 0')?.slice(2)).toEqual(['100', '30', '10', '0', '60', '0', '3.0 kB']);
  expect(row(page, '2<')?.slice(4)).toEqual(['–', '–', '–', '–', '–', '–', '']);
  expect(page).toContain('colspan="8"');
});

test('what a dry run would copy is the work there is: nothing of it is red, skipped or sent', () => {
  const page = pageOf(
    [
      ...wouldBeCopied,
      {type: 'folder-state', ...inFolder, state: 'done'},
      {type: 'request-state', request: 0, state: 'Processed'},
      {type: 'request-state', request: 1, state: 'Processed'},
      {
        type: 'run-finished',
        exitCode: 0,
        totals: {selected: 100, copied: 0, alreadyPresent: 10, skipped: 90, failed: 0, bytes: 0},
      },
    ],
    true,
  );
  expect(tile(page, 'would be copied')).toBe('90');
  for (const none of ['copied in this run', 'skipped', 'sent']) expect(tile(page, none)).toBeUndefined();
  expect(page).toContain('<title>90 would be copied</title>');
  expect(page).not.toMatch(/class="(lost|state warn|n bad-text)"|failed or skipped|>Sent</);
  expect(page).toContain('<th class="n">To copy</th>');
  expect(row(page, '1<')?.slice(4)).toEqual(['100', '90', '10', '0', '0']);
  expect(row(page, 'Folder 0')?.slice(2)).toEqual(['100', '90', '10', '0', '0']);
});

test('of what is skipped the tables tell apart what a stop left, what was deleted, and what a dry run would copy', () => {
  const gone = {...problem, code: 'message-vanished'};
  const stopped = reported([
    {type: 'messages-copied', ...inFolder, messages: 30, bytes: 3000},
    {type: 'message-skipped', ...inFolder, message: {uid: 7}, problem: gone},
    {type: 'message-skipped', ...inFolder, message: {uid: 8}, problem},
    {type: 'folder-state', ...inFolder, state: 'stopped'},
    {
      ...{type: 'request-finished', request: 0},
      counts: {selected: 100, copied: 30, alreadyPresent: 10, skipped: 60, failed: 0, bytes: 3000},
    },
    {type: 'request-state', request: 0, state: 'Stopped', problem},
    {type: 'request-state', request: 1, state: 'Stopped', problem},
  ]);
  const numbers = ['100', '30', '10', '60', '0', '3000', 'no', '', '1', '58'];
  // Of the second nothing is known.
  const unknown = ['', '', '', '', '', '', 'no', '', '', ''];
  expect(table(requestsCsv(stopped))).toEqual([numbers, unknown]);
  const leftOut = ['0', '0', '0', '0', '0', '0', 'no', '', '0', '0'];
  expect(table(foldersCsv(stopped))).toEqual([numbers, leftOut]);

  const dry = reported(
    [
      ...wouldBeCopied.slice(1),
      {type: 'message-skipped', ...inFolder, message: {uid: 7}, problem: gone},
      {type: 'folder-state', ...inFolder, state: 'done'},
      {type: 'request-state', request: 0, state: 'Processed'},
    ],
    true,
  );
  const planned = ['100', '0', '10', '90', '0', '0', 'yes', '89', '1', '0'];
  expect(table(requestsCsv(dry))[0]).toEqual(planned);
  expect(table(foldersCsv(dry))[0]).toEqual(planned);
});

test('the page says of each file beside it no more than what is in it', () => {
  const page = pageOf([]);
  expect(page).toContain(
    '<b>messages.csv</b> lists every selected message and all mail below the destination',
  );
  expect(page).not.toContain('every message at the source');
});
