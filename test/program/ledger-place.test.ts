// Where no ledger can be: a home that may not be written, a file in the way, a disk in the network that went.
import {existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {expect, onTestFinished, test} from 'vitest';
import {parseCommandLine} from '../../source/command-line/options.ts';
import {type Demo, startDemo} from '../../source/demo/demo.ts';
import type {Point} from '../../source/engine/points.ts';
import {openHistory} from '../../source/program/history.ts';
import {openSignIns} from '../../source/program/microsoft.ts';
import {placesOf} from '../../source/program/places.ts';
import {type RunParts, startRun} from '../../source/program/start-run.ts';
import {fakeSystem} from './fake-system.ts';

type Options = {readonly state?: string; readonly words?: readonly string[]};

async function setUp({
  state,
  words = [],
}: Options = {}): Promise<{root: string; demo: Demo; parts: RunParts}> {
  const root = mkdtempSync(join(tmpdir(), 'mf-ledgers-'));
  const demo = await startDemo({now: () => 0, speed: 'full'});
  onTestFinished(async () => {
    await demo.stop();
    rmSync(root, {recursive: true, force: true});
  });
  const parsed = parseCommandLine(['run', 'demo', '--reports', join(root, 'reports'), ...words]);
  if (!parsed.ok) throw new Error(parsed.problem);
  const {options, given} = parsed;
  const places = placesOf({state: state ?? join(root, 'state'), reports: options.reports}, root);
  const system = fakeSystem({});
  const history = openHistory(places.state);
  return {
    root,
    demo,
    parts: {options, given, places, history, system, signIns: openSignIns(system), ca: []},
  };
}

test('a file in the way of the ledgers fails the mailboxes by name, and the run has its report', async () => {
  const {root, demo, parts} = await setUp();
  const requests = demo.requests.slice(0, 2);
  const {done} = startRun(requests, 'demo', parts, {
    take(event) {
      if (event.type === 'run-started') writeFileSync(join(root, 'state', 'ledgers'), 'in the way');
    },
    tick: () => undefined,
  });
  const {exitCode, snapshot, reports = ''} = await done;
  expect(exitCode).toBe(3);
  expect(snapshot.requests.map(({state, problem}) => [state, problem?.code])).toEqual(
    requests.map(() => ['Failed', 'ledger-unwritable']),
  );
  expect(JSON.parse(readFileSync(join(reports, 'summary.json'), 'utf8'))).toMatchObject({exitCode: 3});
});

test.each([
  ['below a folder that takes none', () => '/proc/nonexistent/state/x.sqlite'],
  ['below a file', (root: string) => join(root, 'file', 'x.sqlite')],
  ['below a file, levels down', (root: string) => join(root, 'file', 'home', 'x.sqlite')],
])('a mailbox whose ledger would be %s fails alone', async (_, placeIn) => {
  const {root, demo, parts} = await setUp();
  writeFileSync(join(root, 'file'), '');
  let asked = 0;
  const ledger = (pair: string) => (asked++ === 0 ? placeIn(root) : parts.places.ledger(pair));
  const options = {...parts.options, mailboxes: 1};
  const {done} = startRun(demo.requests.slice(0, 2), 'demo', {
    ...{...parts, options},
    places: {...parts.places, ledger},
  });
  const {snapshot} = await done;
  expect(snapshot.requests.map(({state, problem}) => [state, problem?.code])).toEqual([
    ['Failed', 'ledger-unwritable'],
    ['Processed', undefined],
  ]);
});

test.each(['ESTALE', 'EIO'])('so does one whose disk goes in the middle of the run: %s', async code => {
  const {demo, parts} = await setUp();
  let made = 0;
  const passed = (point: Point) => {
    if (point === 'ledger-made' && made++ === 0)
      throw Object.assign(new Error(code), {code, path: join(parts.places.state, 'ledgers')});
  };
  const {done} = startRun(demo.requests.slice(0, 2), 'demo', {...parts, system: {...parts.system, passed}});
  const {exitCode, snapshot} = await done;
  expect(exitCode).toBe(3);
  const failed = snapshot.requests.filter(({state}) => state === 'Failed');
  expect(failed.map(({problem}) => problem?.code)).toEqual(['ledger-unwritable']);
});

test.each([
  ['where none can be', '/proc/nonexistent/state'],
  ['where there is none yet', undefined],
])('a dry run needs no state folder, and makes none: %s', async (_, state) => {
  const {root, demo, parts} = await setUp({words: ['--dry-run'], ...(state === undefined ? {} : {state})});
  const {exitCode} = await startRun(demo.requests.slice(0, 1), 'demo', parts).done;
  expect(exitCode).toBe(0);
  expect(existsSync(join(root, 'state'))).toBe(false);
});
