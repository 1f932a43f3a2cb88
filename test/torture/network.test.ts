// How the rig judges its own tries at a line that breaks: faults that came about, and places spread evenly.
import {describe, expect, test} from 'vitest';
import {seeded} from '../helpers/mail-random.ts';
import {missed, missesTooOften} from '../helpers/network-judgement.ts';
import type {Outcome} from '../helpers/network-room.ts';
import {evenly, oneOfEach} from '../helpers/network-sweep.ts';

describe('a fault of the network that did not come about', () => {
  const cut = {toward: 'client', after: 5, how: 'cut'} as const;
  const outcome = {faults: 0, unfound: 0, told: []};

  const closed = {faults: [{...cut, closedFor: 2}]};
  const unnamed = {unnamed: {times: 1, code: 'ENOTFOUND'}} as const;

  test.each<[string, Parameters<typeof missed>[0], Partial<Outcome>, Partial<Outcome>]>([
    ['a fault', {faults: [cut]}, {faults: 1}, {faults: 0}],
    ['the second of two', {faults: [cut, cut]}, {faults: 2}, {faults: 1}],
    ['a closed port', {closedFor: 1}, {told: ['connection-refused']}, {}],
    [
      'a port closed afterwards',
      closed,
      {faults: 1, told: ['connection-lost', 'connection-refused']},
      {faults: 1, told: ['connection-lost']},
    ],
    ['a name', unnamed, {unfound: 1}, {unfound: 0}],
  ])('%s', (_, what, came, didNot) => {
    expect(missed(what, {...outcome, ...came})).toEqual([]);
    expect(missed(what, {...outcome, ...didNot})).toHaveLength(1);
  });

  test('a kind of which too many tried nothing is told, and one that always missed', () => {
    expect(missesTooOften('cut', {tried: 400, missed: 0})).toBe(false);
    expect(missesTooOften('cut', {tried: 400, missed: 4})).toBe(false);
    expect(missesTooOften('cut', {tried: 400, missed: 16})).toBe(true);
    expect(missesTooOften('twice in a row', {tried: 400, missed: 16})).toBe(false);
    expect(missesTooOften('twice in a row', {tried: 400, missed: 60})).toBe(true);
    expect(missesTooOften('cut', {tried: 3, missed: 1})).toBe(false);
    expect(missesTooOften('cut', {tried: 3, missed: 3})).toBe(true);
    expect(missesTooOften('cut', {tried: 0, missed: 0})).toBe(false);
  });
});

describe('an even sample', () => {
  const places = Array.from({length: 1_000}, (_, at) => at);

  test('each beginning of it is spread over all of the list, and all of it is there once', () => {
    const order = evenly(places, seeded(1));
    expect(order.toSorted((one, other) => one - other)).toEqual(places);
    for (const many of [16, 100, 460]) {
      const tenths = Map.groupBy(order.slice(0, many), at => Math.floor(at / 100));
      const counts = Array.from({length: 10}, (_, tenth) => tenths.get(tenth)?.length ?? 0);
      expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(3);
    }
  });

  test('another seed takes others', () => {
    const one = new Set(evenly(places, seeded(1)).slice(0, 100));
    const other = evenly(places, seeded(2)).slice(0, 100);
    expect(other.filter(at => one.has(at)).length).toBeLessThan(25);
    expect(evenly(places, seeded(1)).slice(0, 100)).toEqual([...one]);
  });

  test('one of each kind, by chance', () => {
    const kindOf = (at: number) => String(at % 7);
    const chosen = oneOfEach(places, kindOf, seeded(1));
    expect(chosen.map(kindOf).toSorted()).toEqual(['0', '1', '2', '3', '4', '5', '6']);
    expect(oneOfEach(places, kindOf, seeded(2))).not.toEqual(chosen);
  });
});
