import {describe, expect, it} from 'vitest';
import {steadyClock} from '../../source/program/steady-clock.ts';

const day = 86_400_000;

describe('the clock of a run', () => {
  it('goes with the machine, over a night asleep too', () => {
    const times = [1_000, 1_500, day, day + 1];
    const clock = steadyClock(() => times.shift() ?? 0);
    expect([clock(), clock(), clock(), clock()]).toEqual([1_000, 1_500, day, day + 1]);
  });

  it('goes on from where it is when the machine is set back, as often as that is done', () => {
    const times = [3 * day, 2 * day, 2 * day + 5_000, day, day + 7_000];
    const clock = steadyClock(() => times.shift() ?? 0);
    expect([clock(), clock(), clock(), clock(), clock()]).toEqual([
      3 * day,
      3 * day,
      3 * day + 5_000,
      3 * day + 5_000,
      3 * day + 12_000,
    ]);
  });

  it('waits for the machine after a small correction, so that it is not ahead for good', () => {
    const times = [10_000, 9_800, 9_900, 10_100];
    const clock = steadyClock(() => times.shift() ?? 0);
    expect([clock(), clock(), clock(), clock()]).toEqual([10_000, 10_000, 10_000, 10_100]);
  });
});
