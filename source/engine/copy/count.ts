// What is in a source folder, and what of it is asked for. Reads only.
import type {Session} from '../imap/session.ts';
import type {FinishedMark} from '../ledger/ledger.ts';
import type {Job} from '../ports.ts';
import type {MailboxContext} from './context.ts';
import type {FolderWork} from './folder-work.ts';
import {FolderReplaced} from './open-ends.ts';
import {countHeld, ListedInPart, mostAsked} from './whole-list.ts';

/**
 * One round trip: opening, sizes and search are on their way together. A FETCH that answers OK with less than is there
 * (Exchange, quirk `silentFetch`) is not believed: SEARCH says which UIDs there are, and they are asked for one by one
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
  const {uids, wanted, missing} = await askAnew(work, source, context.job.what);
  const uidNext = Math.max(work.sourceStands.uidNext, (uids.at(-1) ?? 0) + 1);
  work.sourceStands = {...work.sourceStands, messages: uids.length, uidNext};
  // What has come since all was listed is the next run's, which would send it again.
  const asked = searched === undefined ? uids : sorted([...searched, ...wanted]);
  work.selected = asked.filter(uid => uid < uidNext);
  if (missing > 0) work.inPart = new ListedInPart('source', uids.length, uids.length + missing);
}

const sorted = (uids: Iterable<number>) => [...new Set(uids)].sort((one, other) => one - other);

type Listed = {
  /** All that is named, ascending. */
  readonly uids: readonly number[];
  /** What a search by the dates asked for names; none where there are none. */
  readonly wanted: readonly number[];
  /** How many more the server says there are. */
  readonly missing: number;
};

/**
 * Opens the folder anew and asks for all that is in it; where a search names too few, as often as mail may go meanwhile, and
 * in the other way too. Of dates only a search knows: what one leaves out the other may. Unlike `listAnew`, all questions
 * leave together: other folders are counted over the same connection meanwhile, and the UIDs would be another's.
 */
async function askAnew(
  work: FolderWork,
  source: Session,
  {since, before}: Pick<Job['what'], 'since' | 'before'>,
): Promise<Listed> {
  const {name, wire} = work.pair.source;
  const byDate = since !== undefined || before !== undefined;
  const wanted = new Set<number>();
  let named: ReadonlySet<number> = work.atSource;
  for (let asked = 1; ; asked++) {
    const [opened, found, listed, dated] = await together(
      source,
      () => source.examine(name, wire),
      () => source.search({}),
      async () => (asked === 1 || byDate ? [] : (await source.sizes()).keys()),
      async () => (byDate ? source.search({since, before}) : []),
    );
    if (opened.uidValidity !== work.sourceUidValidity) throw new FolderReplaced('source');
    const uids = sorted([...found, ...listed]);
    for (const uid of dated) wanted.add(uid);
    const missing = Math.max(0, opened.exists - countHeld(uids, opened.uidNext, named));
    if (missing === 0 || asked === mostAsked) return {uids, wanted: [...wanted], missing};
    named = new Set(uids);
  }
}

/**
 * Exchange's FETCH may leave messages out (`silentFetch`): just as many old ones may be gone as new ones were not told.
 */
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
  const [opened, sizes, found] = await together(
    source,
    () => source.examine(name, wire),
    () => source.sizes(from, arrived),
    () =>
      filtered
        ? source.search({since, before, ...(from === 1 ? {} : {uids: `${from}:*`})})
        : Promise.resolve(undefined),
  );
  const listed = [...sizes.keys()];
  work.sourceUidValidity = opened.uidValidity;
  work.sizes = sizes;
  work.arrived = arrived;
  // Where the server does not say what its next UID is, whatever is listed was there.
  const told = countHeld(listed, opened.uidNext);
  const uidNext = Math.max(opened.uidNext, (listed.at(-1) ?? 0) + 1);
  work.sourceStands = {messages: sizes.size, uidNext, told: opened.uidNext > 0};
  // 'n:*' names the last message, whatever its UID (RFC 9051 section 9, seq-range). What has come since the sizes were
  // listed is the next run's; where not all was told, all of it is asked for again.
  const open = from === 1 && told !== opened.exists;
  const searched = found?.filter(uid => uid >= from && (uid < uidNext || open));
  work.selected = searched ?? listed;
  return {exists: opened.exists, told, sizes, searched};
}

/** All commands on their way at once, in order; one after the other at Exchange. */
async function together<Answers extends readonly unknown[]>(
  session: Session,
  ...asked: {readonly [Key in keyof Answers]: () => Promise<Answers[Key]>}
): Promise<Answers> {
  const answers: unknown[] = [];
  if (session.exchange) for (const ask of asked) answers.push(await ask());
  else answers.push(...(await Promise.all(asked.map(ask => ask()))));
  return answers as unknown as Answers;
}
