// Replaces a small file of ours as a whole, for this user alone, and at once.
import {lstatSync, readdirSync, renameSync, rmSync, writeFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {isOldPart, isPart, newPart} from './whole-file.ts';

/**
 * Others see the old or the new one, also where two programs write it at the same time. The part file is new: nothing that
 * lies in the way is written into, be it a link, or a file that others can read.
 * @param flush on disk before it takes the old one's place
 * @throws the error of the file system
 */
export function replacePrivate(path: string, text: string, flush = false): void {
  const folder = dirname(path);
  const part = newPart(folder);
  try {
    writeFileSync(part, text, {mode: 0o600, flag: 'wx', flush});
    removeOldParts(folder, part);
    renameSync(part, path);
  } catch (error) {
    rmSync(part, {force: true});
    throw error;
  }
}

/** What killed programs have left. @param part one that is new, by the disk's own clock */
function removeOldParts(folder: string, part: string): void {
  const {mtimeMs: now} = lstatSync(part);
  for (const name of namesIn(folder).filter(isPart))
    try {
      const left = join(folder, name);
      if (isOldPart(lstatSync(left).mtimeMs, now)) rmSync(left);
    } catch {
      // Somebody else has removed it, or it is somebody else's.
    }
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    // It may be written to, and not be listed.
    return [];
  }
}
