// Which tries a run of the kill part needs before it may say that each point was killed at.
import {expect, test} from 'vitest';
import type {Point} from '../../source/engine/points.ts';
import {seeded} from '../helpers/mail-random.ts';
import type {Spot} from './append-spots.ts';
import {KillPlan, type Known} from './kill-plan.ts';
import type {Variant} from './kill-site.ts';

const passed = (...names: readonly Point[]) => new Map(names.map(point => [point, 3] as const));

const known = (spots: readonly Spot[]): Known => ({
  fresh: passed('run-named', 'intent-written', 'bytes-sent'),
  changed: passed('run-named', 'reconciled'),
  recovery: passed('settle-done'),
  spots: new Map(spots.map(spot => [spot, 5] as const)),
  bytes: 90_000,
});
const ways = new Map<Variant, Known>([
  ['multiappend', known(['command', 'between'])],
  ['single', known(['literal'])],
]);

test('what is needed comes first, has each point and spot in every way once, and has an end', () => {
  const {needed} = new KillPlan(ways, seeded(3));
  let planned: number | undefined;
  const came = new KillPlan(ways, seeded(3)).tries({
    planned(tries) {
      planned = tries;
    },
  });
  expect(Array.from(needed, () => came.next().value)).toEqual(needed);
  expect(planned).toBe(needed.length);
  expect(new Set(needed.map(each => JSON.stringify(each))).size).toBe(needed.length);

  const of = (variant: Variant) => needed.filter(each => each.variant === variant);
  const ends = (variant: Variant) =>
    new Set(
      of(variant).map(({scene, kills}) => {
        const at = kills.at(-1);
        const end = at === undefined ? '' : 'point' in at ? at.point : 'spot' in at ? at.spot : 'bytes';
        return `${scene} ${kills.length} ${end}`;
      }),
    );
  const everywhere = [
    ...['fresh 1 run-named', 'fresh 1 intent-written', 'fresh 1 bytes-sent'],
    ...['changed 1 reconciled', 'fresh 2 settle-done'],
  ];
  // The one with a power cut, in the first way only, is at a byte.
  expect(ends('multiappend')).toEqual(
    new Set([...everywhere, 'fresh 1 command', 'fresh 1 between', 'fresh 1 bytes']),
  );
  expect(ends('single')).toEqual(new Set([...everywhere, 'fresh 1 literal']));
  expect(of('multiappend').filter(({kills}) => kills.some(({late}) => late === true))).toHaveLength(2);
});
