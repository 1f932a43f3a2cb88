// The memory of one mailbox pair: what was promised to the destination and what it confirmed. SQLite, one file a
// pair; losing it costs time, never mail, since identity settles everything from the destination.
// Invariant: a message's row says 'intended' before its first byte leaves, and 'stored' only after the destination
// said so or the message was seen there.
import {DatabaseSync, type StatementSync} from 'node:sqlite';

export type MessageState =
  /** Sent or about to be; whether it arrived is unknown until looked at. */
  | 'intended'
  /** At the destination. */
  | 'stored'
  /** Refused by the destination or unreadable at the source; tried again in the next run. */
  | 'failed'
  /** Gone from the source before it could be read. */
  | 'skipped';

export type LedgerMessage = {
  /** UID at the source, under the folder's `sourceUidValidity`. */
  readonly uid: number;
  readonly state: MessageState;
  /** UID at the destination; undefined where not known. */
  readonly destinationUid?: number;
  readonly key?: string;
  /** True where `key` rests on a Message-ID. */
  readonly strong: boolean;
  /** What else to compare by while it is open (identity.ts). */
  readonly hints?: readonly string[];
  readonly digest?: string;
  /** The run that brought it. */
  readonly run: string;
  readonly size?: number;
  /** ms since 1970. */
  readonly date?: number;
  readonly messageId?: string;
  readonly from?: string;
  readonly subject?: string;
  readonly code?: string;
  readonly reason?: string;
};

export type LedgerFolder = {
  readonly id: number;
  /** Wire-independent name: the source's levels as JSON. */
  readonly source: string;
  /** Full name at the destination. */
  readonly destination: string;
  readonly sourceUidValidity: number;
  readonly destinationUidValidity: number;
  /** All mail at the destination with a UID below this one has been looked at. */
  readonly destinationSeen: number;
  /** As they stood when the folder was last finished with nothing open; undefined otherwise. */
  readonly finished?: FinishedMark;
};

/** If all of it still holds, nothing has changed and no message need be looked at. */
export type FinishedMark = {
  readonly filter: string;
  readonly sourceUidNext: number;
  readonly sourceMessages: number;
  readonly destinationUidNext: number;
  readonly destinationMessages: number;
  readonly selected: number;
  readonly selectedBytes: number;
};

/** Mail at the destination that this pair did not bring. */
export type OtherMessage = {
  readonly destinationUid: number;
  readonly size?: number;
  readonly date?: number;
  readonly messageId?: string;
  readonly from?: string;
  readonly subject?: string;
};

export class LedgerError extends Error {
  readonly code: 'ledger-locked' | 'ledger-damaged' | 'ledger-newer';

  constructor(code: LedgerError['code'], message: string, cause?: unknown) {
    super(message, {cause});
    this.name = 'LedgerError';
    this.code = code;
  }
}

const schemaVersion = 1;

const schema = `
CREATE TABLE folder (
  id INTEGER PRIMARY KEY,
  source TEXT NOT NULL UNIQUE,
  destination TEXT NOT NULL,
  source_uid_validity INTEGER NOT NULL,
  destination_uid_validity INTEGER NOT NULL,
  destination_seen INTEGER NOT NULL,
  finished TEXT
) STRICT;
CREATE TABLE message (
  folder INTEGER NOT NULL,
  uid INTEGER NOT NULL,
  state TEXT NOT NULL,
  destination_uid INTEGER,
  key TEXT,
  strong INTEGER NOT NULL,
  hints TEXT,
  digest TEXT,
  run TEXT NOT NULL,
  selected INTEGER NOT NULL,
  size INTEGER,
  date INTEGER,
  message_id TEXT,
  sender TEXT,
  subject TEXT,
  code TEXT,
  reason TEXT,
  PRIMARY KEY (folder, uid)
) STRICT, WITHOUT ROWID;
CREATE TABLE other (
  folder INTEGER NOT NULL,
  destination_uid INTEGER NOT NULL,
  size INTEGER,
  date INTEGER,
  message_id TEXT,
  sender TEXT,
  subject TEXT,
  PRIMARY KEY (folder, destination_uid)
) STRICT, WITHOUT ROWID;
`;

type Row = Record<string, unknown>;

export class Ledger {
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();

  private constructor(database: DatabaseSync) {
    this.#database = database;
  }

  /**
   * Opens or creates the ledger and keeps it locked while open; the lock dies with the process.
   * @param file absolute path, or ':memory:' (a dry run without a ledger yet)
   * @param pair what the ledger is about; a file that is about another pair is refused as damaged
   * @throws LedgerError locked: another mailferry works on this pair; damaged; newer: written by a later version
   */
  static open(file: string, pair: string): Ledger {
    let database: DatabaseSync | undefined;
    try {
      database = new DatabaseSync(file, {timeout: 0});
      // In exclusive mode the first write takes the lock and keeps it until close or death.
      database.exec(
        'PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;',
      );
      database.exec('BEGIN EXCLUSIVE');
      const version = Number(database.prepare('PRAGMA user_version').get()?.['user_version'] ?? 0);
      if (version > schemaVersion)
        throw new LedgerError('ledger-newer', `${file} was written by a later version of mailferry`);
      if (version === 0) {
        database.exec(schema);
        database.exec('CREATE TABLE about (pair TEXT NOT NULL) STRICT');
        database.prepare('INSERT INTO about VALUES (?)').run(pair);
        database.exec(`PRAGMA user_version = ${schemaVersion}`);
      } else if (database.prepare('SELECT pair FROM about').get()?.['pair'] !== pair) {
        throw new LedgerError('ledger-damaged', `${file} belongs to another pair of mailboxes`);
      }
      database.exec('COMMIT');
      return new Ledger(database);
    } catch (error) {
      database?.close();
      if (error instanceof LedgerError) throw error;
      const code = sqliteCode(error);
      if (code === 5 || code === 6)
        throw new LedgerError('ledger-locked', 'Another mailferry works on this pair of mailboxes', error);
      if (code === 11 || code === 26)
        throw new LedgerError('ledger-damaged', `${file} is damaged or not a ledger`, error);
      throw error;
    }
  }

  close(): void {
    this.#statements.clear();
    this.#database.close();
  }

  /** Everything or nothing. */
  transaction<Result>(work: () => Result): Result {
    this.#database.exec('BEGIN IMMEDIATE');
    try {
      const result = work();
      this.#database.exec('COMMIT');
      return result;
    } catch (error) {
      this.#database.exec('ROLLBACK');
      throw error;
    }
  }

  folder(source: string): LedgerFolder | undefined {
    const row = this.#get('SELECT * FROM folder WHERE source = ?', source);
    if (row === undefined) return undefined;
    const finished =
      typeof row['finished'] === 'string' ? (JSON.parse(row['finished']) as FinishedMark) : undefined;
    return {
      id: Number(row['id']),
      source,
      destination: String(row['destination']),
      sourceUidValidity: Number(row['source_uid_validity']),
      destinationUidValidity: Number(row['destination_uid_validity']),
      destinationSeen: Number(row['destination_seen']),
      ...(finished === undefined ? {} : {finished}),
    };
  }

  /** Where each source folder went: its key (levels as JSON) and its full name at the destination. */
  places(): {readonly source: string; readonly destination: string}[] {
    return this.#statement('SELECT source, destination FROM folder ORDER BY id')
      .all()
      .map(row => ({source: String(row['source']), destination: String(row['destination'])}));
  }

  /** Begins a folder anew: what was known of its messages is forgotten (they will be found by identity). */
  resetFolder(folder: Omit<LedgerFolder, 'id' | 'finished' | 'destinationSeen'>): LedgerFolder {
    return this.transaction(() => {
      const old = this.folder(folder.source);
      if (old !== undefined) {
        this.#run('DELETE FROM message WHERE folder = ?', old.id);
        this.#run('DELETE FROM other WHERE folder = ?', old.id);
        this.#run('DELETE FROM folder WHERE id = ?', old.id);
      }
      this.#run(
        'INSERT INTO folder (source, destination, source_uid_validity, destination_uid_validity, destination_seen) VALUES (?, ?, ?, ?, 1)',
        folder.source,
        folder.destination,
        folder.sourceUidValidity,
        folder.destinationUidValidity,
      );
      const fresh = this.folder(folder.source);
      if (fresh === undefined) throw new Error('A folder just written is not in the ledger');
      return fresh;
    });
  }

  /** Moves the watermark: all mail at the destination below `uid` has been looked at. */
  seen(folder: number, uid: number): void {
    this.#run('UPDATE folder SET destination_seen = ? WHERE id = ?', uid, folder);
  }

  finish(folder: number, mark: FinishedMark | undefined): void {
    this.#run(
      'UPDATE folder SET finished = ? WHERE id = ?',
      mark === undefined ? null : JSON.stringify(mark),
      folder,
    );
  }

  /** State and destination UID of every message of the folder, by source UID, ascending. */
  states(folder: number): {uid: number; state: MessageState; destinationUid?: number; selected: boolean}[] {
    return this.#statement(
      'SELECT uid, state, destination_uid, selected FROM message WHERE folder = ? ORDER BY uid',
    )
      .all(folder)
      .map(row => ({
        uid: Number(row['uid']),
        state: row['state'] as MessageState,
        selected: row['selected'] === 1,
        ...(row['destination_uid'] === null ? {} : {destinationUid: Number(row['destination_uid'])}),
      }));
  }

  /** The rows of a folder, ascending by source UID, without holding them all in memory. */
  *messages(
    folder: number,
    states?: readonly MessageState[],
  ): Generator<LedgerMessage & {readonly selected: boolean}> {
    const page = this.#statement(
      'SELECT * FROM message WHERE folder = ? AND uid > ? ORDER BY uid LIMIT 1000',
    );
    for (let after = 0; ; ) {
      const rows = page.all(folder, after);
      for (const row of rows) {
        after = Number(row['uid']);
        const message = readMessage(row);
        if (states === undefined || states.includes(message.state))
          yield {...message, selected: row['selected'] === 1};
      }
      if (rows.length < 1000) return;
    }
  }

  /** Writes a message's row, whatever stood there. */
  put(folder: number, message: LedgerMessage): void {
    this.#run(
      'INSERT OR REPLACE INTO message VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 1, ?, ?, ?, ?, ?, ?, ?)',
      folder,
      message.uid,
      message.state,
      message.destinationUid ?? null,
      message.key ?? null,
      message.strong ? 1 : 0,
      message.state === 'intended' && message.hints !== undefined ? message.hints.join(' ') : null,
      message.digest ?? null,
      message.run,
      message.size ?? null,
      message.date ?? null,
      message.messageId ?? null,
      message.from ?? null,
      message.subject ?? null,
      message.code ?? null,
      message.reason ?? null,
    );
  }

  /** The destination has it. */
  stored(folder: number, uid: number, destinationUid: number | undefined): void {
    this.#run(
      "UPDATE message SET state = 'stored', destination_uid = ?, hints = NULL, code = NULL, reason = NULL WHERE folder = ? AND uid = ?",
      destinationUid ?? null,
      folder,
      uid,
    );
  }

  /** The destination does not have it: it will be sent again. */
  forget(folder: number, uid: number): void {
    this.#run('DELETE FROM message WHERE folder = ? AND uid = ?', folder, uid);
  }

  /** Marks which rows belong to what the request asks for now. */
  select(folder: number, uid: number, selected: boolean): void {
    this.#run('UPDATE message SET selected = ? WHERE folder = ? AND uid = ?', selected ? 1 : 0, folder, uid);
  }

  putOther(folder: number, message: OtherMessage): void {
    this.#run(
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
    this.#run('DELETE FROM other WHERE folder = ? AND destination_uid = ?', folder, destinationUid);
  }

  *others(folder: number): Generator<OtherMessage> {
    const page = this.#statement(
      'SELECT * FROM other WHERE folder = ? AND destination_uid > ? ORDER BY destination_uid LIMIT 1000',
    );
    for (let after = 0; ; ) {
      const rows = page.all(folder, after);
      for (const row of rows) {
        after = Number(row['destination_uid']);
        yield {destinationUid: after, ...about(row)};
      }
      if (rows.length < 1000) return;
    }
  }

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

  #run(sql: string, ...values: (string | number | null)[]): void {
    this.#statement(sql).run(...values);
  }
}

function readMessage(row: Row): LedgerMessage {
  return {
    uid: Number(row['uid']),
    state: row['state'] as MessageState,
    strong: row['strong'] === 1,
    run: String(row['run']),
    ...(row['destination_uid'] === null ? {} : {destinationUid: Number(row['destination_uid'])}),
    ...(row['key'] === null ? {} : {key: String(row['key'])}),
    ...(row['hints'] === null ? {} : {hints: String(row['hints']).split(' ')}),
    ...(row['digest'] === null ? {} : {digest: String(row['digest'])}),
    ...(row['code'] === null ? {} : {code: String(row['code'])}),
    ...(row['reason'] === null ? {} : {reason: String(row['reason'])}),
    ...about(row),
  };
}

function about(row: Row): Omit<OtherMessage, 'destinationUid'> {
  return {
    ...(row['size'] === null ? {} : {size: Number(row['size'])}),
    ...(row['date'] === null ? {} : {date: Number(row['date'])}),
    ...(row['message_id'] === null ? {} : {messageId: String(row['message_id'])}),
    ...(row['sender'] === null ? {} : {from: String(row['sender'])}),
    ...(row['subject'] === null ? {} : {subject: String(row['subject'])}),
  };
}

/** SQLite's primary result code (SQLITE_BUSY 5, LOCKED 6, CORRUPT 11, NOTADB 26). */
function sqliteCode(error: unknown): number | undefined {
  const code = (error as {errcode?: unknown} | null)?.errcode;
  return typeof code === 'number' ? code & 0xff : undefined;
}
