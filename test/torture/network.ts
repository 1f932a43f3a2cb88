// Network faults: every kind at every byte of interest of a migration's conversation, for each way of storing, at the
// source and at the destination, until the time is up.
import {openDescriptors} from '../helpers/descriptors.ts';
import {everyWay, type NetworkCase, type NetworkRoom, openNetworkRoom} from '../helpers/network-room.ts';
import {inTurn, type NetworkTry, networkTries} from '../helpers/network-sweep.ts';
import {inParallel} from '../helpers/parallel.ts';
import type {Part, PartJob} from './part.ts';
import {watchRejections} from './rejections.ts';

/** At once: a try waits for servers most of its time. */
const lanes = 3;

export const network: Part = {
  name: 'network',
  about: 'a line that is cut, reset, stalled, damaged or gone, at every byte of interest',
  async run(job) {
    const {seed, until, only, say, tally} = job;
    const unwatch = watchRejections(what => tally.failed(what, replayAll(seed)));
    const room = await openNetworkRoom();
    try {
      if (only !== undefined) {
        const what = JSON.parse(only) as NetworkCase;
        await tryOne(room, {kind: 'again', where: only, what}, job, new Map());
        return;
      }
      say('recording sound runs');
      const tries = networkTries(await room.record(everyWay, everyWay), seed);
      const planned = [...tries.values()].reduce((all, each) => all + each.length, 0);
      const before = openDescriptors();
      const ends = new Map<number, number>();
      await inParallel(lanes, untilThen(inTurn(tries), until), async each => {
        say(`${each.kind}: ${each.where}`);
        await tryOne(room, each, job, ends);
      });
      const total = [...ends.values()].reduce((all, count) => all + count, 0);
      tally.note('tries planned by places of interest', `${planned}, ${total} of them made`);
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

/** @param ends how many first runs ended with each exit code */
async function tryOne(
  room: NetworkRoom,
  {kind, where, what}: NetworkTry,
  {tally, seed}: PartJob,
  ends: Map<number, number>,
): Promise<void> {
  tally.tried(kind);
  const replay = `npm run torture -- --only network --seed ${seed} --case '${JSON.stringify(what)}'`;
  try {
    const {broken, lost, doubled, compared, codes} = await room.carry(what);
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

function* untilThen<Item>(items: Iterable<Item>, until: number): Generator<Item> {
  for (const item of items) {
    if (Date.now() >= until) return;
    yield item;
  }
}

const replayAll = (seed: number) => `npm run torture -- --only network --seed ${seed}`;
