import fc from 'fast-check';
import {describe, expect, test, vi} from 'vitest';
import {emptySnapshot, reduce} from '../../source/progress/reduce.ts';
import {percentOfMessages, selectRows, visibleWindow} from '../../source/progress/select.ts';
import {at, counted, problem, runStarted} from './events.ts';

let snapshot = reduce(emptySnapshot, runStarted(12));
for (const event of [
  {type: 'request-finished', request: 2, counts: counted(10, 9, 1)},
  {type: 'request-state', request: 2, state: 'Processed'},
  {type: 'request-state', request: 10, state: 'Failed', problem},
  {type: 'request-state', request: 5, state: 'Processing'},
  {type: 'request-finished', request: 5, counts: counted(10, 4)},
] as const) {
  snapshot = reduce(snapshot, at(event, 1));
}
const {requests} = snapshot;
const order = (view: Parameters<typeof selectRows>[1]) => selectRows(requests, view).map(one => one.request);

describe('rows', () => {
  test('stay the same list where nothing is filtered', () => {
    expect(selectRows(requests, {sort: 'order'})).toBe(requests);
  });

  test('sort', () => {
    expect(order({sort: 'name'})).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
    expect(order({sort: 'state'})).toEqual([10, 5, 0, 1, 3, 4, 6, 7, 8, 9, 11, 2]);
    expect(order({sort: 'failures'}).slice(0, 3)).toEqual([10, 2, 0]);
    expect(order({sort: 'progress'}).slice(-2)).toEqual([5, 2]);
    expect(requests.map(one => one.request)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
  });

  test('filter by words anywhere, and by failures', () => {
    expect(order({sort: 'order', filter: ' USER1 vault '})).toEqual([1, 10, 11]);
    expect(order({sort: 'order', filter: 'processing'})).toEqual([5]);
    expect(order({sort: 'order', filter: 'nobody'})).toEqual([]);
    expect(order({sort: 'order', onlyFailures: true})).toEqual([2, 10]);
  });

  test('filter by what the rows say of waiting and failing', () => {
    const waits = at({type: 'waiting', request: 7, end: 'source', until: 9, problem} as const, 1);
    const waiting = reduce(snapshot, waits).requests;
    const found = (filter: string) =>
      selectRows(waiting, {sort: 'order', filter}).map(({request}) => request);
    expect(found('waits')).toEqual([7]);
    expect(found(problem.sentence)).toEqual([10]);
  });
});

test('100 % means all', () => {
  expect(percentOfMessages(999, 1000)).toBe(99);
  expect(percentOfMessages(1000, 1000)).toBe(100);
  expect(percentOfMessages(0, 0)).toBeUndefined();
});

test('the window shows the selected row and moves only as far as it must', () => {
  expect(visibleWindow(100, 10, 12, 5)).toEqual({start: 5, end: 15, above: 5, below: 85});
  expect(visibleWindow(100, 10, 20, 5)).toEqual({start: 11, end: 21, above: 11, below: 79});
  expect(visibleWindow(3, 10, 2, 40)).toEqual({start: 0, end: 3, above: 0, below: 0});
  fc.assert(
    fc.property(
      fc.nat(50),
      fc.nat(20),
      fc.integer({min: -5, max: 60}),
      fc.nat(60),
      (count, height, row, start) => {
        const window = visibleWindow(count, height, row, start);
        expect(window.start).toBeGreaterThanOrEqual(0);
        expect(window.end).toBeLessThanOrEqual(count);
        expect(window.end - window.start).toBe(Math.min(height, count));
        expect(window.above + (window.end - window.start) + window.below).toBe(count);
        if (count > 0 && height > 0 && row >= 0 && row < count) {
          expect(row >= window.start && row < window.end).toBe(true);
        }
      },
    ),
  );
});

test('loading it makes no collator: that would take longer than the rest of a start', async () => {
  const made = vi.spyOn(Intl, 'Collator');
  vi.resetModules();
  await import('../../source/progress/select.ts');
  expect(made).not.toHaveBeenCalled();
  made.mockRestore();
});
