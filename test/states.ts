// Once for all test files: a folder for the ledgers of engine tests and for what the programs under test keep compiled,
// which goes with the last of them. A worker is ended without a word, so that it cannot remove what it made.
import {chmodSync, mkdtempSync, readFileSync, rmSync, statfsSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';

/** Bytes that are free there before the tests take any. */
const plenty = 4 * 1024 ** 3;

/** In memory where there is plenty: servers, ledgers and reports sync what they write, and a disk makes each wait for it. */
function inMemory(): string | undefined {
  const folder = '/dev/shm';
  try {
    const {bavail, bsize} = statfsSync(folder);
    const options = readFileSync('/proc/mounts', 'utf8').match(/^\S+ \/dev\/shm \S+ (\S+)/m)?.[1] ?? 'noexec';
    return bavail * bsize >= plenty && !options.split(',').includes('noexec') ? folder : undefined;
  } catch {
    return undefined;
  }
}

export default function makeStates(): () => void {
  const memory = process.env['TMPDIR'] === undefined ? inMemory() : undefined;
  const folder = mkdtempSync(join(memory ?? tmpdir(), 'mf-'));
  if (memory !== undefined) {
    // What tests leave behind goes with it too. A Dovecot that root has started keeps its mail there as nobody.
    process.env['TMPDIR'] = folder;
    chmodSync(folder, 0o711);
  }
  process.env['MAILFERRY_TEST_STATES'] = folder;
  process.env['XDG_CACHE_HOME'] = join(folder, 'cache');
  return () => rmSync(folder, {recursive: true, force: true, maxRetries: 5});
}
