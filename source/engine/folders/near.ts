// Folder paths near to one that does not exist, for "did you mean".
import {editsBetween} from '../../request/nearest.ts';
import {foldName} from './localised.ts';
import {showPath} from './path.ts';

/** At most three paths a person may have meant, nearest first. */
export function nearPaths(wanted: readonly string[], paths: readonly (readonly string[])[]): string[] {
  const target = foldName(wanted.join('/')).slice(0, 200);
  const last = foldName(wanted.at(-1) ?? '');
  const scored = paths.map(path => {
    const folded = foldName(path.join('/')).slice(0, 200);
    const most = Math.max(1, Math.floor(target.length / 3));
    const byName = last !== '' && foldName(path.at(-1) ?? '') === last;
    return {path, distance: byName ? 0 : away(target, folded, most), most};
  });
  return scored
    .filter(each => each.distance <= each.most)
    .sort((a, b) => a.distance - b.distance || a.path.length - b.path.length)
    .slice(0, 3)
    .map(each => showPath(each.path));
}

/** Paths that differ so much in length are not compared: there may be thousands. */
function away(target: string, path: string, most: number): number {
  return Math.abs(target.length - path.length) > most ? most + 1 : editsBetween(target, path);
}
