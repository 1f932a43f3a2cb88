// The name of a folder that gives way to another: its own with a number that follows from the folder itself. A count of
// the folders in its way would change when one of them goes, and its mail would be copied again elsewhere.
import {createHash} from 'node:crypto';
import {shorten} from './name.ts';

/** What a folder is to be called, if nothing else is. */
export type Wish = {
  /** Its levels at the source. */
  readonly source: readonly string[];
  /** Its own level there. */
  readonly level: string;
  /** That, as the destination can hold it. */
  readonly name: string;
  /** Bytes that its name may have. */
  readonly most: number;
  /** The number goes without brackets, which some servers refuse. */
  readonly plain?: true;
};

/** Digits of the numbers; longer ones only where another folder has the shorter one. Four would look like a year. */
const digits = [3, 6, 9, 12];

/** The names it may get instead, in the order to try them: "Work (417)". No other folder has any say in them. */
export function ownNames(wish: Wish): readonly string[] {
  return ownNumbers(wish).map(number => numbered(wish, number));
}

/** The name that it wishes for, or the first free one of its own. */
export function freeName(wish: Wish, isFree: (name: string) => boolean): string {
  const free = [wish.name, ...ownNames(wish)].find(isFree);
  if (free !== undefined) return free;
  let number = ownNumbers(wish).at(-1) ?? 1;
  while (!isFree(numbered(wish, number))) number++;
  return numbered(wish, number);
}

function ownNumbers({source}: Wish): readonly number[] {
  const chance = createHash('sha256').update(JSON.stringify(source)).digest().readUIntBE(0, 6);
  return digits.map(count => {
    const least = 10 ** (count - 1);
    return least + (chance % (9 * least));
  });
}

function numbered({name, most, level, plain}: Wish, number: number): string {
  const suffix = plain === true ? ` ${number}` : ` (${number})`;
  return shorten(name, most - suffix.length, level) + suffix;
}
