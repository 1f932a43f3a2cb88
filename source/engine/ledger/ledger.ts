// The memory of one mailbox pair: what was promised to the destination and what it confirmed. SQLite, one file a
// pair; losing it costs time, never mail, since identity settles everything from the destination.
// Invariant: a message's row says 'intended' before its first byte leaves, and 'stored' only after the destination
// said so or the message was seen there.
import type {DatabaseSync, StatementSync} from 'node:sqlite';
import type {PassPoint} from '../points.ts';
import {insertOne, insertSome, isRun, rowsInStatement, valuesOf} from './insert.ts';
import {copyDatabase, openDatabase} from './open.ts';
import {listingOf, messagesOf, othersOf, statesOf, storedUidsOf} from './pages.ts';
import {type Anew, endRenewal, type FolderEnds, renewRows} from './renew.ts';
import {
  type FinishedMark,
  type KnownMessage,
  type LedgerFolder,
  type LedgerMessage,
  type ListedMessage,
  type MessageState,
  type OtherMessage,
  type Row,
  readFolder,
  readMessage,
} from './rows.ts';

export {LedgerError} from './ledger-error.ts';
export type {
  FinishedMark,
  KnownMessage,
  LedgerFolder,
  LedgerMessage,
  ListedMessage,
  MessageState,
  OtherMessage,
} from './rows.ts';

export type FolderCount = {
  /** Brought by this pair. */
  readonly stored: number;
  /** Those that are asked for now, and those whose copies were deleted. */
  readonly asked: number;
  /** Brought by others. */
  readonly others: number;
  /** Of all of them, those whose UID is known and not below the one that was asked from. */
  readonly named: number;
};

export class Ledger {
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();
  readonly #changes = new Map<number, number>();

  private constructor(database: DatabaseSync) {
    this.#database = database;
  }

  /**
   * Opens or creates the ledger and keeps it locked while open; the lock dies with the process.
   * @param file absolute path, or ':memory:' (a dry run without a ledger yet)
   * @param pair what the ledger is about
   * @throws LedgerError locked: another mailferry works on this pair; newer: written by a later version; damaged,
   * older, of another pair: nothing of it can be used, and the file is as it was
   */
  static open(file: string, pair: string, passed?: PassPoint): Ledger {
    return new Ledger(openDatabase(file, pair, passed));
  }

  /** A copy in memory, for a dry run: it knows all and changes nothing. */
  static copy(file: string, pair: string): Ledger {
    return new Ledger(copyDatabase(file, pair));
  }

  close(): void {
    this.#statements.clear();
    this.#database.close();
  }

  /** Grows with whatever is written about a folder's messages: what was read before is still so where it has not. */
  changesOf(folder: number): number {
    return this.#changes.get(folder) ?? 0;
  }

  /** Everything or nothing. */
  transaction<Result>(work: () => Result): Result {
    this.#database.exec('BEGIN IMMEDIATE');
    try {
      const result = work();
      this.#database.exec('COMMIT');
      return result;
    } catch (error) {
      // A full disk has rolled back already.
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
      throw error;
    }
  }

  folder(source: string): LedgerFolder | undefined {
    const row = this.#get(
      'SELECT *, (SELECT max(uid) FROM message WHERE folder = id) AS last_uid FROM folder WHERE source = ?',
      source,
    );
    return row === undefined ? undefined : readFolder(row);
  }

  /** Where each source folder went: its key (levels as JSON) and its full name at the destination. */
  places(): {readonly source: string; readonly destination: string}[] {
    return this.#statement('SELECT source, destination FROM folder ORDER BY id')
      .all()
      .map(row => ({source: String(row['source']), destination: String(row['destination'])}));
  }

  /** Begins a folder anew: what was known of its messages is forgotten (they will be found by identity). */
  resetFolder(folder: FolderEnds): LedgerFolder {
    return this.transaction(() => {
      const old = this.folder(folder.source);
      if (old !== undefined) {
        this.#run(old.id, 'DELETE FROM message WHERE folder = ?', old.id);
        this.#run(old.id, 'DELETE FROM other WHERE folder = ?', old.id);
        this.#run(old.id, 'DELETE FROM folder WHERE id = ?', old.id);
      }
      this.#statement(
        'INSERT INTO folder (source, destination, source_uid_validity, destination_uid_validity, destination_seen) VALUES (?, ?, ?, ?, 1)',
      ).run(folder.source, folder.destination, folder.sourceUidValidity, folder.destinationUidValidity);
      const fresh = this.folder(folder.source);
      if (fresh === undefined) throw new Error('A folder just written is not in the ledger');
      return fresh;
    });
  }

  /**
   * A folder of which an end is numbered anew, going where it went: its copies, and those that were deleted, are still
   * known; they wait to be given to messages where it is the source (`isWaiting`).
   * @param anew ends that are, also where their UIDVALIDITY is what it was
   */
  renewFolder(folder: FolderEnds, anew: Anew = {}): LedgerFolder {
    return this.transaction(() => {
      const old = this.folder(folder.source);
      if (old === undefined) throw new Error('A folder that is to be renewed is not in the ledger');
      renewRows(old, folder, anew, (sql, ...values) => this.#run(old.id, sql, ...values));
      return this.folder(folder.source) ?? old;
    });
  }

  /** True where rows of the folder wait for their messages. */
  isWaiting(folder: number): boolean {
    return (
      this.#get('SELECT 1 AS one FROM message WHERE folder = ? AND uid < 0 LIMIT 1', folder) !== undefined
    );
  }

  /** Their messages are found, or gone. To be called in a transaction. */
  endWaiting(folder: number): void {
    endRenewal(folder, (sql, ...values) => this.#run(folder, sql, ...values));
  }

  /** Moves the watermark: all mail at the destination below `uid` has been looked at. */
  seen(folder: number, uid: number): void {
    this.#statement('UPDATE folder SET destination_seen = ? WHERE id = ?').run(uid, folder);
  }

  finish(folder: number, mark: FinishedMark | undefined): void {
    const text = mark === undefined ? null : JSON.stringify(mark);
    this.#statement('UPDATE folder SET finished = ? WHERE id = ?').run(text, folder);
  }

  /**
   * Messages the destination holds, as far as the ledger knows.
   * @param from UID at the destination
   */
  count(folder: number, from = 0): FolderCount {
    const [mine, theirs] = [
      this.#get(
        `SELECT total(state = 'stored') AS n, total(selected) AS asked, total(state = 'stored' AND destination_uid >= ?) AS named
          FROM message WHERE folder = ? AND state IN ('stored', 'deleted')`,
        from,
        folder,
      ),
      this.#get(
        'SELECT count(*) AS n, total(destination_uid >= ?) AS named FROM other WHERE folder = ?',
        from,
        folder,
      ),
    ];
    return {
      stored: Number(mine?.['n']),
      asked: Number(mine?.['asked']),
      others: Number(theirs?.['n']),
      named: Number(mine?.['named']) + Number(theirs?.['named']),
    };
  }

  /** How many of the messages that are asked for this run has stored, and their bytes as sent. */
  brought(folder: number, run: string): {readonly messages: number; readonly bytes: number} {
    const row = this.#get(
      "SELECT count(*) AS n, total(size) AS bytes FROM message WHERE folder = ? AND state = 'stored' AND selected AND run = ?",
      folder,
      run,
    );
    return {messages: Number(row?.['n']), bytes: Number(row?.['bytes'])};
  }

  /** Messages stored without their UID at the destination (no UIDPLUS). */
  unnamed(folder: number): number {
    const row = this.#get(
      "SELECT count(*) AS n FROM message WHERE folder = ? AND state = 'stored' AND destination_uid IS NULL",
      folder,
    );
    return Number(row?.['n'] ?? 0);
  }

  /** Source UID, state and whether the request asks for it, ascending, without holding all in memory. */
  states(
    folder: number,
  ): Generator<{readonly uid: number; readonly state: MessageState; readonly selected: boolean}> {
    return statesOf(this.#prepare, folder);
  }

  /** Source and destination UID of the messages stored there, ascending by source UID. */
  storedUids(folder: number): Generator<{readonly uid: number; readonly destinationUid: number}> {
    return storedUidsOf(this.#prepare, folder);
  }

  /** Those of these keys that messages stored there have. */
  storedKeys(folder: number, keys: readonly string[]): Set<string> {
    const rows = this.#statement(
      "SELECT DISTINCT key FROM message WHERE folder = ? AND state = 'stored' AND key IN (SELECT value FROM json_each(?))",
    ).all(folder, JSON.stringify(keys));
    return new Set(rows.map(row => String(row['key'])));
  }

  /** The rows of a folder, those that wait among them, ascending by source UID, without holding them all in memory. */
  messages(folder: number, states?: readonly MessageState[]): Generator<KnownMessage> {
    return messagesOf(this.#prepare, folder, states);
  }

  /** Source UIDs of the folder's messages that are named for this reason. */
  namedFor(folder: number, code: string): number[] {
    return this.#statement(
      "SELECT uid FROM message WHERE folder = ? AND state IN ('failed', 'skipped') AND code = ? ORDER BY uid",
    )
      .all(folder, code)
      .map(row => Number(row['uid']));
  }

  /** Those that were deleted at the destination since: few, and asked for at every run. */
  deleted(folder: number): KnownMessage[] {
    return this.#statement(
      "SELECT * FROM message INDEXED BY message_deleted WHERE folder = ? AND state = 'deleted' ORDER BY uid",
    )
      .all(folder)
      .map(readMessage);
  }

  /**
   * The rows of a folder for a listing, ascending by source UID: without what messages are recognised by, and read as
   * values instead of objects, since every message of a mailbox comes by at the end of every run (a third of the time,
   * measured).
   */
  listing(folder: number): Generator<ListedMessage> {
    return listingOf(this.#prepare, folder);
  }

  /** Writes a message's row, whatever stood there. */
  put(folder: number, message: LedgerMessage): void {
    this.#run(folder, insertOne, ...valuesOf(folder, message));
  }

  /** Writes many, several in a statement. */
  putAll(folder: number, messages: readonly LedgerMessage[]): void {
    const whole = messages.length - (messages.length % rowsInStatement);
    for (let at = 0; at < whole; at += rowsInStatement)
      this.#run(
        folder,
        insertSome,
        ...messages.slice(at, at + rowsInStatement).flatMap(message => valuesOf(folder, message)),
      );
    for (const message of messages.slice(whole)) this.put(folder, message);
  }

  /**
   * The destination has it. Where it did not tell the UID, the message is yet to be looked for: its hints stay. Why it had
   * failed, if it had, goes.
   */
  stored(folder: number, uid: number, destinationUid: number | undefined): void {
    this.#run(
      folder,
      `UPDATE message SET state = 'stored', destination_uid = ?, hints = iif(? IS NULL, hints, NULL),
       code = iif(state = 'failed', NULL, code), reason = iif(state = 'failed', NULL, reason) WHERE folder = ? AND uid = ?`,
      destinationUid ?? null,
      destinationUid ?? null,
      folder,
      uid,
    );
  }

  /**
   * The destination has them all. Where both ends number them in one run, as they do for a batch, it is a single
   * statement.
   */
  storedAll(
    folder: number,
    stored: readonly {readonly uid: number; readonly destinationUid: number | undefined}[],
  ): void {
    const [first] = stored;
    const last = stored.at(-1);
    if (first?.destinationUid === undefined || last === undefined || !isRun(stored)) {
      for (const each of stored) this.stored(folder, each.uid, each.destinationUid);
      return;
    }
    this.#run(
      folder,
      "UPDATE message SET state = 'stored', destination_uid = uid + ?, hints = NULL WHERE folder = ? AND uid BETWEEN ? AND ?",
      first.destinationUid - first.uid,
      folder,
      first.uid,
      last.uid,
    );
  }

  /** It is no longer where it was stored. Whether the request asks for it stays as it is. */
  copyGone(
    folder: number,
    uid: number,
    state: Extract<MessageState, 'failed' | 'deleted'>,
    {code, reason}: {readonly code: string; readonly reason: string},
  ): void {
    this.#run(
      folder,
      'UPDATE message SET state = ?, destination_uid = NULL, code = ?, reason = ? WHERE folder = ? AND uid = ?',
      state,
      code,
      reason,
      folder,
      uid,
    );
  }

  /** The destination does not have it: it will be sent again. */
  forget(folder: number, uid: number): void {
    this.#run(folder, 'DELETE FROM message WHERE folder = ? AND uid = ?', folder, uid);
  }

  /** Marks which rows belong to what the request asks for now. */
  select(folder: number, uid: number, selected: boolean): void {
    this.#run(
      folder,
      'UPDATE message SET selected = ? WHERE folder = ? AND uid = ?',
      selected ? 1 : 0,
      folder,
      uid,
    );
  }

  /** One message's row. */
  message(folder: number, uid: number): KnownMessage | undefined {
    const row = this.#get('SELECT * FROM message WHERE folder = ? AND uid = ?', folder, uid);
    return row === undefined ? undefined : readMessage(row);
  }

  putOther(folder: number, message: OtherMessage): void {
    this.#run(
      folder,
      'INSERT OR REPLACE INTO other VALUES (?, ?, ?, ?, ?, ?, ?)',
      folder,
      message.destinationUid,
      message.size ?? null,
      message.date ?? null,
      message.messageId ?? null,
      message.from ?? null,
      message.subject ?? null,
    );
  }

  forgetOther(folder: number, destinationUid: number): void {
    this.#run(folder, 'DELETE FROM other WHERE folder = ? AND destination_uid = ?', folder, destinationUid);
  }

  others(folder: number): Generator<OtherMessage> {
    return othersOf(this.#prepare, folder);
  }

  readonly #prepare = (sql: string): StatementSync => this.#statement(sql);

  #statement(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.#database.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }

  #get(sql: string, ...values: (string | number)[]): Row | undefined {
    return this.#statement(sql).get(...values);
  }

  /** Writes about the messages of a folder. */
  #run(folder: number, sql: string, ...values: (string | number | null)[]): void {
    this.#changes.set(folder, this.changesOf(folder) + 1);
    this.#statement(sql).run(...values);
  }
}
