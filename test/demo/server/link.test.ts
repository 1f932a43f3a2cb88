import {afterEach, expect, it, vi} from 'vitest';
import {Link} from '../../../source/demo/server/link.ts';

afterEach(() => {
  vi.useRealTimers();
});

it('gives those who share it so many bytes a second together, one after the other', async () => {
  vi.useFakeTimers({now: 0});
  const link = new Link({bytesPerSecond: 10_000, latencyMs: 5}, () => Date.now());
  const arrived: [string, number][] = [];
  const carry = (name: string, bytes: number) =>
    link.carry(bytes).then(() => arrived.push([name, Date.now()]));
  const carried = [carry('a', 10_000), carry('b', 5_000), carry('short', 100)];
  await vi.advanceTimersByTimeAsync(2_000);
  await Promise.all(carried);
  const late = carry('c', 1_000);
  await vi.advanceTimersByTimeAsync(100);
  await late;
  expect(arrived).toEqual([
    ['short', 0],
    ['a', 1_000],
    ['b', 1_500],
    ['c', 2_100],
  ]);
});

it('holds nothing back without a speed', async () => {
  const link = new Link(undefined, () => 0);
  await link.carry(1e9);
  expect(link.latencyMs).toBe(0);
});
