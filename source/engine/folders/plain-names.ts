// Plainer names for folders whose names a destination refuses: Cyrus takes none of ! " % & / ; < > \ ` { | }, older ones no
// ( ) * ? [ ] ^ either (imap/mboxname.c), older Apache James no & (linagora/james-project#3759). Which it is no server says
// beforehand. They follow from names only, as the map does, so that a run that remembers nothing comes to the same.

import {ownNames} from './give-way.ts';
import {longestLevel, plainLevel} from './name.ts';
import {foldCase, showPath} from './path.ts';

export type PlainPlace = {
  readonly levels: readonly string[];
  /** For people: what of the place is changed, and into what. */
  readonly from: string;
  readonly to: string;
};

type Destination = {
  readonly delimiter: string;
  /** Names that differ in case only are one folder there. */
  readonly foldsCase: boolean;
  /** Levels that everything goes below: they keep their names. */
  readonly base: number;
};

export class PlainNames {
  readonly #destination: Destination;
  /** Names below a folder, by its levels. */
  readonly #below = new Map<string, Set<string>>();
  readonly #standing = new Set<string>();

  /**
   * @param places of all folders, selected or not, as the map gives them
   * @param standing what is at the destination
   */
  constructor(
    places: Iterable<readonly string[]>,
    standing: Iterable<readonly string[]>,
    destination: Destination,
  ) {
    this.#destination = destination;
    for (const levels of places)
      for (const [depth, name] of levels.entries()) {
        const above = this.#key(levels.slice(0, depth));
        const names = this.#below.get(above);
        if (names === undefined) this.#below.set(above, new Set([name]));
        else names.add(name);
      }
    for (const levels of standing)
      for (const depth of levels.keys()) this.#standing.add(this.#key(levels.slice(0, depth + 1)));
  }

  /**
   * Where a folder may go instead, in the order to try it: first with a plain name of its own, then with one of the folder
   * above it too, and so on. So a folder stays below the one above it, whichever of the two is refused, also where that
   * one is not copied. No two folders have a place in common.
   */
  of(levels: readonly string[]): readonly PlainPlace[] {
    const places: PlainPlace[] = [];
    for (let from = levels.length - 1; from >= this.#destination.base; from--) {
      if (plainLevel(levels[from] ?? '', this.#destination.delimiter) === levels[from]) continue;
      const place = levels.slice(0, from);
      for (let depth = from; depth < levels.length; depth++) place.push(this.#plain(levels, depth, place));
      const last = levels.findLastIndex((level, depth) => level !== place[depth]);
      const changed = (each: readonly string[]) => showPath(each.slice(from, last + 1));
      places.push({levels: place, from: changed(levels), to: changed(place)});
    }
    return places;
  }

  /** The name itself where it is plain; else one that no other folder has, or may get, below the same one. */
  #plain(levels: readonly string[], depth: number, above: readonly string[]): string {
    const {delimiter} = this.#destination;
    const name = levels[depth] ?? '';
    const plain = plainLevel(name, delimiter);
    if (plain === name) return name;
    const same = (one: string, other: string) => this.#key([one]) === this.#key([other]);
    const others = [...(this.#below.get(this.#key(levels.slice(0, depth))) ?? [])].filter(
      each => each !== name,
    );
    const rivals = others.filter(each => same(plainLevel(each, delimiter), plain));
    const numbersOf = (each: string) =>
      ownNames({source: [each], level: each, name: plain, most: longestLevel, plain: true});
    const numbers = numbersOf(name).filter(
      number =>
        !others.some(each => same(each, number)) &&
        !rivals.some(rival => numbersOf(rival).some(each => same(each, number))),
    );
    // It had to give way once, whoever was there then.
    const standing = numbers.findLast(number => this.#standing.has(this.#key([...above, number])));
    return standing ?? (rivals.length === 0 ? plain : (numbers[0] ?? name));
  }

  #key(levels: readonly string[]): string {
    const key = JSON.stringify(levels).normalize('NFC');
    return this.#destination.foldsCase ? foldCase(key) : key;
  }
}
