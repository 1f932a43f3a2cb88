// Mail made to hurt whoever reads it, as far as it goes: lines of 10 MB, 100,000 header fields, 10,000 parts in parts.
// Byte for byte in every way of storing, and harmless in everything that is written about it.

import {freshState, job, runEngine} from '../helpers/engine.ts';
import {craftedMail} from '../helpers/mail-crafted.ts';
import {startExchange} from '../servers/exchange/server.ts';
import {looksHarmless} from './crafted-outputs.ts';
import {type Carried, CraftedRoom, type Way, ways} from './crafted-room.ts';
import {bothOf} from './golden.ts';
import type {Part, PartJob, Tally} from './part.ts';

/** Bytes on their way at once: with few, batches are small and large messages stream. */
const memories = [256 * 1024, 2 * 1024 * 1024, 64 * 1024 * 1024];

export const crafted: Part = {
  name: 'crafted',
  about: 'messages made to hurt: endless lines, headers and nesting, and texts that act where they are shown',
  async run(job) {
    // A case is a seed: all that is done with its mail.
    for (let round = 0; Date.now() < job.until; round++) {
      await withSeed(job.only === undefined ? job.seed + round : Number(job.only), job);
      if (job.only !== undefined) return;
    }
  },
};

async function withSeed(seed: number, {until, say, tally}: PartJob): Promise<void> {
  const replay = `npm run torture -- --only crafted --case ${seed}`;
  const room = await CraftedRoom.open();
  try {
    const mail = craftedMail(seed, 'full');
    const refused = await room.fill(mail);
    tally.note('messages of a round', `${mail.length - refused.length}`);
    for (const memory of memories)
      for (const way of Object.keys(ways) as Way[]) {
        if (Date.now() >= until) return;
        say(`seed ${seed}: ${way}, ${memory / 1024} KB`);
        tally.tried(way);
        judge(await room.carry(way, memory), `${way} with ${memory} bytes`, replay, tally);
      }
    say(`seed ${seed}: Exchange`);
    tally.tried('Exchange');
    const wrong = await towardsExchange(room);
    if (wrong !== undefined) tally.failed(wrong, replay);
    for (const output of ['plain', 'jsonl', 'tui'] as const) {
      if (Date.now() >= until) return;
      say(`seed ${seed}: ${output}`);
      tally.tried(`shown: ${output}`);
      const seen = await looksHarmless(room.source, output);
      if (seen !== undefined) tally.failed(seen, replay);
    }
  } finally {
    await room.close();
  }
}

function judge(carried: Carried, what: string, replay: string, tally: Tally): void {
  const {exitCode, copiedAgain, copiedWithoutLedger} = carried;
  const {compared, lost, doubled, foreign} = bothOf(carried, carried.changed);
  tally.compared(compared);
  tally.lost(lost.length, `${what}: ${lost.slice(0, 3).join('; ')}`);
  tally.doubled(doubled.length, `${what}: ${doubled.slice(0, 3).join('; ')}`);
  const broken = [
    ...(exitCode === 0 ? [] : [`it ends with ${exitCode}`]),
    ...foreign.slice(0, 3),
    ...(copiedAgain === 0 ? [] : [`${copiedAgain} copied again`]),
    ...(copiedWithoutLedger === 0 ? [] : [`${copiedWithoutLedger} copied again without the ledger`]),
    ...(lost.length + doubled.length === 0 ? [] : ['the mail is not as it was']),
  ];
  if (broken.length > 0) tally.failed(`${what}: ${broken.join('; ')}`, replay);
}

/** What Exchange does not take is named with its cause; a rerun brings none again. */
async function towardsExchange({source, user}: CraftedRoom): Promise<string | undefined> {
  const exchange = await startExchange({quirks: {password: 'accepted', connectionCap: 0}});
  try {
    const to = 'ann@vault.example';
    exchange.mailbox(to);
    const work = [job({server: source, user}, {server: exchange, user: to, provider: 'o365'})];
    const state = freshState();
    const run = await runEngine(work, {state});
    const nameless = run.rows.find(
      row => row.result === 'failed' && (row.code === 'internal-error' || row.reason === undefined),
    );
    if (nameless !== undefined)
      return `Exchange: ${nameless.code ?? 'a failure'} is no cause: ${nameless.reason ?? ''}`;
    const {copied, failed, selected} = run.totals;
    if (copied + failed !== selected || copied === 0)
      return `Exchange: ${copied} copied and ${failed} failed of ${selected}`;
    const again = (await runEngine(work, {state})).totals.copied + (await runEngine(work)).totals.copied;
    return again === 0 ? undefined : `Exchange: ${again} copied again`;
  } finally {
    await exchange.stop();
  }
}
