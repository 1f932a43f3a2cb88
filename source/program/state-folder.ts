// Whether the state folder can be one, asked before any command looks into it: what cannot be read is not empty.
import {accessSync, constants, statSync} from 'node:fs';
import {join} from 'node:path';
import {UsageProblem} from './system.ts';

/**
 * A folder that is not there yet is well: it is made where something is kept in it.
 * @throws UsageProblem where another thing has its name, or its list of runs cannot be read
 */
export function expectStateFolder(state: string): void {
  for (const folder of [state, join(state, 'runs')]) {
    const wrong = wrongWith(folder);
    if (wrong === undefined) continue;
    const step = 'Name a folder with --state; one that does not exist is made.';
    throw new UsageProblem(`The state folder cannot be used: ${folder} ${wrong}. ${step}`);
  }
}

function wrongWith(folder: string): string | undefined {
  try {
    if (!statSync(folder).isDirectory()) return 'is a file, not a folder';
    accessSync(folder, constants.R_OK | constants.X_OK);
    return undefined;
  } catch (error) {
    const {code} = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    if (code === 'ENOTDIR') return 'leads through a file';
    return code === 'EACCES' || code === 'EPERM' ? 'may not be read by you' : `cannot be read (${code})`;
  }
}
