// A temporary folder for one try.
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';

/** Removed when the work is done, also where it fails. */
export function inFolder<Result>(work: (path: string) => Result): Result {
  const path = mkdtempSync(join(tmpdir(), 'mf-fuzz-'));
  const clear = () => rmSync(path, {recursive: true, force: true});
  let result: Result;
  try {
    result = work(path);
  } catch (error) {
    clear();
    throw error;
  }
  if (result instanceof Promise) return result.finally(clear) as Result;
  clear();
  return result;
}
