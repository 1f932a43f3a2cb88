// Writes a file that may hold secrets: only its owner can read it, and no other file is lost for it.
import {open, realpath, rm} from 'node:fs/promises';
import {nodeDisk} from '../report/disk.ts';

const privateMode = 0o600;

/**
 * @param replace takes the place of a file that is there, as a whole: the old or the new one is there at any time
 * @throws the system's error; `code` is EEXIST where there is a file that may not be replaced
 */
export async function writePrivateFile(path: string, bytes: Uint8Array, replace: boolean): Promise<void> {
  if (replace) {
    // Of a link, the file it points to.
    await nodeDisk.replace(await realpath(path).catch(() => path), [bytes]);
    return;
  }
  const file = await open(path, 'wx', privateMode);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } catch (error) {
    await rm(path, {force: true});
    throw error;
  } finally {
    await file.close();
  }
}
