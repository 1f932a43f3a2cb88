// A few of the attacks that `npm run torture -- --only hostile` makes, all at once, in one process with little memory.
import {afterAll, expect, test} from 'vitest';
import {attacks} from '../servers/hostile-lies.ts';
import {type Assault, AttackRoom} from './hostile-room.ts';

const room = new AttackRoom({heap: 300, rss: 600, hangMs: 50_000, inactivityMs: 10_000});
afterAll(() => room.close());

const chosen: readonly (readonly ['source' | 'destination', string])[] = [
  ['source', 'passwords asked for without end'],
  ['destination', 'quota roots meant to hurt'],
  ['source', 'names meant to hurt (list)'],
  ['destination', 'names meant to hurt (list)'],
  ['source', 'a namespace of everybody (namespace)'],
  ['source', 'UID 99999999999999999999 (sizes)'],
  ['source', 'each body twice (bodies)'],
  ['source', 'bodies without UID (bodies)'],
  ['source', 'bodies of 8 MB that were announced small (bodies)'],
  ['source', '100,000 flags (bodies)'],
  ['destination', 'APPENDUID of everything (append)'],
  ['destination', 'a goodbye with escapes (append)'],
  ['destination', 'an APPEND answered twice (append)'],
  ['source', 'a line without end (examine)'],
  ['source', 'a thousand parentheses (list)'],
  ['destination', 'a nested structure (select)'],
  ['source', 'answers before the question (login)'],
  ['destination', 'a hang-up in the middle (append)'],
];

test('servers that mean harm cost themselves, not memory, not the others of the batch, and no mail', async () => {
  const assaults = chosen.map(([end, name]): Assault => {
    const attack = attacks.find(each => each.name === name);
    if (attack === undefined) throw new Error(`There is no attack "${name}"`);
    return {attack, end};
  });
  const {broken, lost, doubled, ended} = await room.attack(assaults);
  expect({broken, lost, doubled}).toEqual({broken: [], lost: 0, doubled: 0});
  expect(ended).toHaveLength(chosen.length + 1);
});
