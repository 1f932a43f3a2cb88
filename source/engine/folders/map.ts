// Where each folder of the source goes. The map depends on names only, never on what is selected or on the order
// of LIST, so that a second run finds what the first one brought, also where the ledger is lost and folders have come
// or gone since. No two folders ever share a destination.
import type {Problem} from '../problems/problems.ts';
import {problem} from '../problems/problems.ts';
import {freeName, ownNames, type Wish} from './give-way.ts';
import type {RepairCode} from './name.ts';
import {encodedLength, longestLevel, repairLevel, shorten} from './name.ts';
import {foldCase, isInbox, isWithin, readPath, sameLevel, showPath} from './path.ts';
import {rememberedPlaces} from './remembered.ts';
import {specialPlaces} from './special.ts';

export type NamedFolder = {readonly path: readonly string[]; readonly flags: readonly string[]};

export type Destination = {
  readonly delimiter: string;
  /** Prefix of the personal namespace as NAMESPACE gives it: '' or 'INBOX.'. */
  readonly prefix: string;
  readonly provider: string;
  /** Names that differ in case only are one folder there. */
  readonly foldsCase?: boolean;
  /** Levels joined by '/' (path.ts); '' for the top of the mailbox. */
  readonly folder: string;
  readonly existing: readonly NamedFolder[];
  /** Prefixes of other users' and shared mailboxes there: no folder goes into them by its name. */
  readonly foreign?: readonly string[];
  readonly literalNames?: boolean;
  /** Levels of the source's personal namespace; dropped where the tree goes to the top. */
  readonly sourcePrefix?: readonly string[];
  /** Pairs that the ledger remembers: they keep their place whatever has appeared beside them. */
  readonly known?: readonly {readonly source: readonly string[]; readonly destination: readonly string[]}[];
};

export type MappedFolder<F extends NamedFolder = NamedFolder> = {
  readonly folder: F;
  readonly destination: readonly string[];
  /** Levels joined by the destination's delimiter. */
  readonly path: string;
  /** What had to be changed about its name. */
  readonly notes: readonly Problem[];
};

/** Bytes a level gets at least. */
const leastRoom = 32;

type Node = {
  /** Its own level's name as it goes to the destination before repair; the whole way for a root of its own. */
  readonly level: string;
  readonly parent: Node | undefined;
  readonly source: readonly string[];
  readonly listed: boolean;
  destination: readonly string[];
  notes: readonly Problem[];
};

/**
 * Maps every listed folder, selected or not: pass all of them in each run. Order of the result is that of
 * `folders`. With a destination folder the source's tree is kept below it; without one INBOX goes to INBOX, Sent,
 * Drafts, Archive and Junk to the destination's own, all others by name.
 */
export function mapFolders<F extends NamedFolder>(
  folders: readonly F[],
  destination: Destination,
): MappedFolder<F>[] {
  const base = baseLevels(destination);
  const known = rememberedPlaces(destination.known ?? [], base);
  const nodes = treeOf(folders, destination);
  const taken = new Set<string>();
  const there = standing(destination);
  const gaveWay = (wish: Wanted) =>
    ownNames(wish).some(name => there.keys.has(takenKey([...wish.parent, name], destination)));
  // Of two that a source (against the rules) has, the one that did not give way to the other.
  const inboxes = nodes.filter(({source}) => source.length === 1 && isInbox(source[0] ?? ''));
  const inbox = inboxes.find(node => !gaveWay(wishOf(node, base, destination))) ?? inboxes[0];
  const places =
    destination.folder === ''
      ? specialPlaces(folders, destination, inbox?.listed === true ? inbox.source : undefined)
      : new Map();
  const place = (node: Node, levels: readonly string[]) => {
    node.destination = levels;
    taken.add(takenKey(levels, destination));
  };
  const given = new Set<Node>();
  // First what cannot move: remembered pairs, then the mailbox's own folders.
  for (const fixed of [known, places])
    for (const node of nodes) {
      const levels = given.has(node) ? undefined : fixed.get(keyOf(node.source));
      if (levels === undefined || taken.has(takenKey(levels, destination))) continue;
      place(node, levels);
      given.add(node);
    }
  for (const prefix of destination.foreign ?? [])
    taken.add(takenKey(levelsOf(prefix, destination), destination));
  // Then level by level: first who once gave way and has a place with its own number, then by name. A name that needs no
  // repair goes before one that does and keeps its name; of two that a server may take for one, who has it already.
  const depth = nodes.reduce((most, node) => Math.max(most, node.source.length), 0);
  for (let level = 1; level <= depth; level++) {
    const wishes = nodes
      .filter(node => node.source.length === level && !given.has(node))
      .map(node => wishOf(node, base, destination));
    const key = (wish: Wanted, name: string) => takenKey([...wish.parent, name], destination);
    const wanted = new Set(wishes.map(wish => key(wish, wish.name)));
    const settle = (wish: Wanted, name: string) => {
      place(wish.node, [...wish.parent, name]);
      const repairs = name === wish.name ? wish.repairs : [...wish.repairs, 'name-collision' as const];
      wish.node.notes = notesFor(wish.node.level, name, repairs, destination);
    };
    const rest = wishes.filter(wish => {
      // The longest is looked for first: where it was needed, the shorter ones are another's.
      const own = ownNames(wish).findLast(name => {
        const at = key(wish, name);
        return there.keys.has(at) && !taken.has(at) && !wanted.has(at);
      });
      if (own !== undefined) settle(wish, own);
      return own === undefined;
    });
    const rank = ({parent, name}: Wanted) =>
      there.paths.has(joined([...parent, name], destination)) ? 0 : 1;
    rest.sort(
      (a, b) =>
        a.repairs.length - b.repairs.length || rank(a) - rank(b) || compare(a.node.source, b.node.source),
    );
    for (const wish of rest)
      settle(
        wish,
        freeName(wish, name => !taken.has(key(wish, name))),
      );
  }
  const byKey = new Map(nodes.map(node => [keyOf(node.source), node]));
  const spelling = inboxSpelling(folders);
  return folders.map(folder => {
    const node = byKey.get(keyOf(spelling(folder.path)));
    const levels = node?.destination ?? base;
    const path = joined(levels, destination);
    // A server without hierarchy takes the path as one name.
    const target = destination.delimiter === '' ? [path] : levels;
    return {folder, destination: target, path, notes: notesOf(node)};
  });
}

/** The levels that everything goes below: namespace prefix, once, and the destination folder. */
export function baseLevels(destination: Destination): string[] {
  const {delimiter, prefix} = destination;
  const prefixLevels = levelsOf(destination.prefix, destination);
  if (destination.folder === '') return prefixLevels;
  // A person may have typed the prefix as the server shows it: INBOX.Data17012018
  const typed = destination.folder;
  const withPrefix =
    prefix !== '' && typed.toUpperCase().startsWith(prefix.toUpperCase()) && typed.length > prefix.length;
  const levels = readPath(withPrefix ? typed.slice(prefix.length) : typed);
  const below =
    !withPrefix &&
    prefixLevels.length > 0 &&
    levels.length > prefixLevels.length &&
    isWithin(levels, prefixLevels)
      ? levels.slice(prefixLevels.length)
      : levels;
  const names = below.map(level => repairLevel(level, destination).name);
  return delimiter === '' ? [[...prefixLevels, ...names].join('_')] : [...prefixLevels, ...names];
}

/** Levels of a namespace's prefix. */
function levelsOf(prefix: string, {delimiter}: Destination): string[] {
  if (prefix === '') return [];
  return delimiter === '' ? [prefix] : prefix.split(delimiter).filter(level => level !== '');
}

/** One node for each listed folder and for each level above one, in the order of their paths. */
function treeOf(folders: readonly NamedFolder[], destination: Destination): Node[] {
  const spelling = inboxSpelling(folders);
  const listed = new Set(folders.map(folder => keyOf(spelling(folder.path))));
  const sourcePrefix = destination.folder === '' ? (destination.sourcePrefix ?? []) : [];
  const nodes = new Map<string, Node>();
  const add = (path: readonly string[]): Node => {
    const key = keyOf(path);
    const there = nodes.get(key);
    if (there !== undefined) return there;
    const above = path.slice(0, -1);
    // Below the source's own prefix a folder is at the top: INBOX.Projects goes to Projects.
    const atTop = above.length === 0 || (sourcePrefix.length > 0 && samePath(above, sourcePrefix));
    const node: Node = {
      level: path.at(-1) ?? '',
      parent: atTop ? undefined : add(above),
      source: path,
      listed: listed.has(key),
      destination: [],
      notes: [],
    };
    nodes.set(key, node);
    return node;
  };
  for (const folder of folders) add(spelling(folder.path));
  return [...nodes.values()].sort((a, b) => compare(a.source, b.source));
}

/** INBOX in one spelling, unless the source (against the rules) lists two folders that differ in it only. */
function inboxSpelling(folders: readonly NamedFolder[]): (path: readonly string[]) => readonly string[] {
  const spellings = new Set(
    folders.flatMap(({path}) => (path.length === 1 && isInbox(path[0] ?? '') ? [path[0]] : [])),
  );
  if (spellings.size > 1) return path => path;
  return path => (isInbox(path[0] ?? '') ? ['INBOX', ...path.slice(1)] : path);
}

type Wanted = Wish & {
  readonly node: Node;
  readonly parent: readonly string[];
  readonly repairs: readonly RepairCode[];
};

function wishOf(node: Node, base: readonly string[], destination: Destination): Wanted {
  const parent = roomyParent(node, base, destination);
  const moved = parent !== (node.parent?.destination ?? base);
  const most = Math.max(leastRoom, roomBelow(parent, destination));
  const {source} = node;
  // Whichever spelling it has: where a source has two, one of them may have been its only one before.
  const level = source.length === 1 && isInbox(node.level) ? 'INBOX' : node.level;
  const {name, repairs} = repairLevel(level, destination);
  const fitting = shorten(name, most, level);
  const short: readonly RepairCode[] = moved || fitting !== name ? ['name-too-long'] : [];
  return {node, source, level, parent, name: fitting, most, repairs: [...repairs, ...short]};
}

/** What stands at the destination and above it: paths as they are spelt, and as the server compares them. */
function standing(destination: Destination): {paths: ReadonlySet<string>; keys: ReadonlySet<string>} {
  const all = destination.existing.flatMap(({path}) => path.map((_, level) => path.slice(0, level + 1)));
  return {
    paths: new Set(all.map(path => joined(path, destination))),
    keys: new Set(all.map(path => takenKey(path, destination))),
  };
}

/** Bytes left for a level below `parent`. Maildir++ (separator '.') keeps a whole path in one directory name. */
function roomBelow(parent: readonly string[], {delimiter}: Destination): number {
  return delimiter === '.' ? longestLevel - encodedLength(parent.join('.')) - 2 : longestLevel;
}

/** The folder above, or the next one above that where no readable name would fit any more. */
function roomyParent(node: Node, base: readonly string[], destination: Destination): readonly string[] {
  let above = node.parent;
  while (above !== undefined && roomBelow(above.destination, destination) < leastRoom) above = above.parent;
  return above?.destination ?? base;
}

function notesFor(
  from: string,
  to: string,
  repairs: readonly RepairCode[],
  {delimiter}: Destination,
): Problem[] {
  return [...new Set(repairs)].map(code =>
    code === 'name-separator' ? problem(code, {from, to, separator: delimiter}) : problem(code, {from, to}),
  );
}

/** Its own notes and those of the levels above it that are in no list to carry them. */
function notesOf(node: Node | undefined): Problem[] {
  if (node === undefined) return [];
  const above = node.parent !== undefined && !node.parent.listed ? notesOf(node.parent) : [];
  return [...above, ...node.notes];
}

function joined(levels: readonly string[], {delimiter}: Destination): string {
  return levels.join(delimiter === '' ? '_' : delimiter);
}

/** What may not occur twice: the path as the server compares it. */
function takenKey(levels: readonly string[], destination: Destination): string {
  const [first = '', ...rest] = levels;
  const path = joined([isInbox(first) ? 'INBOX' : first, ...rest], destination).normalize('NFC');
  return destination.foldsCase === true ? foldCase(path) : path;
}

function keyOf(path: readonly string[]): string {
  return JSON.stringify(path);
}

function samePath(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((level, i) => sameLevel(level, b[i] ?? '', i));
}

/** By code units: the same on every machine, whatever its locale. */
function compare(a: readonly string[], b: readonly string[]): number {
  const [x, y] = [showPath(a), showPath(b)];
  return x < y ? -1 : x > y ? 1 : 0;
}
