// When a test counts as proof of a defence.
import {expect, test} from 'vitest';
import type {Ended} from './named-tests.ts';
import {mistakeOf} from './proof.ts';

/** @param withCode how it ends there, one after the other; it is not asked more often */
async function judged(whole: Ended, without: Ended, ...withCode: readonly Ended[]) {
  const left = [...withCode];
  let late = false;
  const mistake = await mistakeOf(whole, {
    withCode: async () => left.shift() ?? 'not run',
    without: async () => without,
    late() {
      late = true;
    },
  });
  return {mistake, late, left};
}

const proof = {mistake: undefined, left: []};

test.each([
  ['fails without the code', ['passed', 'failed'], {...proof, late: false}],
  ['passes alone', ['failed', 'failed', 'passed'], {...proof, late: false}],
  ['waits for ever without the code', ['passed', 'out of time', 'passed'], {...proof, late: true}],
] as const)('a test proves it that %s', async (_, ends, expected) => {
  const [whole, without, ...withCode] = ends;
  expect(await judged(whole, without, ...withCode)).toEqual(expected);
});

test.each([
  ['does not pass with the code either', ['failed', 'failed', 'out of time']],
  ['passes without the code', ['passed', 'passed']],
  ['did not run', ['passed', 'not run']],
  ['does not end in time with the code either', ['passed', 'out of time', 'out of time']],
  ['does not pass with the code either, right after', ['passed', 'out of time', 'failed']],
] as const)('a test proves nothing that %s', async (mistake, ends) => {
  const [whole, without, ...withCode] = ends;
  expect(await judged(whole, without, ...withCode)).toEqual({mistake, late: false, left: []});
});
