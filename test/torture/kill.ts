// Kill at every step: at each point that a run passes, in each way of storing; at any byte; and once more in recovery.
import {type Point, points} from '../../source/engine/points.ts';
import {type Random, seeded} from '../helpers/mail-random.ts';
import {inTurn} from './in-turn.ts';
import {type Site, startSite, type Variant, variants} from './kill-site.ts';
import {
  carryOut,
  caseOf,
  type Golden,
  type Kill,
  learn,
  type Outcome,
  readCase,
  type Try,
} from './kill-try.ts';
import {compileKilled, type KilledProgram} from './killed-program.ts';
import type {Part, PartJob} from './part.ts';

/** Tries at once: most of a try's time is waiting for mail that may still arrive. */
const atOnce = 6;

export const kill: Part = {
  name: 'kill',
  about:
    'SIGKILL at every step of a run, at any byte, and again in recovery; run to the end, compared, run once more',
  async run(job) {
    const program = await compileKilled();
    try {
      // Several cases with commas between them.
      const wanted = job.only?.split(',').map(readCase);
      const used = wanted === undefined ? variants : [...new Set(wanted.map(({variant}) => variant))];
      const site = await startSite(job.seed, used);
      try {
        await new Killing(job, site, program).run(used, wanted);
      } finally {
        await site.stop();
      }
    } finally {
      program.remove();
    }
  },
};

class Killing {
  readonly #job: PartJob;
  readonly #site: Site;
  readonly #program: KilledProgram;
  readonly #random: Random;
  readonly #learned = new Map<Variant, Golden>();
  readonly #killedAt = new Set<Point>();
  readonly #passed = new Set<Point>();
  /** Points that a recovery has passed, by the kill it recovered from. */
  readonly #recoveries: {readonly first: Try; readonly passed: readonly Point[]}[] = [];
  #missed = 0;

  constructor(job: PartJob, site: Site, program: KilledProgram) {
    this.#job = job;
    this.#site = site;
    this.#program = program;
    this.#random = seeded(job.seed);
  }

  async run(used: readonly Variant[], only: readonly Try[] | undefined): Promise<void> {
    await inTurn(used.values(), 3, async variant => {
      this.#job.say(`learning ${variant}`);
      const golden = await learn(variant, this.#site, this.#program);
      this.#learned.set(variant, golden);
      for (const point of golden.passings.keys()) this.#passed.add(point);
    });
    const tries = only === undefined ? this.#all() : only.values();
    await inTurn(tries, atOnce, each => this.#try(each));
    if (only !== undefined) return;
    const {note} = this.#job.tally;
    const never = points.filter(point => !this.#killedAt.has(point));
    note('points killed at', `${this.#killedAt.size} of ${points.length}`);
    if (never.length > 0) note('points that no run of these passed or was killed at', never.join(', '));
    note('kills that did not come, since the run took another way', String(this.#missed));
  }

  /** Every point's first passing, then the middle and last ones, then chance, until the time is up. */
  *#all(): Generator<Try> {
    const firsts: Try[] = [];
    const others: Try[] = [];
    // Sent whole, unasked, and stored by the server only after the next run has begun to look.
    for (const variant of ['multiappend', 'pipelined'] as const)
      firsts.push(
        ...[1, 2, 3].map(nth => ({variant, kills: [{point: 'bytes-sent', nth, late: true}]}) satisfies Try),
      );
    for (const [variant, {passings}] of this.#learned)
      for (const [point, count] of passings) {
        firsts.push({variant, kills: [{point, nth: 1}]});
        for (const nth of new Set([Math.ceil(count / 2), count]))
          if (nth > 1) others.push({variant, kills: [{point, nth}]});
      }
    for (const each of [...this.#shuffled(firsts), ...this.#shuffled(others)]) {
      if (this.#isOver()) return;
      yield each;
    }
    while (!this.#isOver()) {
      const chance = this.#random.below(4);
      yield chance === 0 ? this.#anyByte() : chance === 1 ? this.#noPower() : this.#again();
    }
  }

  #isOver(): boolean {
    return Date.now() >= this.#job.until;
  }

  #anyByte(): Try {
    const variant = this.#random.pick([...this.#learned.keys()]);
    return {
      variant,
      kills: [this.#byteOf(variant), ...(this.#random.below(2) === 0 ? [this.#byteOf(variant)] : [])],
    };
  }

  /** At any byte, with the end of what the ledger wrote gone, or all of it. */
  #noPower(): Try {
    const {variant, kills} = this.#anyByte();
    return {variant, kills: kills.map(each => ({...each, power: this.#random.below(101)}))};
  }

  #byteOf(variant: Variant): Kill {
    return {bytes: 1 + this.#random.below(this.#learned.get(variant)?.bytes ?? 1)};
  }

  /** A kill that was recovered from, with a second one in its recovery. */
  #again(): Try {
    const known = this.#recoveries[this.#random.below(Math.max(1, this.#recoveries.length))];
    if (known === undefined) return this.#anyByte();
    const point = this.#random.pick([...new Set(known.passed)]);
    const nth = 1 + this.#random.below(known.passed.filter(each => each === point).length);
    return {...known.first, kills: [...known.first.kills, {point, nth}]};
  }

  #shuffled(tries: readonly Try[]): Try[] {
    const keyed = tries.map(each => [this.#random.below(1e9), each] as const);
    return keyed.sort(([one], [other]) => one - other).map(([, each]) => each);
  }

  async #try(each: Try): Promise<void> {
    const {tally, say, seed} = this.#job;
    const name = caseOf(each);
    const golden = this.#learned.get(each.variant);
    if (golden === undefined) return;
    tally.tried(kindOf(each));
    say(name);
    const replay = `npm run torture -- --only kill --seed ${seed} --case '${name}'`;
    let outcome: Outcome;
    try {
      outcome = await carryOut(each, this.#site, this.#program, golden);
    } catch (error) {
      tally.failed(`${name}: ${error instanceof Error ? error.message : String(error)}`, replay);
      return;
    }
    const {difference, wrong, killed, runs} = outcome;
    this.#missed += each.kills.length - killed;
    const [first] = each.kills;
    for (const at of each.kills.slice(0, killed)) if ('point' in at) this.#killedAt.add(at.point);
    const recovery = runs[1];
    if (
      each.kills.length === 1 &&
      killed === 1 &&
      first?.late === undefined &&
      first !== undefined &&
      recovery !== undefined
    )
      this.#recoveries.push({first: each, passed: recovery});
    const {compared, lost, doubled, foreign} = difference;
    tally.compared(compared);
    tally.lost(lost.length, `${name}: ${lost.slice(0, 3).join('; ')}`);
    tally.doubled(doubled.length, `${name}: ${doubled.slice(0, 3).join('; ')}`);
    const all = [
      ...wrong,
      ...(foreign.length > 0 ? [`what nobody sent: ${foreign.slice(0, 3).join('; ')}`] : []),
      ...(lost.length > 0 ? [`${lost.length} lost`] : []),
      ...(doubled.length > 0 ? [`${doubled.length} doubled`] : []),
    ];
    if (all.length > 0)
      tally.failed(
        `${name}: ${all.join('; ')}`,
        `npm run torture -- --only kill --seed ${seed} --case '${name}'`,
      );
  }
}

function kindOf({variant, kills}: Try): string {
  const bytes = kills.some(each => 'bytes' in each);
  const power = kills.some(each => each.power !== undefined);
  const often = kills.length > 1 ? 'twice' : 'once';
  const late = kills.some(each => each.late === true) ? ', the mail arrives late' : '';
  return `${variant}, killed ${often}${late}${bytes ? ' at any byte' : ''}${power ? ', the unsynced end of the ledger gone' : ''}`;
}
