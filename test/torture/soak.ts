// One fresh migration after the other at full speed, until the time is up: memory, file descriptors, listeners and the
// number of objects of each class must not grow.
import {rmSync} from 'node:fs';
import {join} from 'node:path';
import {setFlagsFromString} from 'node:v8';
import {runInNewContext} from 'node:vm';
import {openDescriptors} from '../helpers/descriptors.ts';
import {freshState, job, runEngine} from '../helpers/engine.ts';
import {countMessages, fill, readMailbox} from '../helpers/mail.ts';
import {bigMessage, corpus} from '../helpers/mail-corpus.ts';
import {startDovecot} from '../servers/dovecot.ts';
import {compareMail} from './golden.ts';
import {afterWarmUp, fewest, growthOf, notJudged} from './growth.ts';
import {countHeap, grown, type HeapCount} from './heap-count.ts';
import type {Part, Tally} from './part.ts';
import {watchRejections} from './rejections.ts';

/** What may be more at the end than after the warm-up, along a line through all samples. */
const most = {heap: 4, rss: 32, descriptors: 4, resources: 4, listeners: 0.5};
/** One destination in so many is compared with the source. */
const every = 5;
/**
 * Migrations after which objects are counted by class, once more at the end: after the first comparison, of which the last
 * mailbox stays in hand. Counting makes the process larger.
 */
const warm = every + 1;
const user = 'john@baya.com';
const below = 'Data17012018/';

type Sample = {
  /** MB: what is in use after a collection, and what the system counts. */
  readonly heap: number;
  readonly rss: number;
  readonly descriptors: number;
  /** What keeps the event loop alive: sockets, timers. */
  readonly resources: number;
  /** Of the process itself, for all its events. */
  readonly listeners: number;
};

export const soak: Part = {
  name: 'soak',
  about: 'fresh migrations at full speed, one after the other: nothing may grow',
  async run({seed, until, say, tally}) {
    const replay = `npm run torture -- --only soak --seed ${seed}`;
    const unwatch = watchRejections(what => tally.failed(what, replay));
    // Too many listeners on one emitter, for example.
    const warned = (warning: Error) => {
      if (warning.name !== 'ExperimentalWarning') tally.failed(`${warning.name}: ${warning.message}`, replay);
    };
    process.on('warning', warned);
    const collect = collector();
    const [source, destination] = await Promise.all([startDovecot(), startDovecot()]);
    try {
      await fill(source, user, [
        {path: ['INBOX'], messages: corpus(250, {seed, repeats: true})},
        {path: ['Sent Items'], messages: [...corpus(60, {seed: seed + 1}), bigMessage(2_200_000, seed)]},
      ]);
      const mailbox = await readMailbox(source, user);
      const messages = countMessages(mailbox);
      const golden = new Map(
        [...mailbox].filter(([, mail]) => mail.length > 0).map(([path, mail]) => [below + path, mail]),
      );
      // Numbers only: an object a migration would look like a leak.
      const samples: Record<keyof Sample, number[]> = {
        heap: [],
        rss: [],
        descriptors: [],
        resources: [],
        listeners: [],
      };
      const began = Date.now();
      let migrations = 0;
      let first: HeapCount | undefined;
      while (Date.now() < until) {
        if (migrations === warm) first = await countHeap();
        const to = `s${++migrations}@vault.example`;
        const state = freshState();
        tally.tried('migration');
        const {exitCode, totals} = await runEngine(
          [job({server: source, user}, {server: destination, user: to})],
          {state},
        );
        if (exitCode !== 0 || totals.copied !== messages)
          tally.failed(
            `migration ${migrations}: exit code ${exitCode}, ${totals.copied} of ${messages} copied`,
            replay,
          );
        if (migrations % every === 0) {
          const all = await readMailbox(destination, to);
          const found = new Map([...all].filter(([path]) => path.startsWith(below)));
          const {compared, lost, doubled} = compareMail(golden, found);
          tally.compared(compared);
          tally.lost(lost.length, `migration ${migrations}`);
          tally.doubled(doubled.length, `migration ${migrations}`);
        }
        const sample = await sampled(collect);
        for (const what of columns) samples[what].push(sample[what]);
        say(
          `${migrations} migrations, heap ${sample.heap.toFixed(1)} MB, RSS ${sample.rss.toFixed(0)} MB, ` +
            `${sample.descriptors} descriptors`,
        );
        rmSync(state, {recursive: true, force: true});
        rmSync(join(destination.directory, 'mail', to), {recursive: true, force: true});
      }
      const seconds = (Date.now() - began) / 1000;
      // Before anything is looked for in the samples, which would be on the heap too.
      if (first !== undefined) tellGrown(first, await countHeap(), migrations - warm, tally, replay);
      tally.note('migrations', `${migrations} of ${messages} messages in ${Math.round(seconds)} s`);
      // A part that could not look for growth has not found that there is none.
      const unjudged = notJudged(samples.heap);
      if (unjudged !== undefined) tally.failed(unjudged, replay);
      for (const what of columns) {
        const unit = units[what];
        const row = afterWarmUp(samples[what]);
        const growth = growthOf(row);
        const bound = most[what];
        const range = `${Math.min(...row).toFixed(1)} to ${Math.max(...row).toFixed(1)}${unit}`;
        tally.note(
          `${what} after the warm-up`,
          `${range}, growth ${growth.toFixed(2)}${unit} (at most ${bound}${unit})`,
        );
        if (unjudged === undefined && growth > bound)
          tally.failed(`${what} grows by ${growth.toFixed(2)}${unit} in ${migrations} migrations`, replay);
      }
    } finally {
      await Promise.all([source.stop(), destination.stop()]);
      process.off('warning', warned);
      unwatch();
    }
  },
};

const units: Readonly<Record<keyof Sample, string>> = {
  heap: ' MB',
  rss: ' MB',
  descriptors: '',
  resources: '',
  listeners: '',
};

const columns = ['heap', 'rss', 'descriptors', 'resources', 'listeners'] as const;

/** What grows with the migrations is named: a class of ours, a socket, a timer. */
function tellGrown(
  before: HeapCount,
  after: HeapCount,
  migrations: number,
  tally: Tally,
  replay: string,
): void {
  const more = grown(before, after, migrations);
  const said = more.map(each => `${each.name} from ${each.before} to ${each.after}`);
  const watched = ['Socket', 'TLSSocket', 'Timeout', 'DatabaseSync', 'AbortSignal', 'Session', 'Promise'];
  const counts = watched.map(name => `${name} ${before.get(name) ?? 0}, ${after.get(name) ?? 0}`);
  tally.note(`objects after ${warm} migrations and at the end`, counts.join('; '));
  if (migrations < fewest) return;
  tally.note('classes that grow with the migrations', said.length === 0 ? 'none' : said.join('; '));
  if (said.length > 0) tally.failed(`left over of ${migrations} migrations: ${said.join('; ')}`, replay);
}

function collector(): () => void {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as () => void;
}

/** Twice, with a turn of the event loop between: what is held by a finished socket goes with the second. */
async function sampled(collect: () => void): Promise<Sample> {
  for (let round = 0; round < 2; round++) {
    await new Promise(resolve => setImmediate(resolve));
    collect();
  }
  const {heapUsed, external, rss} = process.memoryUsage();
  const megabytes = (bytes: number) => bytes / 1024 / 1024;
  return {
    heap: megabytes(heapUsed + external),
    rss: megabytes(rss),
    descriptors: openDescriptors() ?? 0,
    resources: process.getActiveResourcesInfo().length,
    listeners: process.eventNames().reduce((sum, name) => sum + process.listenerCount(name), 0),
  };
}
