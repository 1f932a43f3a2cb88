// A few of the attacks that `npm run torture -- --only hostile` makes, all at once, in one process with little memory.
import {afterAll, expect, test} from 'vitest';
import {attacks} from '../servers/hostile-lies.ts';
import {type Assault, judgeRequest, nameOf, type RequestTold, unseen} from './hostile-judge.ts';
import {AttackRoom} from './hostile-room.ts';
import {ToldLies} from './hostile-told.ts';

const room = new AttackRoom({heap: 300, rss: 600, hangMs: 50_000, inactivityMs: 10_000});
afterAll(() => room.close());

const chosen: readonly (readonly ['source' | 'destination', string])[] = [
  ['source', 'passwords asked for without end'],
  ['source', 'the sign-in said back (login)'],
  ['destination', 'the sign-in said back (login)'],
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

function assaultOf([end, name]: (typeof chosen)[number]): Assault {
  const attack = attacks.find(each => each.name === name);
  if (attack === undefined) throw new Error(`There is no attack "${name}"`);
  return {attack, end};
}

test('servers that mean harm cost themselves, not memory, not the others of the batch, and no mail', async () => {
  const assaults = chosen.map(assaultOf);
  const {broken, lost, doubled, ended} = await room.attack(assaults);
  expect({broken, lost, doubled}).toEqual({broken: [], lost: 0, doubled: 0});
  expect(ended).toHaveLength(chosen.length + 1);
});

const misled: typeof chosen = [
  ['destination', 'nothing found (search, half is there)'],
  ['source', 'one found fewer (search, half is there)'],
  ['destination', 'headers of one fewer (headers, half is there)'],
  ['source', 'sizes of 0 (headers, half is there)'],
  ['destination', 'a refusal with escapes (headers)'],
  ['source', 'a BAD (search)'],
];

test('where half of the mail is there already, lies about it are told, and lose and double nothing', async () => {
  const lies = new ToldLies();
  const assaults = misled.map(each => lies.noted(assaultOf(each)));
  expect(lies.untold(assaults)).toHaveLength(misled.length);
  const {broken, lost, doubled, at} = await room.attack(assaults);
  expect({broken, lost, doubled, at}).toEqual({broken: [], lost: 0, doubled: 0, at: []});
  expect(lies.untold(assaults)).toEqual([]);
});

test('an answer that stays as it was, or only leads to the lie, is no lie told', () => {
  const [attack] = attacks.filter(({name}) => name === 'passwords asked for without end');
  if (attack === undefined) throw new Error('There is no such attack');
  const lies = new ToldLies();
  const assaults = [
    lies.noted({attack, end: 'source'}),
    lies.noted({attack: {...attack, at: /^SELECT/, lies: ({reply}) => reply}, end: 'destination'}),
  ] as const;
  const ask = (command: string) => {
    for (const each of assaults) each.attack.lies({tag: 'A', command, reply: '* OK\r\n', turn: 0});
  };
  ask('');
  ask('SELECT "x"');
  expect(lies.untold(assaults)).toEqual(assaults.map(nameOf));
  ask('AUTHENTICATE LOGIN');
  expect(lies.untold(assaults)).toEqual(assaults.slice(1).map(nameOf));
});

const well: RequestTold = {
  state: 'Processed',
  selected: 5,
  copied: 3,
  alreadyPresent: 2,
  skipped: 0,
  failed: 0,
  failedFolders: 0,
  notes: [],
  sentence: '',
  detail: '',
  code: '',
};
const stored = ['1', '2', '3', '4', '5'];
const atSource = assaultOf(['source', 'UID 0 (sizes)']);
const atDestination = assaultOf(['destination', 'APPENDUID of everything (append)']);
const judged = (assault: Assault | undefined, told: Partial<RequestTold>, there: readonly string[]) =>
  judgeRequest(assault, {...well, ...told}, {truth: 5, stored: there, messages: there.length});

test.each<{is: string; end: Assault; told?: Partial<RequestTold>; there?: readonly string[]; lost: number}>([
  {is: 'all arrived', end: atSource, lost: 0},
  {is: 'fewer, and no word', end: atSource, there: stored.slice(2), lost: 2},
  {is: 'fewer selected, too', end: atSource, told: {selected: 3, copied: 1}, there: stored.slice(2), lost: 2},
  {is: 'one failed', end: atSource, told: {copied: 2, failed: 1}, there: stored.slice(1), lost: 0},
  {is: 'one skipped', end: atSource, told: {copied: 2, skipped: 1}, there: stored.slice(1), lost: 0},
  {is: 'a folder failed', end: atSource, told: {failedFolders: 1}, there: stored.slice(1), lost: 0},
  {is: 'a warning', end: atSource, told: {notes: ['folder-incomplete']}, there: stored.slice(1), lost: 0},
  {
    is: 'a note on flags',
    end: atSource,
    told: {notes: ['keywords-dropped']},
    there: stored.slice(1),
    lost: 1,
  },
  {is: 'it failed', end: atSource, told: {state: 'Failed', sentence: 'It is so.'}, there: [], lost: 0},
  {is: 'fewer than told', end: atDestination, there: stored.slice(1), lost: 1},
  {is: 'one failed', end: atDestination, told: {copied: 2, failed: 1}, there: stored.slice(1), lost: 0},
  {
    is: 'and one more lost',
    end: atDestination,
    told: {copied: 2, failed: 1},
    there: stored.slice(2),
    lost: 1,
  },
])(
  'mail counts as lost where no word is said of it: $end.end, $is',
  ({end, told = {}, there = stored, lost}) => {
    expect(judged(end, told, there)).toEqual({broken: [], lost, doubled: 0});
  },
);

test('twice is twice at the destination; a source may send the same under two UIDs', () => {
  const there = [...stored, '5'];
  expect(judged(atDestination, {}, there).doubled).toBe(1);
  expect(judged(undefined, {}, there).doubled).toBe(1);
  expect(judged(atSource, {}, there).doubled).toBe(0);
});

test.each<[string, Partial<RequestTold>]>([
  ['counts that do not add up', {copied: 2}],
  ['counts that do not add up where it failed', {state: 'Failed', sentence: 'It is so.', copied: 0}],
  ['no counts', {selected: -4, copied: -1, alreadyPresent: -1, skipped: -1, failed: -1}],
  ['no sentence', {state: 'Failed', sentence: ''}],
  ['a fault of its own', {code: 'internal-error'}],
])('broken: %s', (_, told) => {
  expect(judged(atSource, told, stored).broken).toHaveLength(1);
});

test('what no client can see through is the attack that it names, and what it hides alone', () => {
  const names = attacks.flatMap(attack => attack.ends.map(end => nameOf({attack, end})));
  for (const name of unseen.keys()) expect(names).toContain(name);
  const swollen = assaultOf(['source', 'bodies of 8 MB that were announced small (bodies)']);
  const found = {truth: 5, stored: [], messages: 4};
  expect(judgeRequest(swollen, well, found).lost).toBe(1);
  const unfound = assaultOf(['source', 'one found fewer (search, half is there)']);
  expect(judged(unfound, {selected: 4, copied: 2}, stored.slice(1)).lost).toBe(0);
  expect(judged(unfound, {selected: 4, copied: 2}, stored.slice(2)).lost).toBe(1);
  const renamed = assaultOf(['destination', 'headers of other mail (headers, half is there)']);
  expect(judged(renamed, {}, [...stored, '5'])).toEqual({broken: [], lost: 0, doubled: 0});
  expect(judged(renamed, {}, stored.slice(1)).lost).toBe(1);
});
