// A disk that becomes full under the ledgers, without a disk of its own: SQLite refuses as it does there, with SQLITE_FULL.
import {DatabaseSync} from 'node:sqlite';
import {vi} from 'vitest';

/**
 * No database that is opened from now on in this process grows beyond so many pages, of 4 KB each.
 * @returns makes room again
 */
export function fillLedgersAt(pages: number): () => void {
  const {exec} = DatabaseSync.prototype;
  const spy = vi.spyOn(DatabaseSync.prototype, 'exec').mockImplementation(function (
    this: DatabaseSync,
    sql: string,
  ) {
    exec.call(this, `PRAGMA max_page_count = ${pages}`);
    exec.call(this, sql);
  });
  return () => spy.mockRestore();
}
