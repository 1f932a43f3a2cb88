import fc from 'fast-check';
import {expect, test} from 'vitest';
import {Draft} from '../../source/progress/draft.ts';
import {emptySnapshot, fold} from '../../source/progress/reduce.ts';
import {createStore} from '../../source/progress/store.ts';
import {anyEvent, at, folder, problem, runStarted} from './events.ts';

/** Time that moves only when told to. */
function fakeClock(start = 1_000_000) {
  let time = start;
  const timers = new Set<{due: number; callback: () => void}>();
  return {
    now: () => time,
    schedule(callback: () => void, ms: number) {
      const timer = {due: time + ms, callback};
      timers.add(timer);
      return () => timers.delete(timer);
    },
    pending: () => timers.size,
    advance(ms: number) {
      const end = time + ms;
      for (;;) {
        const next = [...timers].sort((one, other) => one.due - other.due)[0];
        if (next === undefined || next.due > end) break;
        timers.delete(next);
        time = next.due;
        next.callback();
      }
      time = end;
    },
  };
}

function started() {
  const clock = fakeClock();
  const store = createStore(clock);
  let notified = 0;
  store.subscribe(() => {
    notified += 1;
  });
  const copied = (messages = 1) =>
    store.take(
      at({type: 'messages-copied', request: 0, folder: 0, messages, bytes: messages * 1000}, clock.now()),
    );
  store.take(runStarted(1, clock.now()));
  store.take(at({type: 'request-state', request: 0, state: 'Processing'}, clock.now()));
  store.take(at({type: 'folders-planned', request: 0, folders: [folder(0)]}, clock.now()));
  store.take(
    at(
      {
        type: 'folder-counted',
        request: 0,
        folder: 0,
        selected: 2000,
        selectedBytes: 2_000_000,
        alreadyPresent: 0,
        alreadyPresentBytes: 0,
      },
      clock.now(),
    ),
  );
  return {clock, store, copied, notified: () => notified};
}

test('the first event is shown at once, the rest at most five times a second', () => {
  const {clock, store, copied, notified} = started();
  expect(notified()).toBe(1);
  for (let ms = 0; ms < 1000; ms += 1) {
    copied();
    clock.advance(1);
  }
  expect(notified()).toBeLessThanOrEqual(8);
  expect(notified()).toBeGreaterThanOrEqual(5);
  clock.advance(200);
  expect(store.getSnapshot().totals.copied).toBe(1000);
});

test('the snapshot is the same object between notifications', () => {
  const {clock, store, copied} = started();
  clock.advance(700);
  const snapshot = store.getSnapshot();
  copied();
  clock.advance(10);
  copied();
  expect(store.getSnapshot()).not.toBe(snapshot);
  const next = store.getSnapshot();
  copied();
  expect(store.getSnapshot()).toBe(next);
  expect(snapshot.totals.copied).toBe(0);
});

test('the end is published at once and leaves no timer', () => {
  const {clock, store, copied, notified} = started();
  copied(10);
  const before = notified();
  const totals = {selected: 2000, copied: 10, alreadyPresent: 0, skipped: 0, failed: 0, bytes: 10_000};
  store.take(at({type: 'run-finished', exitCode: 130, totals, reports: '/reports/run'}, clock.now()));
  expect(notified()).toBe(before + 1);
  expect(store.getSnapshot()).toMatchObject({exitCode: 130, reports: '/reports/run', totals: {copied: 10}});
  expect(clock.pending()).toBe(0);
});

test('rate, time left and curve come with the snapshot, and the rate falls without events', () => {
  const {clock, store, copied} = started();
  for (let second = 0; second < 60; second += 1) {
    copied(10);
    clock.advance(1000);
  }
  const snapshot = store.getSnapshot();
  expect(snapshot.rate.messagesPerSecond).toBeCloseTo(10, 0);
  expect(snapshot.rate.history).toHaveLength(60);
  expect(snapshot.eta?.low).toBeLessThan(140_000);
  expect(snapshot.eta?.high).toBeGreaterThan(140_000);
  expect(snapshot.timeline?.messages.reduce((sum, count) => sum + count, 0)).toBe(600);
  clock.advance(60_000);
  expect(store.getSnapshot().rate.messagesPerSecond).toBeLessThan(6);
});

test('a wait of the only mailbox at work stops the clock of the rate', () => {
  const {clock, store, copied} = started();
  for (let second = 0; second < 60; second += 1) {
    copied(10);
    clock.advance(1000);
  }
  store.take(
    at({type: 'waiting', request: 0, end: 'destination', until: clock.now() + 300_000, problem}, clock.now()),
  );
  clock.advance(100_000);
  const waiting = store.getSnapshot();
  expect(waiting.rate.messagesPerSecond).toBe(0);
  expect(waiting.eta?.low).toBeGreaterThan(200_000);
  clock.advance(200_000);
  store.take(at({type: 'wait-ended', request: 0, end: 'destination'}, clock.now()));
  clock.advance(200);
  expect(store.getSnapshot().rate.messagesPerSecond).toBeGreaterThan(9);
});

test('a listener that leaves hears no more, and close stops the timers', () => {
  const {clock, store, copied} = started();
  let heard = 0;
  const leave = store.subscribe(() => {
    heard += 1;
  });
  leave();
  copied();
  store.close();
  clock.advance(5000);
  expect(heard).toBe(0);
  expect(clock.pending()).toBe(0);
});

test('messages that are added up first are the same messages, whatever comes between them', () => {
  fc.assert(
    fc.property(fc.array(anyEvent, {maxLength: 80}), events => {
      const clock = fakeClock();
      const store = createStore(clock);
      const draft = new Draft(emptySnapshot);
      // In the order of their times, a little apart, as they come.
      for (const [index, event] of [runStarted(3), ...events].entries()) {
        const timed = {...event, at: clock.now() + index * 30};
        store.take(timed);
        fold(draft, timed);
      }
      store.flush();
      const {rate: _rate, eta: _eta, timeline: _timeline, ...seen} = store.getSnapshot();
      const {rate: _none, ...wanted} = draft.publish();
      expect(seen).toEqual(wanted);
    }),
  );
});
