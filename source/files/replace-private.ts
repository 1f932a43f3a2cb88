// Replaces a small file of ours as a whole, for this user alone, and at once.
import {renameSync, rmSync, writeFileSync} from 'node:fs';
import {newPart, removeOldParts} from './part-file.ts';

/**
 * Others see the old or the new one, also where two programs write it at the same time. The part file is new: nothing that
 * lies in the way is written into, be it a link, or a file that others can read.
 * @param flush on disk before it takes the old one's place
 * @throws the error of the file system
 */
export function replacePrivate(path: string, text: string, flush = false): void {
  const part = newPart(path);
  try {
    writeFileSync(part, text, {mode: 0o600, flag: 'wx', flush});
    removeOldParts(part);
    renameSync(part, path);
  } catch (error) {
    rmSync(part, {force: true});
    throw error;
  }
}
