// A ledger that cannot be used is kept beside its place under another name, so that a new one can be begun: what is at
// the destination is known by identity, and a person may still want to look at the old one.
import {existsSync, renameSync} from 'node:fs';

/** What SQLite keeps beside a database of this name. */
const companions = ['-wal', '-shm', '-journal'];

/** Names tried; nobody keeps so many. */
const most = 1000;

/**
 * @param why a word for its name: 'damaged'
 * @returns where it is now
 * @throws the error of the file system
 */
export function setAside(file: string, why: string): string {
  let kept = `${file}.${why}`;
  for (let number = 2; number < most && existsSync(kept); number += 1) kept = `${file}.${why}-${number}`;
  renameSync(file, kept);
  for (const companion of companions)
    if (existsSync(file + companion)) renameSync(file + companion, kept + companion);
  return kept;
}
