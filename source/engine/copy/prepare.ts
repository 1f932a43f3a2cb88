// Before a folder's mail moves: what is asked for, what is there already, what is left to copy. Writes nothing at
// the source; at the destination it creates the folder.
import type {MailboxStatus} from '../imap/session.ts';
import type {LedgerFolder} from '../ledger/ledger.ts';
import {problem} from '../problems.ts';
import {Batches} from './batches.ts';
import type {MailboxContext} from './context.ts';
import type {FolderWork} from './folder-work.ts';
import {openSource, type Sessions, settle} from './settle.ts';

/** The filter as the ledger remembers it: another filter means the folder must be looked at anew. */
export function filterOf(context: MailboxContext): string {
  const {since, before} = context.job.what;
  return JSON.stringify([since ?? null, before ?? null]);
}

/** True where nothing has changed at either end since the folder was finished: no command is needed. */
export function isUnchanged(
  known: LedgerFolder | undefined,
  work: FolderWork,
  filter: string,
): known is LedgerFolder & Required<Pick<LedgerFolder, 'finished'>> {
  const source = work.pair.source.status;
  const destination = work.pair.destinationStatus;
  const mark = known?.finished;
  return (
    known !== undefined &&
    mark !== undefined &&
    source !== undefined &&
    destination !== undefined &&
    known.destination === work.pair.destination &&
    mark.filter === filter &&
    known.sourceUidValidity === source.uidValidity &&
    mark.sourceUidNext === source.uidNext &&
    mark.sourceMessages === source.messages &&
    known.destinationUidValidity === destination.uidValidity &&
    mark.destinationUidNext === destination.uidNext &&
    mark.destinationMessages === destination.messages
  );
}

export function sourceKey(work: FolderWork): string {
  return JSON.stringify(work.pair.source.path);
}

/** Counts the folder without any command where nothing has changed; false where it must be prepared. */
export function prepareUnchanged(work: FolderWork, context: MailboxContext): boolean {
  const known = context.ledger.folder(sourceKey(work));
  if (!isUnchanged(known, work, filterOf(context))) return false;
  work.ledgerFolder = known;
  work.unchanged = true;
  const {selected, selectedBytes} = known.finished;
  work.counted(selected, selectedBytes, selected, selectedBytes);
  return true;
}

/** @throws ServerRefused, ConnectionLost as the commands do */
export async function prepare(work: FolderWork, sessions: Sessions, context: MailboxContext): Promise<void> {
  const {ledger, job, settings} = context;
  work.enter('listing');
  const opened = await sessions.source.examine(work.pair.source.name);
  const target = await targetStatus(work, sessions, context);

  let folder = ledger.folder(sourceKey(work));
  if (folder !== undefined && folder.destination === work.pair.destination) {
    if (folder.sourceUidValidity !== opened.uidValidity)
      work.note(problem('uidvalidity-changed', {end: 'source', folder: work.pair.shown}));
    else if (target !== undefined && folder.destinationUidValidity !== target.uidValidity)
      work.note(problem('uidvalidity-changed', {end: 'destination', folder: work.pair.destination}));
  }
  if (
    folder === undefined ||
    folder.destination !== work.pair.destination ||
    folder.sourceUidValidity !== opened.uidValidity ||
    folder.destinationUidValidity !== (target?.uidValidity ?? 0)
  )
    folder = ledger.resetFolder({
      source: sourceKey(work),
      destination: work.pair.destination,
      sourceUidValidity: opened.uidValidity,
      destinationUidValidity: target?.uidValidity ?? 0,
    });
  ledger.finish(folder.id, undefined);
  work.ledgerFolder = folder;

  const sizes = await sizesOf(work, sessions, opened.exists);
  const {since, before} = job.what;
  work.selected =
    since === undefined && before === undefined
      ? [...sizes.keys()].sort((one, other) => one - other)
      : await sessions.source.search({since, before});

  const wanted = new Set(work.selected);
  let intended = false;
  ledger.transaction(() => {
    for (const row of ledger.states(folder.id)) {
      if (row.state === 'intended') intended = true;
      if (row.selected !== wanted.has(row.uid)) ledger.select(folder.id, row.uid, wanted.has(row.uid));
    }
  });
  if (target !== undefined && (intended || (target.messages > 0 && target.uidNext > folder.destinationSeen)))
    await settle(work, sessions, context, true);

  const stored = new Set<number>();
  for (const row of ledger.states(folder.id)) if (row.state === 'stored') stored.add(row.uid);
  let present = 0;
  let presentBytes = 0;
  let bytes = 0;
  const left: number[] = [];
  for (const uid of work.selected) {
    const size = sizes.get(uid) ?? 0;
    bytes += size;
    if (stored.has(uid)) {
      present++;
      presentBytes += size;
    } else left.push(uid);
  }
  work.batches = new Batches(left, sizes);
  work.counted(work.selected.length, bytes, present, presentBytes);
  if (settings.dryRun) {
    const told = problem('dry-run', {});
    for (const uid of left) work.skipped({uid, size: sizes.get(uid) ?? 0}, told);
    work.batches = new Batches([], sizes);
  }
}

/**
 * UID and size of every message. A FETCH that answers OK with less than is there (Exchange, facts 2.7) is not
 * believed: SEARCH says which UIDs there are, and they are asked for one by one later.
 */
async function sizesOf(work: FolderWork, sessions: Sessions, exists: number): Promise<Map<number, number>> {
  const sizes = new Map<number, number>();
  if (exists === 0) return sizes;
  const listed = await sessions.source.sizes();
  listed.uids.forEach((uid, index) => {
    sizes.set(uid, listed.sizes[index] ?? 0);
  });
  if (sizes.size < exists) {
    await openSource(work, sessions);
    for (const uid of await sessions.source.search({})) if (!sizes.has(uid)) sizes.set(uid, 0);
  }
  return sizes;
}

/** The destination folder as it stands, created where it is missing; undefined only in a dry run. */
async function targetStatus(
  work: FolderWork,
  sessions: Sessions,
  context: MailboxContext,
): Promise<MailboxStatus | undefined> {
  const name = work.pair.destination;
  if (work.pair.destinationStatus !== undefined) return work.pair.destinationStatus;
  if (context.settings.dryRun) return sessions.target.status(name);
  await sessions.target.create(name);
  const opened = await sessions.target.select(name);
  work.target = opened;
  return {messages: opened.exists, uidNext: opened.uidNext, uidValidity: opened.uidValidity};
}
