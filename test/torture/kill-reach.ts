// Points that runs of a way of storing do not come to, and why. Whoever is killed at neither is told.
import {type Point, points} from '../../source/engine/points.ts';
import {type Variant, variants} from './kill-site.ts';

type Reason = {
  readonly points: readonly Point[];
  readonly variants: readonly Variant[];
  readonly why: string;
};

const allBut = (...some: readonly Variant[]) => variants.filter(each => !some.includes(each));

const reasons: readonly Reason[] = [
  {
    points: ['message-sent', 'message-answered'],
    variants: ['multiappend', 'pipelined'],
    why: 'all of a batch is sent before an answer is waited for',
  },
  {points: ['message-named'], variants: allBut('refusing'), why: 'no message is too large for it'},
  {
    points: ['stream-begun', 'stream-ended'],
    variants: ['refusing'],
    why: 'what is large enough to stream is too large for it',
  },
  {
    points: ['intent-forgotten'],
    variants: allBut('unnamed'),
    why: 'it refuses nothing that is to be sent again',
  },
  {
    points: ['flags-added'],
    variants: allBut('single', 'unnamed'),
    why: 'only Exchange is given flags once more',
  },
  {
    points: ['confirmed-by-looking'],
    variants: allBut('unnamed'),
    why: 'it answers every APPEND with the UID',
  },
];

export type Reached = {
  /** At so many of so many points runs were killed. */
  readonly killed: number;
  readonly possible: number;
  /** Points that runs pass, at which none was killed. */
  readonly left: readonly Point[];
  /** `message-named (no message is too large for it)` */
  readonly never: readonly string[];
  /** Sentences where the reasons above do not fit what runs pass. */
  readonly wrong: readonly string[];
};

/**
 * @param passed by any run of that way of storing
 * @param killed where its runs were killed
 */
export function reachOf(variant: Variant, passed: ReadonlySet<Point>, killed: ReadonlySet<Point>): Reached {
  const reasonOf = (point: Point) =>
    reasons.find(each => each.points.includes(point) && each.variants.includes(variant));
  const possible = points.filter(point => reasonOf(point) === undefined);
  return {
    killed: possible.filter(point => killed.has(point)).length,
    possible: possible.length,
    left: possible.filter(point => !killed.has(point)),
    never: reasons
      .filter(each => each.variants.includes(variant))
      .map(each => `${each.points.join(', ')} (${each.why})`),
    wrong: points.flatMap(point => {
      const reason = reasonOf(point);
      if (passed.has(point) && reason !== undefined)
        return [`a run of ${variant} passes ${point}, although ${reason.why}`];
      if (!passed.has(point) && reason === undefined)
        return [`no run of ${variant} passes ${point}, and nobody says why`];
      return [];
    }),
  };
}
