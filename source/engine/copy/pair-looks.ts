// Pairs what was seen in a destination folder with the source's messages, or with the ledger's rows of them.
import type {LedgerMessage} from '../ledger/ledger.ts';
import {areApart, type Times, timesOf} from '../messages/by-headers.ts';
import {type Ambiguous, type KeyedMessage, matchAll} from '../messages/match.ts';
import {problem} from '../problems/problems.ts';
import {type Anew, type KeptTexts, nothingRead, pairContents, type Read} from './compare-contents.ts';
import type {MailboxContext} from './context.ts';
import type {FolderWork} from './folder-work.ts';
import type {Look} from './looks.ts';
import type {Sessions} from './open-ends.ts';

export type AtSource = {
  readonly source: readonly KeyedMessage[];
  /** Of their contents, where they are known already; by UID. */
  readonly digests: ReadonlyMap<number, string>;
  /** ms since 1970, by UID. */
  readonly dates: ReadonlyMap<number, number | undefined>;
};

type Pairs = readonly (readonly [number, number])[];

/** UIDs of what was to be compared and was not read: it has gone, or its server does not send it. */
export type Unread = {readonly source: readonly number[]; readonly destination: readonly number[]};

/** Source UIDs with the destination's that may be theirs: a text was not to be had, so that nobody knows. */
export type Doubts = ReadonlyMap<number, readonly number[]>;

const nothing = {pairs: [], unread: {source: [], destination: []}, doubts: new Map<number, never[]>()};

/**
 * The destination folder must be open.
 * @param kept texts that were read before a connection went; those that are read are added
 * @returns source and destination UID of those that are the same
 * @throws ConnectionLost, ServerRefused, FolderReplaced
 */
export async function pairLooks(
  {source, digests, dates}: AtSource,
  destination: readonly Look[],
  work: FolderWork,
  sessions: Sessions,
  context: MailboxContext,
  kept?: KeptTexts,
): Promise<{readonly pairs: Pairs; readonly unread: Unread; readonly doubts: Doubts}> {
  if (source.length === 0 || destination.length === 0) return nothing;
  const atExchange = sessions.source.exchange || sessions.target.exchange;
  const isStored = context.job.what.destination.provider === 'o365';
  const anew: Anew = isStored ? 'stored' : atExchange ? 'read' : 'never';
  const exactSizes = anew === 'never';
  const dated = {
    source: dates,
    destination: new Map(destination.map(look => [look.uid, look.about.date])),
  };
  const read = nothingRead(kept);
  for (const [uid, digest] of digests) read.content.source.set(uid, digest);
  const unlike = new Set<number>();
  const compared: Ambiguous[] = [];
  const pairs = await matchAll({source, destination, exactSizes}, async ambiguous => {
    for (const group of ambiguous) compared.push(group);
    const found: (readonly [number, number])[] = [];
    for (const [rewritten, groups] of Map.groupBy(ambiguous, each => each.rewritten === true)) {
      const known = {
        read,
        ends: {source, destination},
        dates: dated,
        anew: rewritten ? ('stored' as const) : anew,
      };
      const {same, taken} = await pairContents(groups, known, work, sessions);
      for (const [uid] of taken) unlike.add(uid);
      found.push(...same, ...taken);
    }
    return found;
  });
  tellUnlike(unlike, work);
  const unread = (end: keyof Unread) => {
    const uids = compared.flatMap(group => group[`${end}Uids`]);
    return [...new Set(uids)].filter(uid => !read.content[end].has(uid));
  };
  return {
    pairs,
    unread: {source: unread('source'), destination: unread('destination')},
    doubts: doubtsAmong(compared, pairs, read, timesOf({source, destination})),
  };
}

function doubtsAmong(compared: readonly Ambiguous[], pairs: Pairs, {content}: Read, times: Times): Doubts {
  const found = new Map(pairs);
  const taken = new Set(found.values());
  const doubts = new Map<number, number[]>();
  for (const {sourceUids, destinationUids} of compared)
    for (const uid of sourceUids) {
      if (found.has(uid)) continue;
      const isUnread = (copy: number) => !content.source.has(uid) || !content.destination.has(copy);
      const copies = destinationUids.filter(
        copy => !taken.has(copy) && isUnread(copy) && !areApart(times, uid, copy),
      );
      if (copies.length > 0) doubts.set(uid, [...(doubts.get(uid) ?? []), ...copies]);
    }
  return doubts;
}

/** Each of them once, however often the folder is looked at. */
function tellUnlike(uids: ReadonlySet<number>, work: FolderWork): void {
  const fresh = [...uids].filter(uid => !work.mail.unlike.has(uid));
  if (fresh.length === 0) return;
  for (const uid of fresh) work.mail.unlike.add(uid);
  work.note(problem('present-unlike', {messages: fresh.length, folder: work.pair.destination}));
}

/** Messages as the ledger knows them. */
export function asKnown(rows: readonly LedgerMessage[]): AtSource {
  const source = rows.map(row => ({
    ...{uid: row.uid, key: row.key ?? '', strong: row.strong},
    ...(row.hints === undefined ? {} : {hints: row.hints}),
    ...(row.size === undefined ? {} : {size: row.size}),
  }));
  const digests = new Map(
    rows.flatMap(row => (row.digest === undefined ? [] : [[row.uid, row.digest] as const])),
  );
  const dates = new Map(rows.map(row => [row.uid, row.date]));
  return {source, digests, dates};
}
