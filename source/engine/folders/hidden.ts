// Folders that Exchange keeps to itself: one with "/" in its name is not listed, at no level (quirk `slashFolders`).
// The folder above it still says that it has children. Where it has others too, nothing can be told.
import type {Problem} from '../problems/problems.ts';
import {problem} from '../problems/problems.ts';
import {showPath} from './path.ts';
import {hasFlag} from './role.ts';

type Listed = {readonly path: readonly string[]; readonly flags: readonly string[]};

/** Told once for each folder whose \HasChildren nothing in the list answers. */
export function hiddenFolders(listed: readonly Listed[]): Problem[] {
  const key = (path: readonly string[]) => JSON.stringify(path).toLowerCase();
  const parents = new Set(
    listed.flatMap(({path}) => path.slice(1).map((_, depth) => key(path.slice(0, depth + 1)))),
  );
  return listed
    .filter(folder => hasFlag(folder, '\\haschildren') && !parents.has(key(folder.path)))
    .map(({path}) => problem('folders-below-unlisted', {folder: showPath(path)}));
}
