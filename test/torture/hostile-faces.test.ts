// A few of the attacks that `npm run torture -- --only hostile` makes on the check, as lines and on the screen.
import {expect, test} from 'vitest';
import {openTerminal} from '../helpers/terminal.ts';
import {attacks} from '../servers/hostile-lies.ts';
import {checkAttacked, harmIn, harmOf, screenAttacked} from './hostile-faces.ts';
import type {Assault} from './hostile-judge.ts';
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
  ['source', 'the sign-in said back (login)'],
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
      ['source', 'the sign-in said back (login)'],
      ['source', 'names meant to hurt (list)'],
    ],
  },
])('the questions for one mailbox lead to a word about each: $chosen', async ({chosen}) => {
  const {broken, tried} = await wizardAttacked(assaultsOf(chosen), limits);
  expect([tried, broken]).toEqual([chosen.length, []]);
});

test.concurrent.each<[string, string, string[]]>([
  ['nothing', 'fine', []],
  ['a colour', '\x1b[31mfine\x1b[0m', []],
  ['a title', '\x1b]0;PWNED\x07', ['a server acts on the terminal']],
  ['a cell that blinks', '\x1b[5mfine', ['something blinks']],
  ['a cleared screen', '\x1b[2J\x1b[HPWNED', ['the screen was cleared']],
  ['the way back to the main screen', '\x1b[?1049l', ['the screen is left before the end']],
])('what a terminal is made to do is seen: %s', async (_, leaks, harm) => {
  const printed = `\x1b[?1049h\x1b[Hthis is drawn${leaks}\x1b[5;1Hdone`;
  const terminal = openTerminal({
    command: process.execPath,
    args: ['-e', `process.stdout.write(${JSON.stringify(printed)});process.stdin.resume()`],
  });
  try {
    await terminal.waitFor('done');
    expect(harmOf(terminal)).toEqual(harm);
  } finally {
    terminal.kill();
  }
});

test('what has been drawn over is seen in what was printed, and the main screen belongs to the end', () => {
  const seen = {screen: 'fine', raw: '', blinks: false, alternate: true};
  for (const leaked of ['\x1b[1;1HPWNED', '\x1b[31;5mx', '\x1b[5n', '\x1bc'])
    expect(harmIn({...seen, raw: `a${leaked}b`}, false)).toEqual(['a server acts on the terminal']);
  expect(harmIn({...seen, raw: '\x1b[?25l\x1b[H\x1b[2J\x1b[1mfine'}, false)).toEqual([]);
  expect(harmIn({...seen, alternate: false}, true)).toEqual([]);
});
