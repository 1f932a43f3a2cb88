// Runs at work that do not say how they stand: their process suspended, their terminal held, too many watching.
import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {mkdirSync, mkdtempSync, rmSync} from 'node:fs';
import {createServer, type Socket} from 'node:net';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {expect, onTestFinished, test} from 'vitest';
import {parseCommandLine} from '../../source/command-line/options.ts';
import {runFolder, writeLive} from '../../source/live/folder.ts';
import {openJournal} from '../../source/live/journal.ts';
import {openRun, stopRun} from '../../source/program/attach.ts';
import {openHistory} from '../../source/program/history.ts';
import {placesOf} from '../../source/program/places.ts';
import {runsLines, runsText} from '../../source/program/runs-list.ts';
import {unfinishedRuns} from '../../source/program/unfinished-runs.ts';
import {emptySnapshot, reduce} from '../../source/progress/reduce.ts';
import {at, counted, folder, runStarted} from '../progress/events.ts';
import {fakeProfiles} from '../wizard/fakes.ts';
import {fakeSystem} from './fake-system.ts';

/** All limits are over as soon as what is at hand has been done. */
const atOnce = (callback: () => void) => {
  const due = setImmediate(callback);
  return () => clearImmediate(due);
};
const never = () => () => undefined;

/** One of its two mailboxes is processed; seven messages of ten have arrived. */
const events = [
  runStarted(2),
  at({type: 'folders-planned', request: 0, folders: [folder(0)]}, 2),
  at(
    {
      ...{type: 'folder-counted', request: 0, folder: 0},
      ...{selected: 10, selectedBytes: 100, alreadyPresent: 0, alreadyPresentBytes: 0},
    } as const,
    3,
  ),
  at({type: 'messages-copied', request: 0, folder: 0, messages: 7, bytes: 70}, 4),
  at({type: 'request-state', request: 0, state: 'Processed', counts: counted(10, 7)} as const, 5),
];
const snapshot = events.reduce(reduce, emptySnapshot);

/** A state folder with one run at work and its journal; `listen` is given the address of its socket. */
async function stateWith(listen: (address: string) => Promise<void>) {
  const state = mkdtempSync(join(tmpdir(), 'mf-look-'));
  onTestFinished(() => rmSync(state, {recursive: true, force: true}));
  const history = openHistory(state);
  history.write({...{version: 1, run: 'r1', from: '/users.csv', startedAt: 1000}, requests: 2, processed: 0});
  const path = runFolder(state, 'r1');
  mkdirSync(path);
  const journal = openJournal(path, {schedule: never, snapshot: () => snapshot});
  for (const event of events) journal.take(event);
  journal.close();
  const address = join(path, 'control.sock');
  writeLive(path, {version: 1, run: 'r1', pid: 42, address, token: 'x'});
  await listen(address);
  return {state, history};
}

/** Takes connections, and does no more than `greet` with them. */
const listening = (greet: (socket: Socket) => void) => async (address: string) => {
  const server = createServer(socket => {
    socket.on('error', () => undefined);
    greet(socket);
  }).listen(address);
  onTestFinished(() => void server.close());
  await once(server, 'listening');
};

const silent = listening(socket => void socket.resume());

/** A process that takes nothing any more: what the system does for it is all there is. */
async function suspended(address: string): Promise<void> {
  const work = `require('node:net').createServer().listen(${JSON.stringify(address)}, () => {
    require('node:fs').writeSync(1, 'x');
    process.kill(process.pid, 'SIGSTOP');
  })`;
  const child = spawn(process.execPath, ['-e', work], {stdio: ['ignore', 'pipe', 'inherit']});
  onTestFinished(() => void child.kill('SIGKILL'));
  await once(child.stdout, 'data');
}

const tooMany = listening(socket => {
  socket.resume().end('{"refused":"The run goes on, but too many are watching it."}\n');
});

test.skipIf(process.platform === 'win32').for([
  ['is silent', silent, atOnce],
  ['is suspended', suspended, atOnce],
  ['lets no more watch', tooMany, never],
] as const)(
  'of a run that %s its journal tells, in the list and at the start',
  async ([, listen, schedule]) => {
    const {state, history} = await stateWith(listen);
    expect((await runsText(history, state, schedule)).split('\n')[1]?.split(/ {2,}/).slice(2)).toEqual([
      'running',
      '1 of 2',
      '7 of 10',
      '/users.csv',
    ]);
    expect(JSON.parse(await runsLines(history, state, schedule))).toMatchObject({
      ...{run: 'r1', state: 'running', processed: 1, messages: {selected: 10, arrived: 7, failed: 0}},
    });
    const parsed = parseCommandLine([]);
    if (!parsed.ok) throw new Error(parsed.problem);
    const parts = {
      ...{options: parsed.options, given: parsed.given, history},
      ...{places: placesOf({state, reports: state}, state), system: {...fakeSystem({}), schedule}},
    };
    // It is watched, not started again.
    expect(await unfinishedRuns(parts, fakeProfiles())).toMatchObject([
      {run: 'r1', processed: 1, isRunning: true},
    ]);
  },
);

const words =
  'The run r1 does not answer: its process (42) may be suspended, or its terminal held (Ctrl+S). Ctrl+Q or "fg" in that terminal lets it go on.';

test('who wants to watch a run that is silent is told so', async () => {
  const {state, history} = await stateWith(silent);
  const handle = await openRun('r1', {history, state, schedule: atOnce});
  await expect(handle.done).rejects.toMatchObject({message: words, how: 'silent'});
});

test('who stops one is told so, and it stops when it goes on', async () => {
  const goesOn = Promise.withResolvers<void>();
  const {state, history} = await stateWith(
    listening(async socket => {
      await goesOn.promise;
      let asked = '';
      socket.setEncoding('utf8').on('data', text => {
        asked += text;
        if (asked.includes('{"do":"stop"}')) socket.end('{"ended":{"exitCode":130}}\n');
      });
    }),
  );
  const told: string[] = [];
  const out = (write: (text: string) => void) => ({write}) as unknown as NodeJS.WriteStream;
  const system = {
    ...fakeSystem({}),
    stdout: out(() => undefined),
    stderr: out(text => {
      told.push(text);
      if (text.startsWith(words)) goesOn.resolve();
    }),
  };
  expect(await stopRun('r1', {history, state, schedule: atOnce}, system)).toBe(0);
  expect(told).toEqual([expect.stringMatching(/^Stopping r1 \(process 42\)/), `${words} It stops then.\n`]);
});
