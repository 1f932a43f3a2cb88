// Tries a target with one input after the other, and measures how its work grows.
import {mutation} from './mutate.ts';
import {inputOf, type Target} from './target.ts';

/** What broke in the try of this seed; undefined where all held. */
export async function tryOnce(target: Target, seed: number): Promise<string | undefined> {
  const bytes = mutation(target, seed);
  try {
    await target.check(inputOf(bytes, seed));
    return undefined;
  } catch (error) {
    const said = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    const where = error instanceof Error ? placeOf(error) : '';
    return `${said}${where}, given ${bytes.length} bytes: ${JSON.stringify(bytes.toString('latin1').slice(0, 200))}`;
  }
}

/** Of ours, the first: ' at source/format/clean.ts:12'. */
function placeOf({stack = ''}: Error): string {
  const place = /source\/[^)\s]+/.exec(stack)?.[0];
  return place === undefined ? '' : ` at ${place}`;
}

/** The seed of a target's try: no two targets are given the same. */
export function seedOf(seed: number, target: string, index: number): number {
  let mixed = seed | 0;
  for (const char of target) mixed = Math.imul(mixed ^ char.charCodeAt(0), 0x01000193);
  return (mixed + Math.imul(index, 0x9e3779b1)) >>> 0;
}
