// Makes a folder of ours. Node's own `recursive` never comes back where a parent takes no folders and says that it does
// not exist (below /proc, for one), so each level is made by itself.
import {existsSync, mkdirSync, realpathSync, statSync} from 'node:fs';
import {platform} from 'node:os';
import {dirname} from 'node:path';

/**
 * The folder and those above it that are not there, outermost first. On Windows the root may be missing too (`Z:\`, a
 * share that is not reached), and nothing is above it.
 */
export function missingLevels(
  folder: string,
  {exists, above}: {exists: (path: string) => boolean; above: (path: string) => string} = {
    exists: existsSync,
    above: dirname,
  },
): readonly string[] {
  const missing: string[] = [];
  for (let at = folder; !exists(at); at = above(at)) {
    missing.unshift(at);
    if (above(at) === at) break;
  }
  return missing;
}

/** Makes the folder and those above it that are missing, for this user alone. @throws the error of the file system */
export function makeFolder(folder: string): void {
  const missing = missingLevels(folder);
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

const everybodyWrites = 0o002;
/** Set on /tmp: in such a folder nobody can rename or remove what is another's. */
const sticky = 0o1000;

/**
 * Whether everybody on this machine can put files there, or others in its place: they could lead what we write elsewhere.
 * Windows tells no such thing by modes.
 * @param folder that is there
 */
export function isShared(folder: string): boolean {
  if (platform() === 'win32') return false;
  const whole = realpathSync(folder);
  const open = (path: string) => statSync(path).mode & (everybodyWrites | sticky);
  if ((open(whole) & everybodyWrites) !== 0) return true;
  for (let at = whole; dirname(at) !== at; ) {
    at = dirname(at);
    if (open(at) === everybodyWrites) return true;
  }
  return false;
}
