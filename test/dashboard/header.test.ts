// The lines above every list of the dashboard.
import {expect, test} from 'vitest';
import {titleLine} from '../../source/dashboard/header-lines.ts';
import {noticeLine} from '../../source/dashboard/notice.ts';
import {firstView} from '../../source/dashboard/state.ts';
import {lineText} from '../../source/ui/cells.ts';
import {after, midway, requestOf, start} from './sample.ts';

test('mailboxes that have no domain in common are told without one', () => {
  const login = (user: string, domain: string) => `${user}@${domain}`;
  const request = (index: number, source: string, destination: string) => ({
    ...requestOf(index, 'x'),
    ...{source: login('x', source), destination: login('x', destination)},
  });
  const title = (...pairs: readonly (readonly [string, string])[]) =>
    lineText(
      titleLine(
        after([
          {
            ...{type: 'run-started', version: 1, run: 'r', dryRun: false},
            requests: pairs.map(([source, destination], index) => request(index, source, destination)),
          },
        ]),
        start,
        120,
      ),
    );
  expect(title(['baya.com', 'a.example'], ['baya.com', 'b.example'])).toContain('baya.com → several domains');
  expect(title(['baya.com', 'a.example'], ['a.example', 'baya.com'])).not.toContain('several');
});

test('at 80 columns the verdict after a stop is whole: the clause that fits, and how to go on', () => {
  const totals = {selected: 0, copied: 0, alreadyPresent: 0, skipped: 0, failed: 0, bytes: 0};
  const stopped = after([...midway, {type: 'run-finished', exitCode: 130, totals}]);
  const said = (width: number) => lineText(noticeLine(stopped, firstView, 40, 40, width));
  expect(said(150)).toContain(
    '36 of 40 mailboxes were not begun; of the others 470 of 1,090 selected messages are at the destination.',
  );
  expect(said(78)).toBe('! Stopped before the end: 36 of 40 mailboxes were not begun. Enter: summary.');
  expect(said(58)).toBe('! Stopped before the end. Enter: summary.');
});
