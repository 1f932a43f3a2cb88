import {expect, test} from 'vitest';
import {awakeSleep} from '../../source/program/awake-sleep.ts';

const minute = 60_000;
const signal = () => new AbortController().signal;

/** A machine whose clock goes on by `moved` for each wait: the time itself where not given. @returns what was waited, in ms */
async function waited(ms: number, moved: (ms: number, time: number) => number = ms => ms): Promise<number[]> {
  const waits: number[] = [];
  let now = 1_800_000_000_000;
  const sleep = awakeSleep(
    async each => {
      waits.push(each);
      now += moved(each, waits.length);
    },
    () => now,
  );
  await sleep(ms, signal());
  return waits;
}

const sum = (waits: readonly number[]) => waits.reduce((total, each) => total + each, 0);

test.each([[0], [1], [14_999], [15_000], [40_000], [30 * minute]])(
  'waits %i ms, no more and no less',
  async ms => {
    expect(sum(await waited(ms))).toBe(ms);
  },
);

test('what the machine has slept through is not waited for again', async () => {
  // The lid is closed in the second part, for an hour.
  const waits = await waited(30 * minute, (ms, time) => (time === 2 ? 60 * minute : ms));
  expect(waits).toEqual([15_000, 15_000]);
  const nearly = await waited(30 * minute, (ms, time) => (time === 1 ? 30 * minute - 2_000 : ms));
  expect(nearly).toEqual([15_000, 2_000]);
});

test('a clock that stands still makes no wait longer', async () => {
  expect(sum(await waited(minute, () => 0))).toBe(minute);
});

test('it ends where it is called off', async () => {
  const stop = new AbortController();
  let waits = 0;
  const sleep = awakeSleep(
    async (_, signal) => {
      if (++waits === 2) stop.abort();
      signal.throwIfAborted();
    },
    () => 0,
  );
  await expect(sleep(minute, stop.signal)).rejects.toMatchObject({name: 'AbortError'});
  expect(waits).toBe(2);
});
