// Where the destination does not hold what the ledger thinks: what of it is ours, others', or gone.

import {ServerRefused} from '../imap/errors.ts';
import type {KnownMessage, LedgerMessage, OtherMessage} from '../ledger/ledger.ts';
import {problem} from '../problems/problems.ts';
import type {MailboxContext} from './context.ts';
import type {FolderWork} from './folder-work.ts';
import {type Look, looks} from './looks.ts';
import {nameOf} from './message-row.ts';
import {findMoved} from './moved-copies.ts';
import {FolderReplaced, openSource, type Sessions} from './open-ends.ts';
import {asKnown, pairLooks} from './pair-looks.ts';
import type {ReadSoFar} from './read-so-far.ts';
import {listWhole} from './whole-list.ts';

export type Reconciling = {
  /** Nothing is looked for where the number of messages is right. */
  readonly byNumber?: boolean;
  /**
   * Given before the folder is planned, while nothing of it is counted: no run has ever looked at mail of the destination
   * from this UID on.
   */
  readonly lookedUntil?: number;
};

/**
 * Where the destination counts other than the ledger does: finds mail that it refused and has, mail that others brought,
 * copies that have other UIDs, and copies that are no longer there. What this run brought and cannot be found has failed, and so has what an earlier one
 * was told is stored and never saw; anything else was deleted by somebody, is not brought back, and is told.
 * @returns what is there and is not shown, UIDs: nothing is known of it, and the next run looks again
 * @throws FolderReplaced; ListedInPart, ServerRefused where the destination does not let it be looked at: then nothing has changed
 */
export async function reconcile(
  work: FolderWork,
  sessions: Sessions,
  context: MailboxContext,
  {byNumber = true, lookedUntil}: Reconciling = {},
): Promise<readonly number[]> {
  const {ledger, settings} = context;
  const folder = work.ledgerFolder.id;
  const count = ledger.count(folder);
  const there = await uidsThere(work, sessions, byNumber ? count.stored + count.others : undefined);
  if (there === undefined) return [];
  const had = work.mail.readFor('reconcile');
  if (had.hasSource) {
    await openSource(work, sessions);
    await had.forgetGone(sessions.source);
  }
  /** Of the destination, with the first source UID that it is known by. */
  const known = new Map<number, number>();
  const missing: KnownMessage[] = [];
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
  const others: OtherMessage[] = [];
  for (const other of ledger.others(folder)) {
    strange.add(other.destinationUid);
    if (!there.has(other.destinationUid)) gone.push(other.destinationUid);
    else if (missing.length > 0) others.push(other);
  }
  const {looks: unknown, unseen} = await looks(
    sessions.target,
    [...there].filter(uid => !known.has(uid) && !strange.has(uid)),
    had.headers.destination,
  );
  const moved = new Map(await findMoved(missing, {unknown, others, had}, work, sessions, context));
  const movedTo = new Set(moved.values());
  const left = unknown.filter(({uid}) => !movedTo.has(uid));
  const {found, strangers} = await findRefused(left, had, work, sessions, context);
  const twins = twinsAmong(strangers, folder, context);
  const failed = problem('not-found-after-append', {});
  const deleted = problem('copy-deleted', {});
  const {failed: ours = [], deleted: theirs = []} = Object.groupBy(
    missing.filter(row => !moved.has(row)),
    row =>
      row.run === settings.run || (row.destinationUid ?? 0) >= (lookedUntil ?? Number.POSITIVE_INFINITY)
        ? 'failed'
        : 'deleted',
  );
  ledger.transaction(() => {
    for (const uid of gone) ledger.forgetOther(folder, uid);
    for (const [row, targetUid] of moved) {
      ledger.forgetOther(folder, targetUid);
      ledger.stored(folder, row.uid, targetUid);
    }
    for (const [row, targetUid] of found) ledger.stored(folder, row.uid, targetUid);
    for (const stranger of strangers)
      ledger.putOther(folder, {destinationUid: stranger.uid, ...stranger.about});
    for (const row of ours)
      ledger.copyGone(folder, row.uid, 'failed', {code: failed.code, reason: failed.sentence});
    for (const row of theirs)
      ledger.copyGone(folder, row.uid, 'deleted', {code: deleted.code, reason: deleted.sentence});
  });
  context.ports.passed?.('reconciled');
  work.mail.compared('reconcile');
  if (lookedUntil === undefined) {
    for (const [row] of found) work.tally.found(nameOf(row));
    for (const row of ours) if (row.selected) work.tally.vanished(nameOf(row), failed);
    for (const row of theirs) if (row.selected) work.tally.deletedNow(nameOf(row), deleted);
  }
  if (twins > 0) work.note(problem('copied-by-others', {messages: twins, folder: work.pair.destination}));
  if (merged > 0) work.note(problem('equal-mail-merged', {messages: merged, folder: work.pair.destination}));
  if (theirs.length > 0)
    work.note(problem('copies-deleted', {messages: theirs.length, folder: work.pair.destination}));
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
  had: ReadSoFar,
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
    const source = asKnown([...refused.values()]);
    const {pairs, doubts} = await pairLooks(source, unknown, work, sessions, context, had.texts);
    work.doubt([...doubts.keys()]);
    const mayBeOurs = new Set([...doubts.values()].flat());
    const taken = new Set(pairs.map(([, targetUid]) => targetUid));
    return {
      found: pairs.flatMap(([uid, targetUid]) => {
        const row = refused.get(uid);
        return row === undefined ? [] : [[row, targetUid] as const];
      }),
      // Of what is not compared nothing is known: the next run looks again.
      strangers: unknown.filter(({uid}) => !taken.has(uid) && !mayBeOurs.has(uid)),
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
    const opened = await target.select(work.pair.destination);
    if (opened.uidValidity !== work.ledgerFolder.destinationUidValidity)
      throw new FolderReplaced('destination');
    return opened.exists === enough ? undefined : new Set(await listWhole(target, opened));
  } catch (error) {
    // Any other refusal says nothing of what is there.
    if (error instanceof ServerRefused && error.folderGone) return new Set();
    throw error;
  }
}
