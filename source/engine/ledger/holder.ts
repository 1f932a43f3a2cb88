// Who holds a ledger, for whoever finds it locked. The lock itself is SQLite's and dies with its process: what stands
// here of a process that was killed is never read.
import {readFileSync, rmSync, writeFileSync} from 'node:fs';

export type Holder = {
  readonly run: string;
  /** Process id. */
  readonly pid: number;
  /** ms since 1970. */
  readonly since: number;
};

const fileOf = (ledger: string) => `${ledger}.holder`;

/** Says who has the lock now. A file that cannot be written costs the next one a name, nothing else. */
export function nameHolder(ledger: string, holder: Holder): void {
  if (ledger === ':memory:') return;
  try {
    writeFileSync(fileOf(ledger), JSON.stringify(holder), {mode: 0o600});
  } catch {
    // The lock holds without it.
  }
}

export function forgetHolder(ledger: string): void {
  if (ledger === ':memory:') return;
  try {
    rmSync(fileOf(ledger), {force: true});
  } catch {
    // It is read only where the lock is held.
  }
}

/** Who has the lock, where that can be read. */
export function holderOf(ledger: string): Holder | undefined {
  try {
    const {run, pid, since} = JSON.parse(readFileSync(fileOf(ledger), 'utf8')) as Partial<Holder>;
    if (typeof run !== 'string' || typeof pid !== 'number' || typeof since !== 'number') return undefined;
    return {run, pid, since};
  } catch {
    return undefined;
  }
}
