import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {addWork, emptyWindow, etaAt, type RateWindow, rateAt, setIdle} from '../../source/progress/rate.ts';
import {addToTimeline, emptyTimeline} from '../../source/progress/timeline.ts';

const start = 1_000_000;

/** One batch in each second from `from` to `to`. */
function steady(window: RateWindow, from: number, to: number, messages: number, bytes = messages * 1000) {
  let result = window;
  for (let second = from; second < to; second += 1) {
    result = addWork(result, start + second * 1000, messages, bytes);
  }
  return result;
}

const work = (selected: number, copied: number, more = {}) => ({
  counted: true,
  paused: false,
  totals: {selected, copied, alreadyPresent: 0, skipped: 0, failed: 0, bytes: copied * 1000},
  selectedBytes: selected * 1000,
  doneBytes: copied * 1000,
  ...more,
});

describe('rate', () => {
  test('is the mean of two minutes: what was faster before is forgotten', () => {
    const window = steady(steady(emptyWindow, 0, 100, 500), 100, 400, 10);
    expect(rateAt(window, start + 400_000).messagesPerSecond).toBeCloseTo(10, 0);
  });

  test('of a slow link reaches back further, so that it does not jump', () => {
    let window = emptyWindow;
    for (let second = 0; second <= 600; second += 30)
      window = addWork(window, start + second * 1000, 1, 4000);
    const rates = [601, 610, 629].map(second => rateAt(window, start + second * 1000).messagesPerSecond);
    for (const rate of rates) expect(rate).toBeGreaterThan(0.03);
    expect(Math.max(...rates) / Math.min(...rates)).toBeLessThan(1.1);
  });

  test('falls when nothing comes any more', () => {
    const window = steady(emptyWindow, 0, 60, 10);
    expect(rateAt(window, start + 600_000).messagesPerSecond).toBeCloseTo(1, 1);
  });

  test('is nothing during a wait and the same again after it', () => {
    const before = steady(emptyWindow, 0, 60, 10);
    const idle = setIdle(before, start + 60_000, true);
    expect(rateAt(idle, start + 300_000).messagesPerSecond).toBe(0);
    const after = setIdle(idle, start + 360_000, false);
    expect(rateAt(after, start + 360_000).messagesPerSecond).toBeCloseTo(10, 5);
  });

  test('history has a value for each second, empty ones too', () => {
    let window = addWork(emptyWindow, start, 5, 1);
    window = addWork(window, start + 3000, 7, 1);
    expect(rateAt(window, start + 4000).history).toEqual([5, 0, 0, 7]);
    expect(rateAt(window, start + 500_000).history).toHaveLength(60);
  });

  test('survives a clock that is set back', () => {
    const window = addWork(steady(emptyWindow, 0, 30, 10), start - 3_600_000, 10, 10);
    expect(rateAt(window, start + 30_000).messagesPerSecond).toBeCloseTo(10 + 10 / 30, 1);
    expect(rateAt(window, start - 3_600_000).messagesPerSecond).toBeGreaterThan(0);
  });

  test('is finite and the window bounded for any input', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(5_000_000), fc.nat(1000), fc.nat(1_000_000))), list => {
        let window = emptyWindow;
        for (const [time, messages, bytes] of list) window = addWork(window, time, messages, bytes);
        const rate = rateAt(window, 5_000_000);
        expect(Number.isFinite(rate.messagesPerSecond) && rate.messagesPerSecond >= 0).toBe(true);
        expect(window.past.length).toBeLessThanOrEqual(901);
      }),
    );
  });
});

describe('time left', () => {
  test('is a range around the truth', () => {
    const eta = etaAt(steady(emptyWindow, 0, 60, 10), start + 60_000, work(1200, 600));
    expect(eta?.low).toBeLessThan(60_000);
    expect(eta?.high).toBeGreaterThan(60_000);
    expect(eta?.high).toBeLessThan(80_000);
  });

  test('is not told before the totals are known, too early, while paused, or when nothing is left', () => {
    const window = steady(emptyWindow, 0, 60, 10);
    expect(etaAt(window, start + 60_000, work(1200, 600, {counted: false}))).toBeUndefined();
    expect(etaAt(window, start + 60_000, work(1200, 600, {paused: true}))).toBeUndefined();
    expect(etaAt(window, start + 60_000, work(600, 600))).toBeUndefined();
    expect(etaAt(steady(emptyWindow, 0, 5, 10), start + 5000, work(1200, 50))).toBeUndefined();
  });

  test('widens where large mail is left, and is not told where it would span everything', () => {
    const window = steady(emptyWindow, 0, 60, 10);
    const larger = etaAt(window, start + 60_000, work(1200, 600, {selectedBytes: 2_400_000}));
    expect((larger?.high ?? 0) / (larger?.low ?? 1)).toBeGreaterThan(2.5);
    expect(etaAt(window, start + 60_000, work(1200, 600, {selectedBytes: 9_000_000}))).toBeUndefined();
    expect(etaAt(window, start + 600_000, work(1200, 600))).toBeUndefined();
  });

  test('is told, however wide, where the end is near', () => {
    const window = steady(emptyWindow, 0, 60, 10);
    const eta = etaAt(window, start + 60_000, work(610, 600, {selectedBytes: 650_000}));
    expect(eta?.high).toBeLessThan(60_000);
    expect((eta?.high ?? 0) / (eta?.low ?? 1)).toBeGreaterThan(6);
  });

  test('adds a wait that holds up everything instead of taking it for slowness', () => {
    const window = setIdle(steady(emptyWindow, 0, 60, 10), start + 60_000, true);
    const at = start + 90_000;
    const eta = etaAt(window, at, work(1200, 600), at + 200_000);
    expect(eta?.low).toBeGreaterThan(250_000);
    expect(eta?.high).toBeLessThan(280_000);
  });
});

test('the timeline keeps every message in a bounded number of equal stretches', () => {
  let timeline = emptyTimeline(start);
  for (let minute = 0; minute < 3000; minute += 1)
    timeline = addToTimeline(timeline, start + minute * 60_000, 2);
  expect(timeline.messages.reduce((sum, count) => sum + count, 0)).toBe(6000);
  expect(timeline.messages.length).toBeLessThanOrEqual(240);
  expect(timeline.messages.length).toBeGreaterThan(100);
  expect(timeline.every * timeline.messages.length).toBeGreaterThan(2999 * 60_000);
});
