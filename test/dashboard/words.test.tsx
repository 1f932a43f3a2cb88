// What rows, header and details say of mailboxes that wait, were stopped, or failed for a long reason.
import {afterEach, expect, test} from 'vitest';
import {Dashboard} from '../../source/dashboard/dashboard.tsx';
import type {NewEvent} from '../../source/engine/events.ts';
import type {RunControl} from '../../source/services.ts';
import {cleanup, renderScreen} from '../helpers/render.tsx';
import {after, failedMessage, midway, start, started, storeOf, throttled, tooLarge} from './sample.ts';

afterEach(cleanup);

const untouched = {} as RunControl;

function show(events: readonly NewEvent[], columns: number, rows: number) {
  return renderScreen(
    <Dashboard
      store={storeOf(after(events))}
      control={untouched}
      now={() => start + 79_000}
      columns={columns}
      rows={rows}
      onLeave={() => undefined}
    />,
    {columns, rows},
  );
}

test('a mailbox that waits before it is signed in says so as well, so that those which wait can be found', () => {
  const early: readonly NewEvent[] = [
    started(['john', 'ann']),
    {type: 'request-state', request: 1, state: 'Verifying'},
    {type: 'waiting', request: 1, end: 'source', until: start + 142_000, problem: throttled},
  ];
  const frame = show(early, 80, 24).frame();
  expect(frame).toMatch(/ann@baya.com +! waits 1:03/);
  expect(frame).toContain('! 1 waits (1:03)');
});

test('a mailbox that was stopped is not counted as done', () => {
  const frame = (events: readonly NewEvent[]) => show([...midway, ...events], 120, 24).frame();
  expect(frame([])).toContain(' 2 of 40 done');
  expect(frame([{type: 'request-state', request: 5, state: 'Stopped'}])).toContain(' 2 of 40 done');
  expect(frame([{type: 'request-state', request: 5, state: 'Failed'}])).toContain(' 3 of 40 done');
});

test('a tall window has room for all of a next step that takes two lines', async () => {
  const step = `Have the limit raised at the destination (${'such a setting, '.repeat(5)}and so on), then run it again.`;
  const tall = {...failedMessage(0, 0, 9, 'Plans'), problem: {...tooLarge, nextStep: step}} as NewEvent;
  const screen = show([...midway, tall], 80, 30);
  await screen.press('enter', 'enter', 'g');
  expect(screen.frame()).toContain('Plans   UID 9');
  expect(screen.frame().replaceAll(/\s+/g, ' ')).toContain(step);
});
