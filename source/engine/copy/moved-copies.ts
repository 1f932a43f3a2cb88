// Copies that are not where they were stored, and are there under another UID: somebody has moved them away and back. A
// server gives what it stores a higher UID than all before it.
import {ServerRefused} from '../imap/errors.ts';
import type {KnownMessage, OtherMessage} from '../ledger/ledger.ts';
import type {MailboxContext} from './context.ts';
import type {FolderWork} from './folder-work.ts';
import {type Look, looks} from './looks.ts';
import type {Sessions} from './open-ends.ts';
import {asKnown, pairLooks} from './pair-looks.ts';
import type {ReadSoFar} from './read-so-far.ts';

/**
 * The destination folder must be open.
 * @param missing rows whose copies have gone from their UIDs
 * @param unknown mail of which nothing is known
 * @param others what is there and was taken for mail that others brought; read again only under a Message-ID that is missing,
 * or without one where one without is; `had`: what was read before a connection went
 * @returns rows of copies that are there, with the UIDs that they have now
 * @throws ConnectionLost, FolderReplaced, ListedInPart; ServerRefused where the server asks to wait
 */
export async function findMoved(
  missing: readonly KnownMessage[],
  {
    unknown,
    others,
    had,
  }: {readonly unknown: readonly Look[]; readonly others: readonly OtherMessage[]; readonly had: ReadSoFar},
  work: FolderWork,
  sessions: Sessions,
  context: MailboxContext,
): Promise<readonly (readonly [KnownMessage, number])[]> {
  const rows = new Map(missing.flatMap(row => (row.key === undefined ? [] : [[row.uid, row] as const])));
  const before = new Map<string, number>();
  for (const {messageId = '', destinationUid = 0} of rows.values())
    before.set(messageId, Math.min(before.get(messageId) ?? Number.POSITIVE_INFINITY, destinationUid));
  const named = others
    .filter(
      ({messageId = '', destinationUid}) =>
        destinationUid > (before.get(messageId) ?? Number.POSITIVE_INFINITY),
    )
    .map(({destinationUid}) => destinationUid);
  try {
    const again =
      named.length === 0 ? [] : (await looks(sessions.target, named, had.headers.destination)).looks;
    const known = asKnown([...rows.values()]);
    const seen = [...unknown, ...again];
    const {pairs} = await pairLooks(known, seen, work, sessions, context, had.texts);
    return pairs.flatMap(([uid, targetUid]) => {
      const row = rows.get(uid);
      return row === undefined || targetUid <= (row.destinationUid ?? 0) ? [] : [[row, targetUid] as const];
    });
  } catch (error) {
    if (!(error instanceof ServerRefused) || error.throttleReset !== undefined) throw error;
    // What cannot be compared has gone, as far as is known.
    return [];
  }
}
