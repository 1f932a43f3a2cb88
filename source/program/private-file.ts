// Writes a file that may hold secrets: only its owner can read it, and no other file is lost for it.
import {realpath, stat} from 'node:fs/promises';
import {createWhole, type Replace, replaceWhole} from '../files/whole-file.ts';

/**
 * As a whole: the old or the new one is there at any time.
 * @throws the system's error; `code` is EEXIST where there is a file that may not be replaced, ECHANGED where it holds
 * something else than it should
 */
export async function writePrivateFile(path: string, bytes: Uint8Array, replace: Replace): Promise<void> {
  if (replace === false) return void (await createWhole(path, [bytes]));
  // Of a link, the file it points to.
  const real = await realpath(path).catch(() => path);
  await replaceWhole(real, [bytes], replace === true ? undefined : replace.only);
}

/** Whether both paths lead to one file, however each is written; false where one of them leads to none. */
export async function isSameFile(one: string, other: string): Promise<boolean> {
  try {
    const [left, right] = await Promise.all([one, other].map(path => stat(path, {bigint: true})));
    return left !== undefined && right !== undefined && left.dev === right.dev && left.ino === right.ino;
  } catch {
    return false;
  }
}
