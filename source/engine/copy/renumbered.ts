// Messages that are the same and have another UID. Exchange gives an edited message a new one (MS-STANXIMAP V0004), any
// server does where mail is moved away and back, and to all of a folder where it numbers it anew. What was copied under the
// old UID is not copied again, nor what somebody has deleted at the destination since.
import type {LedgerMessage} from '../ledger/ledger.ts';
import type {Ambiguous} from '../messages/match.ts';
import {nothingRead, pairContents, type Read} from './compare-contents.ts';
import type {MailboxContext} from './context.ts';
import type {FolderWork} from './folder-work.ts';
import {type Look, looks} from './looks.ts';
import {openSource, type Sessions} from './open-ends.ts';
import {unknownAtSource} from './unknown-mail.ts';

/** Rows whose messages are lost, by key; taken out as their messages are found. */
type Lost = Map<string, LedgerMessage[]>;

/**
 * Gives rows of the ledger whose UID is gone from the source to new messages that are the same: by Message-ID, Date and
 * sender where the size agrees too, or the source is Exchange, which changes it; else by the content of the copy. Asks
 * for the headers of the new ones only where a row has lost its message. The destination folder must be open.
 * @throws ConnectionLost, ServerRefused, FolderReplaced
 */
export async function takeOver(work: FolderWork, sessions: Sessions, context: MailboxContext): Promise<void> {
  const {ledger} = context;
  const folder = work.ledgerFolder.id;
  const there = work.atSource;
  const known = new Set<number>();
  const lost: Lost = new Map();
  for (const {selected: _selected, ...row} of ledger.messages(folder)) {
    // What was never read may be one of them.
    if (row.state !== 'failed' || row.key !== undefined) known.add(row.uid);
    if (!['stored', 'deleted'].includes(row.state) || row.key === undefined || there.has(row.uid)) continue;
    lost.set(row.key, [...(lost.get(row.key) ?? []), row]);
  }
  if (lost.size === 0 && !ledger.isWaiting(folder)) return;
  const fresh = unknownAtSource(work, known);
  const taken = fresh.length === 0 ? new Map() : await find(fresh, lost, work, sessions);
  const wanted = new Set(work.selected);
  ledger.transaction(() => {
    for (const [uid, row] of taken) {
      ledger.forget(folder, row.uid);
      ledger.put(folder, {...row, uid});
      if (!wanted.has(uid)) ledger.select(folder, uid, false);
    }
    ledger.endWaiting(folder);
  });
  context.ports.passed?.('uids-taken-over');
  work.mail.compared('take over');
}

/** The row of each new message that has one. */
async function find(
  fresh: readonly number[],
  lost: Lost,
  work: FolderWork,
  sessions: Sessions,
): Promise<ReadonlyMap<number, LedgerMessage>> {
  await openSource(work, sessions);
  const had = work.mail.readFor('take over');
  if (had.hasSource) await had.forgetGone(sessions.source);
  const taken = new Map<number, LedgerMessage>();
  const take = (look: Look, fits: (row: LedgerMessage) => boolean) => {
    const rows = lost.get(look.key) ?? [];
    const at = taken.has(look.uid) ? -1 : rows.findIndex(fits);
    const [row] = at === -1 ? [] : rows.splice(at, 1);
    if (row !== undefined) taken.set(look.uid, row);
  };
  const alike = (look: Look) => (row: LedgerMessage) =>
    look.strong && (sessions.source.exchange || row.size === look.about.size);
  const looked = await looks(sessions.source, fresh, had.headers.source);
  const found = looked.looks.filter(look => lost.has(look.key));
  const groups = Map.groupBy(found, look => look.key);
  for (const [key, [look, ...others]] of groups)
    if (look !== undefined && others.length === 0 && lost.get(key)?.length === 1) take(look, alike(look));
  const doubtful = found.filter(look => !taken.has(look.uid));
  const read = nothingRead(had.texts);
  for (const [uid, row] of await byContent(doubtful, lost, read, work, sessions)) {
    const look = doubtful.find(each => each.uid === uid);
    if (look !== undefined) take(look, each => each === row);
  }
  // Of a copy that was deleted nothing is left to be compared but what was noted when it went.
  const isGone = ({destinationUid}: LedgerMessage) => !read.content.destination.has(destinationUid ?? 0);
  for (const look of doubtful) {
    const digest = read.content.source.get(look.uid);
    take(look, row => isGone(row) && (alike(look)(row) || (row.digest ?? '') === digest));
  }
  if ([...lost.values()].some(rows => rows.length > 0)) work.doubt(looked.unseen);
  return taken;
}

/** New messages whose content is that of a copy. What was read of them is added to `read`. */
async function byContent(
  found: readonly Look[],
  lost: Lost,
  read: Read,
  work: FolderWork,
  sessions: Sessions,
): Promise<readonly (readonly [number, LedgerMessage])[]> {
  const copies = new Map<number, LedgerMessage>();
  const groups: Ambiguous[] = [];
  for (const [key, looked] of Map.groupBy(found, look => look.key)) {
    const rows = lost.get(key) ?? [];
    const stored = rows.filter(row => row.destinationUid !== undefined);
    for (const row of stored) {
      copies.set(row.destinationUid ?? 0, row);
      // What was noted when it went need not be read.
      if (row.digest !== undefined) read.content.destination.set(row.destinationUid ?? 0, row.digest);
    }
    const destinationUids = stored.map(row => row.destinationUid ?? 0);
    if (stored.length > 0 || rows.some(row => row.digest !== undefined))
      groups.push({key, sourceUids: looked.map(({uid}) => uid), destinationUids});
  }
  const dates = {
    source: new Map(found.map(({uid, about}) => [uid, about.date])),
    destination: new Map([...copies].map(([uid, {date}]) => [uid, date])),
  };
  // Of a row no more is known by now than what is shown of a message.
  const shown = ({messageId = '', from = '', subject = ''}: Look['about']) => [
    JSON.stringify([messageId, from, subject]),
  ];
  const ends = {
    source: found.map(({uid, key, strong, about}) => ({uid, key, strong, hints: shown(about)})),
    destination: [...copies].map(([uid, row]) => ({uid, key: '', strong: row.strong, hints: shown(row)})),
  };
  // Only what is the same for certain: with less than that it is a new message.
  const {same} = await pairContents(groups, {read, ends, dates, anew: 'never'}, work, sessions);
  return same.flatMap(([uid, copy]) => {
    const row = copies.get(copy);
    return row === undefined ? [] : [[uid, row] as const];
  });
}
