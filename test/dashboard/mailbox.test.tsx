// What stands above the folders of one mailbox.
import {afterEach, expect, test} from 'vitest';
import {Dashboard} from '../../source/dashboard/dashboard.tsx';
import type {RunControl} from '../../source/services.ts';
import {cleanup, renderScreen} from '../helpers/render.tsx';
import {after, midway, start, storeOf} from './sample.ts';

afterEach(cleanup);

test('what has failed in a mailbox is said once above its folders', async () => {
  const counts = {selected: 700, copied: 698, alreadyPresent: 0, skipped: 0, failed: 2, bytes: 0};
  const done = after([
    ...midway,
    {type: 'request-finished', request: 0, counts},
    {type: 'request-state', request: 0, state: 'Processed'},
  ]);
  const control = {} as RunControl;
  const grid = (
    <Dashboard
      store={storeOf(done)}
      control={control}
      now={() => start + 79_000}
      columns={120}
      rows={30}
      onLeave={() => undefined}
    />
  );
  const screen = renderScreen(grid, {columns: 120, rows: 30});
  await screen.press('enter');
  const facts =
    screen
      .frame()
      .split('\n')
      .find(line => line.includes('processed')) ?? '';
  expect(facts.match(/2 failed/g)).toHaveLength(1);
});
