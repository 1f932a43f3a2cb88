// Settles by looking: which mail at the destination is one of ours. After a crash or a lost answer only the tail
// since the watermark is read; without a ledger the tail is the whole folder.

import type {LedgerMessage} from '../ledger/ledger.ts';
import {addressOf} from '../link/servers.ts';
import {type ProblemCode, problem} from '../problems/problems.ts';
import {addFlags} from './add-flags.ts';
import type {MailboxContext} from './context.ts';
import type {FolderWork} from './folder-work.ts';
import {keptOnce} from './kept-once.ts';
import {HeadersLeftOut, stillThere} from './looks.ts';
import {nameOf} from './message-row.ts';
import {openSource, openTarget, openToWrite, type Sessions} from './open-ends.ts';
import {asKnown} from './pair-looks.ts';
import {Pairing} from './pairing.ts';
import {Tail} from './tail.ts';
import {pairUnknown, unknownAtSource} from './unknown-mail.ts';

const notCompared: ProblemCode = 'message-not-compared';
/** ms after which no server still stores what it was sent. */
const forgottenAfter = 120_000;
/**
 * Looks at the destination's mail from the watermark on, and gives every message its source message where it has
 * one, those that were refused too. Afterwards no row of the folder is 'intended' or stored without a UID, and the
 * watermark stands at the end. What the destination said it stored, and has not, has failed, but before a folder's copying
 * and unless it keeps equal mail once.
 * @param compare with what was sent without an answer; `doubted`: also with source messages the ledger knows nothing of,
 * all of them sent in this run if they are there; `all`: the same, before a folder's copying
 * @returns source UIDs found at the destination that were left to be sent, and are not any more
 * @throws LeftOut where something that is not found may be among what the destination does not show; FolderReplaced,
 * ConnectionLost, ServerRefused. Nothing is written down then.
 */
export async function settle(
  work: FolderWork,
  sessions: Sessions,
  context: MailboxContext,
  compare: 'sent' | 'doubted' | 'all',
): Promise<readonly number[]> {
  const {ledger} = context;
  const folder = work.ledgerFolder;
  const opened = compare === 'all' ? await openTarget(work, sessions) : await openToWrite(work, sessions);
  // What is not there by what it says now, and was when it was planned, is looked for before it counts as gone.
  const planned = compare === 'all' ? (work.destinationStatus?.messages ?? 0) : 0;
  const target = {...opened, exists: Math.max(opened.exists, planned)};
  const read = work.mail.readFor('settle');
  if (read.hasSource) {
    await openSource(work, sessions);
    await read.forgetGone(sessions.source);
  }

  const claimed = new Set<number>();
  const known = new Set<number>();
  const open: LedgerMessage[] = [];
  const refused = new Map<number, LedgerMessage>();
  for (const row of ledger.messages(folder.id, ['intended', 'stored', 'failed'])) {
    if (row.state === 'failed') {
      // What was never read is known by nothing.
      if (row.key !== undefined) refused.set(row.uid, row);
      continue;
    }
    known.add(row.uid);
    if (row.state === 'stored' && row.destinationUid !== undefined) claimed.add(row.destinationUid);
    else open.push(row);
  }

  // What could not be compared before may be whatever is there, also what was taken for a stranger's.
  const back = compare === 'all' ? work.maybeBack : [];
  const anew = back.length > 0 || ledger.namedFor(folder.id, notCompared).length > 0;
  const seen = anew ? 1 : folder.destinationSeen;
  const {stored, others, named} = ledger.count(folder.id, seen);
  const below = stored + others - named - ledger.unnamed(folder.id);
  const tail = new Tail(work, sessions, target, {from: seen, below, claimed, had: read.headers.destination});
  await tail.look();
  // Nobody has seen it there, and once the watermark has passed its UID, somebody would seem to have deleted it.
  for (const {uid, destinationUid} of ledger.storedUids(folder.id)) {
    if (destinationUid < folder.destinationSeen || tail.isShown(destinationUid)) continue;
    const row = ledger.message(folder.id, uid);
    if (row !== undefined && (compare === 'all' || row.run === context.settings.run)) open.push(row);
  }

  const pairing = new Pairing(read, tail, work, sessions, context);
  const {found} = pairing;
  // What the destination said it stored comes first: it would be missed for good if its twin, which may never have
  // arrived, were taken for it.
  const matchOpen = async () => {
    for (const state of ['stored', 'intended'])
      await pairing.pair(asKnown(open.filter(row => row.state === state)));
  };
  await matchOpen();
  // A server may still be storing what a broken connection brought it: absence counts only after a while.
  const recent = open.some(row => !found.has(row.uid) && isRecent(row, context));
  const {settleMs} = context.settings.limits;
  const now = context.ports.elapsed();
  // Counted from the loss: folders that were lost at once are not waited for one after the other.
  const since = work.lostAt ?? (work.unsettled ? now : context.began);
  for (let waited = Math.max(0, now - since); recent && waited < settleMs; ) {
    if (open.every(row => found.has(row.uid))) break;
    const pause = Math.min(Math.max(250, waited), settleMs - waited);
    await context.ports.sleep(pause, context.stop.finish);
    waited += pause;
    if (await tail.lookAgain()) await matchOpen();
  }
  if (open.some(row => !found.has(row.uid))) work.wary = true;
  // What was refused may be there all the same.
  await pairing.pair(asKnown([...refused.values()]));
  for (const uid of refused.keys()) if (found.has(uid)) known.add(uid);
  // Also what is not asked for now: a later run may ask for it, and looks at what is there no more.
  const unknown = compare === 'sent' ? [] : unknownAtSource(work, known);
  const deleted = new Set(unknown.length === 0 ? [] : ledger.deleted(folder.id).map(row => row.uid));
  const {fresh, gone} = await pairUnknown(unknown, deleted, pairing, work, sessions);
  const mayBeThere = [...open.map(row => row.uid), ...refused.keys(), ...unknown];
  if (tail.unseen.length > 0 && mayBeThere.some(uid => !found.has(uid) && !deleted.has(uid)))
    throw new HeadersLeftOut(tail.unseen);
  const {doubted} = pairing;
  if (doubted.length > 0) {
    await openSource(work, sessions);
    // What has gone from the source is not sent.
    work.doubt(await stillThere(sessions.source, doubted));
  }

  const unfound = open.filter(row => row.state === 'stored' && !found.has(row.uid));
  // What has come and is nobody's may be one of them, written anew; what is planned afterwards is sent again anyway.
  const mayBeKept = compare !== 'all' && pairing.untaken.length === 0;
  const kept = await keptOnce(mayBeKept ? unfound : [], found, work, sessions, context);

  const about = new Map(fresh.map(look => [look.uid, look]));
  const wanted = fresh.length + gone.length === 0 ? undefined : new Set(work.selected);
  const taken = new Set(found.values());
  // Before the watermark passes them. Also where nothing is remembered: it may be mail of a run that was broken off.
  await work.mail.flagAgain.found(sessions.target, new Set([...claimed, ...taken]), seen);
  if (sessions.target.exchange) context.ports.passed?.('flags-added');
  const sent = new Set(open.filter(row => row.state === 'intended').map(row => row.uid));
  const flags = new Map(tail.looks.map(look => [look.uid, look.flags]));
  await addFlags(
    [...found].filter(([uid]) => compare === 'doubted' || sent.has(uid)),
    flags,
    work,
    sessions,
    context.servers.of(addressOf(context.job.what.destination)).refusedFlags,
  );
  context.ports.passed?.('settle-looked');
  const missing: LedgerMessage[] = [];
  const why = problem('not-found-after-append', {});
  const vanished = problem('message-vanished', {});
  ledger.transaction(() => {
    for (const [uid, targetUid] of found) {
      if (anew) ledger.forgetOther(folder.id, targetUid);
      const look = about.get(uid);
      if (look === undefined) {
        ledger.stored(folder.id, uid, targetUid);
        continue;
      }
      ledger.put(folder.id, {
        ...look.about,
        uid,
        state: 'stored',
        destinationUid: targetUid,
        key: look.key,
        strong: look.strong,
        // Found, not brought: nobody knows by which run.
        run: '',
      });
      if (wanted?.has(uid) === false) ledger.select(folder.id, uid, false);
    }
    // What was looked for when it was gone comes to be looked for once more.
    const {run} = context.settings;
    for (const uid of back) if (!work.atSource.has(uid)) ledger.forget(folder.id, uid);
    for (const uid of gone) {
      const {code, sentence: reason} = vanished;
      ledger.put(folder.id, {uid, state: 'skipped', strong: false, run, code, reason});
      if (wanted?.has(uid) === false) ledger.select(folder.id, uid, false);
    }
    for (const row of open) {
      if (found.has(row.uid)) continue;
      const once = kept.get(row.uid);
      // What is planned afterwards is sent again; what has been counted as copied is not.
      if (row.state === 'intended' || compare === 'all') {
        ledger.forget(folder.id, row.uid);
        work.mail.unfound.set(row.uid, row);
      } else if (once !== undefined) ledger.put(folder.id, once);
      else {
        missing.push(row);
        ledger.put(folder.id, {...row, state: 'failed', code: why.code, reason: why.sentence});
      }
    }
    for (const look of tail.looks)
      if (!taken.has(look.uid)) ledger.putOther(folder.id, {destinationUid: look.uid, ...look.about});
    ledger.seen(folder.id, tail.end);
    work.ledgerFolder = {...folder, destinationSeen: tail.end};
  });
  context.ports.passed?.('settle-done');
  for (const row of missing) work.tally.vanished(nameOf(row), why);
  for (const uid of found.keys())
    if (work.tally.hasFailed(uid))
      work.tally.found(nameOf(refused.get(uid) ?? {...about.get(uid)?.about, uid}));
  work.mail.compared('settle');
  work.maybeBack = [];
  work.mail.mending.looked();
  const arrived = work.batches.remaining().filter(uid => found.has(uid));
  work.batches.keep(uid => !found.has(uid));
  for (const uid of found.keys()) work.mail.accounted(uid);
  // From here on other lanes take what is left.
  work.unsettled = false;
  work.unopened = undefined;
  work.lostAt = undefined;
  return arrived;
}

/**
 * A server may still be storing it. What this run sent without an answer is recent whatever the clock says, which somebody
 * may have set meanwhile; how long it is waited for is counted from the loss.
 */
function isRecent({run, at = 0}: LedgerMessage, {ports, settings}: MailboxContext): boolean {
  return at > 0 && (run === settings.run || ports.now() - at < forgottenAfter);
}
