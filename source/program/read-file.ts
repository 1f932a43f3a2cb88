// Reads a file that a person named, whole, but never more than such a file can sensibly hold: a disk image or an endless
// device that was named by mistake is refused before it fills the memory.
import {closeSync, openSync, readSync} from 'node:fs';
import {open} from 'node:fs/promises';

const pieceBytes = 256 * 1024;
/** Bytes: the certificates of a whole system are a quarter of it. */
const mostShort = 1024 * 1024;

const tooLarge = (path: string) => Object.assign(new Error(`${path} is too large`), {code: 'EFBIG'});

/** A short one, at once. @throws as `readBoundedFile` */
export function readShortFile(path: string): string {
  const file = openSync(path, 'r');
  try {
    const bytes = Buffer.allocUnsafe(mostShort + 1);
    let length = 0;
    for (let read = 1; read > 0 && length < bytes.length; length += read)
      read = readSync(file, bytes, length, bytes.length - length, null);
    if (length > mostShort) throw tooLarge(path);
    return bytes.toString('utf8', 0, length);
  } finally {
    closeSync(file);
  }
}

/** @throws the system's error; `code` is EFBIG where there is more in it than `most` bytes */
export async function readBoundedFile(path: string, most: number): Promise<Uint8Array> {
  const file = await open(path, 'r');
  try {
    const parts: Buffer[] = [];
    for (let bytes = 0; ; ) {
      // A pipe has no size, and a size may be wrong: what is read counts.
      const {buffer, bytesRead} = await file.read(Buffer.allocUnsafe(pieceBytes), 0, pieceBytes, null);
      if (bytesRead === 0) return Buffer.concat(parts);
      bytes += bytesRead;
      if (bytes > most) throw tooLarge(path);
      parts.push(buffer.subarray(0, bytesRead));
    }
  } finally {
    await file.close();
  }
}
