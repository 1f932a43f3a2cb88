// What was refused goes out mended only once it has been looked for.
import {expect, it} from 'vitest';
import {Mending} from '../../../source/engine/copy/mending.ts';
import {problem} from '../../../source/engine/problems/problems.ts';

const refused = {why: problem('message-has-nul', {})};

it('nothing goes out mended before it was looked for, nor once its fate is known', () => {
  const mending = new Mending();
  for (const uid of [1, 2]) mending.postpone(uid, refused);
  expect([mending.isWaiting(1), mending.missing(1)]).toEqual([true, undefined]);
  mending.looked();
  mending.cleared(2);
  expect([mending.isWaiting(1), mending.missing(1), mending.missing(2)]).toEqual([false, refused, undefined]);
});

it('no more wait than memory is to hold', () => {
  const mending = new Mending();
  for (let uid = 1; uid < 100; uid++) mending.postpone(uid, refused);
  expect(mending.full).toBe(false);
  mending.postpone(100, refused);
  expect(mending.full).toBe(true);
  mending.looked();
  expect([mending.open, mending.full]).toEqual([false, false]);
});
