// The file in which another one is written until it is whole and takes that one's place.
import {randomBytes} from 'node:crypto';
import {lstatSync, readdirSync, rmSync} from 'node:fs';
import {dirname, join} from 'node:path';

/** ms; no file takes as long to be written. */
const oldAfter = 60 * 60 * 1000;

/** A name of its own: two programs that write the same file would else write into each other's. */
export function newPart(path: string): string {
  return join(dirname(path), `.mailferry-${randomBytes(6).toString('hex')}.part`);
}

/**
 * What killed programs have left may hold passwords.
 * @param part one that has just been made: the disk's own clock says what is old, a share may have another
 */
export function removeOldParts(part: string): void {
  const folder = dirname(part);
  const {mtimeMs: now} = lstatSync(part);
  for (const name of namesIn(folder)) {
    if (!/^\.mailferry-[0-9a-f]{12}\.part$/.test(name)) continue;
    try {
      const left = join(folder, name);
      if (now - lstatSync(left).mtimeMs > oldAfter) rmSync(left);
    } catch {
      // Somebody else has removed it, or it is somebody else's.
    }
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
