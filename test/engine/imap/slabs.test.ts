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

test('what goes before a slot’s bytes is written right before them, and into no other', () => {
  const slabs = new Slabs();
  const [first, second] = [slot(slabs), slot(slabs)];
  first.bytes.fill('a');
  second.bytes.fill('b');
  expect(second.headed(' () {9+}\r\n')?.toString()).toBe(` () {9+}\r\n${'b'.repeat(size)}`);
  expect(first.headed(` (${'x'.repeat(100)}) {9+}\r\n`)?.toString()).toMatch(/^ \(x{100}\) \{9\+\}\r\na+$/);
  expect(first.bytes.toString()).toBe('a'.repeat(size));
  expect(second.bytes.toString()).toBe('b'.repeat(size));
});

test('nothing is written where another may be on its way still, nor what has no room', () => {
  const slabs = new Slabs();
  const [sent, given, short] = [slot(slabs), slot(slabs), slot(slabs)];
  const first = sent.headed(' (first) ');
  expect(sent.headed(' (again) ')).toBeUndefined();
  expect(first?.toString('latin1', 0, 9)).toBe(' (first) ');
  given.give();
  expect(given.headed(' () ')).toBeUndefined();
  expect(short.headed('x'.repeat(1000))).toBeUndefined();
});

test('a message sent twice has both times what goes before it', () => {
  const taken = slot(new Slabs());
  taken.bytes.fill('m');
  const message = new Literal([taken.bytes], taken);
  const sent = (head: string) => Buffer.concat(message.headed(head)).toString();
  expect([sent(' one '), sent(' other ')]).toEqual([
    ` one ${'m'.repeat(size)}`,
    ` other ${'m'.repeat(size)}`,
  ]);
});
