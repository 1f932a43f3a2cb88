// The few things a report does to a disk, as a port, so that a full disk can be tried without one.
import {constants} from 'node:fs';
import {chmod, open, rename, rm, stat} from 'node:fs/promises';
import {dirname} from 'node:path';
import {makeFolder} from '../make-folder.ts';

const fileMode = 0o600;
const folderMode = 0o700;
const chunkBytes = 256 * 1024;

export type Disk = {
  /** Creates the folder and those above it; this one can be read by its owner only. */
  makeFolder(path: string): Promise<void>;
  /** Replaces the file as a whole: another reader sees the old or the new one, and it survives a power cut. */
  replace(
    path: string,
    chunks: Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array>,
  ): Promise<number>;
  /** Writes text at `offset` bytes, dropping what was after it; gives the new size. */
  writeAt(path: string, offset: number, text: string): Promise<number>;
  read(path: string): AsyncIterable<Uint8Array>;
  /** Bytes. */
  size(path: string): Promise<number>;
  /** Removes a file or folder; none is no error. */
  remove(path: string): Promise<void>;
};

export const nodeDisk: Disk = {
  async makeFolder(path) {
    makeFolder(path);
    await chmod(path, folderMode);
  },

  async replace(path, chunks) {
    const temporary = `${path}.part`;
    let bytes = 0;
    try {
      // Made anew: what lies there may be a link of somebody else's, or a file that others can read.
      await rm(temporary, {force: true});
      const file = await open(temporary, 'wx', fileMode);
      try {
        for await (const block of blocks(chunks)) {
          await writeFully(file, block);
          bytes += block.length;
        }
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(temporary, path);
      await syncFolder(dirname(path));
    } catch (error) {
      await rm(temporary, {force: true});
      throw error;
    }
    return bytes;
  },

  async writeAt(path, offset, text) {
    const file = await open(path, constants.O_RDWR | constants.O_CREAT, fileMode);
    try {
      await file.truncate(offset);
      const block = Buffer.from(text);
      await writeFully(file, block, offset);
      return offset + block.length;
    } finally {
      await file.close();
    }
  },

  async *read(path) {
    const file = await open(path, 'r');
    try {
      for (;;) {
        const {bytesRead, buffer} = await file.read(Buffer.allocUnsafe(chunkBytes), 0, chunkBytes);
        if (bytesRead === 0) return;
        yield buffer.subarray(0, bytesRead);
      }
    } finally {
      await file.close();
    }
  },

  async size(path) {
    return (await stat(path)).size;
  },

  async remove(path) {
    await rm(path, {recursive: true, force: true});
  },
};

type File = Awaited<ReturnType<typeof open>>;

/** A write may take only a part (a nearly full disk); what is left is tried again and then fails with the reason. */
async function writeFully(file: File, block: Uint8Array, position?: number): Promise<void> {
  let done = 0;
  while (done < block.length) {
    const at = position === undefined ? null : position + done;
    const {bytesWritten} = await file.write(block, done, block.length - done, at);
    done += bytesWritten;
  }
}

/** Lines put together, so that a table of 500,000 lines is not 500,000 writes. */
async function* blocks(
  chunks: Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array>,
): AsyncGenerator<Uint8Array> {
  let parts: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    const part = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
    parts.push(part);
    size += part.length;
    if (size < chunkBytes) continue;
    yield Buffer.concat(parts);
    parts = [];
    size = 0;
  }
  if (size > 0) yield Buffer.concat(parts);
}

/** Makes a rename durable. Some systems cannot open folders for that; there the file itself is all there is. */
async function syncFolder(path: string): Promise<void> {
  try {
    const folder = await open(path, 'r');
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  } catch {
    // Windows refuses (EPERM, EISDIR); the file was synced before the rename.
  }
}
