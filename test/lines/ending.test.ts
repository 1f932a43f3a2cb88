// The end of the log, and what `mailferry report RUN` says: what is missing with what to do, and what is to be looked at.
import {expect, test} from 'vitest';
import type {NewEvent} from '../../source/engine/events.ts';
import {problem} from '../../source/engine/problems/problems.ts';
import {endingLines} from '../../source/lines/ending.ts';
import {emptySnapshot, reduce} from '../../source/progress/reduce.ts';
import {at, folder, runStarted} from '../progress/events.ts';

const endOf = (requests: number, happened: readonly NewEvent[]) =>
  endingLines([runStarted(requests), ...happened.map(event => at(event, 1))].reduce(reduce, emptySnapshot));
const planned = (request: number, notes: readonly string[] = []) =>
  ({type: 'folders-planned', request, folders: [folder(0, {notes}), folder(1)]}) as const;

test('of single messages it is said what to do, once, wherever the same is to be done', () => {
  const tooLarge = problem('message-too-large', {size: 40_000_000, limit: 36_000_000});
  const failed = (request: number, index: number) =>
    ({type: 'message-failed', request, folder: index, message: {uid: 1}, problem: tooLarge}) as const;
  const lines = endOf(2, [planned(0), planned(1), failed(0, 0), failed(0, 1), failed(1, 0)]);
  const told = lines.filter(line => line.includes(tooLarge.sentence));
  expect(told).toHaveLength(3);
  expect(told[0]).toContain(`${tooLarge.sentence} ${tooLarge.nextStep}`);
  for (const line of told.slice(1)) expect(line).not.toContain(tooLarge.nextStep);
});

test('the notes of folders, mailboxes and the run are told, each once for all', () => {
  const unlike = problem('present-unlike', {messages: 3, folder: 'Data17012018/INBOX'});
  const receipts = {
    ...unlike,
    code: 'receipts',
    sentence: 'Two ask for a receipt.',
    nextStep: 'Disarm them.',
  };
  const lines = endOf(9, [
    ...[...Array(9).keys()].flatMap((request): NewEvent[] => [
      planned(request),
      {type: 'note', request, folder: 1, problem: unlike},
      {type: 'note', request, problem: receipts},
    ]),
    {type: 'note', problem: {...receipts, sentence: 'The run is noted.'}},
  ]);
  expect(lines.filter(line => line.startsWith('  note: '))).toEqual([
    '  note: The run is noted. Disarm them.',
    '  note: user0@baya.com and 8 more mailboxes: Two ask for a receipt. Disarm them.',
    `  note: user0@baya.com, folder Folder 1 and 8 more folders: ${unlike.sentence} ${unlike.nextStep}`,
  ]);
});

test('of many notes the first are told, and how many there are', () => {
  const notes = Array.from({length: 30}, (_, index) => `note \u001b[31m${index}`);
  const lines = endOf(1, [planned(0, notes)]).filter(line => line.includes('note'));
  expect(lines).toHaveLength(21);
  expect(lines[0]).toBe('  note: user0@baya.com, folder Folder 0: note 0');
  expect(lines.at(-1)).toBe('  and 10 more notes: see report.html');
});
