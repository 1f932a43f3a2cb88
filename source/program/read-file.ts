// Reads a file that a person named, whole, but never more than such a file can sensibly hold: a disk image or an endless
// device that was named by mistake is refused before it fills the memory.
import {open} from 'node:fs/promises';

const pieceBytes = 256 * 1024;

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
      if (bytes > most) throw Object.assign(new Error(`${path} is too large`), {code: 'EFBIG'});
      parts.push(buffer.subarray(0, bytesRead));
    }
  } finally {
    await file.close();
  }
}
