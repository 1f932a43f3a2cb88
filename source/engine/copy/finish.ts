// After a folder's mail has moved: checks that the destination holds what it confirmed, and writes down how both
// ends stand, so that an unchanged folder costs nothing next time.

import {ServerRefused} from '../imap/errors.ts';
import type {MailboxStatus} from '../imap/responses.ts';
import type {FolderCount} from '../ledger/ledger.ts';
import {type ProblemCode, problem} from '../problems/problems.ts';
import type {MailboxContext} from './context.ts';
import type {FolderWork} from './folder-work.ts';
import {FolderReplaced, type Sessions} from './open-ends.ts';
import {filterOf} from './plan-folder.ts';
import {reconcile} from './reconcile.ts';
import {settle} from './settle.ts';
import {LeftOut} from './whole-list.ts';

/** What is to say about a folder whose mail has moved. */
export function tellDropped(work: FolderWork): void {
  const changed = (code: ProblemCode) => work.mail.changed.get(code) ?? 0;
  if (changed('receipt-disarmed') > 0)
    work.note(problem('receipts-disarmed', {messages: changed('receipt-disarmed')}));
  if (changed('message-repaired') > 0)
    work.note(problem('messages-repaired', {messages: changed('message-repaired')}));
  if (changed('date-unreadable') > 0)
    work.note(problem('dates-unreadable', {messages: changed('date-unreadable')}));
  const asking = work.mail.askingReceipt.size;
  if (asking > 0) work.note(problem('receipts-asked', {messages: asking}));
  work.mail.changed.clear();
  work.mail.askingReceipt.clear();
  if (work.mail.droppedKeywords.size === 0) return;
  work.note(problem('keywords-dropped', {keywords: [...work.mail.droppedKeywords]}));
  work.mail.droppedKeywords.clear();
}

/**
 * Compares what the ledger holds as stored with what the destination counts, all folders asked for in one round trip.
 * @yields each folder, with what kept it from being verified, if anything did: an end of it was numbered anew meanwhile, so
 * that what the ledger knows is about other messages; or a server refused to let it be looked at, or shows it in part. Whoever stops at one
 * leaves the others as they were.
 * @throws ServerRefused, ConnectionLost where they are not about one folder; call it again then
 */
export async function* verify(
  works: readonly FolderWork[],
  sessions: Sessions,
  context: MailboxContext,
): AsyncGenerator<readonly [FolderWork, FolderReplaced | LeftOut | ServerRefused | undefined]> {
  const answer = sessions.target.statuses(works.map(work => work.pair.destination));
  // Where the counting fails nobody waits for it any more.
  answer.catch(() => undefined);
  // While it is on its way: a millisecond for each thousand messages (measured).
  const counted = works.map(work => {
    const {id, destinationSeen} = work.ledgerFolder;
    return {work, before: context.ledger.count(id, destinationSeen)};
  });
  const statuses = await answer;
  for (const {work, before} of counted) {
    const status = statuses.get(work.pair.destination);
    let kept: FolderReplaced | LeftOut | ServerRefused | undefined;
    try {
      if (status !== undefined) await verifyFolder(work, before, status, sessions, context);
      // Gone, and all that was in it; or the server does not tell how it stands, and all of it is looked at.
      else await reconcile(work, sessions, context, {byNumber: false});
    } catch (error) {
      if (!(error instanceof FolderReplaced || error instanceof LeftOut || error instanceof ServerRefused))
        throw error;
      kept = error;
    }
    yield [work, kept];
  }
}

async function verifyFolder(
  work: FolderWork,
  before: FolderCount,
  status: MailboxStatus,
  sessions: Sessions,
  context: MailboxContext,
): Promise<void> {
  const {ledger} = context;
  const folder = work.ledgerFolder;
  if (status.uidValidity !== folder.destinationUidValidity) throw new FolderReplaced('destination');
  const {destinationSeen} = folder;
  const arrived = work.tally.counts.copied + work.tally.counts.alreadyPresent + work.tally.deleted;
  if (before.asked !== arrived)
    throw new Error(
      `Of ${work.pair.shown} ${arrived} messages count as stored, and ${before.asked} are known`,
    );
  // Where every UID that was given is known, the right number is there only if each message is. Else one that is missing
  // may be made up for by one that somebody else brought.
  const named = status.uidNext - destinationSeen === before.named;
  if (!named || status.messages !== before.stored + before.others)
    await reconcile(work, sessions, context, {byNumber: named});
  const {selected, failed, skipped} = work.tally.counts;
  const whole = skipped === work.tally.deleted;
  // Nothing is known to end a folder with something open in it; were it so, the next run would pass it over for good.
  const clean = failed === 0 && whole && work.tally.open === 0 && work.inPart === undefined;
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
            selectedBytes: work.tally.selectedBytes,
            deletedBytes: work.tally.deletedBytes,
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
