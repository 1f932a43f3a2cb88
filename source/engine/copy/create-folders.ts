// Creates at the destination what is missing there, and lets people see it.
import {ServerRefused} from '../imap/errors.ts';
import type {Session} from '../imap/session.ts';
import type {FolderWork} from './folder-work.ts';

/**
 * All in one round trip, each with its status; a folder that is there already is as good as created.
 * @param isNew true where nobody remembers it: the run that created it may not have come to subscribe
 * @param there told of each folder as soon as it stands, while others are still being created
 * @returns the folders that are still not there, each with what the destination said
 * @throws ConnectionLost, and ServerRefused where STATUS is throttled
 */
export async function createFolders(
  works: readonly FolderWork[],
  target: Session,
  isNew: (work: FolderWork) => boolean,
  there: (work: FolderWork) => void = () => undefined,
): Promise<readonly (readonly [FolderWork, ServerRefused])[]> {
  const missing = new Map(
    works.filter(work => work.destinationStatus === undefined).map(work => [work.pair.destination, work]),
  );
  const hidden = works.filter(work => work.destinationStatus !== undefined && isNew(work));
  const subscribed = target.subscribe(hidden.map(work => work.pair.destination));
  subscribed.catch(() => undefined);
  if (missing.size === 0 || target.exchange) await subscribed;
  if (missing.size === 0) return [];
  const refused = await target.create([...missing.keys()], (name, status) => {
    const work = missing.get(name);
    if (work === undefined) return;
    work.destinationStatus = status;
    there(work);
  });
  await subscribed;
  return [...missing.values()]
    .filter(work => work.destinationStatus === undefined)
    .map(work => [
      work,
      refused.get(work.pair.destination) ?? new ServerRefused('destination', 'NO', 'Not created', 'CREATE'),
    ]);
}
