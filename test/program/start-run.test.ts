import {existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {expect, onTestFinished, test} from 'vitest';
import {parseCommandLine} from '../../source/command-line/options.ts';
import {startDemo} from '../../source/demo/demo.ts';
import type {RunEvent} from '../../source/engine/events.ts';
import {Gate} from '../../source/engine/link/gate.ts';
import type {Point} from '../../source/engine/points.ts';
import {openHistory} from '../../source/program/history.ts';
import {openSignIns} from '../../source/program/microsoft.ts';
import {placesOf} from '../../source/program/places.ts';
import {engineSettings, type RunParts, startRun} from '../../source/program/start-run.ts';
import {UsageProblem} from '../../source/program/system.ts';
import type {RunOutcome} from '../../source/services.ts';
import {fakeSystem} from './fake-system.ts';

function partsIn(root: string): RunParts {
  const parsed = parseCommandLine([
    'run',
    'demo',
    '--dry-run',
    '--state',
    root,
    '--reports',
    join(root, 'reports'),
  ]);
  if (!parsed.ok) throw new Error(parsed.problem);
  const {options, given} = parsed;
  const places = placesOf({state: root, reports: options.reports}, root);
  const system = fakeSystem({});
  const history = openHistory(places.state);
  return {options, given, places, history, system, signIns: openSignIns(system), ca: []};
}

const namesIn = (folder: string) => (existsSync(folder) ? readdirSync(folder) : []);

test('a list of mail that is not whole is said, and no run ends well with it', async () => {
  const root = mkdtempSync(join(tmpdir(), 'mf-run-'));
  onTestFinished(() => rmSync(root, {recursive: true, force: true}));
  const demo = await startDemo({now: () => 0, speed: 'full'});
  onTestFinished(() => demo.stop());
  let last: RunEvent | undefined;
  const handle = startRun(demo.requests.slice(0, 1), 'demo', partsIn(root), {
    take(event) {
      last = event;
      if (event.type !== 'run-started') return;
      // A folder where the rows of the first request are to be written.
      mkdirSync(join(root, 'reports', event.run, '.messages', '1.csv'));
    },
    tick: () => undefined,
  });
  const outcome = await handle.done;
  const reports = outcome.reports ?? '';
  expect(outcome.exitCode).toBe(3);
  expect(outcome.reportProblem).toBe(
    `Rows are missing in ${join(reports, 'messages.csv')}: a folder of that name is in the way.`,
  );
  expect(last).toMatchObject({type: 'run-finished', exitCode: 3, reports});
  expect(JSON.parse(readFileSync(join(reports, 'summary.json'), 'utf8'))).toMatchObject({exitCode: 3});
});

test('a report that is there already is not written over', async () => {
  const root = mkdtempSync(join(tmpdir(), 'mf-run-'));
  onTestFinished(() => rmSync(root, {recursive: true, force: true}));
  const parts = partsIn(root);
  const now = () => Date.UTC(2026, 10, 22);
  const reports: string[] = [];
  // Dry runs: none of them is in the list of runs.
  for (let count = 0; count < 3; count++) {
    const {done} = startRun([], 'demo', {...parts, system: {...parts.system, now}});
    reports.push((await done).reports ?? '');
  }
  expect(new Set(reports).size).toBe(3);
});

test('two that begin in the same minute, neither knowing of the other, have a report each', async () => {
  const root = mkdtempSync(join(tmpdir(), 'mf-run-'));
  onTestFinished(() => rmSync(root, {recursive: true, force: true}));
  const parts = partsIn(root);
  const now = () => Date.UTC(2026, 10, 22);
  let other: Promise<RunOutcome> | undefined;
  const passed = (point: Point) => {
    // The one has found its name, and has written nothing yet.
    if (point === 'run-named')
      other ??= startRun([], 'demo', {...parts, system: {...parts.system, now}}).done;
  };
  const {reports} = await startRun([], 'demo', {...parts, system: {...parts.system, now, passed}}).done;
  expect((await other)?.reports).toBe(`${reports}-2`);
});

test('a run that could not be put into the list leaves nothing behind', async () => {
  const root = mkdtempSync(join(tmpdir(), 'mf-run-'));
  onTestFinished(() => rmSync(root, {recursive: true, force: true}));
  const parts = partsIn(root);
  const full = () => {
    throw new UsageProblem('The state folder is full.');
  };
  for (const broken of [{take: full}, {write: full}]) {
    const history = {...parts.history, ...broken};
    const {done} = startRun([], 'demo', {...parts, history, options: {...parts.options, dryRun: false}});
    await expect(done).rejects.toThrow('The state folder is full.');
    expect(['reports', 'runs'].flatMap(name => namesIn(join(root, name)))).toEqual([]);
  }
});

test('a run whose report cannot be begun is not in the list', async () => {
  const root = mkdtempSync(join(tmpdir(), 'mf-run-'));
  onTestFinished(() => rmSync(root, {recursive: true, force: true}));
  writeFileSync(join(root, 'reports'), 'a file in the way');
  const parts = partsIn(root);
  const {done} = startRun([], 'demo', {...parts, options: {...parts.options, dryRun: false}});
  await expect(done).rejects.toMatchObject({name: 'ReportError'});
  expect(parts.history.list()).toEqual([]);
});

test('waits longer for an answer than Exchange takes for a big folder', () => {
  const root = mkdtempSync(join(tmpdir(), 'mf-run-'));
  onTestFinished(() => rmSync(root, {recursive: true, force: true}));
  // 30 to 60 s have been seen for SELECT and FETCH.
  expect(engineSettings(partsIn(root), 'run').limits.inactivityMs).toBeGreaterThanOrEqual(120_000);
});

test('a dry run names its messages no faster than they are taken, and names them all', async () => {
  const root = mkdtempSync(join(tmpdir(), 'mf-run-'));
  onTestFinished(() => rmSync(root, {recursive: true, force: true}));
  const demo = await startDemo({now: () => 0, speed: 'full'});
  onTestFinished(() => demo.stop());
  const telling = new Gate();
  const named: number[] = [];
  let first: number | undefined;
  let inOneTurn = 0;
  const handle = startRun(demo.requests.slice(0, 1), 'demo', partsIn(root), {
    telling,
    take(event) {
      if (event.type !== 'message-skipped') return;
      named[event.folder] = (named[event.folder] ?? 0) + 1;
      if (first !== undefined) return;
      first = event.folder;
      telling.close();
      setImmediate(() => {
        inOneTurn = named[event.folder] ?? 0;
        telling.open();
      });
    },
    tick: () => undefined,
  });
  const {snapshot} = await handle.done;
  expect(inOneTurn).toBe(1);
  expect(named[first ?? 0]).toBeGreaterThan(1);
  expect(named.reduce((all, count) => all + count, 0)).toBe(snapshot.totals.skipped);
});
