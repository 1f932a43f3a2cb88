// What a person is to look at in a folder is told with what to do about it, wherever the run is told.
import {expect, test} from 'vitest';
import {folderDetails} from '../../source/dashboard/details.ts';
import {problem} from '../../source/engine/problems/problems.ts';
import {emptySnapshot, reduce} from '../../source/progress/reduce.ts';
import {reportOf} from '../../source/report/data.ts';
import {reportHtml} from '../../source/report/html.ts';
import {lineText} from '../../source/ui/cells.ts';
import {at, folder, runStarted} from '../progress/events.ts';
import {info} from './sample.ts';

const unlike = problem('present-unlike', {messages: 3, folder: 'Data17012018/INBOX'});
const snapshot = [
  runStarted(9),
  ...Array.from({length: 9}, (_, request) => request).flatMap(request => [
    at(
      {type: 'folders-planned', request, folders: [folder(0, {notes: ['Its name is shortened.']})]} as const,
      1,
    ),
    at({type: 'note', request, folder: 0, problem: unlike} as const, 2),
  ]),
].reduce(reduce, emptySnapshot);

test('the page tells the notes of folders once, outside the closed tables, with what to do', () => {
  const page = reportHtml(reportOf(info, snapshot));
  const notes = page.slice(page.indexOf('<h2>Notes</h2>'));
  const where = 'user0@baya.com, folder Folder 0 and 8 more folders: ';
  expect(notes).toContain(`<p>${where}${unlike.sentence} ${unlike.nextStep}</p>`);
  expect(notes.match(/<p>user/g)).toHaveLength(2);
});

test.each([38, 78, 118])('at %i columns the details of a folder say all of a note', width => {
  const [shown] = snapshot.requests[0]?.folders ?? [];
  const lines = shown === undefined ? [] : folderDetails(shown, width, 20).map(lineText);
  expect(Math.max(...lines.map(line => line.length))).toBeLessThanOrEqual(width);
  expect(lines.map(line => line.trim()).join(' ')).toContain(`! ${unlike.sentence} ${unlike.nextStep}`);
});
