// Replaces a small file of ours as a whole, for this user alone.
import {renameSync, rmSync, writeFileSync} from 'node:fs';

/**
 * Others see the old or the new one. What lies in the way of the part file is not written into: it may be a link, or a
 * file that others can read.
 * @param flush on disk before it takes the old one's place
 * @throws the error of the file system
 */
export function replacePrivate(path: string, text: string, flush = false): void {
  const part = `${path}.part`;
  rmSync(part, {force: true});
  writeFileSync(part, text, {mode: 0o600, flag: 'wx', flush});
  renameSync(part, path);
}
