// Creates at the destination what is missing there.
import {ServerRefused} from '../imap/errors.ts';
import {type Session, togetherAtMost} from '../imap/session.ts';
import type {FolderWork} from './folder-work.ts';

/**
 * All in one round trip, with their status after it; a folder that is there already is as good as created.
 * @returns the folders that are still not there, each with what the destination said
 * @throws ConnectionLost, and ServerRefused where STATUS is throttled
 */
export async function createFolders(
  works: readonly FolderWork[],
  target: Session,
): Promise<readonly (readonly [FolderWork, ServerRefused])[]> {
  const missing = works.filter(work => work.destinationStatus === undefined);
  if (missing.length === 0) return [];
  const names = missing.map(work => work.pair.destination);
  const creating = target.create(names);
  // More than travel together must all be created before they are asked for.
  const apart = target.exchange || names.length > togetherAtMost;
  const [refused, statuses] = apart
    ? [await creating, await target.statuses(names)]
    : await Promise.all([creating, target.statuses(names)]);
  for (const work of missing) work.destinationStatus = statuses.get(work.pair.destination);
  return missing
    .filter(work => work.destinationStatus === undefined)
    .map(work => [
      work,
      refused.get(work.pair.destination) ?? new ServerRefused('destination', 'NO', 'Not created', 'CREATE'),
    ]);
}
