// Whether a database is a whole ledger of this version and pair. SQLite itself notices a damaged page only when it comes
// to it, in the middle of a run.
import {DatabaseSync} from 'node:sqlite';
import {cleanText} from '../../format/clean.ts';
import {LedgerError} from './ledger-error.ts';

export const schemaVersion = 1;

export const schema = `
CREATE TABLE about (pair TEXT NOT NULL) STRICT;
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
  at INTEGER,
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

/** Asked for at every run, and there are few: a mailbox that has not changed is not read through for them. */
export const deletedIndex = "CREATE INDEX message_deleted ON message (folder, uid) WHERE state = 'deleted'";

/** As a file is that was just made, or whose first transaction was never finished. */
export function isEmpty(database: DatabaseSync, name: string): boolean {
  return versionOf(database, name) === 0 && tablesOf(database, name).length === 0;
}

/**
 * Looks at every page: about 1.5 ms for 1,000 messages.
 * @param name of the database: 'main', or what it is attached as
 * @throws LedgerError where nothing of it can be used; what SQLite throws for damage it cannot read past
 */
export function examineLedger(database: DatabaseSync, name: string, file: string, pair: string): void {
  const version = versionOf(database, name);
  if (version > schemaVersion)
    throw new LedgerError('ledger-newer', `${file} was written by a later version of mailferry`);
  const tables = tablesOf(database, name);
  if (!tables.some(sql => sql.startsWith('CREATE TABLE about')))
    throw new LedgerError('ledger-damaged', `${file} is not a ledger`);
  if (version < schemaVersion || tables.join('\n') !== ownTables())
    throw new LedgerError('ledger-older', `${file} was written by an earlier version of mailferry`);
  const found = database.prepare(`PRAGMA ${name}.integrity_check(1)`).get()?.['integrity_check'];
  if (found !== 'ok')
    throw new LedgerError('ledger-damaged', `${file} is damaged: ${cleanText(String(found), 200)}`);
  const own = database.prepare(
    `SELECT count(*) AS n FROM ${name}.sqlite_schema WHERE type NOT IN ('table', 'index') OR (type = 'index' AND sql IS NOT NULL AND sql <> ?)`,
  );
  if (own.get(deletedIndex)?.['n'] !== 0)
    throw new LedgerError('ledger-damaged', `${file} does things of its own`);
  for (const [what, from] of impossible)
    if (database.prepare(`SELECT count(*) AS n FROM ${name}.${from}`).get()?.['n'] !== 0)
      throw new LedgerError('ledger-damaged', `${file} holds ${what} that are none`);
  if (database.prepare(`SELECT pair FROM ${name}.about`).get()?.['pair'] !== pair)
    throw new LedgerError('ledger-other-pair', `${file} belongs to another pair of mailboxes`);
}

const knownStates = "'intended', 'stored', 'failed', 'skipped', 'deleted'";

/** What JavaScript cannot hold cannot be read either. */
const isNone = (column: string) => `${column} NOT BETWEEN 0 AND ${Number.MAX_SAFE_INTEGER}`;
const isNoNumberHeld = (column: string) =>
  `${column} NOT BETWEEN ${Number.MIN_SAFE_INTEGER} AND ${Number.MAX_SAFE_INTEGER}`;
const isNoNumber = (column: string) => `coalesce(json_type(finished, '$.${column}'), '') <> 'integer'`;

/** Rows that no mailferry writes, by what they would be: a page may be changed and still be one for SQLite. */
const impossible: readonly (readonly [string, string])[] = [
  [
    'messages',
    `message WHERE ${[
      `state NOT IN (${knownStates})`,
      ...['folder', 'destination_uid', 'strong', 'selected', 'size'].map(isNone),
      // Negative while a row waits for its message (renew.ts).
      ...['uid', 'at', 'date'].map(isNoNumberHeld),
    ].join(' OR ')}`,
  ],
  [
    'other messages',
    `other WHERE ${[...['folder', 'destination_uid', 'size'].map(isNone), isNoNumberHeld('date')].join(' OR ')}`,
  ],
  [
    'folders',
    `folder WHERE ${[
      ...['id', 'source_uid_validity', 'destination_uid_validity', 'destination_seen'].map(isNone),
      // Asked for its type, text that is no JSON is an error.
      // A folder of the destination that no source folder goes to is an object (list-mail.ts).
      `CASE WHEN json_valid(source) THEN json_type(source) NOT IN ('array', 'object') OR
        (json_type(source) = 'object' AND coalesce(json_type(source, '$.other'), '') <> 'text') OR EXISTS
        (SELECT 1 FROM json_each(source) AS level WHERE level.type <> 'text') ELSE 1 END`,
    ].join(' OR ')}`,
  ],
  [
    'marks',
    `folder WHERE finished IS NOT NULL AND CASE WHEN json_valid(finished) THEN ${[
      "json_type(finished) <> 'object'",
      ...[
        'sourceUidNext',
        'sourceMessages',
        'destinationUidNext',
        'destinationMessages',
        'selected',
        'selectedBytes',
      ].map(isNoNumber),
      "coalesce(json_type(finished, '$.filter'), '') <> 'text'",
      "coalesce(json_type(finished, '$.deletedBytes'), 'integer') <> 'integer'",
    ].join(' OR ')} ELSE 1 END`,
  ],
];

function versionOf(database: DatabaseSync, name: string): number {
  return Number(database.prepare(`PRAGMA ${name}.user_version`).get()?.['user_version'] ?? 0);
}

/** As SQLite writes them down. */
function tablesOf(database: DatabaseSync, name: string): string[] {
  return database
    .prepare(`SELECT sql FROM ${name}.sqlite_schema WHERE type = 'table' ORDER BY name`)
    .all()
    .map(row => String(row['sql']));
}

let own: string | undefined;

/** How SQLite writes down the tables of this version. */
function ownTables(): string {
  if (own === undefined) {
    const empty = new DatabaseSync(':memory:');
    empty.exec(schema);
    own = tablesOf(empty, 'main').join('\n');
    empty.close();
  }
  return own;
}
