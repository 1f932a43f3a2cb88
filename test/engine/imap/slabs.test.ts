import {expect, test} from 'vitest';
import {Literal} from '../../../source/engine/imap/literal.ts';
import {Slabs, type Slot} from '../../../source/engine/imap/slabs.ts';

const size = 60_000;

function slot(slabs: Slabs): Slot {
  const taken = slabs.take(size);
  if (taken === undefined) throw new Error('No slot was given');
  return taken;
}

/** As many as it takes to begin another slab, twice over. */
const many = (slabs: Slabs) => Array.from({length: 12}, () => slot(slabs));

const memoryOf = (slots: readonly Slot[]) => new Set(slots.map(({bytes}) => bytes.buffer));

test('memory is used again once all in it is given back', () => {
  const slabs = new Slabs();
  const first = many(slabs);
  for (const each of first) each.give();
  const again = many(slabs);
  expect([...memoryOf(again)].some(memory => memoryOf(first).has(memory))).toBe(true);
});

test('what is held keeps its bytes, whatever else is given back around it, and however often', () => {
  const slabs = new Slabs();
  const first = many(slabs);
  const held = first.filter((_, index) => index % 4 === 1);
  for (const [index, each] of held.entries()) each.bytes.fill(index + 1);
  for (let round = 0; round < 5; round++) for (const each of first) if (!held.includes(each)) each.give();
  for (let round = 0; round < 5; round++)
    for (const each of many(slabs)) {
      each.bytes.fill(255);
      each.give();
    }
  for (const [index, each] of held.entries())
    expect(each.bytes.equals(Buffer.alloc(size, index + 1))).toBe(true);
});

test('slots do not overlap', () => {
  const slots = many(new Slabs());
  for (const [index, each] of slots.entries()) each.bytes.fill(index);
  for (const [index, each] of slots.entries())
    expect(each.bytes.equals(Buffer.alloc(size, index))).toBe(true);
});

test('a large message and an empty one get no slot', () => {
  const slabs = new Slabs();
  expect(slabs.take(10_000_000)).toBeUndefined();
  expect(slabs.take(0)).toBeUndefined();
});

test('a message in memory that is used again cannot be read once it is done; another can', () => {
  const taken = slot(new Slabs());
  const reused = new Literal([taken.bytes], taken);
  const kept = new Literal([Buffer.from('kept')]);
  reused.done();
  reused.done();
  kept.done();
  expect(() => reused.bytes).toThrow(/after it was done/);
  expect(reused.length).toBe(size);
  expect(kept.bytes.toString()).toBe('kept');
});
