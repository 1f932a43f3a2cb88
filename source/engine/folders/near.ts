// Folder paths near to one that does not exist, for "did you mean".
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
    return {path, distance: byName ? 0 : distance(target, folded, most), most};
  });
  return scored
    .filter(each => each.distance <= each.most)
    .sort((a, b) => a.distance - b.distance || a.path.length - b.path.length)
    .slice(0, 3)
    .map(each => showPath(each.path));
}

/** Edits between two texts; anything above `most` comes back as more than `most`. */
function distance(a: string, b: string, most: number): number {
  if (Math.abs(a.length - b.length) > most) return most + 1;
  let row = Array.from({length: b.length + 1}, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
