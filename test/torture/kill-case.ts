// A try of the kill part as text, and by kind. Pure.
import {type Point, points} from '../../source/engine/points.ts';
import {type Spot, spots} from './append-spots.ts';
import {type Variant, variants} from './kill-site.ts';
import type {Moment} from './killed-program.ts';

/** `fresh`: nothing has been copied yet. `changed`: a whole run before, and since then others were at work at both ends. */
export const scenes = ['fresh', 'changed'] as const;
export type Scene = (typeof scenes)[number];

/**
 * At a point, when so many bytes have gone to the destination, or at a spot of an APPEND. `power`: of what the disk was
 * not told to keep only so much is left, in percent. `late`: the mail that was sent arrives when the next run has looked
 * for it once.
 */
export type Kill = (Moment | {readonly bytes: number} | {readonly spot: Spot; readonly nth: number}) & {
  readonly power?: number;
  readonly late?: true;
};

export type Try = {readonly variant: Variant; readonly scene: Scene; readonly kills: readonly Kill[]};

/** `multiappend/intent-written:2/bytes:40000:power:30`, `single+changed/literal:3`, for --case. */
export function caseOf({variant, scene, kills}: Try): string {
  const parts = kills.map(kill => {
    const at =
      'bytes' in kill ? `bytes:${kill.bytes}` : `${'spot' in kill ? kill.spot : kill.point}:${kill.nth}`;
    return `${at}${kill.power === undefined ? '' : `:power:${kill.power}`}${kill.late === true ? ':late' : ''}`;
  });
  return [scene === 'fresh' ? variant : `${variant}+${scene}`, ...parts].join('/');
}

/** @throws Error with a sentence for a person */
export function readCase(text: string): Try {
  const [name = '', ...parts] = text.split('/');
  const [way, when = 'fresh'] = name.split('+');
  const variant = variants.find(each => each === way);
  if (variant === undefined) throw new Error(`"${way}" is none of ${variants.join(', ')}.`);
  const scene = scenes.find(each => each === when);
  if (scene === undefined) throw new Error(`"${when}" is none of ${scenes.join(', ')}.`);
  return {variant, scene, kills: parts.map(readKill)};
}

function readKill(part: string): Kill {
  const [what, number, how, kept] = part.split(':');
  const count = Number(number);
  const point = points.find(each => each === what);
  const spot = spots.find(each => each === what);
  const at =
    point !== undefined
      ? {point, nth: count}
      : spot !== undefined
        ? {spot, nth: count}
        : what === 'bytes'
          ? {bytes: count}
          : undefined;
  if (!Number.isInteger(count) || count < 1 || at === undefined)
    throw new Error(`"${part}" is neither a point or spot with its number nor bytes with theirs.`);
  return {...at, ...(how === 'late' ? {late: true} : how === 'power' ? {power: Number(kept)} : {})};
}

const places: Record<Spot, string> = {
  command: 'within the command line of an APPEND',
  literal: 'within a literal',
  between: 'between two messages of a MULTIAPPEND',
  unanswered: 'between the last byte of an APPEND and its answer',
};

/** What tries are counted together. */
export function kindOf({scene, kills}: Try): string {
  const [first, second] = kills;
  if (first === undefined) return 'not killed';
  if (kills.some(({late}) => late === true))
    return 'what was sent arrives when the next run has looked for it';
  const at = (kill: Kill) =>
    'bytes' in kill ? 'at any byte' : 'spot' in kill ? places[kill.spot] : 'at a named point';
  const power = kills.some(each => each.power !== undefined)
    ? ', the unsynced end of the ledger gone with the power'
    : '';
  const run = scene === 'changed' ? ' of a run that finds both ends changed' : '';
  const again = second === undefined ? '' : `, and in the recovery ${at(second)}`;
  return `${at(first)}${run}${again}${power}`;
}

/** The point that a kill was at, for the table. */
export const pointOf = (kill: Kill): Point | undefined => ('point' in kill ? kill.point : undefined);
