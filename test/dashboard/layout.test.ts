import {expect, test} from 'vitest';
import {chooseColumns} from '../../source/dashboard/folder-columns.ts';
import {
  failureHead,
  failureLine,
  folderGrid,
  folderHead,
  folderLine,
  noteLine,
} from '../../source/dashboard/folder-line.ts';
import {ratesLine, titleLine, totalsLine} from '../../source/dashboard/header-lines.ts';
import {dashboardLayout, gridWidth, innerBands, smallest} from '../../source/dashboard/layout.ts';
import {userHead, userLine} from '../../source/dashboard/user-line.ts';
import {lineText, lineWidth} from '../../source/ui/cells.ts';
import {after, copied, counted, failedMessage, folderOf, imapOff, midway, start, started} from './sample.ts';

const sizes = function* () {
  for (let columns = 1; columns <= 300; columns += 1) {
    for (let rows = 1; rows <= 120; rows += 1) yield {columns, rows};
  }
};

test('the bands fill every terminal from 40x8 on exactly, with at least three rows of list', () => {
  for (const {columns, rows} of sizes()) {
    const layout = dashboardLayout(columns, rows);
    if (!layout.fits) {
      expect(columns < smallest.columns || rows < smallest.rows).toBe(true);
      continue;
    }
    const {list, ...bands} = layout.bands;
    const sum = Object.values(bands).reduce((total, band) => total + band, list);
    if (sum !== rows || list < 3) throw new Error(`${columns}x${rows}: ${JSON.stringify(layout.bands)}`);
    for (const problem of [0, 1, 5]) {
      const inner = innerBands(layout.bands, problem);
      const together = inner.problem + inner.list + inner.details;
      if (together !== list || inner.list < 3 || inner.problem < 0)
        throw new Error(`${columns}x${rows} inner`);
    }
  }
});

const wide = '会议记录'.repeat(30);
const nasty = after([
  started([wide, `${'x'.repeat(200)}\u001b[31m`, 'eve', 'ann']),
  ...counted(0, [folderOf(0, 'INBOX', 2_000_000), folderOf(1, wide, 99_999_999), folderOf(2, 'a', 0)]),
  ...copied(0, 0, 1_234_567),
  ...copied(0, 1, 88_888_888),
  failedMessage(0, 1, 9, wide),
  ...counted(1, [folderOf(0, 'INBOX', 3)]),
  {type: 'request-state', request: 2, state: 'Failed', problem: imapOff},
]);

test('every row and head of the grid is exactly as wide as the layout says, whatever the names and numbers', () => {
  for (let columns = 40; columns <= 300; columns += 1) {
    const layout = dashboardLayout(columns, 24);
    if (!layout.fits) throw new Error('fits');
    const {grid, inner} = layout;
    const folders = chooseColumns([], nasty.requests, grid.cells);
    expect(gridWidth(grid)).toBeLessThanOrEqual(inner);
    const mood = {now: start, paused: false, dryRun: false};
    for (const request of nasty.requests) {
      for (const label of [request.source, 'a']) {
        const line = userLine({request, label, selected: true, mood}, grid, folders);
        // The reason of a lost mailbox takes the columns it needs, up to the edge.
        const lost = request.problem !== undefined && grid.bar + grid.cells > 0;
        expect([columns, lineWidth(line)]).toEqual([columns, lost ? grid.width : gridWidth(grid)]);
      }
    }
    expect(lineWidth(userHead(grid, folders))).toBe(gridWidth(grid));
  }
});

test('rows and heads further in, and the totals, stay within every width', () => {
  const request = nasty.requests[0];
  const folder = request?.folders[1];
  const failure = folder?.failures[0];
  if (!request || !folder || !failure) throw new Error('sample');
  for (let width = 40; width <= 300; width += 1) {
    const grid = folderGrid(width);
    for (const one of [...request.folders, {...folder, selected: false, reason: wide}]) {
      expect(lineWidth(folderLine(one, true, grid))).toBe(width);
    }
    expect(lineWidth(folderHead(grid))).toBe(width);
    expect(lineWidth(failureLine(failure, false, width))).toBe(width);
    expect(lineWidth(failureHead(width))).toBe(width);
    expect(lineWidth(noteLine(imapOff, false, width))).toBe(width);
    for (const snapshot of [nasty, after(midway), {...nasty, endedAt: start + 5000, exitCode: 3}]) {
      expect(lineWidth(titleLine(snapshot, start, width))).toBeLessThanOrEqual(width);
      expect(lineWidth(totalsLine(snapshot, width))).toBeLessThanOrEqual(width);
      expect(lineWidth(ratesLine(snapshot, start, width))).toBeLessThanOrEqual(width);
    }
  }
});

test('no name brings an escape character to the screen', () => {
  const layout = dashboardLayout(120, 24);
  const request = nasty.requests[1];
  if (!layout.fits || !request) throw new Error('sample');
  const row = {
    request,
    label: request.source,
    selected: false,
    mood: {now: start, paused: false, dryRun: false},
  };
  expect(lineText(userLine(row, layout.grid, []))).not.toContain('\u001b');
});

test('what follows a number stands still while the number grows', () => {
  const begun = after([started(['john']), ...counted(0, [folderOf(0, 'INBOX', 12_000)])]);
  const places = [0, 9, 999, 9_999].map(messages => {
    const line = lineText(totalsLine(after(copied(0, 0, messages), begun), 118));
    return [line.indexOf('%'), line.indexOf('messages')];
  });
  expect(new Set(places.map(String)).size).toBe(1);
  expect(places[0]).not.toContain(-1);
});

test('says that messages are on their way until the first is confirmed, in place of a rate of nothing', () => {
  const out: Parameters<typeof after>[0] = [
    started(['john']),
    ...counted(0, [folderOf(0, 'INBOX', 20)]),
    {type: 'folder-state', request: 0, folder: 0, state: 'copying'},
  ];
  const rates = (events: typeof out) => lineText(ratesLine(after(events), start, 100));
  expect(rates(out)).toContain('first messages on their way');
  expect(rates(out)).not.toContain('msg/s');
  expect(rates([...out, ...copied(0, 0, 5)])).toContain('msg/s');
  expect(rates(out.slice(0, -1))).not.toContain('on their way');
});
