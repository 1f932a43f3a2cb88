// The lines above every list of the dashboard.
import {expect, test} from 'vitest';
import {ratesLine, titleLine} from '../../source/dashboard/header-lines.ts';
import {noticeLine} from '../../source/dashboard/notice.ts';
import {firstView} from '../../source/dashboard/state.ts';
import {asShown} from '../../source/progress/dry-run.ts';
import {lineText} from '../../source/ui/cells.ts';
import {folder, problem} from '../progress/events.ts';
import {after, midway, requestOf, start, started} from './sample.ts';

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

/** One mailbox of three messages: two are skipped for what `code` says. */
function skippedTwo(code: string, dryRun: boolean) {
  const inFolder = {request: 0, folder: 0};
  const none = {selectedBytes: 0, alreadyPresent: 0, alreadyPresentBytes: 0};
  const skip = (uid: number) =>
    ({type: 'message-skipped', ...inFolder, message: {uid}, problem: {...problem, code}}) as const;
  const totals = {selected: 3, copied: 0, alreadyPresent: 1, skipped: 2, failed: 0, bytes: 0};
  return after([
    started(['john'], dryRun),
    {type: 'folders-planned', request: 0, folders: [folder(0)]},
    {type: 'folder-counted', ...inFolder, selected: 3, ...none, alreadyPresent: 1},
    ...[skip(1), skip(2)],
    {type: 'request-state', request: 0, state: 'Processed'},
    {type: 'run-finished', exitCode: 0, totals},
  ]);
}

test('a dry run that has ended is not told as one that copied', () => {
  const line = lineText(ratesLine(asShown(skippedTwo('dry-run', true)), start, 118));
  expect(line).toMatch(/^took [^,]+$/);
  expect(line).not.toMatch(/copied|msg\/s|skipped/);
});

test('what somebody deleted meanwhile is told as in the log and the report, not as skipped', () => {
  const line = lineText(ratesLine(skippedTwo('copy-deleted', false), start, 118));
  expect(line).toContain('2 deleted meanwhile');
  expect(line).not.toContain('skipped');
});
