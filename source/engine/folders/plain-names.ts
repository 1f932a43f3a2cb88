// Plainer names for folders whose names a destination refuses: Cyrus takes none of ! " % & / ; < > \ ` { | }, older ones no
// ( ) * ? [ ] ^ either (imap/mboxname.c), older Apache James no & (linagora/james-project#3759). Which it is no server says
// beforehand. They follow from names only, as the map does: a run that remembers nothing comes to the same where the source has
// the same names.

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

/** The folders below one, by their names. */
type Siblings = {
  readonly names: Set<string>;
  /** Those that have one plain name in common. */
  readonly alike: Map<string, Alike>;
};
type Alike = {
  readonly names: string[];
  /** How many of them may get which number; made when it is asked for. */
  numbers?: ReadonlyMap<string, number>;
};

export class PlainNames {
  readonly #destination: Destination;
  readonly #below = new Map<string, Siblings>();
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
    const seen = new Set<string>();
    for (const levels of places)
      for (const [depth, name] of levels.entries()) {
        const path = JSON.stringify(levels.slice(0, depth + 1));
        if (seen.has(path)) continue;
        seen.add(path);
        this.#add(this.#key(levels.slice(0, depth)), name);
      }
    for (const levels of standing)
      for (const depth of levels.keys()) this.#standing.add(this.#key(levels.slice(0, depth + 1)));
  }

  #add(above: string, name: string): void {
    const siblings = this.#below.get(above) ?? {names: new Set(), alike: new Map()};
    this.#below.set(above, siblings);
    siblings.names.add(folded(name));
    const plain = folded(plainLevel(name, this.#destination.delimiter));
    const alike = siblings.alike.get(plain);
    if (alike === undefined) siblings.alike.set(plain, {names: [name]});
    else alike.names.push(name);
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
    const siblings = this.#below.get(this.#key(levels.slice(0, depth)));
    const alike = siblings?.alike.get(folded(plain));
    if (siblings === undefined || alike === undefined) return plain;
    alike.numbers ??= count(alike.names.flatMap(each => numbersOf(each, plain).map(folded)));
    const {numbers} = alike;
    const own = numbersOf(name, plain).filter(
      number => !siblings.names.has(folded(number)) && numbers.get(folded(number)) === 1,
    );
    // It had to give way once, whoever was there then.
    const standing = own.findLast(number => this.#standing.has(this.#key([...above, number])));
    return standing ?? (alike.names.length === 1 ? plain : (own[0] ?? name));
  }

  #key(levels: readonly string[]): string {
    const key = JSON.stringify(levels).normalize('NFC');
    return this.#destination.foldsCase ? foldCase(key) : key;
  }
}

/** Of two names that are one at some server each has a number everywhere: it may fold case, and not have been asked. */
const folded = (name: string): string => foldCase(name.normalize('NFC'));

const numbersOf = (name: string, plain: string): readonly string[] =>
  ownNames({source: [name], level: name, name: plain, most: longestLevel, plain: true});

function count(all: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const each of all) counts.set(each, (counts.get(each) ?? 0) + 1);
  return counts;
}
