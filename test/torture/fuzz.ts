// Every parser of ours with damaged, mixed and endless input: it ends, says what is wrong in clean words, gives only what
// can be, and works no harder than the input is long.
import {Bench} from './fuzz/bench.ts';
import {seedOf} from './fuzz/room.ts';
import type {Target} from './fuzz/target.ts';
import {targets} from './fuzz/targets.ts';
import type {Part, PartJob} from './part.ts';

/** Tries of a target before the next one has its turn. */
const inTurn = 400;
const lengthsInTurn = 6;

type Kind = 'input' | 'length';

/** `--case wire.framing:input:123` */
function caseOf(text: string): {readonly target: string; readonly kind: Kind; readonly seeds: number[]} {
  const [target = '', kind, seed] = text.split(':');
  return {target, kind: kind === 'length' ? 'length' : 'input', seeds: [Number(seed)]};
}

export const fuzz: Part = {
  name: 'fuzz',
  about: `${targets.length} parsers with damaged, mixed and endless input: no hang, no crash, clean words`,
  async run(job) {
    const bench = new Bench();
    try {
      await (job.only === undefined ? rounds(bench, job) : one(bench, job, job.only));
    } finally {
      await bench.close();
    }
  },
};

async function one(bench: Bench, job: PartJob, text: string): Promise<void> {
  const {target, kind, seeds} = caseOf(text);
  if (!targets.some(({name}) => name === target)) throw new Error(`There is no target "${target}"`);
  await batch(bench, job, {target, kind, seeds});
}

async function rounds(bench: Bench, job: PartJob): Promise<void> {
  let round = 0;
  for (; Date.now() < job.until; round++)
    for (const target of targets) {
      if (Date.now() >= job.until) break;
      await batch(bench, job, {
        target: target.name,
        kind: 'input',
        seeds: seeds(job.seed, target, round, inTurn),
      });
      if (target.unmeasured === true) continue;
      if (round === 0 && target.hurts !== undefined)
        await batch(bench, job, {target: target.name, kind: 'length', seeds: [...target.hurts.keys()]});
      const lengths = seeds(job.seed ^ 0x1e47, target, round, lengthsInTurn * (target.weight ?? 1));
      await batch(bench, job, {target: target.name, kind: 'length', seeds: lengths});
    }
  job.tally.note('parsers', `${targets.length}`);
  job.tally.note('rounds begun', `${round}`);
}

function seeds(seed: number, {name, weight = 1}: Target, round: number, most: number): number[] {
  const count = Math.max(1, Math.floor(most / weight));
  return Array.from({length: count}, (_, index) => seedOf(seed, name, round * count + index));
}

async function batch(
  bench: Bench,
  {say, tally}: PartJob,
  work: {readonly target: string; readonly kind: Kind; readonly seeds: readonly number[]},
): Promise<void> {
  const {target, kind} = work;
  const area = target.split('.')[0] ?? target;
  for (const _ of work.seeds)
    tally.tried(kind === 'input' ? `${area}: damaged input` : `${area}: ever longer input`);
  say(target);
  for (const {seed, what} of await bench.work(work))
    tally.failed(`${target}: ${what}`, `npm run torture -- --only fuzz --case ${target}:${kind}:${seed}`);
}
