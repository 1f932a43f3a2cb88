import {expect, it} from 'vitest';
import {classesOf, grown} from './heap-count.ts';

it('a class that grows with the rounds is named, the most first', () => {
  const before = new Map([
    ['Socket', 4],
    ['Map', 900],
    ['Session', 0],
  ]);
  const after = new Map([
    ['Socket', 150],
    ['Map', 910],
    ['Session', 200],
    ['Cache', 99],
  ]);
  expect(grown(before, after, 250)).toEqual([
    {name: 'Session', before: 0, after: 200},
    {name: 'Socket', before: 4, after: 150},
  ]);
  expect(grown(before, after, 350).map(({name}) => name)).toEqual(['Session']);
});

it('reads a snapshot as V8 lays it out', () => {
  const snapshot = {
    snapshot: {
      meta: {
        node_fields: ['type', 'name', 'id'],
        node_types: [['hidden', 'object', 'closure', 'string']] as const,
      },
    },
    nodes: [1, 0, 1, 1, 0, 3, 2, 1, 5, 3, 0, 7, 0, 1, 9],
    strings: ['Socket', 'wait'],
  };
  expect([...classesOf(snapshot)]).toEqual([
    ['Socket', 2],
    ['function wait', 1],
  ]);
});
