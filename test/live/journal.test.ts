import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import fc from 'fast-check';
import {expect, onTestFinished, test} from 'vitest';
import type {RunEvent} from '../../source/engine/events.ts';
import {openJournal, readJournal} from '../../source/live/journal.ts';
import {Draft} from '../../source/progress/draft.ts';
import {emptySnapshot, fold} from '../../source/progress/reduce.ts';
import {anyEvent, at, counted, folder, runStarted} from '../progress/events.ts';

function newFolder(atEnd: (work: () => void) => void = onTestFinished): string {
  const path = mkdtempSync(join(tmpdir(), 'mf-journal-'));
  atEnd(() => rmSync(path, {recursive: true, force: true}));
  return path;
}

/** A run and its journal; `beat` is the moment in which it is written. */
function written(path: string, fullAt?: number) {
  const draft = new Draft(emptySnapshot);
  let due: (() => void) | undefined;
  const journal = openJournal(path, {
    schedule: callback => {
      due = callback;
      return () => {
        due = undefined;
      };
    },
    snapshot: () => draft.publish(),
    ...(fullAt === undefined ? {} : {fullAt}),
  });
  return {
    journal,
    take(event: RunEvent) {
      fold(draft, event);
      journal.take(event);
    },
    beat: () => due?.(),
    snapshot: () => draft.publish(),
  };
}

const copied = (messages: number, inFolder = 0) =>
  at({type: 'messages-copied', request: 0, folder: inFolder, messages, bytes: messages * 10}, 5);

test('what was written is read back, whatever happened and wherever it became full', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(anyEvent, fc.boolean()), {maxLength: 50}),
      fc.integer({min: 300, max: 4000}),
      fc.boolean(),
      (events, fullAt, closed) => {
        const path = newFolder(() => undefined);
        const run = written(path, fullAt);
        run.take(runStarted(3));
        for (const [event, beat] of events) {
          run.take(event);
          if (beat) run.beat();
        }
        run.beat();
        if (closed) run.journal.close();
        // `at` of messages that were added up is the last one's, and nothing in a snapshot tells them apart.
        expect(readJournal(path)).toEqual(JSON.parse(JSON.stringify(run.snapshot())));
        rmSync(path, {recursive: true});
      },
    ),
    {numRuns: 60},
  );
});

test('messages on either side of another event are not added up', () => {
  const path = newFolder();
  const run = written(path);
  run.take(runStarted(1));
  run.take(at({type: 'folders-planned', request: 0, folders: [folder(0)]}, 5));
  run.take(copied(3));
  run.take(copied(4));
  // What was copied before it is counted afresh here, what comes after it is not.
  run.take(
    at(
      {
        type: 'folder-counted',
        request: 0,
        folder: 0,
        selected: 20,
        selectedBytes: 200,
        alreadyPresent: 7,
        alreadyPresentBytes: 70,
      },
      6,
    ),
  );
  run.take(copied(5));
  run.beat();
  run.take(copied(1));
  run.beat();
  const told = readFileSync(join(path, 'events.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .slice(1)
    .map((line): RunEvent => JSON.parse(line))
    .map(event => (event.type === 'messages-copied' ? event.messages : event.type));
  expect(told).toEqual(['run-started', 'folders-planned', 7, 'folder-counted', 5, 1]);
  expect(readJournal(path)?.totals.copied).toBe(6);
});

test('it stays small, however much happens', () => {
  const path = newFolder();
  const run = written(path, 20_000);
  run.take(runStarted(1));
  run.take(at({type: 'folders-planned', request: 0, folders: [folder(0), folder(1)]}, 1));
  for (let count = 0; count < 5000; count += 1) {
    run.take(at({type: 'lanes', request: 0, lanes: count % 7}, count));
    if (count % 50 === 0) run.beat();
  }
  run.beat();
  expect(readdirSync(path).sort()).toEqual(['events.1.jsonl', 'events.jsonl', 'snapshot.json']);
  for (const name of readdirSync(path)) {
    expect(statSync(join(path, name)).size).toBeLessThan(30_000);
    expect(statSync(join(path, name)).mode & 0o777).toBe(0o600);
  }
  expect(readJournal(path)).toEqual(JSON.parse(JSON.stringify(run.snapshot())));
});

test('messages that arrive one by one take one line between two beats', () => {
  const path = newFolder();
  const run = written(path);
  run.take(runStarted(1));
  run.take(at({type: 'folders-planned', request: 0, folders: [folder(0), folder(1)]}, 1));
  for (let count = 0; count < 100; count += 1) {
    run.take(copied(1));
    run.take(copied(2, 1));
  }
  run.beat();
  const lines = readFileSync(join(path, 'events.jsonl'), 'utf8').trimEnd().split('\n');
  expect(lines).toHaveLength(1 + 2 + 2);
  expect(JSON.parse(lines[3] ?? '')).toMatchObject({folder: 0, messages: 100, bytes: 1000});
  expect(readJournal(path)?.totals.copied).toBe(300);
});

test('a line that was cut off is passed over; a place without a journal has none', () => {
  const path = newFolder();
  expect(readJournal(path)).toBeUndefined();
  const run = written(path);
  run.take(runStarted(2));
  run.beat();
  appendFileSync(join(path, 'events.jsonl'), '{"type":"messages-cop');
  expect(readJournal(path)?.requests).toHaveLength(2);
  writeFileSync(join(path, 'snapshot.json'), '{"upTo":1,');
  expect(readJournal(path)?.requests).toHaveLength(2);
});

test('a disk that takes no more ends the journal, not the run', () => {
  const path = newFolder();
  const run = written(path);
  run.take(runStarted(1));
  run.beat();
  rmSync(path, {recursive: true});
  run.take(at({type: 'paused'}, 2));
  run.beat();
  run.take(at({type: 'resumed'}, 3));
  run.journal.close();
  expect(readJournal(path)).toBeUndefined();
});

test('a disk that was full for a while takes the end: nothing is missing of it, and nothing counts twice', () => {
  const path = newFolder();
  const run = written(path);
  run.take(runStarted(1));
  run.take(at({type: 'folders-planned', request: 0, folders: [folder(0)]}, 1));
  run.beat();
  const events = join(path, 'events.jsonl');
  const before = readFileSync(events, 'utf8');
  // What is in the way of the file stands for the disk; the first line of two has got there, and half of the other.
  rmSync(events);
  mkdirSync(events);
  run.take(copied(3));
  run.take(at({type: 'paused'}, 6));
  run.beat();
  rmdirSync(events);
  writeFileSync(events, `${before}${JSON.stringify(copied(3))}\n{"type":"pau`);
  run.take(at({type: 'resumed'}, 7));
  run.take(copied(4));
  run.beat();
  run.take(at({type: 'run-finished', exitCode: 0, totals: counted(7, 7)}, 8));
  run.journal.close();
  expect(readJournal(path)).toEqual(JSON.parse(JSON.stringify(run.snapshot())));
  expect(readJournal(path)).toMatchObject({exitCode: 0, totals: {copied: 7}});
});

test('a journal that was damaged tells what comes before the damage, and is never half a snapshot', () => {
  const path = newFolder();
  const run = written(path);
  run.take(runStarted(1));
  run.take(at({type: 'folders-planned', request: 0, folders: [folder(0)]}, 1));
  run.take(copied(3));
  run.beat();
  for (const line of [
    'null',
    '7',
    '{"type":"messages-copied","at":1,"request":"__proto__","folder":0,"messages":1,"bytes":1}',
    '{"type":"folders-planned","at":1,"request":0}',
    '{"type":"waiting","at":1,"request":0,"end":"source","until":null}',
    '{"type":"run-started","at":1}',
  ]) {
    const events = join(path, 'events.jsonl');
    const before = readFileSync(events);
    appendFileSync(events, `${line}\n{"type":"paused","at":9}\n`);
    // What the line says of the whole cannot be shown: nothing is, or what came before it.
    const read = readJournal(path);
    if (read !== undefined) expect(read).toMatchObject({paused: false, requests: [{title: 'Request 0'}]});
    writeFileSync(events, before);
  }
  expect(readJournal(path)?.totals.copied).toBe(3);
  for (const snapshot of ['{"requests":[null]}', '{"requests":[{}]}', 'null', '[]']) {
    writeFileSync(join(path, 'snapshot.json'), `{"upTo":2,"snapshot":${snapshot}}`);
    expect(readJournal(path)?.totals.copied).toBe(3);
  }
  writeFileSync(join(path, 'events.jsonl'), '{"from":"x"}\n{"type":"paused","at":9}\n');
  expect(readJournal(path)).toMatchObject({paused: false});
});
