// Messages that are the same and have another UID. Exchange gives an edited message a new one (MS-STANXIMAP V0004), and
// any server does where mail is moved away and back. What was copied under the old UID is not copied again.
import type {LedgerMessage} from '../ledger/ledger.ts';
import type {MailboxContext} from './context.ts';
import type {FolderWork} from './folder-work.ts';
import {looks, openSource, type Sessions} from './settle.ts';

/**
 * Gives rows of the ledger whose UID is gone from the source to new messages that are the same by Message-ID, Date and
 * sender. Asks for the headers of the new ones only where a row has lost its message.
 * @throws ConnectionLost, ServerRefused, FolderReplaced
 */
export async function takeOver(work: FolderWork, sessions: Sessions, context: MailboxContext): Promise<void> {
  const {ledger} = context;
  const folder = work.ledgerFolder.id;
  const known = new Set<number>();
  const lost = new Map<string, LedgerMessage[]>();
  for (const {selected: _selected, ...row} of ledger.messages(folder)) {
    known.add(row.uid);
    if (row.state !== 'stored' || !row.strong || row.key === undefined || work.sizes.has(row.uid)) continue;
    lost.set(row.key, [...(lost.get(row.key) ?? []), row]);
  }
  const fresh = lost.size === 0 ? [] : work.selected.filter(uid => !known.has(uid));
  if (fresh.length === 0) return;
  await openSource(work, sessions);
  const found = await looks(sessions.source, fresh);
  ledger.transaction(() => {
    for (const {uid, key, strong} of found) {
      const row = strong ? lost.get(key)?.shift() : undefined;
      if (row === undefined) continue;
      ledger.forget(folder, row.uid);
      ledger.put(folder, {...row, uid});
    }
  });
  context.ports.passed?.('uids-taken-over');
}
