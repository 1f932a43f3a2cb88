// What is in a source folder, and what of it is asked for. Reads only.
import type {Session} from '../imap/session.ts';
import type {FinishedMark} from '../ledger/ledger.ts';
import type {MailboxContext} from './context.ts';
import type {FolderWork} from './folder-work.ts';
import {FolderReplaced} from './open-ends.ts';
import {ListedInPart} from './whole-list.ts';

/** Times that a folder is listed anew: mail may go while it is. */
const mostAsked = 3;

/**
 * One round trip: opening, sizes and search are on their way together. A FETCH that answers OK with less than is
 * there (Exchange, facts 2.7) is not believed: SEARCH says which UIDs there are, and they are asked for one by one
 * later. What names fewer than there are, however often it is asked, is copied, and the folder is known to be in part.
 * @param finished how the folder stood when it was finished, where nothing but new mail may have come since: only that
 * is asked for then, and all of it where the count says that something else has changed
 * @throws ServerRefused, ConnectionLost, FolderReplaced
 */
export async function countFolder(
  work: FolderWork,
  source: Session,
  context: Pick<MailboxContext, 'job' | 'settings'>,
  finished: FinishedMark | undefined,
): Promise<void> {
  work.enter('listing');
  work.grownFrom = undefined;
  work.inPart = undefined;
  if (finished !== undefined) {
    const {exists, told, sizes} = await count(work, source, context, finished.sourceUidNext);
    const asMany = exists === finished.sourceMessages + told;
    if (asMany && (await isWhole(source, finished.sourceUidNext, sizes.size))) {
      work.grownFrom = finished;
      work.sourceStands = {...work.sourceStands, messages: finished.sourceMessages + sizes.size};
      return;
    }
  }
  const {exists, told, searched} = await count(work, source, context, 1);
  if (told === exists) return;
  const {uids, expected} = await listAnew(work, source, searched !== undefined);
  work.selected = searched ?? uids;
  work.sourceStands = {
    ...work.sourceStands,
    messages: uids.length,
    uidNext: Math.max(work.sourceStands.uidNext, (uids.at(-1) ?? 0) + 1),
  };
  if (uids.length < expected) work.inPart = new ListedInPart('source', uids.length, expected);
}

/**
 * Opens the folder anew and asks for all that is in it; where a search names too few, as often as mail may go meanwhile.
 * @param bySearch only what a search names counts: it alone knows of dates, and what one leaves out the other may
 * @returns what is named, ascending, and how many the server says there are
 */
async function listAnew(
  work: FolderWork,
  source: Session,
  bySearch: boolean,
): Promise<{readonly uids: readonly number[]; readonly expected: number}> {
  const {name, wire} = work.pair.source;
  for (let asked = 1; ; asked++) {
    // Other folders are counted on the same connection meanwhile: this one is opened again, or the UIDs were another's.
    const [opened, found, listed] = await together(
      source,
      () => source.examine(name, wire),
      () => source.search({}),
      async () => (asked === 1 || bySearch ? [] : (await source.sizes()).uids),
    );
    if (opened.uidValidity !== work.sourceUidValidity) throw new FolderReplaced('source');
    const all = new Set([...found, ...listed]);
    if (all.size >= opened.exists || asked === mostAsked)
      return {uids: [...all].sort((one, other) => one - other), expected: opened.exists};
  }
}

/** Exchange's FETCH may leave messages out (facts 2.7): just as many old ones may be gone as new ones were not told. */
async function isWhole(source: Session, from: number, told: number): Promise<boolean> {
  if (!source.exchange) return true;
  const there = await source.search({uids: `${from}:*`});
  return there.filter(uid => uid >= from).length === told;
}

/**
 * @param from the first UID that counts
 * @returns how many the folder had when it was opened, and how many of those were listed: one that has come since does not
 * make up for one that was left out
 */
async function count(
  work: FolderWork,
  source: Session,
  {job, settings}: Pick<MailboxContext, 'job' | 'settings'>,
  from: number,
): Promise<{
  readonly exists: number;
  readonly told: number;
  readonly sizes: ReadonlyMap<number, number>;
  readonly searched: readonly number[] | undefined;
}> {
  const {name, wire} = work.pair.source;
  const {since, before} = job.what;
  const arrived = settings.newestFirst === true ? new Map<number, number>() : undefined;
  const filtered = since !== undefined || before !== undefined;
  const [opened, listed, found] = await together(
    source,
    () => source.examine(name, wire),
    () => source.sizes(from, arrived),
    () =>
      filtered
        ? source.search({since, before, ...(from === 1 ? {} : {uids: `${from}:*`})})
        : Promise.resolve(undefined),
  );
  const sizes = new Map<number, number>();
  listed.uids.forEach((uid, index) => {
    sizes.set(uid, listed.sizes[index] ?? 0);
  });
  work.sourceUidValidity = opened.uidValidity;
  work.sizes = sizes;
  work.arrived = arrived;
  // Where the server does not say what its next UID is, whatever is listed was there.
  const first = opened.uidNext === 0 ? Number.POSITIVE_INFINITY : opened.uidNext;
  const told = listed.uids.filter(uid => uid < first).length;
  const uidNext = Math.max(opened.uidNext, (listed.uids.at(-1) ?? 0) + 1);
  work.sourceStands = {messages: sizes.size, uidNext, told: opened.uidNext > 0};
  // 'n:*' names the last message, whatever its UID (RFC 9051 section 9, seq-range). What has come since the sizes were
  // listed is the next run's.
  const searched = found?.filter(uid => uid >= from && (uid < uidNext || told !== opened.exists));
  work.selected = searched ?? listed.uids;
  return {exists: opened.exists, told, sizes, searched};
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
