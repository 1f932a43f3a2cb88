import {afterEach, expect, test} from 'vitest';
import type {NewEvent} from '../../source/engine/events.ts';
import {mostFailures} from '../../source/progress/fold-folder.ts';
import type {Snapshot} from '../../source/progress/snapshot.ts';
import {summaryLayout} from '../../source/summary/layout.ts';
import {Summary} from '../../source/summary/summary.tsx';
import {tableHeight} from '../../source/ui/table.tsx';
import {after, copied, counted, folderOf, imapOff, midway, started} from '../dashboard/sample.ts';
import {cleanup, misfits, renderScreen} from '../helpers/render.tsx';

afterEach(cleanup);

const finished = (exitCode: number): NewEvent => ({
  type: 'run-finished',
  exitCode,
  totals: {selected: 0, copied: 0, alreadyPresent: 0, skipped: 0, failed: 0, bytes: 0},
});

const good = after([
  started(['john']),
  ...counted(0, [folderOf(0, 'INBOX', 10)]),
  ...copied(0, 0, 10, true),
  {type: 'request-state', request: 0, state: 'Processed'},
  finished(0),
]);
const bad = after([...midway, finished(3)]);

function show(snapshot: Snapshot, columns: number, rows: number) {
  const closed: string[] = [];
  const node = (
    <Summary
      snapshot={snapshot}
      reports="/data/reports/2026-11-23-0700"
      columns={columns}
      rows={rows}
      onClose={next => closed.push(next)}
    />
  );
  return {screen: renderScreen(node, {columns, rows}), closed};
}

test('the layout never gives away more rows than there are', () => {
  for (let rows = 8; rows <= 120; rows += 1) {
    for (const groups of [0, 1, 3, 40, 4000]) {
      for (const requests of [1, 2, 12, 300]) {
        const wanted = {verdict: 2, report: 1, groups, requests};
        const layout = summaryLayout(rows, wanted);
        const table = layout.tableRows > 0 ? tableHeight(layout.tableRows) + layout.more : 0;
        const separator = layout.groups > 0 ? layout.gap : 0;
        const sum = 6 + 2 * layout.gap + layout.groups + separator + table;
        if (sum > rows) throw new Error(`${rows} rows, ${JSON.stringify(wanted)}: ${sum}`);
        if (groups > 0 && rows >= 9) expect(layout.groups).toBeGreaterThan(0);
        if (rows >= 24) expect(layout.tableRows).toBeGreaterThan(0);
      }
    }
  }
});

test('one request and three hundred fit every size', async () => {
  const many = after([
    started(Array.from({length: 300}, (_, index) => `user${index}`)),
    ...counted(0, [folderOf(0, 'INBOX', 10)]),
    finished(130),
  ]);
  for (const snapshot of [good, bad, many]) {
    for (const [columns, rows] of [
      [60, 20],
      [80, 24],
      [120, 40],
      [200, 60],
      [40, 8],
      [30, 5],
    ] as const) {
      const {screen} = show(snapshot, columns, rows);
      expect(misfits(screen.frame(), columns, rows)).toEqual([]);
      for (const key of ['f', 'f', 'G', '?']) {
        await screen.press(key);
        expect(misfits(screen.frame(), columns, rows)).toEqual([]);
      }
      screen.unmount();
    }
  }
});

test('first the sentence people want, then totals, report and the requests', () => {
  const frame = show(good, 80, 24).screen.frame();
  expect(frame).toContain('✓ Every selected message is at the destination.');
  expect(frame).toContain('1 mailbox, 10 messages selected   10 copied');
  expect(frame).toContain('Report: /data/reports/2026-11-23-0700');
  expect(frame).toMatch(/│ john@baya.com │ ✓ Processed │ +10 │/);
  expect(frame).not.toContain('all failures');
});

test('what is missing is put together by reason, with the next step and the place, before the table', async () => {
  const {screen, closed} = show(bad, 120, 40);
  const frame = screen.frame();
  expect(frame).toContain('✗ 1 mailbox: IMAP is switched off for this mailbox.');
  expect(frame).toContain('→ Ask the administrator to switch IMAP on, then press r.');
  expect(frame).toContain('✗ 2 messages: The message is larger than the destination takes (36 MB).');
  expect(frame).toContain('in john@baya.com INBOX');
  const order = [
    frame.indexOf('2 messages:'),
    frame.indexOf('│ eve@'),
    frame.indexOf('│ john@'),
    frame.indexOf('│ ann@'),
  ];
  expect(order).toEqual(order.toSorted((one, other) => one - other));
  await screen.press('f');
  expect(screen.frame()).not.toContain('│ eve@');
  await screen.press('esc', 'enter', 'q');
  expect(closed).toEqual(['home', 'quit']);
});

test.each(['esc', 'q', 'ctrl+c'])('the help goes away with %s, and mailferry does not', async key => {
  const {screen, closed} = show(good, 80, 24);
  await screen.press('?');
  expect(screen.frame()).not.toContain('│ john@');
  await screen.press(key);
  expect(screen.frame()).toContain('│ john@');
  expect(closed).toEqual([]);
});

test('a reason and its step are told to their end, however narrow the screen', async () => {
  const words = (text: string) => Array.from({length: 40}, (_, index) => `${text}${index}`).join(' ');
  const problem = {...imapOff, sentence: `${words('why')}.`, nextStep: `${words('step')}.`};
  const lost: NewEvent = {type: 'request-state', request: 0, state: 'Failed', problem};
  const {screen} = show(after([started(['john', 'ann']), lost, finished(3)]), 60, 24);
  await screen.press('f');
  const text = screen.frame().replaceAll(/\s+/g, ' ');
  expect(text).toContain(problem.sentence);
  expect(text).toContain(problem.nextStep);
});

test('of messages with different reasons, and of more than are named, no more is said than is known', () => {
  const lost = (uid: number) => ({
    type: 'message-failed' as const,
    request: 0,
    folder: 0,
    message: {uid},
    problem: {
      code: 'line-too-long',
      scope: 'message' as const,
      verdict: 'skip' as const,
      sentence: `A line has ${11_000 + uid} bytes.`,
    },
  });
  const events = Array.from({length: mostFailures + 1}, (_, index) => lost(index));
  const start = [started(['john']), ...counted(0, [folderOf(0, 'INBOX', 60)])];
  const frame = (failed: number) =>
    show(after([...start, ...events.slice(0, failed), finished(3)]), 120, 40).screen.frame();
  expect(frame(2)).toContain('✗ 2 messages, such as: A line has 11000 bytes.');
  expect(frame(mostFailures + 1)).toContain(`✗ at least ${mostFailures} messages, such as: A line has`);
});

test('the table scrolls and stays as wide as it is', async () => {
  const {screen} = show(bad, 100, 30);
  const border = () => screen.frame().match(/┌.*┐/)?.[0];
  const first = border();
  await screen.press('G');
  expect(screen.frame()).toContain('user36@');
  expect(screen.frame()).toMatch(/to 40 of 40/);
  expect(border()).toBe(first);
});
