// Network faults: every kind at bytes of interest of a migration's conversation, for each way of storing, at the source and
// at the destination, until the time is up. There are more places than time: what is tried is spread evenly over them.
import {openDescriptors} from '../helpers/descriptors.ts';
import {missed, missesTooOften, type Strikes} from '../helpers/network-judgement.ts';
import {everyWay, type NetworkCase, type NetworkRoom, openNetworkRoom} from '../helpers/network-room.ts';
import {inTurn, type NetworkTry, networkTries} from '../helpers/network-sweep.ts';
import {inParallel} from '../helpers/parallel.ts';
import type {Part, PartJob} from './part.ts';
import {watchRejections} from './rejections.ts';

/** At once: a try waits for servers most of its time. */
const lanes = 3;

export const network: Part = {
  name: 'network',
  about:
    'a line that is cut, reset, stalled, damaged or gone, at bytes of interest all over the conversation',
  async run(job) {
    const {seed, until, only, say, tally} = job;
    const unwatch = watchRejections(what => tally.failed(what, replayAll(seed)));
    const room = await openNetworkRoom();
    const seen: Seen = {ends: new Map(), strikes: new Map()};
    const {ends, strikes} = seen;
    try {
      if (only !== undefined) {
        const what = JSON.parse(only) as NetworkCase;
        await tryOne(room, {kind: 'again', where: only, what}, job, seen);
        tellMissed(strikes, job, replayAll(seed));
        return;
      }
      say('recording sound runs');
      const tries = networkTries(await room.record(everyWay, everyWay), seed);
      const planned = [...tries.values()].reduce((all, each) => all + each.length, 0);
      const before = openDescriptors();
      await inParallel(lanes, untilThen(inTurn(tries), until), async each => {
        say(`${each.kind}: ${each.where}`);
        await tryOne(room, each, job, seen);
      });
      const total = [...ends.values()].reduce((all, count) => all + count, 0);
      tally.note(
        'places of interest',
        `${total} of ${planned} tried, evenly spread: which of them follows from the seed, how many from the speed of the machine`,
      );
      tellMissed(strikes, job, replayAll(seed));
      tally.note('went on by itself', `${ends.get(0) ?? 0} of ${total}`);
      tally.note('stopped, and the next run ended it', `${total - (ends.get(0) ?? 0)} of ${total}`);
      for (const change of await room.sourceChanges())
        tally.failed(`the source has changed: ${change}`, replayAll(seed));
      if (before === undefined) return;
      const after = openDescriptors() ?? 0;
      tally.note('file descriptors before and after', `${before}, ${after}`);
      // Goodbyes may still be under way; what a try forgets comes hundreds of times.
      if (after > before + 5 * lanes)
        tally.failed(`${after - before} file descriptors are left open`, replayAll(seed));
    } finally {
      await room.close();
      unwatch();
    }
  },
};

type Seen = {
  /** How many first runs ended with each exit code. */
  readonly ends: Map<number, number>;
  /** By kind. */
  readonly strikes: Map<string, Strikes>;
};

async function tryOne(
  room: NetworkRoom,
  {kind, where, what}: NetworkTry,
  {tally, seed}: PartJob,
  {ends, strikes}: Seen,
): Promise<void> {
  tally.tried(kind);
  const replay = `npm run torture -- --only network --seed ${seed} --case '${JSON.stringify(what)}'`;
  try {
    const outcome = await room.carry(what);
    const {broken, lost, doubled, compared, codes} = outcome;
    const before = strikes.get(kind) ?? {tried: 0, missed: 0};
    strikes.set(kind, {
      tried: before.tried + 1,
      missed: before.missed + (missed(what, outcome).length > 0 ? 1 : 0),
    });
    const [first = -1] = codes;
    ends.set(first, (ends.get(first) ?? 0) + 1);
    tally.compared(compared);
    tally.lost(lost, `${kind}: ${where}`);
    tally.doubled(doubled, `${kind}: ${where}`);
    if (broken.length > 0) tally.failed(`${kind}: ${where}: ${broken.join('; ')}`, replay);
  } catch (error) {
    tally.failed(`${kind}: ${where}: ${error instanceof Error ? error.stack : String(error)}`, replay);
  }
}

/** What did not come about, by kind, and kinds that were not tried for it. */
function tellMissed(strikes: Seen['strikes'], {tally}: PartJob, replay: string): void {
  for (const [kind, each] of strikes) {
    const share = `${each.missed} of ${each.tried}`;
    if (each.missed > 0) tally.note(`${kind}: faults that did not come about`, share);
    if (missesTooOften(kind, each))
      tally.failed(`${kind}: ${share} faults did not come about, so that nothing was tried`, replay);
  }
}

function* untilThen<Item>(items: Iterable<Item>, until: number): Generator<Item> {
  for (const item of items) {
    if (Date.now() >= until) return;
    yield item;
  }
}

const replayAll = (seed: number) => `npm run torture -- --only network --seed ${seed}`;
