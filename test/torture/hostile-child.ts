// Runs the engine on batches of mailbox pairs, as told on standard input, and says what became of each and how much memory
// it took. A process of its own, so that memory, crashes and forgotten promises show.
import {createInterface} from 'node:readline';
import {setTimeout as wait} from 'node:timers/promises';
import {eventsOf, job, runEngine} from '../helpers/engine.ts';

export type ChildOrder = {
  /** Ports on loopback. */
  readonly pairs: readonly {readonly source: number; readonly destination: number}[];
  readonly inactivityMs: number;
};

export type ChildReport = {
  readonly requests: readonly {
    readonly state: string;
    readonly selected: number;
    readonly copied: number;
    readonly failed: number;
    readonly sentence: string;
    readonly detail: string;
    readonly code: string;
  }[];
  /** MB at most while it ran. */
  readonly rss: number;
  /** MB before. */
  readonly before: number;
  readonly ms: number;
  readonly unhandled: readonly string[];
  readonly thrown?: string;
};

const unhandled: string[] = [];
process.on('unhandledRejection', reason => unhandled.push(String(reason)));
process.on('uncaughtException', error => unhandled.push(String(error)));

const megabytes = () => Math.round(process.memoryUsage.rss() / 1024 / 1024);

for await (const line of createInterface({input: process.stdin})) {
  const {pairs, inactivityMs} = JSON.parse(line) as ChildOrder;
  globalThis.gc?.();
  const before = megabytes();
  let rss = before;
  const timer = setInterval(() => {
    rss = Math.max(rss, megabytes());
  }, 20);
  const start = Date.now();
  const end = (port: number) => ({server: {host: '127.0.0.1', imapPort: port}, user: 'ann@baya.com'});
  let thrown: string | undefined;
  let requests: ChildReport['requests'] = [];
  try {
    const run = await runEngine(
      pairs.map(({source, destination}, request) => job(end(source), end(destination), {request})),
      {
        mailboxes: pairs.length,
        // Nobody waits for a server to recover here.
        ports: {sleep: async (ms, signal) => wait(Math.min(ms, 50), undefined, {signal})},
        limits: {connections: 2, connectMs: inactivityMs, inactivityMs, reconnects: 2},
      },
    );
    requests = pairs.map((_, request) => {
      const counts = eventsOf(run, 'request-finished')
        .filter(each => each.request === request)
        .at(-1)?.counts;
      const state = eventsOf(run, 'request-state')
        .filter(each => each.request === request)
        .at(-1);
      return {
        state: state?.state ?? '',
        selected: counts?.selected ?? -1,
        copied: counts?.copied ?? -1,
        failed: counts?.failed ?? -1,
        code: state?.problem?.code ?? '',
        sentence: state?.problem?.sentence ?? '',
        detail: (state?.problem?.detail ?? '').slice(0, 200),
      };
    });
  } catch (error) {
    thrown = error instanceof Error ? `${error.message} ${error.stack}` : String(error);
  }
  clearInterval(timer);
  const report: ChildReport = {
    requests,
    rss: Math.max(rss, megabytes()),
    before,
    ms: Date.now() - start,
    unhandled: unhandled.splice(0),
    ...(thrown === undefined ? {} : {thrown}),
  };
  process.stdout.write(`${JSON.stringify(report)}\n`);
}
