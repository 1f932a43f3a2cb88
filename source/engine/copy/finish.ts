// After a folder's mail has moved: checks that the destination holds what it confirmed, and writes down how both
// ends stand, so that an unchanged folder costs nothing next time.

import type {End} from '../events.ts';
import {ServerRefused} from '../imap/errors.ts';
import type {MailboxStatus} from '../imap/responses.ts';
import type {LedgerMessage} from '../ledger/ledger.ts';
import {problem} from '../problems.ts';
import type {MailboxContext} from './context.ts';
import type {FolderWork} from './folder-work.ts';
import {type Look, looks} from './looks.ts';
import {nameOf} from './message-row.ts';
import {pairRows} from './pair-looks.ts';
import {filterOf} from './plan-folder.ts';
import {FolderReplaced, type Sessions, settle} from './settle.ts';

/** What is to say about a folder whose mail has moved. */
export function tellDropped(work: FolderWork): void {
  const changed = (code: string) => work.changed.get(code) ?? 0;
  if (changed('receipt-disarmed') > 0)
    work.note(problem('receipts-disarmed', {messages: changed('receipt-disarmed')}));
  if (changed('message-repaired') > 0)
    work.note(problem('messages-repaired', {messages: changed('message-repaired')}));
  if (changed('date-unreadable') > 0)
    work.note(problem('dates-unreadable', {messages: changed('date-unreadable')}));
  const asking = work.askingReceipt.size;
  if (asking > 0) work.note(problem('receipts-asked', {messages: asking}));
  work.changed.clear();
  work.askingReceipt.clear();
  if (work.droppedKeywords.size === 0) return;
  work.note(problem('keywords-dropped', {keywords: [...work.droppedKeywords]}));
  work.droppedKeywords.clear();
}

/**
 * Compares what the ledger holds as stored with what the destination counts, all folders in one round trip.
 * @returns the folders of which an end was numbered anew meanwhile: what the ledger knows of them is about other messages
 * @throws ServerRefused, ConnectionLost as the commands do; call it again then
 */
export async function verify(
  works: readonly FolderWork[],
  sessions: Sessions,
  context: MailboxContext,
): Promise<ReadonlyMap<FolderWork, End>> {
  const answer = sessions.target.statuses(works.map(work => work.pair.destination));
  context.asking?.();
  const statuses = await answer;
  const replaced = new Map<FolderWork, End>();
  for (const work of works) {
    const status = statuses.get(work.pair.destination);
    try {
      // The folder itself is gone, and all that was in it.
      if (status === undefined) await reconcile(work, sessions, context);
      else if (status.uidValidity !== work.ledgerFolder.destinationUidValidity)
        replaced.set(work, 'destination');
      else await verifyFolder(work, status, sessions, context);
    } catch (error) {
      if (!(error instanceof FolderReplaced)) throw error;
      replaced.set(work, error.end);
    }
  }
  return replaced;
}

async function verifyFolder(
  work: FolderWork,
  status: MailboxStatus,
  sessions: Sessions,
  context: MailboxContext,
): Promise<void> {
  const {ledger} = context;
  const folder = work.ledgerFolder;
  const {destinationSeen} = folder;
  const before = ledger.count(folder.id, destinationSeen);
  const arrived = work.counts.copied + work.counts.alreadyPresent + work.deleted;
  if (before.asked !== arrived)
    throw new Error(
      `Of ${work.pair.shown} ${arrived} messages count as stored, and ${before.asked} are known`,
    );
  // Where every UID that was given is known, the right number is there only if each message is. Else one that is missing
  // may be made up for by one that somebody else brought.
  const named = status.uidNext - destinationSeen === before.named;
  if (!named || status.messages !== before.stored + before.others)
    await reconcile(work, sessions, context, named);
  const {selected, failed, skipped} = work.counts;
  const {stored} = ledger.count(folder.id);
  const whole = stored === before.stored && skipped === work.deleted;
  // Nothing is known to end a folder with something open in it; were it so, the next run would pass it over for good.
  const clean = failed === 0 && whole && work.open === 0;
  ledger.transaction(() => {
    ledger.seen(folder.id, status.uidNext);
    ledger.finish(
      folder.id,
      clean
        ? {
            filter: filterOf(context),
            sourceUidNext: work.sourceStands.uidNext,
            sourceMessages: work.sourceStands.messages,
            destinationUidNext: status.uidNext,
            destinationMessages: status.messages,
            selected,
            selectedBytes: work.selectedBytes,
            deletedBytes: work.deletedBytes,
          }
        : undefined,
    );
  });
  context.ports.passed?.('watermark-moved');
  work.ledgerFolder = {...folder, destinationSeen: status.uidNext};
}

/** Looks for messages that the destination said it stored without naming them; what is not there has failed. */
export async function confirmByLooking(
  work: FolderWork,
  sessions: Sessions,
  context: MailboxContext,
): Promise<void> {
  await settle(work, sessions, context, 'sent');
  context.ports.passed?.('confirmed-by-looking');
}

/**
 * Where the destination counts other than the ledger does: finds mail that it refused and has, mail that others brought,
 * and copies that are no longer there. What this run brought and cannot be found has failed; what earlier runs brought was deleted by
 * somebody, is not brought back, and is told.
 * @param byNumber nothing is looked for where the number of messages is right
 * @returns what is there and is not shown, UIDs: nothing is known of it, and the next run looks again
 */
export async function reconcile(
  work: FolderWork,
  sessions: Sessions,
  context: MailboxContext,
  byNumber = true,
): Promise<readonly number[]> {
  const {ledger, settings} = context;
  const folder = work.ledgerFolder.id;
  const {stored, others} = ledger.count(folder);
  const there = await uidsThere(work, sessions, byNumber ? stored + others : undefined);
  if (there === undefined) return [];
  /** Of the destination, with the first source UID that it is known by. */
  const known = new Map<number, number>();
  const missing: LedgerMessage[] = [];
  let merged = 0;
  for (const {uid, destinationUid} of ledger.storedUids(folder)) {
    const first = known.get(destinationUid);
    if (first === undefined) known.set(destinationUid, uid);
    if (first === undefined && there.has(destinationUid)) continue;
    const row = ledger.message(folder, uid);
    const twin = first === undefined ? undefined : ledger.message(folder, first);
    if (there.has(destinationUid) && isTwin(row, twin)) merged++;
    else if (row !== undefined) missing.push(row);
  }
  const gone: number[] = [];
  const strange = new Set<number>();
  for (const other of ledger.others(folder)) {
    strange.add(other.destinationUid);
    if (!there.has(other.destinationUid)) gone.push(other.destinationUid);
  }
  const {looks: unknown, unseen} = await looks(
    sessions.target,
    [...there].filter(uid => !known.has(uid) && !strange.has(uid)),
  );
  const {found, strangers} = await findRefused(unknown, work, sessions, context);
  const twins = twinsAmong(strangers, folder, context);
  const failed = problem('not-found-after-append', {});
  const deleted = problem('copy-deleted', {});
  const ours = missing.filter(row => row.run === settings.run);
  ledger.transaction(() => {
    for (const uid of gone) ledger.forgetOther(folder, uid);
    for (const [row, targetUid] of found) ledger.stored(folder, row.uid, targetUid);
    for (const stranger of strangers)
      ledger.putOther(folder, {destinationUid: stranger.uid, ...stranger.about});
    for (const row of missing) {
      const mine = row.run === settings.run;
      const {code, sentence} = mine ? failed : deleted;
      ledger.copyGone(folder, row.uid, mine ? 'failed' : 'deleted', {code, reason: sentence});
    }
  });
  context.ports.passed?.('reconciled');
  for (const [row] of found) work.found(nameOf(row));
  for (const row of ours) work.vanished(nameOf(row), failed);
  if (twins > 0) work.note(problem('copied-by-others', {messages: twins, folder: work.pair.destination}));
  if (merged > 0) work.note(problem('equal-mail-merged', {messages: merged, folder: work.pair.destination}));
  if (missing.length > ours.length)
    work.note(
      problem('copies-deleted', {
        messages: missing.length - ours.length,
        folder: work.pair.destination,
      }),
    );
  return unseen;
}

/** The destination gave both the same UID, and may: as far as the ledger tells they are equal. */
function isTwin(one: LedgerMessage | undefined, other: LedgerMessage | undefined): boolean {
  return (
    one !== undefined &&
    other !== undefined &&
    one.key === other.key &&
    one.size === other.size &&
    one.digest === other.digest
  );
}

/**
 * How many that came meanwhile are what is among the copies already. No server keeps two programs apart that know nothing
 * of each other; whoever ends later sees it.
 */
function twinsAmong(strangers: readonly Look[], folder: number, {ledger}: MailboxContext): number {
  const came = strangers.filter(({strong}) => strong);
  if (came.length === 0) return 0;
  const copied = ledger.storedKeys(
    folder,
    came.map(({key}) => key),
  );
  return came.filter(({key}) => copied.has(key)).length;
}

/**
 * Refused, and there all the same: sent again it would be there twice.
 * @returns rows with their UIDs at the destination, and mail that is none of ours
 */
async function findRefused(
  unknown: readonly Look[],
  work: FolderWork,
  sessions: Sessions,
  context: MailboxContext,
): Promise<{
  readonly found: readonly (readonly [LedgerMessage, number])[];
  readonly strangers: readonly Look[];
}> {
  const refused = new Map<number, LedgerMessage>();
  if (unknown.length > 0)
    // What was never read is known by nothing.
    for (const row of context.ledger.messages(work.ledgerFolder.id, ['failed']))
      if (row.key !== undefined) refused.set(row.uid, row);
  try {
    const pairs = await pairRows([...refused.values()], unknown, work, sessions, context);
    const taken = new Set(pairs.map(([, targetUid]) => targetUid));
    return {
      found: pairs.flatMap(([uid, targetUid]) => {
        const row = refused.get(uid);
        return row === undefined ? [] : [[row, targetUid] as const];
      }),
      strangers: unknown.filter(({uid}) => !taken.has(uid)),
    };
  } catch (error) {
    if (!(error instanceof ServerRefused) || error.throttleReset !== undefined) throw error;
    // A message that cannot be compared: nothing is taken for a stranger's, so that the next run looks again.
    return {found: [], strangers: []};
  }
}

/** All UIDs of the destination folder, none where it is gone; undefined where it holds just as many as is enough to know. */
async function uidsThere(
  work: FolderWork,
  {target}: Sessions,
  enough: number | undefined,
): Promise<Set<number> | undefined> {
  try {
    const {exists} = await target.select(work.pair.destination);
    return exists === enough ? undefined : new Set(await target.search({}));
  } catch (error) {
    if (error instanceof ServerRefused) return new Set();
    throw error;
  }
}
