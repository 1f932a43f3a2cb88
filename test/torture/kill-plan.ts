// Which tries, in which order: each point and each spot once, so that a short run has seen all of them; then each in
// every way of storing; then later passings; then chance. Pure.
import {type Point, points} from '../../source/engine/points.ts';
import type {Random} from '../helpers/mail-random.ts';
import {type Spot, spots} from './append-spots.ts';
import type {Kill, Try} from './kill-case.ts';
import type {Variant} from './kill-site.ts';
import type {Moment} from './killed-program.ts';
import type {Tally} from './part.ts';

/** What runs of a way of storing pass, and how often. */
export type Known = {
  readonly fresh: ReadonlyMap<Point, number>;
  readonly changed: ReadonlyMap<Point, number>;
  /** Of the run after the kill `recovered`. */
  readonly recovery: ReadonlyMap<Point, number>;
  readonly spots: ReadonlyMap<Spot, number>;
  /** Bytes that a fresh run sends to the destination. */
  readonly bytes: number;
};

/** Leaves a batch in doubt. */
export const recovered: Moment = {point: 'bytes-sent', nth: 1};

/** Between the folders and their end; what is before and after is the same in every run. */
const copying = new Set(points.slice(points.indexOf('folders-named'), points.indexOf('watermark-moved') + 1));

const fresh = (variant: Variant, ...kills: readonly Kill[]): Try => ({variant, scene: 'fresh', kills});

/** Those of the tries that are not among the ones that are done. */
function without(done: readonly Try[], tries: readonly Try[]): Try[] {
  const known = new Set(done.map(each => JSON.stringify(each)));
  return tries.filter(each => !known.has(JSON.stringify(each)));
}

export class KillPlan {
  /** Each point and each spot in every way of storing: with fewer than all of these not every point was killed at. */
  readonly needed: readonly Try[];
  readonly #known: ReadonlyMap<Variant, Known>;
  readonly #random: Random;

  constructor(known: ReadonlyMap<Variant, Known>, random: Random) {
    this.#known = known;
    this.#random = random;
    const firsts = [...this.#firsts()];
    const once = [...this.#eachOnce(firsts)];
    this.needed = [...once, ...this.#shuffled(without(once, firsts))];
  }

  /** Those that are needed first, of which the tally is told how many they are; without an end. */
  *tries(tally: Pick<Tally, 'planned'>): Generator<Try> {
    tally.planned(this.needed.length);
    yield* this.needed;
    yield* this.#shuffled(without(this.needed, [...this.#later()]));
    for (;;) yield this.#anything();
  }

  /** Each point and spot in one way of storing, all ways in turn. */
  *#eachOnce(firsts: readonly Try[]): Generator<Try> {
    const all = [...this.#known.keys()];
    const wanted: ((kill: Kill) => boolean)[] = [
      ...points.map(point => (kill: Kill) => 'point' in kill && kill.point === point && kill.late !== true),
      ...spots.map(spot => (kill: Kill) => 'spot' in kill && kill.spot === spot),
      kill => kill.late === true,
    ];
    for (const [index, fits] of wanted.entries()) {
      const order = all.map((_, at) => all[(index + at) % all.length]);
      const found = order
        .map(variant =>
          firsts.find(({variant: each, kills}) => {
            const last = kills.at(-1);
            return each === variant && last !== undefined && fits(last);
          }),
        )
        .find(each => each !== undefined);
      if (found !== undefined) yield found;
    }
    const [first] = all;
    if (first !== undefined) yield this.#noPower(first);
  }

  /** Everything once in every way of storing. */
  *#firsts(): Generator<Try> {
    for (const [variant, known] of this.#known) {
      for (const point of known.fresh.keys()) yield fresh(variant, {point, nth: 1});
      for (const point of known.changed.keys())
        if (copying.has(point)) yield {variant, scene: 'changed', kills: [{point, nth: 1}]};
      for (const point of known.recovery.keys())
        if (copying.has(point)) yield fresh(variant, recovered, {point, nth: 1});
      for (const [spot, count] of known.spots)
        for (const nth of [1, 1 + this.#random.below(count)]) yield fresh(variant, {spot, nth});
      // Sent whole, unasked, and stored by the server only after the next run has begun to look. A third may never be sent:
      // lanes wait for the answers that are held back.
      if (variant === 'multiappend' || variant === 'pipelined')
        for (const nth of [1, 2]) yield fresh(variant, {point: 'bytes-sent', nth, late: true});
    }
  }

  /** The middle and last passing of each point. */
  *#later(): Generator<Try> {
    for (const [variant, known] of this.#known)
      for (const [point, count] of known.fresh)
        for (const nth of new Set([Math.ceil(count / 2), count]))
          if (nth > 1) yield fresh(variant, {point, nth});
  }

  #anything(): Try {
    const variant = this.#random.pick([...this.#known.keys()]);
    switch (this.#random.below(4)) {
      case 0:
        return fresh(variant, this.#anyByte(variant));
      case 1:
        return this.#noPower(variant);
      case 2:
        return this.#twice(variant);
      default: {
        const known = this.#known.get(variant);
        const [point, count] = this.#random.pick([...(known?.recovery ?? [])]);
        return fresh(variant, recovered, {point, nth: 1 + this.#random.below(count)});
      }
    }
  }

  #anyByte(variant: Variant): {readonly bytes: number} {
    return {bytes: 1 + this.#random.below(this.#known.get(variant)?.bytes ?? 1)};
  }

  /** The second among the bytes that the first left to be sent: others never come. */
  #twice(variant: Variant): Try {
    const first = this.#anyByte(variant);
    const left = (this.#known.get(variant)?.bytes ?? 1) - first.bytes;
    return fresh(variant, first, {bytes: 1 + this.#random.below(Math.max(1, left))});
  }

  /** At any byte, with the end of what the ledger wrote gone, or all of it. */
  #noPower(variant: Variant): Try {
    return fresh(variant, {...this.#anyByte(variant), power: this.#random.below(101)});
  }

  #shuffled(tries: readonly Try[]): Try[] {
    const keyed = tries.map(each => [this.#random.below(1e9), each] as const);
    return keyed.sort(([one], [other]) => one - other).map(([, each]) => each);
  }
}

/**
 * Tries that end together. One with a power cut is alone: it takes from every ledger of its state folder. So is one whose
 * mail arrives late: two minutes after it was sent no run waits for it any more.
 */
export function* inWaves(tries: Iterator<Try>, size: number, isOver: () => boolean): Generator<Try[]> {
  let wave: Try[] = [];
  for (let next = tries.next(); next.done !== true && !isOver(); next = tries.next()) {
    if (next.value.kills.some(({power, late}) => power !== undefined || late === true)) {
      yield [next.value];
      continue;
    }
    wave.push(next.value);
    if (wave.length < size) continue;
    yield wave;
    wave = [];
  }
  if (wave.length > 0) yield wave;
}
