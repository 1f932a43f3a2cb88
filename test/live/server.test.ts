import {once} from 'node:events';
import {mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync} from 'node:fs';
import {connect, createServer, type Socket} from 'node:net';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import {expect, onTestFinished, test} from 'vitest';
import type {RunEvent} from '../../source/engine/events.ts';
import {isAlive, watchRun} from '../../source/live/client.ts';
import {type Live, makeRunFolder, readLive} from '../../source/live/folder.ts';
import {serveRun} from '../../source/live/server.ts';
import {emptySnapshot, reduce} from '../../source/progress/reduce.ts';
import type {Snapshot} from '../../source/progress/snapshot.ts';
import type {RunHandle} from '../../source/services.ts';
import {at, folder, runStarted} from '../progress/events.ts';

function newFolder(below = ''): string {
  const root = mkdtempSync(join(tmpdir(), 'mf-live-'));
  onTestFinished(() => rmSync(root, {recursive: true, force: true}));
  const path = join(root, below, 'run');
  mkdirSync(dirname(path), {recursive: true});
  makeRunFolder(path);
  return path;
}

async function served(path = newFolder()) {
  let snapshot: Snapshot = reduce(emptySnapshot, runStarted(2));
  const listeners = new Set<() => void>();
  const calls: string[] = [];
  const log =
    (name: string) =>
    (about?: number): void => {
      calls.push(about === undefined ? name : `${name} ${about}`);
    };
  const server = await serveRun(
    {
      store: {
        getSnapshot: () => snapshot,
        subscribe: listener => {
          listeners.add(listener);
          return () => listeners.delete(listener);
        },
      },
      snapshot: () => snapshot,
      ...{stop: log('stop'), pause: log('pause'), resume: log('resume'), retryFailed: log('retry')},
      ...{first: log('first'), changeMailboxes: log('change')},
    },
    {folder: path, run: 'r1', pid: 42, platform: process.platform},
  );
  return {
    path,
    server,
    calls,
    happen(event: RunEvent) {
      snapshot = reduce(snapshot, event);
      server.take(event);
    },
    show(next: Snapshot) {
      snapshot = next;
      for (const listener of listeners) listener();
    },
    get snapshot() {
      return snapshot;
    },
  };
}

/** Settles when the watcher sees what is wanted. */
function until(handle: RunHandle, wanted: (snapshot: Snapshot) => boolean): Promise<void> {
  return new Promise(resolve => {
    const look = () => {
      if (wanted(handle.store.getSnapshot())) resolve();
    };
    handle.store.subscribe(look);
    look();
  });
}

const planned = at({type: 'folders-planned', request: 1, folders: [folder(0)]}, 2);

test('several watch one run, each sees it change, and all hear the end', async () => {
  const run = await served();
  const watchers = [watchRun(run.server.live), watchRun(run.server.live)];
  for (const watcher of watchers) await until(watcher, ({requests}) => requests.length === 2);
  run.show(reduce(run.snapshot, planned));
  for (const watcher of watchers) await until(watcher, ({requests}) => requests[1]?.folders.length === 1);
  run.show(reduce(run.snapshot, at({type: 'paused'}, 3)));
  await run.server.end({exitCode: 3, snapshot: run.snapshot, reports: '/r'});
  for (const watcher of watchers)
    expect(await watcher.done).toEqual({
      exitCode: 3,
      reports: '/r',
      snapshot: JSON.parse(JSON.stringify(run.snapshot)),
    });
  expect(readLive(run.path)).toBeUndefined();
  expect(await isAlive(run.server.live)).toBe(false);
});

/** What a follower was told, `stands` for the run as a whole. */
function followed(live: Live) {
  const told: string[] = [];
  const watcher = watchRun(live, {
    follower: {
      stands: ({requests}) => told.push(`stands ${requests.length}`),
      take: ({type}) => told.push(type),
    },
  });
  return {told, watcher};
}

test('who follows hears each event once, behind the run as it stood, and the end', async () => {
  const run = await served();
  run.happen(planned);
  const {told, watcher} = followed(run.server.live);
  await expect.poll(() => told).toEqual(['stands 2']);
  run.happen(at({type: 'paused'}, 3));
  // What they see who watch the grid is not for who follows.
  run.show(run.snapshot);
  run.happen(at({type: 'resumed'}, 4));
  await run.server.end({exitCode: 0, snapshot: run.snapshot});
  expect((await watcher.done).exitCode).toBe(0);
  expect(told).toEqual(['stands 2', 'paused', 'resumed', 'stands 2']);
});

test('one that reads too slowly is told the run as it stands in place of what it missed', async () => {
  const run = await served();
  const {address, token} = run.server.live;
  const socket = connect(address);
  socket.write(`${JSON.stringify({version: 1, token, events: true})}\n`);
  await once(socket, 'readable');
  // Nobody takes more than the first piece until the run has said megabytes, none of which a snapshot holds.
  const capabilities = ['X'.repeat(100_000)];
  const signedIn = {request: 0, end: 'source', login: 'john', server: 'imap', capabilities} as const;
  for (let count = 0; count < 200; count++) run.happen(at({type: 'signed-in', ...signedIn}, 3));
  let text = '';
  socket.setEncoding('utf8').on('data', part => {
    text += part;
  });
  const whole = () => text.split('\n').filter(line => line.startsWith('{"snapshot":'));
  await expect
    .poll(() => {
      run.happen(at({type: 'paused'}, 5));
      return whole().length;
    })
    .toBe(2);
  expect(text.split('"signed-in"').length - 1).toBeLessThan(200);
  // All that was said before it is in it.
  expect(JSON.parse(whole()[1] ?? '').snapshot.paused).toBe(true);
  socket.destroy();
  await run.server.end({exitCode: 0, snapshot: run.snapshot});
});

test('every key reaches the run, also those pressed before the watcher is there', async () => {
  const run = await served();
  const watcher = watchRun(Promise.resolve(run.server.live));
  watcher.pause();
  watcher.pause(1);
  watcher.resume(1);
  watcher.first(0);
  watcher.changeMailboxes(-1);
  watcher.retryFailed();
  watcher.retryFailed(0);
  watcher.stop(1);
  watcher.stop();
  await expect
    .poll(() => run.calls)
    .toEqual([
      ...['pause', 'pause 1', 'resume 1', 'first 0', 'change -1'],
      ...['retry', 'retry 0', 'stop 1', 'stop'],
    ]);
  await run.server.broke('The disk is gone.');
  await expect(watcher.done).rejects.toMatchObject({message: 'The disk is gone.', how: 'broke'});
});

test('who leaves is not told any more; who sends anything else is shut out', async () => {
  const run = await served();
  const watcher = watchRun(run.server.live);
  await until(watcher, ({requests}) => requests.length === 2);
  watcher.detach?.();
  for (const words of ['no JSON\n', '{"token":"x","version":1}\n', `${'x'.repeat(50_000)}`]) {
    const socket = connect(run.server.live.address);
    socket.on('error', () => undefined);
    let answer = '';
    socket.on('data', data => {
      answer += data.toString();
    });
    socket.write(words);
    await new Promise(resolve => socket.once('close', resolve));
    expect(answer).toBe('');
  }
  const other = connect(run.server.live.address);
  other.write(`${JSON.stringify({version: 99, token: run.server.live.token})}\n`);
  const [refused] = await new Promise<Buffer[]>(resolve => other.once('data', data => resolve([data])));
  expect(JSON.parse(refused?.toString() ?? '')).toHaveProperty('refused');
  expect(run.calls).toEqual([]);
  await run.server.end({exitCode: 0, snapshot: run.snapshot});
});

/** Connected, and what it has heard until it was closed. */
async function stranger({address}: Live, hello = '') {
  const socket = connect(address);
  onTestFinished(() => {
    socket.destroy();
  });
  socket.on('error', () => undefined);
  let heard = '';
  socket.setEncoding('utf8').on('data', (text: string) => {
    heard += text;
  });
  await once(socket, 'connect');
  if (hello !== '') socket.write(hello);
  return {socket, heard: () => heard};
}

const closedOrTold = (socket: Socket) =>
  new Promise<void>(resolve => {
    for (const event of ['close', 'data']) socket.once(event, () => resolve());
  });

test('who has not said the token is told nothing: not what changes, nor the end', async () => {
  const run = await served();
  const {socket, heard} = await stranger(run.server.live);
  const closed = once(socket, 'close');
  const watcher = watchRun(run.server.live);
  await until(watcher, ({requests}) => requests.length === 2);
  run.show(reduce(run.snapshot, planned));
  await until(watcher, ({requests}) => requests[1]?.folders.length === 1);
  await run.server.end({exitCode: 0, snapshot: run.snapshot});
  await closed;
  expect(heard()).toBe('');
});

const helloTo = ({token}: Live) => `${JSON.stringify({version: 1, token})}\n`;

test('twenty may watch, and one more is shut out until another has left', async () => {
  const run = await served();
  const {live} = run.server;
  const watchers = await Promise.all(Array.from({length: 20}, () => stranger(live)));
  const more = await stranger(live, helloTo(live));
  await closedOrTold(more.socket);
  expect(more.heard()).not.toContain('"snapshot"');
  // Not that its process is gone: it is at work.
  await expect(watchRun(live).done).rejects.toMatchObject({
    message: expect.stringContaining('The run goes on, but too many are watching it'),
    how: 'refused',
  });
  // Who only stops it is no watcher: the stop gets through, and is told the end.
  const stopping = watchRun(live, {ordersOnly: true});
  stopping.stop();
  await expect.poll(() => run.calls).toEqual(['stop']);
  watchers[0]?.socket.destroy();
  await expect
    .poll(async () => {
      const next = await stranger(live, helloTo(live));
      await closedOrTold(next.socket);
      return next.heard();
    })
    .toContain('"snapshot"');
  for (const {socket} of watchers) socket.destroy();
  await run.server.end({exitCode: 0, snapshot: run.snapshot});
  await expect(stopping.done).resolves.toMatchObject({exitCode: 0, snapshot: {requests: [{}, {}]}});
});

test('one that takes nothing is kept no frames for, and has the last one', async () => {
  const run = await served();
  const {socket, heard} = await stranger(run.server.live, helloTo(run.server.live));
  await once(socket, 'data');
  socket.pause();
  const titled = (title: string) => ({
    ...run.snapshot,
    requests: run.snapshot.requests.map(request => ({...request, title})),
  });
  for (let count = 0; count < 200; count++) run.show(titled(`${'x'.repeat(100_000)} ${count}`));
  const closed = once(socket, 'close');
  socket.resume();
  await run.server.end({exitCode: 0, snapshot: run.snapshot});
  await closed;
  expect(heard().split('\n').length).toBeLessThan(100);
  expect(heard()).toContain(' 199"');
  expect(heard()).toMatch(/"ended":\{"exitCode":0\}\}\n$/);
});

test('a watcher that goes away in the middle of a frame takes nobody along', async () => {
  const run = await served();
  const {socket} = await stranger(run.server.live, helloTo(run.server.live));
  await once(socket, 'data');
  const uncaught: unknown[] = [];
  const listeners = process.listeners('uncaughtException');
  process.removeAllListeners('uncaughtException').on('uncaughtException', error => uncaught.push(error));
  onTestFinished(() => {
    process.removeAllListeners('uncaughtException');
    for (const listener of listeners) process.on('uncaughtException', listener);
  });
  // Its end is closed when this is sent, and nobody has heard of that yet.
  socket.destroy();
  run.show(reduce(run.snapshot, planned));
  const watcher = watchRun(run.server.live);
  await until(watcher, ({requests}) => requests[1]?.folders.length === 1);
  await run.server.end({exitCode: 0, snapshot: run.snapshot});
  await watcher.done;
  expect(uncaught).toEqual([]);
});

test('the socket is for its owner alone, and is made where a killed process left one', async () => {
  const first = await served();
  const {address} = first.server.live;
  expect(statSync(address).mode & 0o777).toBe(0o600);
  await first.server.end({exitCode: 0, snapshot: first.snapshot});
  writeFileSync(address, '');
  const second = await served(first.path);
  expect(second.server.live.address).toBe(address);
  expect(await isAlive(second.server.live)).toBe(true);
  await second.server.end({exitCode: 0, snapshot: second.snapshot});
});

test('below a folder whose path is too long for a socket it listens elsewhere', async () => {
  const run = await served(newFolder('long'.repeat(30)));
  const {address} = run.server.live;
  expect(Buffer.byteLength(address)).toBeLessThan(100);
  expect(statSync(dirname(address)).mode & 0o777).toBe(0o700);
  const watcher = watchRun(readLive(run.path) as Live);
  await until(watcher, ({requests}) => requests.length === 2);
  await run.server.end({exitCode: 0, snapshot: run.snapshot});
  await watcher.done;
});

test('a run whose process is gone is not waited for', async () => {
  const run = await served();
  const {live} = run.server;
  await run.server.end({exitCode: 0, snapshot: run.snapshot});
  await expect(watchRun(live).done).rejects.toThrow(
    'Nobody answers for the run r1; its process (42) is gone.',
  );
});

test('a run that is over before it is reached is shown as it ended', async () => {
  const run = await served();
  const {live} = run.server;
  const outcome = {exitCode: 4, snapshot: run.snapshot, reports: '/r'};
  await run.server.end(outcome);
  const watcher = watchRun(live, {endOf: name => (name === 'r1' ? outcome : undefined)});
  expect(await watcher.done).toEqual(outcome);
  expect(watcher.store.getSnapshot()).toEqual(run.snapshot);
});

test('a run that says what cannot be understood is left, with a word', async () => {
  for (const said of [
    'null',
    '7',
    '{"snapshot":{"requests":[]}}',
    '{"patch":{"a":-1,"i":{}}}',
    '{"patch":{"v":null}}',
    '{"ended":{}}',
    '{"event":null}',
  ]) {
    const path = newFolder();
    const address = join(path, 'x.sock');
    const left = Promise.withResolvers<void>();
    const server = createServer(socket => {
      socket
        .on('error', () => undefined)
        .on('close', () => left.resolve())
        .resume();
      socket.write(`${said}\n`);
    });
    await once(server.listen(address), 'listening');
    const handle = watchRun({version: 1, run: 'r1', pid: 42, address, token: 'x'});
    await expect(handle.done).rejects.toMatchObject({
      name: 'RunLost',
      message: expect.stringContaining('cannot be understood'),
      how: 'broke',
    });
    await left.promise;
    server.close();
  }
});

test('a run whose process goes while it is watched was killed', async () => {
  const address = join(newFolder(), 'control.sock');
  const server = createServer(socket => socket.destroy()).listen(address);
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  await expect(watchRun({version: 1, run: 'r1', pid: 42, address, token: ''}).done).rejects.toMatchObject({
    name: 'RunLost',
    message:
      'The run r1 broke off: its process (42) is gone. "mailferry resume r1" goes on; nothing is copied twice.',
    how: 'killed',
  });
});

test('who leaves before the line stands is held by no run', async () => {
  const address = join(newFolder(), 'control.sock');
  const server = createServer().listen(address);
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  const connected = once(server, 'connection');
  watchRun({version: 1, run: 'r1', pid: 42, address, token: ''}).detach?.();
  const [socket] = (await connected) as [Socket];
  await once(socket.resume(), 'close');
});
