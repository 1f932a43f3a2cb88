// What is in a source folder, and what of it is asked for. Reads only.
import type {Session} from '../imap/session.ts';
import type {MailboxContext} from './context.ts';
import type {FolderWork} from './folder-work.ts';

/**
 * One round trip: opening, sizes and search are on their way together. A FETCH that answers OK with less than is
 * there (Exchange, facts 2.7) is not believed: SEARCH says which UIDs there are, and they are asked for one by one
 * later.
 * @throws ServerRefused, ConnectionLost
 */
export async function countFolder(
  work: FolderWork,
  source: Session,
  {job}: Pick<MailboxContext, 'job'>,
): Promise<void> {
  work.enter('listing');
  const {name, wire} = work.pair.source;
  const {since, before} = job.what;
  const filtered = since !== undefined || before !== undefined;
  const [opened, listed, found] = await together(
    source,
    () => source.examine(name, wire),
    () => source.sizes(),
    () => (filtered ? source.search({since, before}) : Promise.resolve(undefined)),
  );
  const sizes = new Map<number, number>();
  listed.uids.forEach((uid, index) => {
    sizes.set(uid, listed.sizes[index] ?? 0);
  });
  let uids = [...sizes.keys()];
  if (sizes.size < opened.exists) {
    const [, all] = await together(
      source,
      () => source.examine(name, wire),
      () => source.search({}),
      () => Promise.resolve(undefined),
    );
    uids = all;
  }
  work.sourceUidValidity = opened.uidValidity;
  work.sizes = sizes;
  work.selected = found ?? uids.sort((one, other) => one - other);
}

/** All commands on their way at once, in order; one after the other at Exchange. */
async function together<One, Two, Three>(
  session: Session,
  one: () => Promise<One>,
  two: () => Promise<Two>,
  three: () => Promise<Three>,
): Promise<[One, Two, Three]> {
  if (session.exchange) return [await one(), await two(), await three()];
  return Promise.all([one(), two(), three()]);
}
