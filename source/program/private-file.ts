// Writes a file that may hold secrets: only its owner can read it, and no other file is lost for it.
import {lstat, realpath, stat} from 'node:fs/promises';
import {createWhole, type Replace, replaceWhole} from '../files/whole-file.ts';

/**
 * As a whole: the old or the new one is there at any time.
 * @throws the system's error; `code` is EEXIST where there is a file that may not be replaced, ECHANGED where it holds
 * something else than it should, ENOTFILE where there is a device, a pipe, or a link that leads nowhere
 */
export async function writePrivateFile(path: string, bytes: Uint8Array, replace: Replace): Promise<void> {
  const real = await fileAt(path);
  if (replace === false) return void (await createWhole(path, [bytes]));
  await replaceWhole(real, [bytes], replace === true ? undefined : replace.only);
}

/** Of a link, the file it points to. Another thing than a file is not replaced by one: /dev/stdout would be gone for all. */
async function fileAt(path: string): Promise<string> {
  const there = await lstat(path).catch(() => undefined);
  if (there === undefined) return path;
  const real = await stat(path).catch(() => undefined);
  if (real?.isFile()) return realpath(path);
  throw Object.assign(new Error(`${path} is no file`), {code: real?.isDirectory() ? 'EISDIR' : 'ENOTFILE'});
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
