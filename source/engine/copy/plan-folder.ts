// Before a folder's mail moves: what the ledger knows of it, what is there already, what is left to copy.
import type {MailboxStatus} from '../imap/responses.ts';
import type {FinishedMark, LedgerFolder, LedgerMessage, MessageState} from '../ledger/ledger.ts';
import {type ProblemCode, problem} from '../problems/problems.ts';
import {Batches} from './batches.ts';
import type {MailboxContext} from './context.ts';
import type {FolderWork} from './folder-work.ts';
import {nameOf} from './message-row.ts';

const notCompared: ProblemCode = 'message-not-compared';
const vanished: ProblemCode = 'message-vanished';

/** The filter as the ledger remembers it: another filter means the folder must be looked at anew. */
export function filterOf(context: MailboxContext): string {
  const {since, before} = context.job.what;
  return JSON.stringify([since ?? null, before ?? null]);
}

/** True where nothing has changed at either end since the folder was finished: no command is needed. */
function isUnchanged(
  known: LedgerFolder | undefined,
  source: MailboxStatus | undefined,
  work: FolderWork,
  filter: string,
): known is LedgerFolder & Required<Pick<LedgerFolder, 'finished'>> {
  const destination = work.destinationStatus;
  const mark = known?.finished;
  return (
    known !== undefined &&
    mark !== undefined &&
    source !== undefined &&
    destination !== undefined &&
    known.destination === work.pair.destination &&
    mark.filter === filter &&
    // A server that does not say which numbering it is says nothing of whether it is the same.
    source.uidValidity > 0 &&
    known.sourceUidValidity === source.uidValidity &&
    mark.sourceUidNext === source.uidNext &&
    mark.sourceMessages === source.messages &&
    known.destinationUidValidity === destination.uidValidity &&
    mark.destinationUidNext === destination.uidNext &&
    mark.destinationMessages === destination.messages
  );
}

/**
 * How the folder stood when it was finished, where by all that the servers have said nothing but new mail can have come
 * to the source since: the destination is as it was, and the source has more and higher UIDs.
 */
export function grownSince(work: FolderWork, context: MailboxContext): FinishedMark | undefined {
  const known = context.ledger.folder(sourceKey(work));
  const source = work.pair.source.status;
  const mark = known?.finished;
  if (mark === undefined || source === undefined) return undefined;
  const asItWas = {...source, uidNext: mark.sourceUidNext, messages: mark.sourceMessages};
  const grown = source.uidNext > mark.sourceUidNext && source.messages > mark.sourceMessages;
  return grown && isUnchanged(known, asItWas, work, filterOf(context)) ? mark : undefined;
}

function sourceKey(work: FolderWork): string {
  return JSON.stringify(work.pair.source.path);
}

/** The ledger knows that mail of this folder goes where it goes now. */
export function isKnown(work: FolderWork, {ledger}: MailboxContext): boolean {
  return ledger.folder(sourceKey(work))?.destination === work.pair.destination;
}

/** Counts the folder without any command where nothing has changed; false where it must be looked at. */
export function planUnchanged(work: FolderWork, context: MailboxContext): boolean {
  const known = context.ledger.folder(sourceKey(work));
  if (!isUnchanged(known, work.pair.source.status, work, filterOf(context))) return false;
  work.ledgerFolder = known;
  work.unchanged = true;
  const {selected, selectedBytes, deletedBytes = 0} = known.finished;
  const deleted = deletedRows(known.id, context);
  const present = selected - deleted.length;
  work.tally.counted(
    selected,
    selectedBytes,
    present,
    selectedBytes - deletedBytes,
    broughtNow(work, context),
  );
  tellDeleted(deleted, work);
  return true;
}

/** What is there because this run has copied it; undefined where it was not here before. */
function broughtNow(work: FolderWork, {again, ledger, settings}: MailboxContext) {
  return again || work.tally.recounted ? ledger.brought(work.ledgerFolder.id, settings.run) : undefined;
}

/**
 * Which ends do not mean by their UIDs what they meant before: their UIDVALIDITY is another one, or the next UID is one that
 * was given before, as where a server has been set back to a backup. It gives those UIDs to other mail then.
 */
function numberedAnew(folder: LedgerFolder | undefined, work: FolderWork) {
  if (folder === undefined) return {source: false, destination: false};
  const {sourceUidValidity, sourceStands: source, destinationStatus: target} = work;
  const given = Math.max(folder.finished?.sourceUidNext ?? 0, folder.lastUid + 1);
  const next = target?.uidNext ?? 0;
  return {
    source: folder.sourceUidValidity !== sourceUidValidity || (source.told && source.uidNext < given),
    destination:
      folder.destinationUidValidity !== (target?.uidValidity ?? 0) ||
      (next > 0 && next < folder.destinationSeen),
  };
}

/**
 * Takes up what the ledger knows of a counted folder.
 * @returns true where the destination holds mail that nobody has looked at yet, or messages may have got other UIDs:
 * `settle` and `takeOver` before `planCopy`
 */
export function openFolder(work: FolderWork, context: MailboxContext): boolean {
  const {ledger} = context;
  const target = work.destinationStatus;
  const {sourceUidValidity} = work;
  const destinationUidValidity = target?.uidValidity ?? 0;
  let folder = ledger.folder(sourceKey(work));
  const anew = numberedAnew(folder, work);
  if (folder !== undefined && folder.destination === work.pair.destination) {
    if (anew.source) work.note(problem('uidvalidity-changed', {end: 'source', folder: work.pair.shown}));
    else if (anew.destination)
      work.note(problem('uidvalidity-changed', {end: 'destination', folder: work.pair.destination}));
  }
  const ends = {
    source: sourceKey(work),
    destination: work.pair.destination,
    sourceUidValidity,
    destinationUidValidity,
  };
  if (folder?.destination !== ends.destination) {
    folder = ledger.resetFolder(ends);
    // Whoever has forgotten what was sent there before does not know what may turn up.
    if (work.pair.destinationStatus !== undefined) work.wary = true;
  } else if (anew.source || sourceUidValidity === 0 || anew.destination) {
    // Dovecot has been seen to show a folder as new and empty that was moved under it, and all of its mail a moment later.
    if (anew.destination) work.wary = true;
    folder = ledger.renewFolder(ends, anew);
  }
  ledger.finish(folder.id, undefined);
  context.ports.passed?.('folder-opened');
  work.ledgerFolder = folder;
  work.unopened = target?.messages;
  // All that was there is accounted for, at both ends.
  if (work.grownFrom !== undefined) return false;

  const wanted = new Set(work.selected);
  const there = work.atSource;
  let intended = false;
  let known = 0;
  let lost = false;
  const {id} = folder;
  ledger.transaction(() => {
    for (const row of ledger.states(id)) {
      if (there.has(row.uid)) known++;
      else if (row.state === 'stored' || row.state === 'deleted') lost = true;
      if (row.state === 'intended') intended = true;
      if (row.selected !== wanted.has(row.uid)) ledger.select(id, row.uid, wanted.has(row.uid));
    }
  });
  if (target === undefined) return false;
  const {stored, others} = ledger.count(id);
  work.maybeBack = known < there.size && others > 0 ? ledger.namedFor(id, vanished) : [];
  return (
    intended ||
    (lost && known < there.size) ||
    ledger.isWaiting(id) ||
    work.maybeBack.length > 0 ||
    ledger.namedFor(id, notCompared).length > 0 ||
    target.messages !== stored + others ||
    (target.messages > 0 && target.uidNext > folder.destinationSeen)
  );
}

/** Messages of a dry run that are told in one go. */
const toldAtOnce = 1000;

/** Says what is to copy; from here on the folder's totals count. */
export async function planCopy(work: FolderWork, context: MailboxContext): Promise<void> {
  const deleted = deletedRows(work.ledgerFolder.id, context);
  const states = new Map<number, MessageState>();
  if (work.grownFrom === undefined)
    for (const row of context.ledger.states(work.ledgerFolder.id)) states.set(row.uid, row.state);
  const {selected = 0, selectedBytes = 0, deletedBytes = 0} = work.grownFrom ?? {};
  let present = work.grownFrom === undefined ? 0 : selected - deleted.length;
  let presentBytes = selectedBytes - deletedBytes;
  let bytes = selectedBytes;
  const left: number[] = [];
  for (const uid of work.selected) {
    const size = work.sizes.get(uid) ?? 0;
    const state = states.get(uid);
    bytes += size;
    if (state === 'stored') {
      present++;
      presentBytes += size;
    } else if (state !== 'deleted') left.push(uid);
  }
  const all = selected + work.selected.length;
  work.tally.counted(all, bytes, present, presentBytes, broughtNow(work, context));
  work.tally.planned(left);
  tellDeleted(deleted, work);
  if (!context.settings.dryRun) {
    work.batches = new Batches(left, work.sizes, context.batchSize, work.arrived);
    // A folder that has only grown was finished without a failure.
    if (left.some(uid => states.get(uid) === 'failed')) putFailingLast(work, context);
    return;
  }
  const told = problem('dry-run', {});
  for (const [index, uid] of left.entries()) {
    work.tally.skipped({uid, size: work.sizes.get(uid) ?? 0}, told);
    // Whoever takes them may be slower.
    if (index % toldAtOnce === 0) await context.gate.pass(context.stop.finish);
  }
}

/** What the server has failed at in an earlier run, or refused without a reason, keeps none of the others from being stored. */
function putFailingLast(work: FolderWork, {ledger}: MailboxContext): void {
  const failing: ProblemCode = 'message-fails-server';
  const unexplained: ProblemCode = 'message-refused-unexplained';
  for (const uid of ledger.namedFor(work.ledgerFolder.id, failing)) work.mail.failing.expect(uid);
  for (const uid of ledger.namedFor(work.ledgerFolder.id, unexplained)) work.mail.refusedBefore.add(uid);
  work.batches.last = work.mail.last;
  work.batches.giveBack([]);
}

/** Copies of earlier runs that somebody has deleted at the destination, among what is asked for now. */
function deletedRows(folder: number, {ledger}: MailboxContext): LedgerMessage[] {
  return ledger.deleted(folder).filter(row => row.selected);
}

function tellDeleted(rows: readonly LedgerMessage[], work: FolderWork): void {
  const why = problem('copy-deleted', {});
  for (const row of rows) work.tally.skipped(nameOf(row), why);
  work.tally.deleted = rows.length;
  work.tally.deletedBytes = rows.reduce((all, row) => all + (row.size ?? 0), 0);
}
