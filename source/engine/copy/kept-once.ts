// A destination that keeps equal mail once (Gmail) says that it has stored a message, and holds no more than before. Where
// the one that it keeps is a copy of ours already, the message is not missing.
import type {LedgerMessage} from '../ledger/ledger.ts';
import {nothingRead, readContents} from './compare-contents.ts';
import type {MailboxContext} from './context.ts';
import type {FolderWork} from './folder-work.ts';
import type {Sessions} from './open-ends.ts';

/**
 * Only what is equal for certain is kept once: the same key and size, and every byte that is compared, read now at both
 * ends. The destination folder must be open.
 * @param missing said to be stored, and not found
 * @param found source and destination UID of those that are found just now
 * @returns rows that say "stored" under the UID of the copy, by source UID
 * @throws ConnectionLost, ServerRefused, FolderReplaced
 */
export async function keptOnce(
  missing: readonly LedgerMessage[],
  found: ReadonlyMap<number, number>,
  work: FolderWork,
  sessions: Sessions,
  {ledger}: Pick<MailboxContext, 'ledger'>,
): Promise<ReadonlyMap<number, LedgerMessage>> {
  const kept = new Map<number, LedgerMessage>();
  const mine = Map.groupBy(missing, likeness);
  if (mine.size === 0) return kept;
  const uids = new Set(missing.map(({uid}) => uid));
  const theirs = new Map<string, Map<number, LedgerMessage>>();
  for (const row of ledger.messages(work.ledgerFolder.id, ['stored'])) {
    const copy = found.get(row.uid) ?? row.destinationUid;
    if (copy === undefined || uids.has(row.uid) || row.key === undefined || row.size === undefined) continue;
    const like = likeness(row);
    if (mine.has(like)) theirs.set(like, (theirs.get(like) ?? new Map()).set(copy, row));
  }
  const groups = [...theirs].map(([key, copies]) => ({
    key,
    sourceUids: (mine.get(key) ?? []).map(({uid}) => uid),
    destinationUids: [...copies.keys()],
  }));
  const read = nothingRead();
  await readContents(groups, read, work, sessions);
  const {source, destination} = read.exact;
  for (const [like, copies] of theirs)
    for (const {hints: _hints, digest: _digest, ...row} of mine.get(like) ?? [])
      for (const [copy, {digest}] of copies) {
        const bytes = source.get(row.uid);
        if (bytes === undefined || bytes !== destination.get(copy)) continue;
        // What is noted of the content is noted of both, or they would pass for two messages later (reconcile.ts).
        const noted = digest === undefined ? {} : {digest};
        kept.set(row.uid, {...row, ...noted, state: 'stored', destinationUid: copy});
      }
  return kept;
}

function likeness({key = '', size}: LedgerMessage): string {
  return `${key} ${size ?? ''}`;
}
