// Messages that are the same and have another UID. Exchange gives an edited message a new one (MS-STANXIMAP V0004), and
// any server does where mail is moved away and back. What was copied under the old UID is not copied again.
import type {LedgerMessage} from '../ledger/ledger.ts';
import type {Ambiguous} from '../messages/match.ts';
import {nothingRead, pairContents} from './compare-contents.ts';
import type {MailboxContext} from './context.ts';
import type {FolderWork} from './folder-work.ts';
import {type Look, looks, openSource, type Sessions} from './settle.ts';

/**
 * Gives rows of the ledger whose UID is gone from the source to new messages that are the same: by Message-ID, Date and
 * sender where the size agrees too, or the source is Exchange, which changes it; else by the content of the copy. Asks
 * for the headers of the new ones only where a row has lost its message. The destination folder must be open.
 * @throws ConnectionLost, ServerRefused, FolderReplaced
 */
export async function takeOver(work: FolderWork, sessions: Sessions, context: MailboxContext): Promise<void> {
  const {ledger} = context;
  const folder = work.ledgerFolder.id;
  const known = new Set<number>();
  const lost = new Map<string, LedgerMessage[]>();
  for (const {selected: _selected, ...row} of ledger.messages(folder)) {
    known.add(row.uid);
    if (row.state !== 'stored' || row.key === undefined || work.sizes.has(row.uid)) continue;
    lost.set(row.key, [...(lost.get(row.key) ?? []), row]);
  }
  const fresh = lost.size === 0 ? [] : work.selected.filter(uid => !known.has(uid));
  if (fresh.length === 0) return;
  await openSource(work, sessions);
  const found = (await looks(sessions.source, fresh)).filter(look => lost.has(look.key));
  const taken = new Map<number, LedgerMessage>();
  const doubtful: Look[] = [];
  for (const look of found) {
    const rows = lost.get(look.key) ?? [];
    const sure = look.strong
      ? rows.findIndex(row => sessions.source.exchange || row.size === look.about.size)
      : -1;
    const [row] = sure === -1 ? [] : rows.splice(sure, 1);
    if (row === undefined) doubtful.push(look);
    else taken.set(look.uid, row);
  }
  for (const [uid, row] of await byContent(doubtful, lost, work, sessions)) taken.set(uid, row);
  ledger.transaction(() => {
    for (const [uid, row] of taken) {
      ledger.forget(folder, row.uid);
      ledger.put(folder, {...row, uid});
    }
  });
  context.ports.passed?.('uids-taken-over');
}

/** New messages whose content is that of a copy. */
async function byContent(
  found: readonly Look[],
  lost: ReadonlyMap<string, readonly LedgerMessage[]>,
  work: FolderWork,
  sessions: Sessions,
): Promise<readonly (readonly [number, LedgerMessage])[]> {
  const copies = new Map<number, LedgerMessage>();
  const groups: Ambiguous[] = [];
  for (const [key, looked] of Map.groupBy(found, look => look.key)) {
    const rows = (lost.get(key) ?? []).filter(row => row.destinationUid !== undefined);
    for (const row of rows) copies.set(row.destinationUid ?? 0, row);
    const destinationUids = rows.map(row => row.destinationUid ?? 0);
    if (rows.length > 0) groups.push({key, sourceUids: looked.map(({uid}) => uid), destinationUids});
  }
  const dates = {
    source: new Map(found.map(({uid, about}) => [uid, about.date])),
    destination: new Map([...copies].map(([uid, {date}]) => [uid, date])),
  };
  // Only what is the same for certain: with less than that it is a new message.
  const known = {read: nothingRead(), dates, rewrites: false};
  const pairs = await pairContents(groups, known, work, sessions);
  return pairs.flatMap(([uid, copy]) => {
    const row = copies.get(copy);
    return row === undefined ? [] : [[uid, row] as const];
  });
}
