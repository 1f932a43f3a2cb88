import {afterEach, expect, test, vi} from 'vitest';
import {Dashboard} from '../../source/dashboard/dashboard.tsx';
import * as userLines from '../../source/dashboard/user-line.ts';
import type {NewEvent} from '../../source/engine/events.ts';
import type {Snapshot} from '../../source/progress/snapshot.ts';
import type {RunControl} from '../../source/services.ts';
import {cleanup, misfits, renderScreen} from '../helpers/render.tsx';
import {after, copied, counted, folderOf, midway, start, started, storeOf, throttled} from './sample.ts';

// Other files of the same process may have loaded it before.
vi.hoisted(() => vi.resetModules());
vi.mock('../../source/dashboard/user-line.ts', {spy: true});

afterEach(cleanup);

const now = () => start + 79_000;

function show(snapshot: Snapshot, columns = 120, rows = 24, detachable = false) {
  const store = storeOf(snapshot);
  const calls: string[] = [];
  const log =
    (name: string) =>
    (...about: readonly number[]) =>
      calls.push([name, ...about].join(' '));
  const control = {
    stop: log('stop'),
    pause: log('pause'),
    resume: log('resume'),
    retryFailed: log('retry'),
    first: log('first'),
    changeMailboxes: log('change'),
    ...(detachable ? {detach: log('detach')} : {}),
  } as unknown as RunControl;
  const node = (width: number, height: number) => (
    <Dashboard
      store={store}
      control={control}
      now={now}
      columns={width}
      rows={height}
      onLeave={log('leave')}
    />
  );
  const screen = renderScreen(node(columns, rows), {columns, rows});
  return {screen, store, calls, node};
}

const more = (events: readonly NewEvent[]) => after([...midway, ...events]);
const ended: readonly NewEvent[] = [
  {
    type: 'run-finished',
    exitCode: 3,
    totals: {selected: 0, copied: 0, alreadyPresent: 0, skipped: 0, failed: 0, bytes: 0},
  },
];

test('every size gets a frame that fits, down to the panel that says it is too small', async () => {
  for (const [columns, rows] of [
    [60, 20],
    [80, 24],
    [120, 40],
    [200, 60],
    [40, 8],
    [39, 8],
    [20, 2],
    [5, 1],
  ] as const) {
    const {screen} = show(after(midway), columns, rows);
    expect(misfits(screen.frame(), columns, rows)).toEqual([]);
    for (const key of ['enter', 'enter', '?']) {
      await screen.press(key);
      expect(misfits(screen.frame(), columns, rows)).toEqual([]);
    }
    screen.unmount();
  }
});

test('at 120 columns: totals on top, a cell for each folder, a word for each state', () => {
  const frame = show(after(midway), 120, 24).screen.frame();
  const line = (text: string) => frame.split('\n').find(row => row.includes(text)) ?? '';
  expect(line('mailferry')).toMatch(/40 mailboxes +baya\.com → vault\.example +2 of 40 done +00:01:19/);
  expect(frame).toContain('counting…');
  expect(frame).toContain('470 of 1,090 messages so far');
  expect(frame).toContain('✗ 2 failed, 1 mailbox');
  expect(frame).toContain('! 1 waits for the server (3:41)');
  expect(line('MAILBOX')).toMatch(/STATE +INBOX +Sent Items +Größe/);
  // 152 of 400 in ten cells and a failure; 200 of 200; nothing yet.
  expect(line('john@')).toMatch(/▸ john@baya.com +● copying +███▍ +! +█{10} +·.* 350\/700/);
  expect(line('ann@')).toMatch(/! waits 3:41 +█ +— +—/);
  expect(line('bob@')).toMatch(/✓ processed +█{10} .* 90$/);
  expect(line('eve@')).toMatch(/✗ IMAP is switched off for this mailbox\. +enter: what to do/);
  expect(line('user01@')).toMatch(/○ pending$/);
  expect(frame).toMatch(/24 more ↓/);
});

test('of several that wait the header tells when the first goes on, each line when its own does', () => {
  const problem = throttled;
  const both = more([
    {type: 'waiting', request: 0, end: 'source', until: start + 200_000, problem},
    {type: 'waiting', request: 0, end: 'destination', until: start + 240_000, problem},
  ]);
  const wide = show(both, 120, 24).screen.frame();
  expect(wide).toContain('! 2 wait for the server (the first 2:41)');
  expect(wide).toMatch(/john@.* ! waits 2:41/);
  expect(wide).toMatch(/ann@.* ! waits 3:41/);
  expect(show(both, 80, 24).screen.frame()).toContain('! 2 wait (first 2:41)');
});

test('at 80 columns one bar and counts, at 60 the percentage, and the state still in words', () => {
  const at80 = show(after(midway), 80, 24).screen.frame();
  expect(at80).toMatch(/john@baya.com +● copying +█+\S* +50% +350\/700/);
  const at60 = show(after(midway), 60, 20).screen.frame();
  expect(at60).toMatch(/▸ ● john@baya.com +50% +350\/700/);
  expect(at60).toMatch(/! ann@baya.com +10% +waits 3:41/);
  expect(at60).toMatch(/✗ eve@baya.com +failed/);
});

test('enter opens a mailbox, then a folder; esc steps out one level at a time and never leaves', async () => {
  const {screen, calls} = show(after(midway), 120, 30);
  await screen.press('enter');
  expect(screen.frame()).toContain('mailferry ▸ john@baya.com');
  expect(screen.frame()).toMatch(/▸ INBOX +● copying .* 38 % +150\/400/);
  expect(screen.frame()).toMatch(/Calendar +— left out +not mail \(rule of the request\)/);
  expect(screen.frame()).toContain('2 messages failed; →: which and why');
  await screen.press('enter');
  expect(screen.frame()).toContain('mailferry ▸ john@baya.com ▸ INBOX');
  expect(screen.frame()).toMatch(/▸ ✗ Holiday pictures +The message is larger .* 2017-01-18 +40 MB/);
  expect(screen.frame()).toContain('→ Raise the limit at the destination.');
  expect(screen.frame()).toContain('<8@baya.com>');
  await screen.press('down');
  expect(screen.frame()).toContain('Quarterly figures   UID 7');
  await screen.press('esc');
  expect(screen.frame()).toMatch(/▸ INBOX/);
  await screen.press('esc');
  expect(screen.frame()).toContain('40 mailboxes');
  await screen.press('esc', 'esc');
  expect(screen.frame()).toContain('40 mailboxes');
  expect(calls).toEqual([]);
});

test('a failed mailbox says what is wrong, what to do and what the server said', async () => {
  const {screen} = show(after(midway), 80, 24);
  await screen.press('down', 'down', 'down', 'enter');
  expect(screen.frame()).toContain('✗ IMAP is switched off for this mailbox.');
  expect(screen.frame()).toContain('→ Ask the administrator to switch IMAP on, then press r.');
  expect(screen.frame()).toContain('The server says: BAD User is authenticated but not connected.');
});

test('a question ends with what it is about', async () => {
  const {screen, store} = show(after(midway));
  await screen.press('q');
  expect(screen.frame()).toContain('Stop the run? (y/n)');
  store.set(more(ended));
  await screen.waitFor('enter summary');
  expect(screen.frame()).not.toContain('Stop the run?');
});

test('Ctrl+C stops at once and again to abort; q asks first', async () => {
  const {screen, store, calls} = show(after(midway));
  await screen.press('q');
  expect(screen.frame()).toContain('Stop the run? (y/n)');
  await screen.press('n');
  expect(calls).toEqual([]);
  await screen.press('q', 'y');
  expect(calls).toEqual(['stop']);
  store.set(more([{type: 'stopping', how: 'finish'}]));
  await screen.waitFor('Stopping: finishing what is in flight; Ctrl+C again to stop now.');
  await screen.press('ctrl+c');
  expect(calls).toEqual(['stop', 'stop']);
  store.set(
    more([
      {type: 'stopping', how: 'finish'},
      {type: 'stopping', how: 'abort'},
    ]),
  );
  await screen.waitFor('Stopping now.');
});

test('Ctrl+C stops from every place: filter, question, help, further in', async () => {
  for (const keys of [['/', 'a'], ['q'], ['?'], ['enter'], ['enter', 'enter']]) {
    const {screen, calls} = show(after(midway));
    await screen.press(...keys, 'ctrl+c');
    expect(calls).toEqual(['stop']);
    screen.unmount();
  }
});

test('p pauses and resumes; r retries, or says that nothing has failed', async () => {
  const {screen, store, calls} = show(after(midway));
  await screen.press('p');
  store.set(more([{type: 'paused'}]));
  await screen.waitFor('Paused.');
  expect(screen.frame()).toContain('p resume');
  expect(screen.frame()).toMatch(/john@.*paused/);
  await screen.press('p', 'r');
  expect(calls).toEqual(['pause', 'resume', 'retry']);
  store.set(after([started(['john'])]));
  await screen.press('r');
  expect(screen.frame()).toContain('No mailbox has failed');
  expect(calls).toHaveLength(3);
});

test('the filter takes letters that are keys elsewhere; esc clears it', async () => {
  const {screen, calls} = show(after(midway));
  await screen.press('/');
  await screen.type('user1');
  expect(screen.frame()).toContain('Filter: user1_   10 of 40');
  await screen.press('enter', 'down');
  expect(screen.frame()).toMatch(/▸ user11@/);
  expect(screen.frame()).not.toContain('john@');
  await screen.press('esc');
  expect(screen.frame()).toContain('john@');
  expect(screen.frame()).toMatch(/▸ user11@/);
  await screen.press('/');
  await screen.type('!user');
  await screen.press('enter');
  expect(screen.frame()).toContain('4 of 40 rows');
  expect(calls).toEqual([]);
});

test('f shows only failures; s sorts once and the rows then stay', async () => {
  const {screen, store} = show(after(midway));
  const names = () => screen.frame().match(/\w+(?=@baya\.com +\S )/g) ?? [];
  await screen.press('f');
  expect(names()).toEqual(['john', 'eve']);
  await screen.press('f', 's', 's');
  expect(screen.frame()).toContain('sorted by state');
  expect(names().slice(0, 3)).toEqual(['eve', 'john', 'ann']);
  store.set(more([{type: 'request-state', request: 0, state: 'Processed'}]));
  await screen.waitFor(/john@baya.com +! 2 failed/);
  expect(names().slice(0, 3)).toEqual(['eve', 'john', 'ann']);
});

test('the selected row is always on screen and the ends say how many more there are', async () => {
  const {screen, node} = show(after(midway), 100, 20);
  await screen.press('G');
  expect(screen.frame()).toMatch(/▸ user36@/);
  expect(screen.frame()).toMatch(/↑ 28 more/);
  await screen.rerender(node(100, 12));
  expect(screen.frame()).toMatch(/▸ user36@/);
  await screen.press('g');
  expect(screen.frame()).toMatch(/▸ john@/);
});

test('when the run has ended enter goes on to the summary and the arrow still opens a mailbox', async () => {
  const {screen, calls} = show(more(ended));
  expect(screen.frame()).toContain(
    '! Stopped before the end: 36 of 40 mailboxes were not begun. Enter: summary.',
  );
  expect(screen.frame()).toContain('took ');
  expect(screen.frame()).not.toContain('p pause');
  await screen.press('right');
  expect(screen.frame()).toContain('mailferry ▸ john@baya.com');
  expect(screen.frame()).toContain('q: summary.');
  await screen.press('esc', 'enter');
  expect(calls).toEqual(['leave']);
});

test('of a thousand mailboxes only the visible ones are built, and only the one that changed again', async () => {
  const first = [
    started(Array.from({length: 1000}, (_, index) => `u${index}`)),
    ...counted(1, [folderOf(0, 'INBOX', 10)]),
  ];
  const snapshot = after(first);
  const {screen, store} = show(snapshot, 120, 24);
  const built = vi.mocked(userLines.userLine);
  expect(built.mock.calls.length).toBeLessThan(50);
  built.mockClear();
  store.set(after(copied(1, 0, 5), snapshot));
  await screen.waitFor('5/10');
  expect(built.mock.calls.map(([row]) => row.label)).toEqual(['u1@baya.com']);
});

test('the help lists each key of the place and esc closes it', async () => {
  const {screen} = show(after(midway), 80, 30);
  await screen.press('?');
  for (const key of ['pgup', 'home g', 'enter', 'ctrl+c', 'p ', 'r ']) expect(screen.frame()).toContain(key);
  await screen.press('esc');
  expect(screen.frame()).toContain('john@');
});

test('a run of one mailbox begins with its folders; esc shows the grid, enter leads from either to the summary', async () => {
  const only = [started(['john']), ...counted(0, [folderOf(0, 'INBOX', 10), folderOf(1, 'Sent Items', 5)])];
  const {screen, store, calls} = show(after(only));
  await screen.waitFor('FOLDER');
  expect(screen.frame()).toContain('Sent Items');
  await screen.press('esc');
  expect(screen.frame()).toContain('MAILBOX');
  await screen.press('enter');
  expect(screen.frame()).toContain('FOLDER');
  store.set(after([...only, ...ended]));
  await screen.waitFor('Enter: summary.');
  await screen.press('enter');
  expect(calls).toEqual(['leave']);
});

test('one mailbox alone is paused, goes next, stops and is tried again; the grid shows it at once', async () => {
  const {screen, store, calls} = show(after(midway));
  await screen.press('space');
  expect(screen.frame()).toContain('john@baya.com is paused; space lets it go on.');
  const paused = [{type: 'request-paused', request: 0}] as const;
  store.set(more(paused));
  await screen.waitFor(/john@baya.com +— paused/);
  await screen.press('space');
  expect(screen.frame()).toContain('john@baya.com goes on.');
  await screen.press('n');
  expect(screen.frame()).toContain('john@baya.com is at work already.');
  await screen.press('G', 'n');
  expect(screen.frame()).toContain('user36@baya.com goes next.');
  store.set(more([...paused, {type: 'request-first', request: 39}]));
  await screen.waitFor(/user36@baya.com +→ next/);
  await screen.press('x');
  expect(screen.frame()).toContain('Stop user36@baya.com? (y/n) The others go on.');
  await screen.press('n', 'x', 'y');
  store.set(more([{type: 'request-stopping', request: 39, how: 'finish'}]));
  await screen.waitFor(/user36@baya.com +— stopping/);
  await screen.press('space');
  expect(screen.frame()).toContain('user36@baya.com is being stopped.');
  await screen.press('x');
  expect(screen.frame()).toContain('Stop user36@baya.com now? (y/n)');
  await screen.press('y');
  store.set(more([{type: 'request-stopping', request: 39, how: 'abort'}]));
  await screen.press('x');
  await screen.waitFor('user36@baya.com is being stopped now.');
  await screen.press('g', 'R');
  expect(screen.frame()).toContain('john@baya.com has not ended yet.');
  await screen.press('down', 'down', 'R');
  expect(screen.frame()).toContain('Nothing of bob@baya.com has failed.');
  await screen.press('down', 'R');
  expect(screen.frame()).toContain('eve@baya.com is back in the queue.');
  expect(calls).toEqual(['pause 0', 'resume 0', 'first 39', 'stop 39', 'stop 39', 'retry 3']);
});

test('inside a mailbox the keys are about that mailbox', async () => {
  const {screen, calls} = show(after(midway));
  await screen.press('down', 'down', 'down', 'enter', 'R');
  expect(calls).toEqual(['retry 3']);
});

test('+ and - change how many go at once; the title says how many', async () => {
  const {screen, store, calls} = show(after(midway));
  await screen.press('+', '-', '+', '+');
  expect(calls).toEqual(['change 1', 'change -1', 'change 1', 'change 1']);
  store.set(more([{type: 'mailboxes-changed', mailboxes: 1}]));
  await screen.waitFor(/40 mailboxes +1 at once/);
  expect(screen.frame()).toContain('1 at once from now on; 2 are still at work.');
});

test('d gives the terminal back where the run goes on without it; q offers that apart from stopping', async () => {
  const {screen, calls} = show(after(midway), 120, 24, true);
  await screen.press('q');
  expect(screen.frame()).toMatch(/y yes, stop +d leave it running +n no, go on/);
  await screen.press('d');
  await screen.press('d');
  expect(calls).toEqual(['detach', 'detach']);
  const bound = show(after(midway));
  await bound.screen.press('d', 'q');
  expect(bound.screen.frame()).not.toContain('leave it running');
  expect(bound.calls).toEqual([]);
});

test('how much a mailbox holds stands in its row while it waits', () => {
  const frame = show(more([{type: 'request-measured', request: 4, messages: 1234}])).screen.frame();
  expect(frame).toMatch(/user01@baya.com +○ pending +1,234$/m);
});

test('where the help has little room it is shorter, and no key is missing', async () => {
  for (const rows of [40, 24, 16]) {
    const {screen} = show(after(midway), 80, rows, true);
    await screen.press('?');
    for (const key of [
      'pgup',
      'home',
      'space',
      'r ',
      'R ',
      'n ',
      'x ',
      '+',
      's ',
      'f ',
      'q ',
      'd ',
      'ctrl+c',
    ])
      expect(
        screen
          .frame()
          .split(/\s{2,}|\n/)
          .some(part => `${part} `.trimStart().startsWith(key)),
      ).toBe(true);
    expect(misfits(screen.frame(), 80, rows)).toEqual([]);
    screen.unmount();
  }
});
