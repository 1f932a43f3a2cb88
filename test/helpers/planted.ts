// Plays somebody who lays a link in the way of a file in the moment between its removal and its making.
import fs from 'node:fs';
import {syncBuiltinESMExports} from 'node:module';

/**
 * From now on a link to `target` is at `path` as soon as that is removed.
 * @returns ends it
 */
export function plantLink(path: string, target: string): () => void {
  const {rmSync} = fs;
  const {rm} = fs.promises;
  const plant = (removed: fs.PathLike) => {
    if (removed === path) fs.symlinkSync(target, path);
  };
  fs.rmSync = (removed, options) => {
    rmSync(removed, options);
    plant(removed);
  };
  fs.promises.rm = async (removed, options) => {
    await rm(removed, options);
    plant(removed);
  };
  syncBuiltinESMExports();
  return () => {
    fs.rmSync = rmSync;
    fs.promises.rm = rm;
    syncBuiltinESMExports();
  };
}
