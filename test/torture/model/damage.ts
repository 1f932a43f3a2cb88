// What becomes of a ledger's file.
import {readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import type {Forgetting} from './steps.ts';

const pageSize = 4096;

/** Damages every ledger in the state folder; what lies beside one is lost with it. */
export function damage(state: string, how: Exclude<Forgetting, 'deleted'>): void {
  for (const name of readdirSync(state)) {
    const file = join(state, name);
    if (name.endsWith('.sqlite')) writeFileSync(file, damaged(readFileSync(file), how));
    else if (/-(wal|shm)$/.test(name)) rmSync(file);
  }
}

function damaged(bytes: Buffer, how: Exclude<Forgetting, 'deleted'>): Buffer {
  // A table's root: what is lost with it cannot be read past.
  if (how === 'a page overwritten' && bytes.length >= 2 * pageSize)
    return bytes.fill(0x5a, pageSize, 2 * pageSize);
  if (how === 'cut off' && bytes.length >= pageSize)
    return bytes.subarray(0, Math.max(pageSize, bytes.length - 2 * pageSize));
  return Buffer.from('Dear diary.\n'.repeat(100));
}
