// Writes a file that may hold secrets: only its owner can read it, and no other file is lost for it.
import {realpath} from 'node:fs/promises';
import {createWhole, replaceWhole} from '../whole-file.ts';

/**
 * @param replace takes the place of a file that is there, as a whole: the old or the new one is there at any time
 * @throws the system's error; `code` is EEXIST where there is a file that may not be replaced
 */
export async function writePrivateFile(path: string, bytes: Uint8Array, replace: boolean): Promise<void> {
  if (!replace) await createWhole(path, [bytes]);
  // Of a link, the file it points to.
  else await replaceWhole(await realpath(path).catch(() => path), [bytes]);
}
