import {expect, test} from 'vitest';
import {chooseColumns, splitFolders} from '../../source/dashboard/folder-columns.ts';
import {after, counted, folderOf, started} from './sample.ts';

const keys = (columns: readonly {readonly key: string}[]) => columns.map(column => column.key);

test('the largest folders over all mailboxes get a column, by the last level, the inbox first', () => {
  const {requests} = after([
    started(['john', 'ann']),
    ...counted(0, [folderOf(0, 'inbox', 5), folderOf(1, 'Archive/2017', 60), folderOf(2, 'Sent', 50)]),
    ...counted(1, [folderOf(0, 'INBOX', 5), folderOf(1, 'Old/Sent', 40), folderOf(2, 'Drafts', 70)]),
  ]);
  expect(keys(chooseColumns([], requests, 3))).toEqual(['inbox', 'sent', 'drafts']);
});

test('a column keeps its place when mailboxes come later; only a far larger folder takes one, in place', () => {
  const first = [
    started(['john', 'ann']),
    ...counted(0, [folderOf(0, 'INBOX', 9), folderOf(1, 'Sent', 10), folderOf(2, 'Old', 8)]),
  ];
  const shown = chooseColumns([], after(first).requests, 3);
  expect(keys(shown)).toEqual(['inbox', 'sent', 'old']);
  const similar = after([...first, ...counted(1, [folderOf(0, 'New', 15)])]);
  expect(chooseColumns(shown, similar.requests, 3)).toBe(shown);
  const larger = after([...first, ...counted(1, [folderOf(0, 'New', 500)])]);
  expect(keys(chooseColumns(shown, larger.requests, 3))).toEqual(['inbox', 'sent', 'new']);
});

test('each selected folder is in exactly one cell or among the others; left-out ones in none', () => {
  const {requests} = after([
    started(['john']),
    ...counted(0, [
      folderOf(0, 'INBOX', 9),
      folderOf(1, 'A/Sent', 10),
      folderOf(2, 'B/sent', 8),
      folderOf(3, 'Else', 1),
      {...folderOf(4, 'Calendar', 7), selected: false, reason: 'not mail'},
    ]),
  ]);
  const columns = chooseColumns([], requests, 2);
  const {cells, others} = splitFolders(requests[0]?.folders ?? [], columns);
  expect(cells.map(folders => folders.map(folder => folder.folder))).toEqual([[0], [1, 2]]);
  expect(others.map(folder => folder.folder)).toEqual([3]);
});
