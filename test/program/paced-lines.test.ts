// Lines for a reader that is slower than the run, or takes nothing at all.
import {Writable} from 'node:stream';
import {expect, test} from 'vitest';
import type {RunEvent} from '../../source/engine/events.ts';
import {createJsonl} from '../../source/lines/jsonl.ts';
import {pacedLines} from '../../source/program/paced-lines.ts';
import {Draft} from '../../source/progress/draft.ts';
import {emptySnapshot, fold} from '../../source/progress/reduce.ts';
import {at, counted, folder, runStarted} from '../progress/events.ts';

/** Standard output as a pipe: a reader takes what is there when it is asked to, or by itself in the next turn. */
function pipe(reads: boolean) {
  let text = '';
  let taken: (() => void) | undefined;
  const take = () => {
    const done = taken;
    taken = undefined;
    done?.();
  };
  const stdout = new Writable({
    write(chunk, _, done) {
      text += chunk;
      taken = done;
      if (reads) setImmediate(take);
    },
    writev(chunks, done) {
      for (const {chunk} of chunks) text += chunk;
      taken = done;
      if (reads) setImmediate(take);
    },
  });
  return {stdout: stdout as unknown as NodeJS.WriteStream, take, lines: () => text.trimEnd().split('\n')};
}

/** A run whose lines go there; `minute` lets the time pass for which a reader is waited for. */
function told(stdout: NodeJS.WriteStream) {
  const draft = new Draft(emptySnapshot);
  let minute = () => {};
  const listener = pacedLines(createJsonl({write: text => void stdout.write(text)}), {
    stdout,
    schedule: callback => {
      minute = callback;
      return () => {
        minute = () => {};
      };
    },
  });
  const happen = (event: RunEvent) => {
    fold(draft, event);
    listener.take(event, () => draft.publish());
  };
  happen(runStarted(1));
  happen(at({type: 'folders-planned', request: 0, folders: [folder(0, {messages: 100_000})]}, 2));
  return {
    /** A thousand messages, as between two batches. */
    thousand: () => {
      for (let count = 0; count < 1000; count++)
        happen(at({type: 'messages-copied', request: 0, folder: 0, messages: 1, bytes: 10}, 3));
    },
    finish: () => happen(at({type: 'run-finished', exitCode: 0, totals: counted(100_000, 100_000)}, 4)),
    pass: () => listener.telling?.pass(new AbortController().signal),
    minute: () => minute(),
  };
}

/** What is told in one turn may come on top of it. */
const most = 1.5 * 1024 * 1024;

test('a reader that is slower than the run is waited for, and misses nothing', async () => {
  const {stdout, lines} = pipe(true);
  const run = told(stdout);
  let longest = 0;
  for (let count = 0; count < 50; count++) {
    run.thousand();
    longest = Math.max(longest, stdout.writableLength);
    await run.pass();
  }
  run.finish();
  await new Promise<void>(resolve => stdout.end(resolve));
  expect(longest).toBeLessThan(most);
  expect(lines()).toHaveLength(50_003);
  expect(lines().at(-1)).toContain('"run-finished"');
});

test('one that takes nothing for a minute is told how the run stands in place of what it missed', async () => {
  const {stdout, take, lines} = pipe(false);
  const run = told(stdout);
  for (let count = 0; count < 100; count++) {
    run.thousand();
    expect(stdout.writableLength).toBeLessThan(most);
    const passed = run.pass();
    run.minute();
    await passed;
  }
  run.finish();
  while (stdout.writableLength > 0) {
    take();
    await new Promise(setImmediate);
  }
  expect(lines().length).toBeLessThan(50_000);
  const [snapshot, finished] = lines()
    .slice(-2)
    .map(line => JSON.parse(line));
  expect(snapshot).toMatchObject({type: 'run-snapshot', totals: {copied: 100_000}});
  expect(finished).toMatchObject({type: 'run-finished', exitCode: 0});
});

test('and each event again as soon as it takes them', async () => {
  const {stdout, take, lines} = pipe(false);
  const run = told(stdout);
  for (let count = 0; count < 20; count++) {
    run.thousand();
    run.minute();
  }
  while (stdout.writableLength > 0) {
    take();
    await new Promise(setImmediate);
  }
  run.thousand();
  run.finish();
  while (stdout.writableLength > 0) {
    take();
    await new Promise(setImmediate);
  }
  const types = lines().map(line => JSON.parse(line).type);
  // The first of the thousand is in the snapshot.
  const joined = types.indexOf('run-snapshot');
  expect(types.slice(joined)).toEqual([
    'run-snapshot',
    ...Array(999).fill('messages-copied'),
    'run-finished',
  ]);
  expect(JSON.parse(lines()[joined] ?? '').totals.copied).toBe(20_001);
});

test('who has left is not waited for', async () => {
  const {stdout} = pipe(false);
  stdout.on('error', () => undefined);
  const run = told(stdout);
  while (stdout.writableLength < most / 2) run.thousand();
  for (let count = 0; count < 10; count++) run.thousand();
  const passed = run.pass();
  stdout.destroy(new Error('EPIPE'));
  await passed;
});
