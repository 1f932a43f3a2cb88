// Which folders go: what the rule says, and where the person said otherwise. Pure.

import {stateOf, stopOf} from '../check/may-copy.ts';
import type {End, PlannedFolder} from '../engine/events.ts';
import {isWithin, readPath} from '../engine/folders/path.ts';
import type {Inspection} from '../engine/look/inspection.ts';

/** The request's paths that go against the rule. */
export type FolderChoice = {
  readonly include: readonly string[];
  readonly exclude: readonly string[];
};

export const noChoice: FolderChoice = {include: [], exclude: []};

/** The folders that are copied, by their path at the source, as the look at the mailbox found them. */
export function tickedFolders(folders: readonly PlannedFolder[]): ReadonlySet<string> {
  return new Set(folders.filter(folder => folder.selected).map(folder => folder.source));
}

/** Levels of the longest of the paths that this folder is at or below; 0 where there is none. */
function depthOf(folder: readonly string[], paths: readonly string[]): number {
  return Math.max(
    0,
    ...paths
      .map(readPath)
      .filter(path => isWithin(folder, path))
      .map(path => path.length),
  );
}

/** What the choice says of a folder: the most exact path decides. Undefined: nothing, the rule decides. */
function chosen(source: string, {include, exclude}: FolderChoice): boolean | undefined {
  const path = readPath(source);
  const on = depthOf(path, include);
  const off = depthOf(path, exclude);
  return on === 0 && off === 0 ? undefined : on > off;
}

/** What the rule alone takes; undefined where the choice the look was made with hides that. */
export type Rule = ReadonlyMap<string, boolean | undefined>;

export function ruleOf(folders: readonly PlannedFolder[], asked: FolderChoice): Rule {
  return new Map(
    folders.map(({source, selected}) => [source, chosen(source, asked) === undefined ? selected : undefined]),
  );
}

/** The folders that "all" means: those of the rule, and those the person had switched off. */
export function naturalFolders(folders: readonly PlannedFolder[], asked: FolderChoice): ReadonlySet<string> {
  const rule = ruleOf(folders, asked);
  return new Set(
    folders
      .map(folder => folder.source)
      .filter(source => rule.get(source) ?? chosen(source, asked) === false),
  );
}

/** The folder and everything below it. */
export function subtreeOf(folders: readonly PlannedFolder[], source: string): readonly string[] {
  const top = readPath(source);
  return folders.map(folder => folder.source).filter(path => isWithin(readPath(path), top));
}

/**
 * What to write into the request so that just the ticked folders go. A path counts for everything below it, so a
 * folder is only named where the paths above it say otherwise. Paths of unknown folders stay as they are.
 */
export function choiceOf(
  folders: readonly PlannedFolder[],
  rule: Rule,
  ticked: ReadonlySet<string>,
  before: FolderChoice = noChoice,
): FolderChoice {
  const unknown = (path: string) => !rule.has(path);
  const include = before.include.filter(unknown);
  const exclude = before.exclude.filter(unknown);
  const byDepth = [...folders].sort(
    (left, right) => readPath(left.source).length - readPath(right.source).length,
  );
  for (const {source} of byDepth) {
    const wanted = ticked.has(source);
    if ((chosen(source, {include, exclude}) ?? rule.get(source)) === wanted) continue;
    (wanted ? include : exclude).push(source);
  }
  return {include, exclude};
}

/** The folders a person can decide about: those below the source folder, where one is given. */
export function inScope(
  folders: readonly PlannedFolder[],
  sourceFolder: string | undefined,
): readonly PlannedFolder[] {
  if (sourceFolder === undefined) return folders;
  const top = readPath(sourceFolder);
  return folders.filter(folder => isWithin(readPath(folder.source), top));
}

const names = new Intl.Collator('en', {numeric: true, sensitivity: 'base'});

/**
 * The folders as a person looks for them: the inbox, then what is copied, then what is left out; each as a tree, parents
 * before children, by name. The order is that of the look, so that a tick moves nothing.
 */
export function inReadingOrder(folders: readonly PlannedFolder[]): readonly PlannedFolder[] {
  const placed = folders.map(folder => {
    const path = readPath(folder.source);
    const inbox = path[0]?.toUpperCase() === 'INBOX';
    const group = inbox && path.length === 1 ? 0 : folder.selected ? 1 : 2;
    return {folder, path, inbox, group};
  });
  return placed
    .sort((left, right) => {
      if (left.group !== right.group) return left.group - right.group;
      if (left.inbox !== right.inbox) return left.inbox ? -1 : 1;
      return comparePaths(left.path, right.path);
    })
    .map(({folder}) => folder);
}

function comparePaths(left: readonly string[], right: readonly string[]): number {
  for (let level = 0; level < Math.min(left.length, right.length); level++) {
    const [a = '', b = ''] = [left[level], right[level]];
    const order = names.compare(a, b) || (a < b ? -1 : a > b ? 1 : 0);
    if (order !== 0) return order;
  }
  return left.length - right.length;
}

/** The end that has to be mended before anything can go on; undefined where both are signed in. */
export function failedEnd(inspection: Inspection): End | undefined {
  const open = (['source', 'destination'] as const).filter(end => inspection[end] === undefined);
  return open.find(end => isAccused(end, inspection)) ?? open[0];
}

/** True where a problem is about this end: of a look that failed, not one that only has notes. */
export function isAccused(end: End, {problems}: Pick<Inspection, 'problems'>): boolean {
  return problems.some(problem => problem.end === end);
}

/** Why one cannot go on from here, in a sentence; undefined where one can. */
export function obstacle(inspection: Inspection, ticked: ReadonlySet<string>): string | undefined {
  // Whether anything is chosen is for the ticks to say, which may have changed since the look.
  const problems = inspection.problems.filter(({code}) => code !== 'nothing-selected');
  const found = {...inspection, problems};
  if (stateOf(found) !== 'ready')
    return stopOf(found)?.sentence ?? 'One of the two mailboxes could not be opened.';
  if (ticked.size === 0) return 'No folder is chosen. Space chooses one, a chooses all.';
  return undefined;
}
