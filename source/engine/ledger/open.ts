// Opens a ledger's file: creates it, takes its lock, refuses what is damaged, foreign, too old or too new.
import {closeSync, existsSync, fchmodSync, fstatSync, openSync} from 'node:fs';
import {platform} from 'node:os';
import {dirname} from 'node:path';
import {DatabaseSync} from 'node:sqlite';
import {makeFolder} from '../../files/make-folder.ts';
import type {PassPoint} from '../points.ts';
import {deletedIndex, examineLedger, isEmpty, schema, schemaVersion} from './examine.ts';
import {LedgerError} from './ledger-error.ts';

/**
 * Opens or creates the file and keeps it locked while open; the lock dies with the process.
 * @throws LedgerError, or the error of the file system
 */
export function openDatabase(file: string, pair: string, passed?: PassPoint): DatabaseSync {
  let database: DatabaseSync | undefined;
  try {
    if (file !== ':memory:') openPrivately(file);
    passed?.('ledger-made');
    database = new DatabaseSync(file, {timeout: 0});
    // NORMAL in WAL mode: whole after any crash of ours; a power cut may take the last transactions, which costs
    // nothing, since all mail beyond the watermark is compared by identity anyway.
    // In exclusive mode the first write takes the lock and keeps it until close or death.
    database.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;');
    database.exec('BEGIN EXCLUSIVE');
    const fresh = isEmpty(database, 'main');
    if (fresh) {
      database.exec(schema);
      database.prepare('INSERT INTO about VALUES (?)').run(pair);
      database.exec(`PRAGMA user_version = ${schemaVersion}`);
    } else examineLedger(database, 'main', file, pair);
    database.exec(deletedIndex.replace('INDEX', 'INDEX IF NOT EXISTS'));
    database.exec('COMMIT');
    if (fresh) passed?.('ledger-created');
    return database;
  } catch (error) {
    database?.close();
    if (error instanceof LedgerError) throw error;
    throw ledgerError(error, file);
  }
}

/** Made where missing, with its folder, for this user alone; so is one that came back from a copy that others could read. */
function openPrivately(file: string): void {
  makeFolder(dirname(file));
  const opened = openSync(file, 'a', 0o600);
  try {
    if (platform() !== 'win32' && (fstatSync(opened).mode & 0o077) !== 0) fchmodSync(opened, 0o600);
  } catch {
    // Another's file, which we may write: its modes are its owner's.
  } finally {
    closeSync(opened);
  }
}

/** Says what SQLite's code means for a ledger; other errors stay as they are. */
function ledgerError(error: unknown, file: string): unknown {
  const code = sqliteCode(error);
  if (code === 5 || code === 6)
    return new LedgerError('ledger-locked', 'Another mailferry works on this pair of mailboxes', error);
  // Another text encoding than ours, and a schema of a kind that is yet to come, are refused with the most general of codes.
  if (code === 11 || code === 26 || (code === 1 && /text encoding|file format/.test(String(error))))
    return new LedgerError('ledger-damaged', `${file} is damaged or not a ledger`, error);
  return error;
}

/**
 * The same in memory; empty where there is no file yet. The file is only read, and not locked.
 * @throws as `openDatabase`
 */
export function copyDatabase(file: string, pair: string): DatabaseSync {
  const database = openDatabase(':memory:', pair);
  if (!existsSync(file)) return database;
  try {
    database.prepare('ATTACH ? AS disk').run(file);
    if (!isEmpty(database, 'disk')) {
      examineLedger(database, 'disk', file, pair);
      for (const table of ['folder', 'message', 'other'])
        database.exec(`INSERT INTO main.${table} SELECT * FROM disk.${table}`);
    }
    database.exec('DETACH disk');
    return database;
  } catch (error) {
    database.close();
    if (error instanceof LedgerError) throw error;
    throw ledgerError(error, file);
  }
}

/** SQLite's primary result code (SQLITE_BUSY 5, LOCKED 6, CORRUPT 11, NOTADB 26). */
function sqliteCode(error: unknown): number | undefined {
  const code = (error as {errcode?: unknown} | null)?.errcode;
  return typeof code === 'number' ? code & 0xff : undefined;
}
