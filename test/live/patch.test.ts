import fc from 'fast-check';
import {expect, test} from 'vitest';
import {applyPatch, patchOf} from '../../source/live/patch.ts';
import {Draft} from '../../source/progress/draft.ts';
import {emptySnapshot, fold, reduce} from '../../source/progress/reduce.ts';
import {anyEvent, at, folder, runStarted} from '../progress/events.ts';

/** As it is after it has been sent. */
const sent = <T>(value: T): T => JSON.parse(JSON.stringify(value));

test('what is applied gives what it was made from, for any two values', () => {
  const anyValue = fc.jsonValue({maxDepth: 4}) as fc.Arbitrary<unknown>;
  fc.assert(
    fc.property(anyValue, anyValue, (before, after) => {
      const patch = patchOf(before, after);
      const result = patch === undefined ? before : applyPatch(sent(before), sent(patch));
      expect(sent(result)).toEqual(sent(after));
    }),
  );
});

test('a key that every object has is a key like any other', () => {
  const [none, one, other] = ['{}', '{"__proto__":null,"toString":1}', '{"__proto__":{"a":2}}'].map(text =>
    JSON.parse(text),
  );
  for (const [before, after] of [
    [none, one],
    [one, other],
    [other, none],
  ]) {
    const patch = patchOf(before, after);
    expect(patch && JSON.stringify(applyPatch(before, sent(patch)))).toBe(JSON.stringify(after));
  }
});

test('a run that is told in patches is the run', () => {
  fc.assert(
    fc.property(fc.array(anyEvent, {maxLength: 60}), fc.integer({min: 1, max: 9}), (events, every) => {
      const draft = new Draft(emptySnapshot);
      let told: unknown = sent(emptySnapshot);
      let before = emptySnapshot;
      for (const [index, event] of [runStarted(3), ...events].entries()) {
        fold(draft, event);
        if (index % every !== 0) continue;
        const after = draft.publish();
        const patch = patchOf(before, after);
        if (patch !== undefined) told = applyPatch(told, sent(patch));
        before = after;
        expect(told).toEqual(sent(after));
      }
    }),
  );
});

test('what has not changed is not sent, and stays the same object', () => {
  const planned = [
    runStarted(1000),
    at({type: 'folders-planned', request: 7, folders: [folder(0), folder(1)]}, 1),
    at({type: 'folders-planned', request: 8, folders: [folder(0)]}, 1),
  ].reduce(reduce, emptySnapshot);
  const next = reduce(
    planned,
    at({type: 'messages-copied', request: 7, folder: 1, messages: 3, bytes: 9}, 2),
  );
  const patch = patchOf(planned, next);
  expect(JSON.stringify(patch).length).toBeLessThan(500);
  const told = applyPatch(planned, sent(patch ?? {v: 0})) as typeof next;
  expect(told).toEqual(next);
  expect(told.requests[8]).toBe(planned.requests[8]);
  expect(told.requests[7]?.folders[0]).toBe(planned.requests[7]?.folders[0]);
  expect(patchOf(next, next)).toBeUndefined();
});

test('a patch of something else is refused', () => {
  expect(() => applyPatch([], {o: {}})).toThrow(TypeError);
  expect(() => applyPatch({}, {a: 0, i: {}})).toThrow(TypeError);
});
