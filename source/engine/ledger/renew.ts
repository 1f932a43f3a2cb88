// What is kept of a folder that a server has numbered anew. Rows whose old UID means nothing any more wait under negative
// ones, where nobody takes them for messages that are there, until each is given to the message that it is about.
import type {LedgerFolder} from './rows.ts';

/** Runs a statement. */
export type Run = (sql: string, ...values: (string | number)[]) => void;

export type FolderEnds = Omit<LedgerFolder, 'id' | 'finished' | 'destinationSeen' | 'lastUid'>;

/** Ends whose UIDs mean other messages than before. */
export type Anew = {readonly source?: boolean; readonly destination?: boolean};

/**
 * The folder goes to the same place as before, and one of its ends is numbered anew. What was sent and not answered is
 * found by looking; what has failed is tried again. To be called in a transaction.
 */
export function renewRows(old: LedgerFolder, fresh: FolderEnds, anew: Anew, run: Run): void {
  const elsewhere = anew.destination === true || old.destinationUidValidity !== fresh.destinationUidValidity;
  // A copy that somebody deleted stays deleted, however the others are numbered.
  run(
    `DELETE FROM message WHERE folder = ? AND state <> 'deleted' AND (? OR state <> 'stored' OR destination_uid IS NULL)`,
    old.id,
    elsewhere ? 1 : 0,
  );
  if (elsewhere) run('DELETE FROM other WHERE folder = ?', old.id);
  // A server that tells no UIDVALIDITY says nothing of whether its numbers are the same.
  const isUntold = fresh.sourceUidValidity === 0;
  if (anew.source === true || isUntold || old.sourceUidValidity !== fresh.sourceUidValidity)
    run(
      `UPDATE message SET uid = (SELECT min(0, min(uid)) FROM message WHERE folder = ?) - uid WHERE folder = ? AND uid > 0`,
      old.id,
      old.id,
    );
  run(
    `UPDATE folder SET source_uid_validity = ?, destination_uid_validity = ?, finished = NULL,
     destination_seen = iif(?, 1, destination_seen) WHERE id = ?`,
    fresh.sourceUidValidity,
    fresh.destinationUidValidity,
    elsewhere ? 1 : 0,
    old.id,
  );
}

/**
 * Nobody waits any more: copies whose message is gone from the source are mail at the destination like any other. To be
 * called in a transaction.
 */
export function endRenewal(folder: number, run: Run): void {
  run(
    `INSERT OR REPLACE INTO other SELECT folder, destination_uid, size, date, message_id, sender, subject
     FROM message WHERE folder = ? AND uid < 0 AND state = 'stored'`,
    folder,
  );
  run('DELETE FROM message WHERE folder = ? AND uid < 0', folder);
}
