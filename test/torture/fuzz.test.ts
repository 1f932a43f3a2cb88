// A share of what `npm run torture -- --only fuzz` does, the same each time.
import {expect, test} from 'vitest';
import {lengthy} from './fuzz/cost.ts';
import {mutation} from './fuzz/mutate.ts';
import {seedOf, tryOnce} from './fuzz/room.ts';
import {inputOf, must, type Target} from './fuzz/target.ts';
import {targets} from './fuzz/targets.ts';

const tries = 80;

test.each(targets.map(target => [target.name, target] as const))('%s', async (name, target) => {
  const broken: string[] = [];
  for (let index = 0; index < tries / (target.weight ?? 1) ** 1.2; index++) {
    const seed = seedOf(6, name, index);
    const found = await tryOnce(target, seed);
    if (found !== undefined) broken.push(`${seed}: ${found}`);
  }
  // What works for the square of its input is not done with this before the test's time is up, or not by far.
  if (target.unmeasured !== true)
    await target.check(inputOf(lengthy(target, seedOf(6, name, 1000))(100_000), 1));
  expect(broken).toEqual([]);
});

test('a parser that breaks is found, and its input comes again', async () => {
  const weak: Target = {
    name: 'test.weak',
    samples: ['a "quoted" word'],
    check: ({latin1}) => must((latin1.match(/"/g)?.length ?? 0) % 2 === 0, 'a quote is left open'),
  };
  const found: number[] = [];
  for (let index = 0; index < 100; index++) {
    const seed = seedOf(1, weak.name, index);
    if ((await tryOnce(weak, seed))?.includes('a quote is left open')) found.push(seed);
  }
  expect(found.length).toBeGreaterThan(5);
  for (const seed of found) expect(mutation(weak, seed)).toEqual(mutation(weak, seed));
});
