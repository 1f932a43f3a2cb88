// The connections of a run at a server, and who waits for one of them to go.
import {expect, it} from 'vitest';
import {Room} from '../../../source/engine/link/room.ts';

const never = (signal: AbortSignal) =>
  new Promise<void>((_, reject) => {
    signal.addEventListener('abort', () => reject(new Error('Woken')), {once: true});
  });

it('counts the connections of other requests: those that are in, that ever were, and that are being made', () => {
  const room = new Room();
  const [one, other, gone] = [new AbortController(), new AbortController(), new AbortController()];
  const seenBy = (request: number) => [
    room.comingBeside(request),
    room.inBeside(request),
    room.enteredBeside(request),
  ];
  const failed = room.coming(2);
  expect([seenBy(2), seenBy(1)]).toEqual([
    [0, 0, 0],
    [1, 0, 0],
  ]);
  failed();
  expect(seenBy(1)).toEqual([0, 0, 0]);
  room.entered(1, one.signal);
  room.entered(2, other.signal);
  gone.abort();
  room.entered(3, gone.signal);
  expect([seenBy(1), seenBy(3)]).toEqual([
    [0, 1, 2],
    [0, 2, 2],
  ]);
  one.abort();
  expect([seenBy(2), seenBy(1)]).toEqual([
    [0, 0, 2],
    [0, 1, 2],
  ]);
});

it('wakes one for each that goes, in the order in which they came', async () => {
  const room = new Room();
  const inside = [new AbortController(), new AbortController()];
  for (const [request, {signal}] of inside.entries()) room.entered(request, signal);
  const woken: string[] = [];
  const waits = ['first', 'second', 'third'].map(async name => {
    const freed = await room.freed(never);
    woken.push(`${name} ${freed}`);
  });
  expect(room.sought).toBe(true);
  inside[0]?.abort();
  await waits[0];
  expect(woken).toEqual(['first true']);
  inside[1]?.abort();
  await waits[1];
  expect([woken, room.sought]).toEqual([['first true', 'second true'], true]);
});

it('who has waited long enough, or is stopped, waits no more and is not woken in the place of another', async () => {
  const room = new Room();
  const inside = new AbortController();
  room.entered(0, inside.signal);
  expect(await room.freed(() => Promise.resolve())).toBe(false);
  await expect(room.freed(() => Promise.reject(new Error('Stopped')))).rejects.toThrow('Stopped');
  expect(room.sought).toBe(false);
  const last = room.freed(never);
  inside.abort();
  expect(await last).toBe(true);
});
