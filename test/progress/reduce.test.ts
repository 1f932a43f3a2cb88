import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import type {Counts, NewEvent, RunEvent} from '../../source/engine/events.ts';
import {requestEnded} from '../../source/progress/counted.ts';
import {Draft, settled} from '../../source/progress/draft.ts';
import {mostFailures} from '../../source/progress/fold-folder.ts';
import {emptySnapshot, fold, reduce} from '../../source/progress/reduce.ts';
import type {Snapshot} from '../../source/progress/snapshot.ts';
import {anyEvent, at, folder, problem, runStarted} from './events.ts';

function run(...events: readonly (RunEvent | NewEvent)[]): Snapshot {
  return events.reduce<Snapshot>(
    (snapshot, event, index) => reduce(snapshot, 'at' in event ? event : at(event, 1_000_000 + index)),
    emptySnapshot,
  );
}

function request(snapshot: Snapshot, index = 0) {
  const found = snapshot.requests[index];
  if (found === undefined) throw new Error(`no request ${index}`);
  return found;
}

const fields = ['selected', 'copied', 'alreadyPresent', 'skipped', 'failed', 'bytes'] as const;

function sum(list: readonly {readonly counts: Counts}[], field: (typeof fields)[number]): number {
  return list.reduce((total, {counts}) => total + counts[field], 0);
}

function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const part of Object.values(value)) frozen(part);
  }
  return value;
}

const counted = (
  requestIndex: number,
  folderIndex: number,
  selected: number,
  alreadyPresent = 0,
): NewEvent => ({
  type: 'folder-counted',
  request: requestIndex,
  folder: folderIndex,
  selected,
  selectedBytes: selected * 100,
  alreadyPresent,
  alreadyPresentBytes: alreadyPresent * 100,
});

describe('any sequence of events', () => {
  test('keeps totals equal to the sums, and bars inside their ends', () => {
    fc.assert(
      fc.property(fc.array(anyEvent, {maxLength: 60}), events => {
        const finished = new Set<number>();
        let snapshot = reduce(emptySnapshot, runStarted(3));
        for (const event of events) {
          snapshot = reduce(snapshot, event);
          if (event.type === 'request-finished') finished.add(event.request);
          for (const field of fields) expect(snapshot.totals[field]).toBe(sum(snapshot.requests, field));
          const states = Object.values(snapshot.states);
          expect(states.reduce((total, count) => total + count, 0)).toBe(3);
          expect(Math.min(...states)).toBeGreaterThanOrEqual(0);
          expect(snapshot.waiting).toBe(snapshot.requests.filter(({waits}) => waits.length > 0).length);
          expect(snapshot.counted).toBe(
            snapshot.requests.every(one => one.counted || requestEnded(one.state)),
          );
          for (const one of snapshot.requests) {
            expect(snapshot.states[one.state]).toBeGreaterThan(0);
            expect(one.foldersDone).toBe(
              one.folders.filter(
                ({selected, state}) => selected && ['done', 'failed', 'stopped'].includes(state),
              ).length,
            );
            if (finished.has(one.request)) continue;
            for (const field of fields) expect(one.counts[field]).toBe(sum(one.folders, field));
            for (const {doneBytes, selectedBytes} of one.folders) {
              expect(doneBytes).toBeGreaterThanOrEqual(0);
              expect(doneBytes).toBeLessThanOrEqual(selectedBytes);
            }
          }
        }
      }),
    );
  });

  test('never changes a snapshot that was given away, and many folded at once give the same as one by one', () => {
    fc.assert(
      fc.property(fc.array(anyEvent, {maxLength: 40}), events => {
        let snapshot = frozen(reduce(emptySnapshot, runStarted(3)));
        const draft = new Draft(snapshot);
        for (const [index, event] of events.entries()) {
          snapshot = frozen(reduce(snapshot, event));
          fold(draft, event);
          if (index % 7 === 0) frozen(draft.publish());
        }
        expect(draft.publish()).toEqual(snapshot);
      }),
    );
  });
});

describe('structure', () => {
  test('is shared: a message in one mailbox leaves all other rows the same object', () => {
    const before = run(
      runStarted(3),
      {type: 'folders-planned', request: 1, folders: [folder(0), folder(1)]},
      counted(1, 0, 10),
    );
    const after = reduce(
      before,
      at({type: 'messages-copied', request: 1, folder: 0, messages: 1, bytes: 100}, 5),
    );
    expect(after.requests[0]).toBe(before.requests[0]);
    expect(after.requests[2]).toBe(before.requests[2]);
    expect(request(after, 1)).not.toBe(request(before, 1));
    expect(request(after, 1).folders[1]).toBe(request(before, 1).folders[1]);
  });

  test('folding a burst copies the list of requests once', () => {
    const draft = new Draft(
      run(runStarted(1000), {type: 'folders-planned', request: 7, folders: [folder(0)]}, counted(7, 0, 1000)),
    );
    const event = at({type: 'messages-copied', request: 7, folder: 0, messages: 1, bytes: 1} as const, 1);
    fold(draft, event);
    const list = draft.current.requests;
    for (let index = 1; index < 500; index += 1) fold(draft, event);
    expect(draft.current.requests).toBe(list);
    expect(draft.publish().totals.copied).toBe(500);
    fold(draft, event);
    expect(draft.current.requests).not.toBe(list);
    expect(list[7]?.counts.copied).toBe(500);
  });
});

describe('a request', () => {
  const planned: NewEvent = {
    type: 'folders-planned',
    request: 0,
    folders: [folder(0), folder(1, {selected: false, reason: 'not mail', messages: 311})],
  };

  test('counts from the plan, then from the count, then message by message', () => {
    const plan = run(runStarted(1), planned);
    expect(request(plan).counts.selected).toBe(10);
    expect(request(plan).counted).toBe(false);
    expect(request(plan).folders[1]).toMatchObject({
      reason: 'not mail',
      messages: 311,
      counts: {selected: 0},
    });
    const end = run(
      runStarted(1),
      planned,
      counted(0, 0, 8, 2),
      {type: 'messages-copied', request: 0, folder: 0, messages: 4, bytes: 433},
      {type: 'message-skipped', request: 0, folder: 0, message: {uid: 1, size: 100}, problem},
      {type: 'message-failed', request: 0, folder: 0, message: {uid: 2, size: 100}, problem},
      {type: 'folder-state', request: 0, folder: 0, state: 'done'},
    );
    expect(request(end).counts).toEqual({
      selected: 8,
      copied: 4,
      alreadyPresent: 2,
      skipped: 1,
      failed: 1,
      bytes: 433,
    });
    expect(settled(end.totals)).toBe(end.totals.selected);
    expect(end.doneBytes).toBe(end.selectedBytes);
    expect(end.counted).toBe(true);
    expect(request(end)).toMatchObject({foldersDone: 1, foldersSelected: 1});
    expect(request(end).folders[0]?.failures.map(({kind, message}) => [kind, message.uid])).toEqual([
      ['skipped', 1],
      ['failed', 2],
    ]);
  });

  test('has a message that was refused and is there: it counts as copied, and is no failure any more', () => {
    const found = {type: 'message-found', request: 0, folder: 0, message: {uid: 2, size: 100}} as const;
    const before = run(
      runStarted(1),
      planned,
      counted(0, 0, 8, 2),
      {type: 'message-failed', request: 0, folder: 0, message: {uid: 1, size: 100}, problem},
      {type: 'message-failed', request: 0, folder: 0, message: {uid: 2, size: 100}, problem},
    );
    const end = reduce(before, at(found, 9));
    expect(request(end).counts).toMatchObject({copied: 1, failed: 1, bytes: 100});
    expect(end.totals).toMatchObject({copied: 1, failed: 1});
    expect(settled(end.totals)).toBe(settled(before.totals));
    expect(request(end).folders[0]?.failures.map(({message}) => message.uid)).toEqual([1]);
  });

  test('that is tried again starts its counts anew, so that they still add up', () => {
    const end = run(
      runStarted(2),
      planned,
      {type: 'request-state', request: 0, state: 'Processing'},
      counted(0, 0, 8),
      {type: 'messages-copied', request: 0, folder: 0, messages: 5, bytes: 500},
      {type: 'message-failed', request: 0, folder: 0, message: {uid: 2}, problem},
      {type: 'waiting', request: 0, end: 'source', until: 9, problem},
      {type: 'request-state', request: 0, state: 'Failed', problem},
      {type: 'request-state', request: 0, state: 'Submitted'},
      {type: 'request-state', request: 0, state: 'Processing'},
      planned,
      counted(0, 0, 8, 5),
      {type: 'messages-copied', request: 0, folder: 0, messages: 3, bytes: 300},
      {type: 'request-state', request: 0, state: 'Processed'},
    );
    expect(end.totals).toEqual({
      selected: 8,
      copied: 3,
      alreadyPresent: 5,
      skipped: 0,
      failed: 0,
      bytes: 300,
    });
    expect(request(end)).not.toHaveProperty('problem');
    expect(request(end).folders[0]?.failures).toEqual([]);
    expect(end.states).toMatchObject({Failed: 0, Processed: 1, Pending: 1});
    expect(end.waiting).toBe(0);
  });

  test('takes the final count as the truth', () => {
    const counts = {selected: 8, copied: 7, alreadyPresent: 0, skipped: 0, failed: 1, bytes: 700};
    const end = run(runStarted(2), planned, counted(0, 0, 8), {type: 'request-finished', request: 0, counts});
    expect(request(end).counts).toEqual(counts);
    expect(end.totals).toEqual(counts);
    expect(end.doneBytes).toBe(end.selectedBytes);
  });

  test('ends its waits, lanes and clock with it', () => {
    const end = run(
      runStarted(1),
      at({type: 'request-state', request: 0, state: 'Verifying'}, 10),
      at({type: 'request-state', request: 0, state: 'Processing'}, 20),
      {type: 'lanes', request: 0, lanes: 4},
      {type: 'waiting', request: 0, end: 'source', until: 9, problem},
      {type: 'waiting', request: 0, end: 'source', until: 12, problem},
      at({type: 'request-state', request: 0, state: 'Stopped'}, 30),
    );
    expect(request(end)).toMatchObject({startedAt: 10, endedAt: 30, lanes: 0, waits: []});
    expect(end.waiting).toBe(0);
  });

  test('keeps the newest failures only', () => {
    let snapshot = run(runStarted(1), planned, counted(0, 0, 500));
    for (let uid = 1; uid <= mostFailures + 5; uid += 1) {
      snapshot = reduce(
        snapshot,
        at({type: 'message-failed', request: 0, folder: 0, message: {uid}, problem}, 5),
      );
    }
    const failures = request(snapshot).folders[0]?.failures ?? [];
    expect(failures).toHaveLength(mostFailures);
    expect(failures.at(-1)?.message.uid).toBe(mostFailures + 5);
    expect(snapshot.totals.failed).toBe(mostFailures + 5);
  });
});

test('the run counts as counted although one mailbox could not be signed in to', () => {
  const end = run(
    runStarted(2),
    {type: 'folders-planned', request: 0, folders: [folder(0), folder(1)]},
    counted(0, 0, 8),
    {type: 'folder-state', request: 0, folder: 1, state: 'failed', problem},
    {type: 'request-state', request: 1, state: 'Failed', problem},
  );
  expect(end.counted).toBe(true);
});

test('the run no longer counts as counted when a mailbox plans its folders anew', () => {
  const counts = {selected: 0, copied: 0, alreadyPresent: 0, skipped: 0, failed: 0, bytes: 0};
  const finished = run(runStarted(1), {type: 'request-finished', request: 0, counts});
  expect(finished.counted).toBe(true);
  const again = reduce(finished, at({type: 'folders-planned', request: 0, folders: [folder(0)]}, 5));
  expect(again.counted).toBe(false);
});

test('deleted messages are counted on every level, and afresh when a folder is counted again', () => {
  const gone = (code: string, uid: number): NewEvent => ({
    type: 'message-skipped',
    request: 0,
    folder: 0,
    message: {uid},
    problem: {...problem, code},
  });
  const once = run(
    runStarted(2),
    {type: 'folders-planned', request: 0, folders: [folder(0)]},
    counted(0, 0, 10),
    gone('message-vanished', 1),
    gone('copy-deleted', 2),
    gone('message-too-large', 3),
  );
  const deleted = (snapshot: Snapshot) => [
    snapshot.deleted,
    request(snapshot).deleted,
    request(snapshot).folders[0]?.deleted,
  ];
  expect(deleted(once)).toEqual([2, 2, 2]);
  expect(once.totals.skipped).toBe(3);
  const again = [counted(0, 0, 10), gone('copy-deleted', 2)].reduce(
    (snapshot, event) => reduce(snapshot, at(event, 9)),
    once,
  );
  expect(deleted(again)).toEqual([1, 1, 1]);
  // Each of them was named by the second count, if it still is so.
  expect(request(again).folders[0]?.failures.map(failure => failure.message.uid)).toEqual([2]);
  const retried = (['Failed', 'Pending'] as const).reduce(
    (snapshot, state) => reduce(snapshot, at({type: 'request-state', request: 0, state}, 10)),
    again,
  );
  // They stay named until the other try gets in.
  expect(deleted(retried)).toEqual([1, 1, 1]);
  const listed = reduce(retried, at({type: 'folders-planned', request: 0, folders: [folder(0)]}, 11));
  expect(deleted(listed)).toEqual([0, 0, 0]);
});

test('notes go where they belong', () => {
  const end = run(
    runStarted(1),
    {type: 'folders-planned', request: 0, folders: [folder(0)]},
    {type: 'note', problem},
    {type: 'note', request: 0, problem},
    {type: 'note', request: 0, folder: 0, problem},
    {type: 'note', request: 0, folder: 0, problem},
  );
  expect(end.notes).toEqual([problem]);
  expect(request(end).notes).toEqual([problem]);
  expect(request(end).folders[0]?.notes).toEqual([`${problem.sentence} ${problem.nextStep}`]);
});

test('a folder that gets another name at the destination is shown by that', () => {
  const planned = run(runStarted(1), {type: 'folders-planned', request: 0, folders: [folder(0), folder(1)]});
  const renamed = {type: 'folder-renamed', request: 0, folder: 1, destination: 'Data/A _ B'} as const;
  const [one, other] = request(reduce(planned, at(renamed, 9))).folders;
  expect([one?.destination, other?.destination]).toEqual([folder(0).destination, 'Data/A _ B']);
});

test('what a person asks for one mailbox shows at once, and goes when it is over', () => {
  const asked = run(
    runStarted(2),
    {type: 'request-measured', request: 1, messages: 12, bytes: 3000},
    {type: 'request-first', request: 1},
    {type: 'request-paused', request: 1},
    {type: 'mailboxes-changed', mailboxes: 6},
  );
  expect(request(asked, 1)).toMatchObject({first: true, paused: true, measured: {messages: 12, bytes: 3000}});
  expect(request(asked, 0)).not.toHaveProperty('first');
  expect(asked.mailboxes).toBe(6);
  const after = (...events: readonly NewEvent[]) =>
    events.reduce((snapshot, event) => reduce(snapshot, at(event, 9)), asked);
  expect(request(after({type: 'request-resumed', request: 1}), 1)).not.toHaveProperty('paused');
  const going = after({type: 'request-state', request: 1, state: 'Verifying'});
  expect(request(going, 1)).not.toHaveProperty('first');
  const stopped = after(
    {type: 'request-stopping', request: 1, how: 'finish'},
    {type: 'request-state', request: 1, state: 'Stopped'},
  );
  expect(request(stopped, 1)).not.toHaveProperty('paused');
  expect(request(stopped, 1)).not.toHaveProperty('stopping');
});
