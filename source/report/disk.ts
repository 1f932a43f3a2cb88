// The few things a report does to a disk, as a port, so that a full disk can be tried without one.
import {constants} from 'node:fs';
import {chmod, open, rm, stat} from 'node:fs/promises';
import {makeFolder} from '../files/make-folder.ts';
import {type Chunks, replaceWhole, writeFully} from '../files/whole-file.ts';

const fileMode = 0o600;
const folderMode = 0o700;
const chunkBytes = 256 * 1024;

export type Disk = {
  /** Creates the folder and those above it; this one can be read by its owner only. */
  makeFolder(path: string): Promise<void>;
  /** Replaces the file as a whole: another reader sees the old or the new one, and it survives a power cut. */
  replace(path: string, chunks: Chunks): Promise<number>;
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

  replace: replaceWhole,

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
