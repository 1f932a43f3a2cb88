// A disk that becomes full below one folder, without a disk of its own: a write takes what there is room for, and the next
// one fails as it does there, with ENOSPC.
import fs from 'node:fs';
import {syncBuiltinESMExports} from 'node:module';

/**
 * From now on so many bytes more are taken by files below the folder that are opened in this process.
 * @param room what is removed makes none
 */
export function fillDiskBelow(folder: string, room: number): {taken(): number; makeRoom(): void} {
  const {open} = fs.promises;
  let left = room;
  fs.promises.open = async (...given) => {
    const file = await open(...given);
    if (!String(given[0]).startsWith(folder)) return file;
    const write = file.write.bind(file);
    return Object.assign(file, {
      write: async (bytes: Buffer, offset: number, length: number, position: number | null) => {
        const fits = Math.min(length, left);
        left -= fits;
        if (fits > 0) return write(bytes, offset, fits, position);
        throw Object.assign(new Error('ENOSPC: no space left on device, write'), {code: 'ENOSPC'});
      },
    });
  };
  syncBuiltinESMExports();
  return {
    taken: () => room - left,
    makeRoom: () => {
      fs.promises.open = open;
      syncBuiltinESMExports();
    },
  };
}
