import {describe, expect, it} from 'vitest';
import {afterWarmUp, growthOf, notJudged} from './growth.ts';

describe('growth', () => {
  it('is what a line through the samples rises by', () => {
    expect(growthOf([10, 20, 30, 40])).toBeCloseTo(30);
    expect(growthOf([40, 30, 20, 10])).toBeCloseTo(-30);
  });

  it('is not what noise does', () => {
    expect(Math.abs(growthOf([5, 9, 5, 9, 5, 9, 5, 9, 5]))).toBeLessThan(1);
  });

  it('is seen through noise', () => {
    const leak = Array.from({length: 200}, (_, index) => index * 3 + (index % 7) * 10);
    expect(growthOf(leak)).toBeGreaterThan(550);
  });

  it('says nothing of one sample, or of what is made once', () => {
    expect([growthOf([]), growthOf([7])]).toEqual([0, 0]);
    expect(growthOf(afterWarmUp([0, 50, 100, 100, 100, 100, 100, 100, 100]))).toBe(0);
  });

  it('is not judged by few samples, and that is said', () => {
    expect(notJudged(Array(17))).toContain('not judged: 11 samples');
    expect(notJudged([])).toContain('not judged');
    expect(notJudged(Array(18))).toBeUndefined();
  });
});
