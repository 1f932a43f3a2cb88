// How many lanes there should be, by what they carry.
import {expect, test} from 'vitest';
import {LaneControl, Meter} from '../../../source/engine/copy/lanes.ts';

const carried = new WeakMap<LaneControl, number>();

/** Lets lanes carry what `rate` says for their number, bytes a ms, for a while; gives how many there were each second. */
function carry(control: LaneControl, rate: (lanes: number) => number, seconds = 120, from = 0): number[] {
  const seen: number[] = [];
  let amount = carried.get(control) ?? 0;
  for (let ms = from; ms < from + seconds * 1000; ms += 100) {
    amount += rate(control.wanted) * 100;
    control.look(ms, amount, control.wanted);
    if (ms % 1000 === 0) seen.push(control.wanted);
  }
  carried.set(control, amount);
  return seen;
}

test('they become more while more carry more', () => {
  const control = new LaneControl({most: 8, start: 2});
  carry(control, lanes => Math.min(lanes, 6) * 100);
  // Seven carry no more than six: tried from time to time, never kept.
  expect([6, 7]).toContain(control.wanted);
  expect(
    carry(control, lanes => Math.min(lanes, 6) * 100, 600, 120_000).filter(lanes => lanes === 6).length,
  ).toBeGreaterThan(450);
});

test('one that carries nothing more goes again, and is tried ever more seldom', () => {
  const control = new LaneControl({most: 8, start: 3});
  const seen = carry(control, () => 300, 900);
  expect(Math.max(...seen)).toBe(4);
  const trials = seen.filter((lanes, at) => lanes === 4 && seen[at - 1] === 3).length;
  expect(trials).toBeGreaterThan(2);
  expect(trials).toBeLessThan(12);
});

test('never more than allowed, never fewer than one', () => {
  const control = new LaneControl({most: 3, start: 9});
  expect(control.wanted).toBe(3);
  carry(control, lanes => lanes * 100);
  expect(control.wanted).toBe(3);
  for (let at = 1; at <= 5; at++) control.trouble(at * 10_000);
  expect(control.wanted).toBe(1);
});

test('trouble halves them once, however many lanes tell of it, and they come back slowly', () => {
  const control = new LaneControl({most: 8, start: 8});
  control.trouble(1000);
  control.trouble(1100);
  control.trouble(2900);
  expect(control.wanted).toBe(4);
  const seen = carry(control, lanes => lanes * 100, 60, 5000);
  expect(Math.max(...seen)).toBe(4);
  carry(control, lanes => lanes * 100, 600, 65_000);
  expect(control.wanted).toBeGreaterThan(4);
});

test('a server that becomes slow is given less', () => {
  const control = new LaneControl({most: 4, start: 4});
  carry(control, lanes => lanes * 100, 20);
  carry(control, () => 40, 20, 20_000);
  expect(control.wanted).toBeLessThan(4);
});

test('what the server does not grant is not asked for again', () => {
  const control = new LaneControl({most: 6, start: 4});
  control.refused(2);
  expect(control.wanted).toBe(2);
  carry(control, lanes => lanes * 100);
  expect(control.wanted).toBe(2);
});

test('lanes without work of their own do not count, and say nothing', () => {
  const control = new LaneControl({most: 6, start: 5});
  control.atMost(2);
  expect(control.wanted).toBe(2);
  const meter = new Meter();
  for (let ms = 0; ms < 20_000; ms += 100) {
    meter.add(1, 1000);
    control.look(ms, meter.amount, 1);
  }
  expect(control.wanted).toBe(2);
});

test('lanes that have shown that sharing a folder carries more stay; others go with their work', () => {
  const control = new LaneControl({most: 6, start: 3});
  control.atMost(1);
  for (let second = 0; second < 60; second++) {
    carry(control, lanes => Math.min(lanes, 3) * 100, 1, second * 1000);
    control.atMost(1);
  }
  expect([3, 4]).toContain(control.wanted);
  const alone = new LaneControl({most: 6, start: 3});
  alone.atMost(5);
  carry(alone, lanes => lanes * 100, 60);
  expect(alone.wanted).toBeGreaterThan(3);
  for (let at = 0; at < 20; at++) {
    alone.atMost(1);
    carry(alone, () => 100, 3, 100_000 + at * 3000);
  }
  expect(alone.wanted).toBeLessThan(3);
});

test('where work of their own comes back, so do the lanes that were there for it', () => {
  const control = new LaneControl({most: 6, start: 5});
  control.atMost(1);
  expect(control.wanted).toBe(1);
  control.atMost(4);
  expect(control.wanted).toBe(4);
});
