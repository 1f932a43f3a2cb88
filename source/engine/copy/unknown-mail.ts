// Source messages of which the ledger knows nothing: what of them is at the destination already.
import type {FolderWork} from './folder-work.ts';
import {type Look, looks, stillThere} from './looks.ts';
import {openSource, type Sessions} from './open-ends.ts';
import type {Pairing} from './pairing.ts';
import {mostLooks} from './tail.ts';

export type Unknown = {
  /** All that was read. */
  readonly fresh: readonly Look[];
  /** UIDs of what has gone from the source, and was not compared. */
  readonly gone: readonly number[];
};

/**
 * @param unknown source UIDs
 * @param deleted those among them whose copies somebody has deleted
 * @throws ConnectionLost, ServerRefused, FolderReplaced, LeftOut
 */
export async function pairUnknown(
  unknown: readonly number[],
  deleted: ReadonlySet<number>,
  pairing: Pairing,
  work: FolderWork,
  sessions: Sessions,
): Promise<Unknown> {
  const fresh: Look[] = [];
  if (unknown.length === 0 || pairing.untaken.length === 0) return {fresh, gone: []};
  await openSource(work, sessions);
  const asked = new Set<number>();
  const uncompared: number[] = [];
  const unread = new Set<number>();
  let rounds = 0;
  /** What has gone may be there again under another UID, and its copy would be taken for a stranger's. */
  const came = async () =>
    ++rounds > mostLooks ? [] : (await cameSince(work, sessions)).filter(uid => !asked.has(uid));
  for (let wanted = unknown; wanted.length > 0; ) {
    for (const uid of wanted) asked.add(uid);
    const looked = await looks(sessions.source, wanted, pairing.read.headers.source);
    for (const each of looked.looks) fresh.push(each);
    for (const uid of looked.unseen) uncompared.push(uid);
    wanted = looked.looks.length + looked.unseen.length < wanted.length ? await came() : [];
    if (wanted.length > 0) continue;
    const dates = new Map(fresh.map(({uid, about}) => [uid, about.date]));
    // A copy that is there is rather that of a message whose copy nobody has deleted.
    for (const copyGone of [false, true]) {
      const source = fresh.filter(({uid}) => deleted.has(uid) === copyGone);
      for (const uid of await pairing.pair({source, dates, digests: new Map()})) unread.add(uid);
    }
    if (unread.size > 0 && pairing.untaken.length > 0) wanted = await came();
  }
  if (pairing.untaken.length === 0) return {fresh, gone: []};
  work.doubt(uncompared);
  const looked = new Set([...uncompared, ...fresh.map(({uid}) => uid).filter(uid => !unread.has(uid))]);
  const missed = [...asked].filter(uid => !looked.has(uid) && !pairing.found.has(uid));
  // Under which UID each of them is by now, nobody knows.
  if (rounds > mostLooks) work.doubt(missed);
  const there = new Set(missed.length === 0 ? [] : await stillThere(sessions.source, missed));
  const gone = missed.filter(uid => !there.has(uid) && !deleted.has(uid) && !work.mail.uncompared.has(uid));
  return {fresh, gone};
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
