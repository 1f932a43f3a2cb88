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
  /** A table that grows, for its owner alone; it is made where there is none. */
  grow(path: string): Promise<Growing>;
  /** What it gives holds until the next is asked for. */
  read(path: string): AsyncIterable<Uint8Array>;
  /** Bytes. */
  size(path: string): Promise<number>;
  /** Removes a file or folder; none is no error. */
  remove(path: string): Promise<void>;
};

export type Growing = {
  /** Writes text at `offset` bytes and gives where it ends; what was there after that stays. One after the other. */
  writeAt(offset: number, text: string): Promise<number>;
  close(): Promise<void>;
};

export const nodeDisk: Disk = {
  async makeFolder(path) {
    makeFolder(path);
    await chmod(path, folderMode);
  },

  replace: replaceWhole,

  async grow(path) {
    const file = await open(path, constants.O_RDWR | constants.O_CREAT, fileMode);
    // One for all: what is made anew for each stays until it is collected, while mail is under way.
    let block = Buffer.allocUnsafe(0);
    return {
      async writeAt(offset, text) {
        const bytes = Buffer.byteLength(text);
        if (bytes > block.length) block = Buffer.allocUnsafe(bytes * 2);
        block.write(text);
        await writeFully(file, block.subarray(0, bytes), offset);
        return offset + bytes;
      },
      close: () => file.close(),
    };
  },

  async *read(path) {
    const file = await open(path, 'r');
    // One for all: memory that was never used costs more than what is read into it (measured).
    const block = Buffer.allocUnsafe(chunkBytes);
    try {
      for (;;) {
        const {bytesRead} = await file.read(block, 0, chunkBytes);
        if (bytesRead === 0) return;
        yield block.subarray(0, bytesRead);
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
