// What a power cut takes beyond what SIGKILL does: whatever the disk had not been told to keep. The ledger syncs at
// checkpoints only (PRAGMA synchronous = NORMAL), so the end of its write-ahead log may be gone; so may files that nobody
// synced.
import {readdirSync, statSync, truncateSync} from 'node:fs';
import {join} from 'node:path';

const neverSynced = /(-wal|\.holder|events\.jsonl|snapshot\.json|live\.json)$/;

/** @param kept how much of the unsynced files is left, in percent */
export function cutPower(state: string, kept: number): void {
  for (const name of readdirSync(state, {recursive: true, encoding: 'utf8'})) {
    const path = join(state, name);
    if (!neverSynced.test(name) || !statSync(path).isFile()) continue;
    truncateSync(path, Math.floor((statSync(path).size * kept) / 100));
  }
}
