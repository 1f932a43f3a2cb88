// Once for all test files: a folder for the ledgers of engine tests, which goes with the last of them. A worker is ended
// without a word, so that it cannot remove what it made.
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';

export default function makeStates(): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'mf-states-'));
  process.env['MAILFERRY_TEST_STATES'] = folder;
  return () => rmSync(folder, {recursive: true, force: true, maxRetries: 5});
}
