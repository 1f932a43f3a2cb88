import {expect, it} from 'vitest';
import {namesApart} from '../../../source/engine/imap/names-apart.ts';

const raw = Buffer.from('caf\u00e9').toString('latin1');

it.each([
  ['raw UTF-8 beside modified UTF-7', {'caf&AOk-': 'caf\u00e9', [raw]: raw}],
  ['a letter that was encoded without need', {'&AGE-b': '&AGE-b', ab: 'ab'}],
  [
    'one whose name on the wire is what a third reads',
    {'&AGE-b': '&-AGE-b', ab: 'ab', '&-AGE-b': '&AGE-b', '&AGEAYg-': '&AGEAYg-'},
  ],
  ['none by the rule', {'&AGE-b': 'ab', 'a&AGI-': 'a&AGI-'}],
  ['an ampersand as it is', {'R&-D': 'R&D', 'R&D': 'R&-D'}],
])('names that read the same are kept apart, in any order: %s', (_, names) => {
  const wires = Object.keys(names);
  for (const order of [wires, wires.toReversed()]) {
    const apart = namesApart(order);
    expect(Object.fromEntries([...apart].map(([wire, {name}]) => [wire, name]))).toEqual(names);
  }
});

it('a name that no other reads is as it reads, and says nothing', () => {
  expect([...namesApart(['INBOX', raw, '&AGE-b', 'INBOX'])]).toEqual([
    ['INBOX', {name: 'INBOX'}],
    ['&AGE-b', {name: 'ab'}],
    [raw, {name: 'caf\u00e9'}],
  ]);
});
