// After a folder's mail has moved: checks that the destination holds what it confirmed, and writes down how both
// ends stand, so that an unchanged folder costs nothing next time.

import type {LedgerMessage} from '../ledger/ledger.ts';
import {problem} from '../problems.ts';
import type {MailboxContext} from './context.ts';
import type {FolderWork} from './folder-work.ts';
import {nameOf} from './message-row.ts';
import {filterOf} from './prepare.ts';
import {looks, type Sessions, settle} from './settle.ts';

/** @throws ServerRefused, ConnectionLost as the commands do; call it again then */
export async function finish(work: FolderWork, sessions: Sessions, context: MailboxContext): Promise<void> {
  const {ledger, settings} = context;
  if (settings.dryRun) return;
  if (work.droppedKeywords.size > 0) {
    work.note(problem('keywords-dropped', {keywords: [...work.droppedKeywords]}));
    work.droppedKeywords.clear();
  }
  // Where the server names no UIDs (no UIDPLUS), a confirmation is believed only after looking.
  const unnamed: LedgerMessage[] = [];
  for (const row of ledger.messages(work.ledgerFolder.id, ['stored']))
    if (row.destinationUid === undefined) unnamed.push(row);
  if (unnamed.length > 0) await confirmByLooking(work, sessions, context, unnamed);
  let stored = 0;
  for (const row of ledger.states(work.ledgerFolder.id)) if (row.state === 'stored') stored++;

  const status = await sessions.target.status(work.pair.destination);
  if (status === undefined) return;
  const folder = work.ledgerFolder;
  let others = 0;
  for (const _ of ledger.others(folder.id)) others++;
  if (status.messages !== stored + others) await reconcile(work, sessions, context);
  ledger.transaction(() => {
    ledger.seen(folder.id, status.uidNext);
    const {selected, failed, skipped} = work.counts;
    const source = work.pair.source.status;
    const clean = failed === 0 && skipped === 0 && work.open === 0 && source !== undefined;
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

async function confirmByLooking(
  work: FolderWork,
  sessions: Sessions,
  context: MailboxContext,
  rows: readonly LedgerMessage[],
): Promise<void> {
  const {ledger} = context;
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
  for (const row of ledger.states(folder)) {
    if (row.state !== 'stored' || row.destinationUid === undefined) continue;
    known.add(row.destinationUid);
    if (!there.has(row.destinationUid)) deleted++;
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
