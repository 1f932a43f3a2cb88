// A few of the attacks that `npm run torture -- --only hostile` makes on the check, as lines and on the screen.
import {expect, test} from 'vitest';
import {attacks} from '../servers/hostile-lies.ts';
import {checkAttacked, screenAttacked} from './hostile-faces.ts';
import type {Assault} from './hostile-room.ts';
import {wizardAttacked} from './hostile-wizard.ts';

const limits = {heap: 300, rss: 500, hangMs: 90_000};

type Chosen = readonly (readonly [Assault['end'], string])[];
const assaultsOf = (chosen: Chosen): Assault[] =>
  chosen.map(([end, name]) => {
    const attack = attacks.find(each => each.name === name);
    if (attack === undefined) throw new Error(`There is no attack "${name}"`);
    return {attack, end};
  });

const talking: Chosen = [
  ['source', 'names meant to hurt (list)'],
  ['destination', 'a refusal with escapes (list)'],
  ['source', 'a refusal with escapes (list)'],
  ['source', 'a goodbye with escapes (examine)'],
  ['destination', 'a line without end (list)'],
  ['source', 'passwords asked for without end'],
  ['source', 'STATUS numbers 99999999999999999999 (list)'],
];

test('mailferry check tells of each in sentences, and goes on with the others', async () => {
  const {broken} = await checkAttacked(assaultsOf(talking), 'jsonl', limits);
  expect(broken).toEqual([]);
});

test("the check's screen is unharmed, and is left while servers keep it waiting", async () => {
  const waiting: Chosen = [
    ['source', 'silence (list)'],
    ['destination', 'a word now and then (login)'],
  ];
  const {broken} = await screenAttacked(assaultsOf([...talking, ...waiting]), limits);
  expect(broken).toEqual([]);
});

test.concurrent.for<{chosen: Chosen}>([
  {chosen: [['destination', 'a refusal with escapes (list)']]},
  {
    chosen: [
      ['source', 'silence (list)'],
      ['source', 'names meant to hurt (list)'],
    ],
  },
])('the questions for one mailbox lead to a word about each: $chosen', async ({chosen}) => {
  const {broken, tried} = await wizardAttacked(assaultsOf(chosen), limits);
  expect([tried, broken]).toEqual([chosen.length, []]);
});
