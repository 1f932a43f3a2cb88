// A run's own folder in the state folder: what it told, and while it runs, where it is listened to.

import {createHash} from 'node:crypto';
import {lstatSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {makeFolder} from '../files/make-folder.ts';
import {replacePrivate} from '../files/replace-private.ts';

/** Where a run under way is reached; in its folder only while it runs, or after its process was killed. */
export type Live = {
  readonly version: 1;
  readonly run: string;
  /** Process id. */
  readonly pid: number;
  /** Path of the socket, or name of the pipe on Windows. */
  readonly address: string;
  /** To be said first: whoever cannot read the folder is not listened to. */
  readonly token: string;
};

/** Longer paths of sockets are refused by the system: 104 bytes with the end on macOS, 108 on Linux. */
const longestAddress = 100;

export function runFolder(state: string, run: string): string {
  return join(state, 'runs', run);
}

const liveFile = (folder: string) => join(folder, 'live.json');

/** Makes the run's folder, for its owner alone. */
export function makeRunFolder(folder: string): void {
  makeFolder(folder);
}

/**
 * Where a run may listen, the best place first: beside its other files; below the temporary folder where that path is
 * too long or the file system there knows no sockets. Each throws where it is not to be used.
 */
export function addressesFor(folder: string, platform: string): readonly (() => string)[] {
  const short = createHash('sha256').update(folder).digest('hex').slice(0, 20);
  if (platform === 'win32') return [() => `\\\\.\\pipe\\mailferry-${short}`];
  const usual = join(folder, 'control.sock');
  const elsewhere = () => temporaryAddress(folder, short);
  return Buffer.byteLength(usual) <= longestAddress ? [() => usual, elsewhere] : [elsewhere];
}

/** @throws Error where the folder there belongs to somebody else */
function temporaryAddress(folder: string, short: string): string {
  const mine = lstatSync(folder).uid;
  const other = join(tmpdir(), `mailferry-${mine}`);
  makeFolder(other);
  const found = lstatSync(other);
  if (!found.isDirectory() || found.uid !== mine || (found.mode & 0o077) !== 0)
    throw new Error(`${other} is not a folder of yours alone`);
  return join(other, `${short}.sock`);
}

export function writeLive(folder: string, live: Live): void {
  replacePrivate(liveFile(folder), `${JSON.stringify(live)}\n`);
}

export function removeLive(folder: string): void {
  rmSync(liveFile(folder), {force: true});
}

/** undefined where the run has ended, or never listened. */
export function readLive(folder: string): Live | undefined {
  try {
    const {version, run, pid, address, token} = JSON.parse(
      readFileSync(liveFile(folder), 'utf8'),
    ) as Partial<Live>;
    if (version !== 1 || typeof run !== 'string' || typeof pid !== 'number') return undefined;
    if (typeof address !== 'string' || typeof token !== 'string') return undefined;
    return {version, run, pid, address, token};
  } catch {
    return undefined;
  }
}
