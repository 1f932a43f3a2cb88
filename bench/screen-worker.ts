// One case of screen.ts: feeds the events in real time and prints what share of a core it took.
import {spawn} from 'node:child_process';
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {Readable, Writable} from 'node:stream';
import {pathToFileURL} from 'node:url';
import type {RunEvent} from '../source/engine/events.ts';
import type {Snapshot, SnapshotStore} from '../source/progress/snapshot.ts';

const mailboxes = 1000;
const folders = 12;
const atWork = 100;
const perSecond = 50_000;
const tickMs = 10;
const warmFrames = 80;

const [compiled = '', stage = 'idle', columns = '120', rows = '40', seconds = '5', socket = ''] =
  process.argv.slice(2);

/** Node does not read .tsx: screen.ts has compiled it all. */
const dist = (file: string) => pathToFileURL(join(compiled, file)).href;

const now = () => Date.now();
const schedule = (callback: () => void, ms: number) => {
  const timer = setTimeout(callback, ms);
  return () => clearTimeout(timer);
};

function opening(at: number): RunEvent[] {
  const requests = Array.from({length: mailboxes}, (_, request) => ({
    request,
    title: `user${request}`,
    type: 'O365-IMAP',
    source: `user${request}@baya.com`,
    sourceServer: 'outlook.office365.com:993',
    destination: `user${request}@vault.example`,
    destinationServer: 'vault.example:993',
    destinationFolder: 'Data17012018',
  }));
  const events: RunEvent[] = [
    {type: 'run-started', version: 1, run: 'bench', dryRun: false, requests, mailboxes: atWork, at},
  ];
  for (let request = 0; request < atWork; request += 1) {
    events.push({type: 'request-state', request, state: 'Processing', at});
    events.push({
      type: 'folders-planned',
      request,
      at,
      folders: Array.from({length: folders}, (_, folder) => ({
        folder,
        source: folder === 0 ? 'INBOX' : `Projects/Folder ${folder}`,
        destination: `Data17012018/Folder ${folder}`,
        selected: true,
        messages: 100_000,
        notes: [],
      })),
    });
    for (let folder = 0; folder < folders; folder += 1) {
      const counted = {selected: 100_000, selectedBytes: 1e9, alreadyPresent: 0, alreadyPresentBytes: 0};
      events.push({type: 'folder-counted', request, folder, ...counted, at});
      events.push({type: 'folder-state', request, folder, state: 'copying', at});
    }
  }
  return events;
}

/** The mailboxes at work in turn, each in one folder after the other. */
function* copying(): Generator<RunEvent> {
  for (let count = 0; ; count += 1) {
    const request = count % atWork;
    const folder = Math.floor(count / atWork / 200) % folders;
    yield {type: 'messages-copied', request, folder, messages: 1, bytes: 9_000, at: now()};
  }
}

async function draw(store: SnapshotStore): Promise<() => void> {
  const [{render}, {createElement}, {Dashboard}] = await Promise.all([
    import('ink'),
    import('react'),
    import(dist('dashboard/dashboard.js')) as Promise<typeof import('../source/dashboard/dashboard.tsx')>,
  ]);
  const nothing = () => undefined;
  const size = {columns: Number(columns), rows: Number(rows)};
  let written = 0;
  const terminal = Object.assign(
    new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        written += chunk.length;
        done();
      },
    }),
    {...size, isTTY: true},
  ) as unknown as NodeJS.WriteStream;
  const keyboard = Object.assign(new Readable({read: nothing}), {
    isTTY: true,
    ...{setRawMode: () => keyboard, ref: () => keyboard, unref: () => keyboard},
  }) as unknown as NodeJS.ReadStream;
  const control = {
    ...{stop: nothing, pause: nothing, resume: nothing, retryFailed: nothing},
    ...{first: nothing, changeMailboxes: nothing},
  };
  const app = render(createElement(Dashboard, {store, control, now, ...size, onLeave: nothing}), {
    stdout: terminal,
    stdin: keyboard,
    // As the program does it (source/program/tui.tsx).
    ...{alternateScreen: true, incrementalRendering: true, maxFps: 12, interactive: true},
  });
  return () => {
    app.unmount();
    if (written < 4000) throw new Error('Nothing was drawn');
  };
}

/** The share of a core that this process takes from now on, until the answer is called. */
function meter(): () => number {
  const [from, cpu] = [performance.now(), process.cpuUsage()];
  return () => {
    const {user, system} = process.cpuUsage(cpu);
    return (user + system) / 1000 / (performance.now() - from);
  };
}

const until = (ms: number) => new Promise<void>(resolve => setTimeout(resolve, ms));

/** The grid of the other process. */
async function watch(): Promise<void> {
  const {watchRun} = (await import(dist('live/client.js'))) as typeof import('../source/live/client.ts');
  const handle = watchRun(JSON.parse(socket) as Parameters<typeof watchRun>[0] & object);
  const end = await draw(handle.store);
  // As long as the other side takes to get warm.
  await until(warmFrames * 100);
  const share = meter();
  handle.done.then(
    () => undefined,
    () => undefined,
  );
  await until(Number(seconds) * 1000 - 2000);
  process.stdout.write(JSON.stringify({share: share()}));
  end();
  handle.detach?.();
  process.exit(0);
}

async function feed(): Promise<void> {
  const {createStore} = (await import(
    dist('progress/store.js')
  )) as typeof import('../source/progress/store.ts');
  const store = createStore({now, schedule});
  for (const event of opening(now())) store.take(event);
  const end = stage === 'draw' ? await draw(store) : () => undefined;
  const other = stage === 'watch' ? await serve(store) : undefined;
  const events = copying();
  let taken = 0;
  // A run takes hours: what is measured is code that has been compiled, as it is after the first minutes.
  for (let frame = 0; frame < warmFrames; frame += 1) {
    for (let count = 0; count < 2000; count += 1, taken += 1)
      if (stage !== 'idle') store.take(events.next().value as RunEvent);
    store.flush();
    await until(90);
  }
  const before = taken;
  const share = meter();
  const from = performance.now();
  while (performance.now() - from < Number(seconds) * 1000) {
    const due = before + Math.floor(((performance.now() - from) / 1000) * perSecond);
    for (; taken < due; taken += 1) {
      const event = events.next().value as RunEvent;
      if (stage !== 'idle') store.take(event);
    }
    await until(tickMs);
  }
  const own = share();
  const snapshot: Snapshot = store.getSnapshot();
  store.flush();
  if (stage !== 'idle' && store.getSnapshot().totals.copied !== taken)
    throw new Error(`${snapshot.totals.copied} of ${taken} messages were counted`);
  process.stdout.write(JSON.stringify({share: own, ...(other === undefined ? {} : {other: await other()})}));
  end();
  process.exit(0);
}

async function serve(store: SnapshotStore): Promise<() => Promise<number>> {
  const {serveRun} = (await import(dist('live/server.js'))) as typeof import('../source/live/server.ts');
  const folder = mkdtempSync(join(tmpdir(), 'mf-bench-'));
  process.once('exit', () => rmSync(folder, {recursive: true, force: true}));
  const nothing = () => undefined;
  const server = await serveRun(
    {
      store,
      snapshot: store.getSnapshot,
      ...{stop: nothing, pause: nothing, resume: nothing, retryFailed: nothing},
      ...{first: nothing, changeMailboxes: nothing},
    },
    {folder, run: 'bench', pid: process.pid, platform: process.platform},
  );
  const child = spawn(
    process.execPath,
    [process.argv[1] ?? '', compiled, 'watcher', columns, rows, seconds, JSON.stringify(server.live)],
    {stdio: ['ignore', 'pipe', 'inherit']},
  );
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (part: string) => {
    text += part;
  });
  const closed = new Promise(resolve => child.once('close', resolve));
  return async () => {
    await closed;
    return (JSON.parse(text) as {share: number}).share;
  };
}

await (stage === 'watcher' ? watch() : feed());
