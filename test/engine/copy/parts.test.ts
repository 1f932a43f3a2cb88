// The small decisions of copying: batches, budget, flags, pausing.
import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {Batches, BatchSize} from '../../../source/engine/copy/batches.ts';
import {Budget} from '../../../source/engine/copy/budget.ts';
import {allowedFlags, chooseFlags} from '../../../source/engine/copy/flags.ts';
import {Gate} from '../../../source/engine/link/gate.ts';

const never = new AbortController().signal;

describe('batches', () => {
  it('hold every message exactly once, whatever is given back between', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.nat({max: 50_000}), fc.nat({max: 9_000_000})), {maxLength: 120}),
        fc.array(fc.boolean(), {maxLength: 40}),
        (sizes, backs) => {
          const bySize = new Map(sizes.map((size, index) => [index + 1, size]));
          const size = new BatchSize();
          const batches = new Batches([...bySize.keys()], bySize, size);
          const seen: number[] = [];
          const choices = [...backs];
          for (let batch = batches.take(); batch !== undefined; batch = batches.take()) {
            if (choices.pop() === true) {
              batches.giveBack(batch.uids);
              continue;
            }
            seen.push(...batch.uids);
            if (batch.large) expect(batch.uids).toHaveLength(1);
            else expect(batch.bytes).toBeLessThanOrEqual(4 * 1024 * 1024);
            size.took(
              {messages: batch.uids.length, bytes: batch.bytes},
              batch.uids.length % 2 === 0 ? 1 : 5000,
            );
          }
          expect(seen.sort((one, other) => one - other)).toEqual([...bySize.keys()]);
          expect(batches.left).toBe(0);
        },
      ),
    );
  });

  it('go by when mail arrived where the newest is first; what is not known to have arrived comes last', () => {
    fc.assert(
      fc.property(
        fc.array(fc.option(fc.nat({max: 20}), {nil: undefined}), {maxLength: 80}),
        fc.nat({max: 10}),
        (dates, back) => {
          const uids = dates.map((_, index) => index + 1);
          const arrived = new Map(
            uids.flatMap((uid, index) => {
              const date = dates[index];
              return date === undefined ? [] : [[uid, date] as const];
            }),
          );
          const batches = new Batches(uids, new Map(uids.map(uid => [uid, 1])), new BatchSize(), arrived);
          batches.single = true;
          const early: number[] = [];
          for (let taken = 0; taken < back; taken++) early.push(...(batches.take()?.uids ?? []));
          batches.giveBack(early);
          const seen: number[] = [];
          for (let batch = batches.take(); batch !== undefined; batch = batches.take())
            seen.push(...batch.uids);
          const at = (uid: number) => arrived.get(uid) ?? -1;
          expect(seen).toEqual(uids.toSorted((one, other) => at(other) - at(one) || other - one));
        },
      ),
    );
  });

  it('grow on a quick link and shrink on a slow one', () => {
    const uids = Array.from({length: 2000}, (_, index) => index + 1);
    const size = new BatchSize();
    const batches = new Batches(uids, new Map(uids.map(uid => [uid, 1000])), size);
    const lengths: number[] = [];
    for (const ms of [10, 10, 10, 10, 5000, 5000, 5000, 5000, 5000, 5000]) {
      const {uids: taken = [], bytes = 0} = batches.take() ?? {};
      lengths.push(taken.length);
      size.took({messages: taken.length, bytes}, ms);
    }
    expect(Math.max(...lengths)).toBe(100);
    expect(batches.take()?.uids.length).toBe(5);
  });

  it('shrink once where several were slow together', () => {
    const size = new BatchSize();
    for (const _ of [1, 2, 3, 4]) size.took({messages: 100, bytes: 400_000}, 5000);
    expect([size.messages, size.bytes]).toEqual([50, 200_000]);
  });

  it('shrink by half for one that is small, as the last of a folder is', () => {
    const size = new BatchSize();
    size.took({messages: 1, bytes: 1_900_000}, 1900);
    expect(size.messages).toBe(50);
  });
});

describe('the byte budget', () => {
  it('never lets more in flight than the limit, but one large reservation alone', async () => {
    const budget = new Budget(100);
    await budget.take(250, never);
    expect(budget.tryTake(1)).toBe(false);
    const order: number[] = [];
    const first = budget.take(60, never).then(() => order.push(60));
    const second = budget.take(50, never).then(() => order.push(50));
    budget.give(250);
    await first;
    expect(order).toEqual([60]);
    budget.give(60);
    await second;
    expect(order).toEqual([60, 50]);
  });

  it('lets those behind go on when one that waits is stopped', async () => {
    const budget = new Budget(100);
    await budget.take(100, never);
    const stop = new AbortController();
    const waiting = budget.take(100, stop.signal);
    const behind = budget.take(10, never);
    stop.abort();
    await expect(waiting).rejects.toThrow();
    budget.give(50);
    await behind;
    expect(budget.tryTake(50)).toBe(false);
  });
});

describe('flags', () => {
  it('travel where the destination keeps them, and the others are told', () => {
    expect(chooseFlags(['\\Seen', '\\Recent', '$Label1'], allowedFlags(['\\Seen', '\\*']))).toEqual({
      kept: ['\\Seen', '$Label1'],
      dropped: [],
    });
    expect(chooseFlags(['\\Seen', '$MDNSent', 'Work'], allowedFlags(['\\Seen', '$mdnsent']))).toEqual({
      kept: ['\\Seen', '$MDNSent'],
      dropped: ['Work'],
    });
    expect(chooseFlags(['\\Seen', 'Work'], allowedFlags(undefined))).toEqual({
      kept: ['\\Seen', 'Work'],
      dropped: [],
    });
    expect(chooseFlags(['\\Seen', 'Work'], allowedFlags([]))).toEqual({
      kept: [],
      dropped: ['\\Seen', 'Work'],
    });
    expect(chooseFlags(['a]', 'b) ('], allowedFlags(['\\*']))).toEqual({kept: [], dropped: ['a]', 'b) (']});
  });
});

describe('the gate', () => {
  it('holds while closed and lets go when opened or stopped', async () => {
    const gate = new Gate();
    await gate.pass(never);
    gate.close();
    let passed = false;
    const waiting = gate.pass(never).then(() => {
      passed = true;
    });
    await Promise.resolve();
    expect(passed).toBe(false);
    gate.open();
    await waiting;
    gate.close();
    const stop = new AbortController();
    const stopped = gate.pass(stop.signal);
    stop.abort();
    await stopped;
    expect(gate.closed).toBe(true);
  });
});
