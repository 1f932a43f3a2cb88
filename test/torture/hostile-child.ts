// Runs the engine on batches of mailbox pairs, as told on standard input, and says what became of each and how much memory
// it took. A process of its own, so that memory, crashes and forgotten promises show.
import {readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {createInterface} from 'node:readline';
import {setTimeout as wait} from 'node:timers/promises';
import type {RunEvent} from '../../source/engine/events.ts';
import {mark, marksIn} from '../cli/marked-secrets.ts';
import {openDescriptors} from '../helpers/descriptors.ts';
import {freshState, job, runEngine} from '../helpers/engine.ts';
import type {RequestTold} from './hostile-judge.ts';

export type ChildOrder = {
  /** Ports on loopback. */
  readonly pairs: readonly {
    readonly source: number;
    readonly destination: number;
    /** YYYY-MM-DD: no older mail is asked for. */
    readonly since?: string;
  }[];
  readonly inactivityMs: number;
  /** Mailboxes at once. */
  readonly mailboxes: number;
};

export type ChildReport = {
  readonly requests: readonly RequestTold[];
  /** MB at most while it ran. */
  readonly rss: number;
  /** MB before. */
  readonly before: number;
  readonly ms: number;
  /** Sockets that were still there long after the end. */
  readonly sockets: number;
  /** File descriptors more than before. */
  readonly descriptors: number;
  /** What of all that was told and written holds a password. */
  readonly leaks: readonly string[];
  readonly unhandled: readonly string[];
  readonly thrown?: string;
};

const unhandled: string[] = [];
process.on('unhandledRejection', reason => unhandled.push(String(reason)));
process.on('uncaughtException', error => unhandled.push(String(error)));
process.on('warning', warning => {
  if (warning.name === 'MaxListenersExceededWarning') unhandled.push(warning.message);
});

const megabytes = () => Math.round(process.memoryUsage.rss() / 1024 / 1024);

const sockets = () => process.getActiveResourcesInfo().filter(kind => kind === 'TCPSocketWrap').length;

/** A server that does not hang up is left soon; what is still there after so many ms has been forgotten. */
const longestLeave = 30_000;

/** Comes to its answer as soon as nothing is left. @param before file descriptors that were there */
async function leftOpen(before: number): Promise<{sockets: number; descriptors: number}> {
  for (const end = Date.now() + longestLeave; ; await wait(20)) {
    const left = {sockets: sockets(), descriptors: (openDescriptors() ?? before) - before};
    if ((left.sockets === 0 && left.descriptors <= 0) || Date.now() > end) return left;
  }
}

const unknown: RequestTold = {
  state: '',
  selected: -1,
  copied: -1,
  alreadyPresent: -1,
  skipped: -1,
  failed: -1,
  failedFolders: 0,
  notes: [],
  sentence: '',
  detail: '',
  code: '',
};

/** Keeps no more of an event than is asked for: a hundred thousand folders make as many of them. */
function noted(before: RequestTold, event: RunEvent): RequestTold {
  if (event.type === 'request-finished') {
    const {selected, copied, alreadyPresent, skipped, failed} = event.counts;
    return {...before, selected, copied, alreadyPresent, skipped, failed};
  }
  if (event.type === 'note')
    return before.notes.includes(event.problem.code)
      ? before
      : {...before, notes: [...before.notes, event.problem.code]};
  if (event.type !== 'request-state') return before;
  const {state, problem} = event;
  return {
    ...before,
    state,
    code: problem?.code ?? '',
    sentence: problem?.sentence ?? '',
    detail: (problem?.detail ?? '').slice(0, 200),
  };
}

for await (const line of createInterface({input: process.stdin})) {
  const {pairs, inactivityMs, mailboxes} = JSON.parse(line) as ChildOrder;
  globalThis.gc?.();
  const before = megabytes();
  const opened = openDescriptors() ?? 0;
  let rss = before;
  const timer = setInterval(() => {
    rss = Math.max(rss, megabytes());
  }, 20);
  const start = Date.now();
  const end = (port: number) => ({server: {host: '127.0.0.1', imapPort: port}, user: 'ann@baya.com'});
  let thrown: string | undefined;
  const requests = pairs.map(() => unknown);
  const failed = pairs.map(() => new Set<number>());
  const leaks = new Set<string>();
  const search = (where: string, text: string | Buffer) => {
    for (const form of marksIn(Buffer.from(text))) leaks.add(`${where} (${form})`);
  };
  const state = freshState();
  try {
    await runEngine(
      pairs.map(({source, destination, since}, request) =>
        job(end(source), end(destination), {
          request,
          password: mark,
          ...(since === undefined ? {} : {since}),
        }),
      ),
      {
        mailboxes,
        state,
        keep: false,
        on: event => {
          // A server's words are in no other.
          if ('problem' in event || event.type === 'signed-in') search(event.type, JSON.stringify(event));
          if (!('request' in event) || event.request === undefined) return;
          // One that is tried again may yet be done.
          if (event.type === 'folder-state')
            failed[event.request]?.[event.state === 'failed' ? 'add' : 'delete'](event.folder);
          requests[event.request] = noted(requests[event.request] ?? unknown, event);
        },
        // Nobody waits for a server to recover here.
        ports: {
          sleep: async (ms, signal) => wait(Math.min(ms, 50), undefined, {signal}),
          takeRows: async rows => search('the rows of messages', JSON.stringify(rows)),
        },
        limits: {connections: 2, connectMs: inactivityMs, inactivityMs, reconnects: 2},
      },
    );
  } catch (error) {
    thrown = error instanceof Error ? `${error.message} ${error.stack}` : String(error);
  }
  clearInterval(timer);
  const ms = Date.now() - start;
  const left = await leftOpen(opened);
  // What is looked through after the run is no memory of it.
  rss = Math.max(rss, megabytes());
  for (const name of readdirSync(state)) search(name, readFileSync(join(state, name)));
  const report: ChildReport = {
    requests: requests.map((request, index) => ({...request, failedFolders: failed[index]?.size ?? 0})),
    rss,
    before,
    ms,
    ...left,
    leaks: [...leaks],
    unhandled: unhandled.splice(0),
    ...(thrown === undefined ? {} : {thrown}),
  };
  process.stdout.write(`${JSON.stringify(report)}\n`);
}
