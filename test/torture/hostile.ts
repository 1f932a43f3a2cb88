// Servers that say what hurts, at either end, a few at a time in random company: the rest of the batch goes on, memory
// stays bounded, nothing crashes or hangs, and what a destination stored is neither lost nor doubled.
import fc from 'fast-check';
import {attacks} from '../servers/hostile-lies.ts';
import {type Assault, AttackRoom, nameOf} from './hostile-room.ts';
import type {Part} from './part.ts';

const all: readonly Assault[] = attacks.flatMap(attack => attack.ends.map(end => ({attack, end})));
const together = 4;

/** In an order that follows from the seed. */
function shuffled(seed: number): Assault[] {
  const [order = []] = fc.sample(
    fc.shuffledSubarray([...all], {minLength: all.length, maxLength: all.length}),
    {
      seed,
      numRuns: 1,
    },
  );
  return order;
}

export const hostile: Part = {
  name: 'hostile',
  about: `${all.length} attacks by servers: memory, time, the rest of the batch`,
  async run({seed, until, only, say, tally}) {
    // A machine that is busy is not silent for long enough to be taken for a server that is.
    const room = new AttackRoom({heap: 400, rss: 600, hangMs: 300_000, inactivityMs: 2000});
    let most = 0;
    try {
      const order = only === undefined ? shuffled(seed) : all.filter(assault => nameOf(assault) === only);
      for (let at = 0; at < order.length && Date.now() < until; at += together) {
        const batch = order.slice(at, at + together);
        for (const {end} of batch) tally.tried(`attack at the ${end}`);
        const outcome = await room.attack(batch);
        most = Math.max(most, outcome.rss);
        tally.compared(outcome.compared);
        const names = batch.map(nameOf).join('; ');
        if (outcome.lost > 0) tally.lost(outcome.lost, names);
        if (outcome.doubled > 0) tally.doubled(outcome.doubled, names);
        for (const broken of outcome.broken)
          tally.failed(
            `${broken} (${names})`,
            batch
              .map(each => `npm run torture -- --only hostile --case ${JSON.stringify(nameOf(each))}`)
              .join('\n'),
          );
        say(`${at + batch.length} of ${order.length}: ${names}`);
      }
      tally.note('attacks known', `${all.length}`);
      tally.note('memory at most', `${most} MB`);
    } finally {
      room.close();
    }
  },
};
