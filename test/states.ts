// Once for all test files: a folder for the ledgers of engine tests and for what the programs under test keep compiled,
// which goes with the last of them. A worker is ended without a word, so that it cannot remove what it made.
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';

export default function makeStates(): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'mf-states-'));
  process.env['MAILFERRY_TEST_STATES'] = folder;
  process.env['XDG_CACHE_HOME'] = join(folder, 'cache');
  return () => rmSync(folder, {recursive: true, force: true, maxRetries: 5});
}
