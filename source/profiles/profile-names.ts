// The names of the saved profiles for a shell that completes one: no lock, no message, none of what the store loads.
import {readFileSync} from 'node:fs';
import {join} from 'node:path';

/** Sorted; none where the file cannot be read. @param cwd the folder of the file */
export function profileNames(cwd: string): readonly string[] {
  try {
    const file: unknown = JSON.parse(readFileSync(join(cwd, 'profiles.json'), 'utf8'));
    if (typeof file !== 'object' || file === null || !('profiles' in file)) return [];
    const {profiles} = file;
    if (typeof profiles !== 'object' || profiles === null) return [];
    // A name that cannot be shown, from a file edited by hand, is no word of a command line.
    return Object.keys(profiles)
      .filter(name => !/\p{Cc}/u.test(name))
      .sort((one, other) => one.localeCompare(other, 'en'));
  } catch {
    return [];
  }
}
