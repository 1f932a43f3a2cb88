// Writes a file as a whole, for its owner alone: whoever looks, and whenever the program is killed, finds none, the old
// or the new one, never a half.
import {link, open, readFile, rename, rm, stat} from 'node:fs/promises';
import {platform} from 'node:os';
import {dirname} from 'node:path';
import {newPart, removeOldParts} from './part-file.ts';

const fileMode = 0o600;
const blockBytes = 256 * 1024;

/** Each is read before the next is asked for. */
export type Chunks = Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array>;
export type OpenFile = Awaited<ReturnType<typeof open>>;

/** Whether a file may take another one's place: no, yes, or only that of one which holds these bytes. */
export type Replace = boolean | {readonly only: Uint8Array};

/**
 * Takes the place of what is there; survives a power cut.
 * @param only what is there must hold
 * @returns how many bytes it has
 * @throws the system's error, `code` ECHANGED where what is there holds something else, EBUSY where another program has
 * it open; what was there is there still
 */
export async function replaceWhole(path: string, chunks: Chunks, only?: Uint8Array): Promise<number> {
  return putWhole(path, chunks, async part => {
    if (only !== undefined && !(await holds(path, only)))
      throw Object.assign(new Error(`${path} has been changed`), {code: 'ECHANGED'});
    try {
      await rename(part, path);
    } catch (error) {
      throw heldOpen(error, path);
    }
  });
}

/**
 * Windows says of a file that another program has open what it says of missing rights. Those we have: the part that was to
 * take its place has just been made beside it.
 */
function heldOpen(error: unknown, path: string): unknown {
  const isHeld = platform() === 'win32' && ['EPERM', 'EACCES'].includes(codeOf(error));
  return isHeld ? Object.assign(new Error(`${path} is open`, {cause: error}), {code: 'EBUSY'}) : error;
}

async function holds(path: string, bytes: Uint8Array): Promise<boolean> {
  const {size} = await stat(path);
  return size === bytes.length && (await readFile(path)).equals(bytes);
}

/**
 * A new one; survives a power cut.
 * @returns how many bytes it has
 * @throws the system's error; `code` is EEXIST where something is there already, which is then left alone
 */
export async function createWhole(path: string, chunks: Chunks): Promise<number> {
  return putWhole(path, chunks, async part => {
    try {
      await link(part, path);
    } catch (error) {
      if (codeOf(error) === 'EEXIST') throw error;
      // Not every disk has links: sticks, some shares.
      await renameToNew(part, path);
    }
  });
}

async function putWhole(
  path: string,
  chunks: Chunks,
  put: (part: string, path: string) => Promise<void>,
): Promise<number> {
  const part = newPart(path);
  let bytes = 0;
  try {
    const file = await open(part, 'wx', fileMode);
    try {
      removeOldParts(part);
      for await (const block of blocks(chunks)) {
        await writeFully(file, block);
        bytes += block.length;
      }
      await file.sync();
    } finally {
      await file.close();
    }
    await put(part, path);
  } finally {
    await rm(part, {force: true});
  }
  await syncFolder(dirname(path));
  return bytes;
}

/** An empty file keeps the place for the moment that it takes. */
async function renameToNew(part: string, path: string): Promise<void> {
  await (await open(path, 'wx', fileMode)).close();
  try {
    await rename(part, path);
  } catch (error) {
    await rm(path, {force: true});
    throw error;
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

/** A write may take only a part (a nearly full disk); what is left is tried again and then fails with the reason. */
export async function writeFully(file: OpenFile, block: Uint8Array, position?: number): Promise<void> {
  let done = 0;
  while (done < block.length) {
    const at = position === undefined ? null : position + done;
    const {bytesWritten} = await file.write(block, done, block.length - done, at);
    done += bytesWritten;
  }
}

/**
 * Lines put together, so that a table of 500,000 lines is not 500,000 writes. What it gives holds until the next is asked
 * for: all of it is put together in one place, and what is as long by itself goes as it is.
 */
async function* blocks(chunks: Chunks): AsyncGenerator<Uint8Array> {
  const block = Buffer.allocUnsafe(blockBytes);
  let size = 0;
  for await (const chunk of chunks) {
    const part = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
    if (size > 0 && size + part.length > blockBytes) {
      yield block.subarray(0, size);
      size = 0;
    }
    if (part.length >= blockBytes) yield part;
    else {
      block.set(part, size);
      size += part.length;
    }
  }
  if (size > 0) yield block.subarray(0, size);
}

/** Makes a new name durable. Some systems cannot open folders for that; there the file itself is all there is. */
async function syncFolder(path: string): Promise<void> {
  try {
    const folder = await open(path, 'r');
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  } catch {
    // Windows refuses (EPERM, EISDIR); the file was synced before.
  }
}
