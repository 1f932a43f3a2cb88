// The saved profiles, opened by the commands that need them.
import {existsSync} from 'node:fs';
import {resolve} from 'node:path';
import type {Profiles} from '../profiles/store.ts';
import type {SavedProfiles} from './load.ts';
import type {Places} from './places.ts';
import type {System} from './system.ts';

export const noProfiles: SavedProfiles = {get: () => undefined, list: () => []};

/** No profile can have such a name (profileNameRule), so that the saved ones need not be opened. */
export function isCsvFile(name: string, system: System): boolean {
  return /\.csv$/i.test(name) && existsSync(resolve(system.files.workingDirectory, name));
}

/** Says on standard error what became of profiles that could not be read. */
export async function savedProfiles(
  places: Places,
  system: System,
): Promise<Profiles & Pick<SavedProfiles, 'command'>> {
  const {openProfiles} = await import('../profiles/store.ts');
  const profiles = openProfiles({cwd: places.config});
  if (profiles.notice !== undefined) system.stderr.write(`${profiles.notice}\n`);
  return Object.assign(profiles, {command: places.command});
}
