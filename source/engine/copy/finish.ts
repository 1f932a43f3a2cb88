// After a folder's mail has moved: checks that the destination holds what it confirmed, and writes down how both
// ends stand, so that an unchanged folder costs nothing next time.

import type {MailboxStatus} from '../imap/responses.ts';
import type {LedgerMessage} from '../ledger/ledger.ts';
import {problem} from '../problems.ts';
import type {MailboxContext} from './context.ts';
import type {FolderWork} from './folder-work.ts';
import {nameOf} from './message-row.ts';
import {filterOf} from './plan-folder.ts';
import {looks, type Sessions, settle} from './settle.ts';

/** Stored messages whose UID the destination did not tell (no UIDPLUS): a confirmation that is yet to be seen. */
function unnamedRows(work: FolderWork, context: MailboxContext): LedgerMessage[] {
  const unnamed: LedgerMessage[] = [];
  for (const row of context.ledger.messages(work.ledgerFolder.id, ['stored']))
    if (row.destinationUid === undefined) unnamed.push(row);
  return unnamed;
}

/** What is to say about a folder whose mail has moved. */
export function tellDropped(work: FolderWork): void {
  if (work.droppedKeywords.size === 0) return;
  work.note(problem('keywords-dropped', {keywords: [...work.droppedKeywords]}));
  work.droppedKeywords.clear();
}

/**
 * Compares what the ledger holds as stored with what the destination counts, all folders in one round trip.
 * @throws ServerRefused, ConnectionLost as the commands do; call it again then
 */
export async function verify(
  works: readonly FolderWork[],
  sessions: Sessions,
  context: MailboxContext,
): Promise<void> {
  const statuses = await sessions.target.statuses(works.map(work => work.pair.destination));
  for (const work of works) {
    const status = statuses.get(work.pair.destination);
    if (status !== undefined) await verifyFolder(work, status, sessions, context);
  }
}

async function verifyFolder(
  work: FolderWork,
  status: MailboxStatus,
  sessions: Sessions,
  context: MailboxContext,
): Promise<void> {
  const {ledger} = context;
  const folder = work.ledgerFolder;
  const {stored, others} = ledger.count(folder.id);
  if (status.messages !== stored + others) await reconcile(work, sessions, context);
  const {selected, failed, skipped} = work.counts;
  const source = work.pair.source.status;
  const clean = failed === 0 && skipped === 0 && work.open === 0 && source !== undefined;
  ledger.transaction(() => {
    ledger.seen(folder.id, status.uidNext);
    ledger.finish(
      folder.id,
      clean
        ? {
            filter: filterOf(context),
            sourceUidNext: source.uidNext,
            sourceMessages: source.messages,
            destinationUidNext: status.uidNext,
            destinationMessages: status.messages,
            selected,
            selectedBytes: work.selectedBytes,
          }
        : undefined,
    );
  });
  work.ledgerFolder = {...folder, destinationSeen: status.uidNext};
}

/** Looks for messages that the destination said it stored without naming them; what is not there has failed. */
export async function confirmByLooking(
  work: FolderWork,
  sessions: Sessions,
  context: MailboxContext,
): Promise<void> {
  const {ledger} = context;
  const rows = unnamedRows(work, context);
  await settle(work, sessions, context, false);
  const found = new Set<number>();
  for (const row of ledger.states(work.ledgerFolder.id)) if (row.state === 'stored') found.add(row.uid);
  const why = problem('not-found-after-append', {});
  for (const row of rows) {
    if (found.has(row.uid)) continue;
    ledger.put(work.ledgerFolder.id, {...row, state: 'failed', code: why.code, reason: why.sentence});
    work.copied(-1, -(row.size ?? 0));
    work.failed(nameOf(row), why);
  }
}

/** The counts differ: finds mail that others brought and copies that were deleted, and says so. */
async function reconcile(work: FolderWork, sessions: Sessions, context: MailboxContext): Promise<void> {
  const {ledger} = context;
  const folder = work.ledgerFolder.id;
  await sessions.target.select(work.pair.destination);
  const there = new Set(await sessions.target.search({}));
  let deleted = 0;
  const known = new Set<number>();
  for (const uid of ledger.storedUids(folder)) {
    known.add(uid);
    if (!there.has(uid)) deleted++;
  }
  const gone: number[] = [];
  for (const other of ledger.others(folder)) {
    known.add(other.destinationUid);
    if (!there.has(other.destinationUid)) gone.push(other.destinationUid);
  }
  const strangers = await looks(
    sessions.target,
    [...there].filter(uid => !known.has(uid)),
  );
  ledger.transaction(() => {
    for (const uid of gone) ledger.forgetOther(folder, uid);
    for (const stranger of strangers)
      ledger.putOther(folder, {destinationUid: stranger.uid, ...stranger.about});
  });
  if (deleted > 0) work.note(problem('copies-deleted', {messages: deleted, folder: work.pair.destination}));
}
