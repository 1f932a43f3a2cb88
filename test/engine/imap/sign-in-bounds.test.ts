// How long a sign-in may take, by the clock.
import {afterEach, beforeEach, expect, it, vi} from 'vitest';
import {SignInDeadline} from '../../../source/engine/imap/sign-in-bounds.ts';

beforeEach(() => {
  vi.useFakeTimers({toFake: ['setTimeout', 'clearTimeout']});
});
afterEach(() => {
  vi.useRealTimers();
});

function deadline() {
  const givenUp = vi.fn();
  return {deadline: new SignInDeadline(100, givenUp), givenUp};
}

it('it is given up once, when its time is over', () => {
  const {deadline: each, givenUp} = deadline();
  each.start();
  vi.advanceTimersByTime(99);
  expect([givenUp.mock.calls.length, each.passed]).toEqual([0, false]);
  vi.advanceTimersByTime(1000);
  expect([givenUp.mock.calls.length, each.passed]).toEqual([1, true]);
});

it('what is waited for meanwhile does not count, and the time begins anew after it', () => {
  const {deadline: each, givenUp} = deadline();
  each.start();
  vi.advanceTimersByTime(99);
  each.stop();
  vi.advanceTimersByTime(1000);
  each.start();
  vi.advanceTimersByTime(99);
  expect([givenUp.mock.calls.length, each.passed]).toEqual([0, false]);
  vi.advanceTimersByTime(1);
  expect(each.passed).toBe(true);
});

it('once the sign-in has ended no clock runs, whatever was still waited for', () => {
  const {deadline: each, givenUp} = deadline();
  each.start();
  each.end();
  expect(vi.getTimerCount()).toBe(0);
  each.start();
  expect(vi.getTimerCount()).toBe(0);
  vi.advanceTimersByTime(1000);
  expect(givenUp).not.toHaveBeenCalled();
});
