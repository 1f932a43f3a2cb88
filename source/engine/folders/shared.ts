// Folders of the source whose names read like another's: each is a folder of its own, under a name that nobody has given it.
import type {Problem} from '../problems/problems.ts';
import {problem} from '../problems/problems.ts';
import {showPath} from './path.ts';

type Listed = {readonly path: readonly string[]; readonly noSelect: boolean; readonly reads?: string};

/** Told once for each that had to take another name. */
export function sharedNames(listed: readonly Listed[]): Problem[] {
  return listed.flatMap(({path, noSelect, reads}) =>
    reads === undefined || noSelect ? [] : [problem('folder-name-shared', {folder: showPath(path), reads})],
  );
}
