import {expect, test} from 'vitest';
import {Turns} from '../../source/engine/turns.ts';

const anyone = () => true;

function waiting(limit: number, ...requests: readonly number[]): Turns {
  const turns = new Turns(limit);
  for (const request of requests) turns.add(request);
  return turns;
}

/** Who begins now, in order. */
function begin(turns: Turns, mayGo: (request: number) => boolean = anyone): number[] {
  const begun: number[] = [];
  for (let next = turns.next(mayGo); next !== undefined; next = turns.next(mayGo)) begun.push(next);
  return begun;
}

test('as many as the limit begin, in order; the next one when one has ended', () => {
  const turns = waiting(2, 5, 3, 8);
  expect(begin(turns)).toEqual([5, 3]);
  turns.ended(3);
  expect(begin(turns)).toEqual([8]);
  expect(turns.idle).toBe(false);
  turns.ended(5);
  turns.ended(8);
  expect(turns.idle).toBe(true);
});

test('a higher limit lets more begin at once; a lower one interrupts nobody', () => {
  const turns = waiting(1, 0, 1, 2, 3);
  expect(begin(turns)).toEqual([0]);
  turns.limit = 3;
  expect(begin(turns)).toEqual([1, 2]);
  turns.limit = 1;
  turns.ended(0);
  turns.ended(1);
  expect(begin(turns)).toEqual([]);
  turns.ended(2);
  expect(begin(turns)).toEqual([3]);
});

test('one goes first; who is at work cannot', () => {
  const turns = waiting(1, 0, 1, 2);
  begin(turns);
  expect(turns.first(2)).toBe(true);
  expect(turns.first(0)).toBe(false);
  turns.ended(0);
  expect(begin(turns)).toEqual([2]);
});

test('one that is held is passed over, and takes its old place when released', () => {
  const turns = waiting(1, 0, 1, 2);
  turns.hold(0);
  expect(begin(turns)).toEqual([1]);
  turns.release(0);
  turns.ended(1);
  expect(begin(turns)).toEqual([0]);
});

test('one that may not go yet takes nobody’s place', () => {
  const turns = waiting(2, 0, 1, 2);
  expect(begin(turns, request => request !== 1)).toEqual([0, 2]);
  turns.ended(0);
  expect(begin(turns)).toEqual([1]);
});

test('the smallest first; of unknown size last, equal ones as they were', () => {
  const turns = waiting(9, 0, 1, 2, 3, 4);
  const sizes: Readonly<Record<number, number>> = {0: 30, 1: 10, 3: 10};
  turns.sortBy(request => sizes[request]);
  expect(begin(turns)).toEqual([1, 3, 0, 2, 4]);
});

test('what is added twice or is at work is there once', () => {
  const turns = waiting(1, 0, 0);
  expect(begin(turns)).toEqual([0]);
  turns.add(0);
  turns.ended(0);
  expect(turns.idle).toBe(true);
});

test('who rests lends its place, to as many as the limit; who wakes goes on, and nobody new begins', () => {
  const turns = waiting(2, 1, 2, 3, 4, 5, 6);
  expect(begin(turns)).toEqual([1, 2]);
  turns.rest(1, 'source');
  turns.rest(1, 'destination');
  expect(begin(turns)).toEqual([3]);
  for (const each of [2, 3]) turns.rest(each, 'source');
  expect(begin(turns)).toEqual([4]);
  turns.wake(1, 'source');
  turns.ended(2);
  turns.wake(1, 'destination');
  expect(begin(turns)).toEqual([]);
  turns.ended(1);
  turns.ended(4);
  expect(begin(turns)).toEqual([5, 6]);
});
