// Makes a folder of ours. Node's own `recursive` never comes back where a parent takes no folders and says that it does
// not exist (below /proc, for one), so each level is made by itself.
import {existsSync, mkdirSync} from 'node:fs';
import {dirname} from 'node:path';

/** Makes the folder and those above it that are missing, for this user alone. @throws the error of the file system */
export function makeFolder(folder: string): void {
  const missing: string[] = [];
  for (let at = folder; !existsSync(at); at = dirname(at)) missing.unshift(at);
  // Says so where it is no folder.
  if (missing.length === 0) mkdirSync(folder, {recursive: true});
  for (const each of missing)
    try {
      mkdirSync(each, {mode: 0o700});
    } catch (error) {
      // Another mailferry was faster.
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
}
