// One writer at a time, over all processes. The lock is the operating system's, taken through SQLite: it ends with the
// process that holds it, however that ends, so there is no stale one to recognise.
import {closeSync, openSync} from 'node:fs';
import {DatabaseSync} from 'node:sqlite';
import {ProfileError} from './profile-error.ts';

const patienceMs = 10_000;

/**
 * Does the work while no other process does any under the same lock.
 *
 * @param path of the lock's file, made if missing; it stays empty
 * @throws ProfileError where another process holds it for long; what opening the file throws; what the work throws
 */
export function withLock<Result>(path: string, work: () => Result): Result {
  closeSync(openSync(path, 'a', 0o600));
  const lock = new DatabaseSync(path, {timeout: patienceMs});
  try {
    take(lock, path);
    return work();
  } finally {
    lock.close();
  }
}

function take(lock: DatabaseSync, path: string): void {
  try {
    lock.exec('BEGIN EXCLUSIVE');
  } catch {
    throw new ProfileError(`Another mailferry is at work on ${path.replace(/\.lock$/, '')}. Try again.`);
  }
}
