// Which message breaks the connection, and which only our own reader makes nothing of.
import {expect, it} from 'vitest';
import {Suspicion} from '../../../source/engine/copy/suspicion.ts';

type Loss = 'unreadable' | 'gone';

function after(...losses: readonly Loss[]): Suspicion {
  const suspicion = new Suspicion();
  for (const loss of losses) suspicion.lost(new Set([7]), loss === 'unreadable');
  return suspicion;
}

it.each<[readonly Loss[], 'unread' | 'guilty' | undefined]>([
  [['unreadable'], undefined],
  [['gone'], undefined],
  [['unreadable', 'unreadable'], 'unread'],
  [['gone', 'gone'], 'guilty'],
  [['unreadable', 'gone'], 'guilty'],
  [['gone', 'unreadable', 'unreadable'], 'guilty'],
  [['unreadable', 'unreadable', 'gone'], 'guilty'],
])('after %j a message alone is %s', (losses, which) => {
  const {unread, guilty} = after(...losses);
  expect({unread, guilty}).toEqual({unread: undefined, guilty: undefined, ...(which && {[which]: 7})});
});

it('what another reader has read is neither, until it breaks the connection anew', () => {
  const suspicion = after('unreadable', 'unreadable');
  suspicion.readOtherwise(7);
  expect([suspicion.unread, suspicion.guilty]).toEqual([undefined, undefined]);
  suspicion.lost(new Set([7]));
  expect([suspicion.unread, suspicion.guilty]).toEqual([undefined, undefined]);
  // Ours would break the connection once more.
  expect([7, 8].map(uid => suspicion.needsOther(uid))).toEqual([true, false]);
  suspicion.lost(new Set([7]));
  expect([suspicion.unread, suspicion.guilty]).toEqual([undefined, 7]);
  suspicion.clear();
  expect(suspicion.needsOther(7)).toBe(false);
});

it('nor is one of several, nor one before another got through', () => {
  const several = new Suspicion();
  for (let loss = 0; loss < 3; loss++) several.lost(new Set([7, 8]), true);
  const line = after('unreadable', 'unreadable');
  line.cleared(8);
  for (const {unread, guilty} of [several, line]) expect([unread, guilty]).toEqual([undefined, undefined]);
});
