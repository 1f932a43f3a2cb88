// Settles by looking: which mail at the destination is one of ours. After a crash or a lost answer only the tail
// since the watermark is read; without a ledger the tail is the whole folder.

import type {LedgerMessage} from '../ledger/ledger.ts';
import {type ProblemCode, problem} from '../problems.ts';
import {addFlags} from './add-flags.ts';
import type {MailboxContext} from './context.ts';
import type {FolderWork} from './folder-work.ts';
import {HeadersLeftOut, type Look, looks, stillThere} from './looks.ts';
import {nameOf} from './message-row.ts';
import {openSource, openTarget, type Sessions} from './open-ends.ts';
import {type AtSource, asKnown, pairLooks} from './pair-looks.ts';
import {listWhole} from './whole-list.ts';

const notCompared: ProblemCode = 'message-not-compared';
/** ms after which no server still stores what it was sent. */
const forgottenAfter = 120_000;
/** Times that a folder is looked at whose messages get other UIDs all the while: then they count as not shown. */
const mostLooks = 50;
/**
 * Looks at the destination's mail from the watermark on, and gives every message its source message where it has
 * one, those that were refused too. Afterwards no row of the folder is 'intended' or stored without a UID, and the
 * watermark stands at the end. What the destination said it stored, and has not, has failed, but before a folder's copying.
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
  let target = await openTarget(work, sessions);

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
  let tail: readonly Look[] = [];
  const unseen: number[] = [];
  const lookedAt = new Set<number>();
  const shown = new Set<number>();
  let last = 0;
  let times = 0;
  /** Reads what has come since the last look; false where nothing has. */
  const look = async (): Promise<boolean> => {
    const {exists} = target;
    times++;
    const there = exists === 0 ? [] : await listWhole(sessions.target, exists - below, seen);
    for (const uid of there) shown.add(uid);
    const fresh = there.filter(uid => !claimed.has(uid) && !lookedAt.has(uid));
    for (const uid of fresh) {
      lookedAt.add(uid);
      last = Math.max(last, uid);
    }
    const looked = await looks(sessions.target, fresh, work.mail.looked.destination);
    const still = new Set(there);
    tail = [...tail.filter(({uid}) => still.has(uid)), ...looked.looks];
    for (const uid of looked.unseen) unseen.push(uid);
    // What has gone before it was read may be there again under another UID.
    if (looked.looks.length + looked.unseen.length < fresh.length) {
      if (times < mostLooks) await look();
      else unseen.push(...fresh.filter(uid => !looked.looks.some(each => each.uid === uid)));
    }
    return fresh.length > 0;
  };
  const lookAgain = async (): Promise<boolean> => {
    // Opened anew, it tells how many messages it holds by now.
    target = await openTarget(work, sessions);
    return look();
  };
  await look();
  // Nobody has seen it there, and once the watermark has passed its UID, somebody would seem to have deleted it.
  for (const {uid, destinationUid} of ledger.storedUids(folder.id)) {
    if (destinationUid < folder.destinationSeen || shown.has(destinationUid)) continue;
    const row = ledger.message(folder.id, uid);
    if (row !== undefined && (compare === 'all' || row.run === context.settings.run)) open.push(row);
  }

  const found = new Map<number, number>();
  const untaken = () => {
    const taken = new Set(found.values());
    return tail.filter(look => !taken.has(look.uid));
  };
  const doubts = new Map<number, readonly number[]>();
  /**
   * Pairs what is not found yet with what nobody has taken, again where some of that got another UID meanwhile.
   * @returns those that the source did not send to be compared
   */
  const pair = async ({source, ...about}: AtSource): Promise<readonly number[]> => {
    for (;;) {
      const left = source.filter(({uid}) => !found.has(uid));
      const {pairs, unread, ...looked} = await pairLooks(
        {source: left, ...about},
        untaken(),
        work,
        sessions,
        context,
      );
      for (const [sourceUid, targetUid] of pairs) found.set(sourceUid, targetUid);
      for (const {uid} of left) doubts.delete(uid);
      for (const [uid, copies] of looked.doubts) doubts.set(uid, copies);
      if (unread.destination.length === 0 || !(await lookAgain())) return unread.source;
    }
  };
  // What the destination said it stored comes first: it would be missed for good if its twin, which may never have
  // arrived, were taken for it.
  const matchOpen = async () => {
    for (const state of ['stored', 'intended']) await pair(asKnown(open.filter(row => row.state === state)));
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
    if (await lookAgain()) await matchOpen();
  }
  if (open.some(row => !found.has(row.uid))) work.wary = true;
  // What was refused may be there all the same.
  await pair(asKnown([...refused.values()]));
  for (const uid of refused.keys()) if (found.has(uid)) known.add(uid);
  // Also what is not asked for now: a later run may ask for it, and looks at what is there no more.
  const unknown = compare === 'sent' ? [] : unknownAtSource(work, known);
  const deleted = new Set(unknown.length === 0 ? [] : ledger.deleted(folder.id).map(row => row.uid));
  const fresh: Look[] = [];
  let gone: readonly number[] = [];
  if (unknown.length > 0 && untaken().length > 0) {
    await openSource(work, sessions);
    const asked = new Set<number>();
    const uncompared: number[] = [];
    const unread = new Set<number>();
    /** What has gone may be there again under another UID, and its copy would be taken for a stranger's. */
    let rounds = 0;
    const came = async () =>
      ++rounds > mostLooks ? [] : (await cameSince(work, sessions)).filter(uid => !asked.has(uid));
    for (let wanted = unknown; wanted.length > 0; ) {
      for (const uid of wanted) asked.add(uid);
      const looked = await looks(sessions.source, wanted, work.mail.looked.source);
      for (const each of looked.looks) fresh.push(each);
      for (const uid of looked.unseen) uncompared.push(uid);
      wanted = looked.looks.length + looked.unseen.length < wanted.length ? await came() : [];
      if (wanted.length > 0) continue;
      const dates = new Map(fresh.map(({uid, about}) => [uid, about.date]));
      // A copy that is there is rather that of a message whose copy nobody has deleted.
      for (const copyGone of [false, true]) {
        const source = fresh.filter(({uid}) => deleted.has(uid) === copyGone);
        for (const uid of await pair({source, dates, digests: new Map()})) unread.add(uid);
      }
      if (unread.size > 0 && untaken().length > 0) wanted = await came();
    }
    if (untaken().length > 0) {
      work.doubt(uncompared);
      const looked = new Set([...uncompared, ...fresh.map(({uid}) => uid).filter(uid => !unread.has(uid))]);
      const missed = [...asked].filter(uid => !looked.has(uid) && !found.has(uid));
      // Under which UID each of them is by now, nobody knows.
      if (rounds > mostLooks) work.doubt(missed);
      const there = new Set(missed.length === 0 ? [] : await stillThere(sessions.source, missed));
      gone = missed.filter(uid => !there.has(uid) && !deleted.has(uid) && !work.mail.uncompared.has(uid));
    }
  }
  const mayBeThere = [...open.map(row => row.uid), ...refused.keys(), ...unknown];
  if (unseen.length > 0 && mayBeThere.some(uid => !found.has(uid) && !deleted.has(uid)))
    throw new HeadersLeftOut(unseen);
  const free = new Set(untaken().map(({uid}) => uid));
  const doubted = [...doubts].flatMap(([uid, copies]) => (copies.some(copy => free.has(copy)) ? [uid] : []));
  if (doubted.length > 0) {
    await openSource(work, sessions);
    // What has gone from the source is not sent.
    work.doubt(await stillThere(sessions.source, doubted));
  }

  const about = new Map(fresh.map(look => [look.uid, look]));
  const wanted = fresh.length + gone.length === 0 ? undefined : new Set(work.selected);
  const taken = new Set(found.values());
  // Before the watermark passes them. Also where nothing is remembered: it may be mail of a run that was broken off.
  await work.mail.flagAgain.found(sessions.target, new Set([...claimed, ...taken]), seen);
  if (sessions.target.exchange) context.ports.passed?.('flags-added');
  const sent = new Set(open.filter(row => row.state === 'intended').map(row => row.uid));
  const flags = new Map(tail.map(look => [look.uid, look.flags]));
  await addFlags(
    [...found].filter(([uid]) => compare === 'doubted' || sent.has(uid)),
    flags,
    work,
    sessions,
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
      // What is planned afterwards is sent again; what has been counted as copied is not.
      if (row.state === 'intended' || compare === 'all') {
        ledger.forget(folder.id, row.uid);
        work.mail.unfound.set(row.uid, row);
      } else {
        missing.push(row);
        ledger.put(folder.id, {...row, state: 'failed', code: why.code, reason: why.sentence});
      }
    }
    for (const look of tail)
      if (!taken.has(look.uid)) ledger.putOther(folder.id, {destinationUid: look.uid, ...look.about});
    const end = Math.max(target.uidNext, last + 1, seen);
    ledger.seen(folder.id, end);
    work.ledgerFolder = {...folder, destinationSeen: end};
  });
  context.ports.passed?.('settle-done');
  for (const row of missing) work.tally.vanished(nameOf(row), why);
  for (const uid of found.keys())
    if (work.tally.hasFailed(uid))
      work.tally.found(nameOf(refused.get(uid) ?? {...about.get(uid)?.about, uid}));
  work.mail.looked.source.clear();
  work.mail.looked.destination.clear();
  work.maybeBack = [];
  work.mail.mending.looked();
  const arrived = work.batches.remaining().filter(uid => found.has(uid));
  work.batches.keep(uid => !found.has(uid));
  for (const uid of found.keys()) work.mail.accounted(uid);
  // From here on other lanes take what is left.
  work.unsettled = false;
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

/** UIDs of the source folder that are not among these, ascending. */
export function unknownAtSource(work: FolderWork, known: ReadonlySet<number>): readonly number[] {
  return [...work.atSource].filter(uid => !known.has(uid)).sort((one, other) => one - other);
}

/** UIDs of what has come to the source folder since it was counted; the folder must be open. */
async function cameSince(work: FolderWork, {source}: Sessions): Promise<readonly number[]> {
  const {uidNext} = work.sourceStands;
  await source.wire.command('NOOP');
  return (await source.search({uids: `${uidNext}:*`})).filter(uid => uid >= uidNext);
}
