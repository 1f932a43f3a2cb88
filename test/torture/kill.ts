// Kill at every step: at each point that a run passes, in each way of storing; at the spots of an APPEND and at any byte;
// and once more in recovery.
import type {Point} from '../../source/engine/points.ts';
import {points} from '../../source/engine/points.ts';
import {seeded} from '../helpers/mail-random.ts';
import {inTurn} from './in-turn.ts';
import {caseOf, kindOf, readCase, type Try} from './kill-case.ts';
import {type Missed, missedTooOften} from './kill-missed.ts';
import {inWaves, KillPlan, type Known, recovered} from './kill-plan.ts';
import {reachOf} from './kill-reach.ts';
import {type Site, startSite, type Variant, variants} from './kill-site.ts';
import {carryOut, learn, type Outcome} from './kill-try.ts';
import {compileKilled, type KilledProgram} from './killed-program.ts';
import {sumOfLeft} from './left-behind.ts';
import type {Part, PartJob} from './part.ts';

/** Tries that end together, in one run. */
const waveSize = 20;
/** While one waits for mail that may still arrive, the next is at work. */
const wavesAtOnce = 3;

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
        await new Killing(job, site, program).run(wanted);
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
  readonly #killed = new Map<Variant, Set<Point>>(variants.map(variant => [variant, new Set()]));
  /** By kind: tries, and those of them in which a kill did not come. */
  readonly #kinds = new Map<string, Missed>();
  readonly #left = {files: 0, modes: 0};

  constructor(job: PartJob, site: Site, program: KilledProgram) {
    this.#job = job;
    this.#site = site;
    this.#program = program;
  }

  async run(only: readonly Try[] | undefined): Promise<void> {
    const isOver = () => Date.now() >= this.#job.until;
    if (only !== undefined) {
      await inTurn(
        inWaves(only.values(), waveSize, () => false),
        wavesAtOnce,
        wave => this.#wave(wave),
      );
      return;
    }
    const known = await this.#learn();
    const tries = new KillPlan(known, seeded(this.#job.seed)).tries(this.#job.tally);
    await inTurn(inWaves(tries, waveSize, isOver), wavesAtOnce, wave => this.#wave(wave));
    this.#tell(known);
  }

  async #learn(): Promise<ReadonlyMap<Variant, Known>> {
    const known = new Map<Variant, Known>();
    await inTurn(variants.values(), wavesAtOnce, async variant => {
      this.#job.say(`learning ${variant}`);
      const of = (scene: Try['scene'], kills: Try['kills']) =>
        learn({variant, scene, kills}, this.#site, this.#program);
      const fresh = await of('fresh', []);
      const changed = await of('changed', []);
      const recovery = await of('fresh', [recovered]);
      known.set(variant, {
        fresh: fresh.passings,
        changed: changed.passings,
        recovery: recovery.passings,
        spots: fresh.spots,
        bytes: fresh.bytes,
      });
    });
    // In their usual order, whichever was learned first: the same seed tries the same.
    return new Map(variants.flatMap(variant => [...known].filter(([each]) => each === variant)));
  }

  async #wave(wave: readonly Try[]): Promise<void> {
    const {tally, say, seed} = this.#job;
    const replay = (text: string) => `npm run torture -- --only kill --seed ${seed} --case '${text}'`;
    for (const each of wave) tally.tried(kindOf(each));
    say(wave.map(caseOf).join(' ').slice(0, 60));
    try {
      const outcomes = await carryOut(wave, this.#site, this.#program);
      for (const [index, each] of wave.entries()) {
        const outcome = outcomes[index];
        if (outcome !== undefined) this.#judge(each, outcome, replay(caseOf(each)));
      }
    } catch (error) {
      const said = error instanceof Error ? error.message : String(error);
      tally.failed(`${wave.length} tries that end together: ${said}`, replay(wave.map(caseOf).join(',')));
    }
  }

  #judge(each: Try, {difference, wrong, killed, left}: Outcome, replay: string): void {
    const {tally} = this.#job;
    const name = caseOf(each);
    const {tried, missed} = this.#kinds.get(kindOf(each)) ?? {tried: 0, missed: 0};
    const less = killed.length < each.kills.length ? 1 : 0;
    this.#kinds.set(kindOf(each), {tried: tried + 1, missed: missed + less});
    this.#left.files += left.files;
    this.#left.modes += left.modes;
    for (const at of killed) if ('point' in at) this.#killed.get(each.variant)?.add(at.point);
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
    if (all.length > 0) tally.failed(`${name}: ${all.join('; ')}`, replay);
  }

  #tell(known: ReadonlyMap<Variant, Known>): void {
    const {tally, seed} = this.#job;
    const killed = new Set([...this.#killed.values()].flatMap(each => [...each]));
    tally.note('points killed at', `${killed.size} of ${points.length}`);
    for (const [variant, {fresh, changed, recovery}] of known) {
      const passed = new Set([fresh, changed, recovery].flatMap(each => [...each.keys()]));
      const reach = reachOf(variant, passed, this.#killed.get(variant) ?? new Set());
      const left = reach.left.length === 0 ? '' : `; not yet: ${reach.left.join(', ')}`;
      tally.note(`${variant}, points killed at`, `${reach.killed} of ${reach.possible}${left}`);
      tally.note(`${variant}, points that it cannot pass`, reach.never.join('; '));
      for (const what of reach.wrong) tally.failed(what, `npm run torture -- --only kill --seed ${seed}`);
    }
    const missed = [...this.#kinds].filter(([, each]) => each.missed > 0);
    tally.note(
      'tries in which a kill did not come, since the run took another way',
      missed.map(([kind, each]) => `${kind}: ${each.missed} of ${each.tried}`).join('; ') || 'none',
    );
    for (const what of missedTooOften(this.#kinds))
      tally.failed(what, `npm run torture -- --only kill --seed ${seed}`);
    tally.note('files searched for secrets', sumOfLeft(this.#left));
  }
}
