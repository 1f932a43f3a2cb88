// The ledger, after a disk or a hand has changed its file or what it says.
import {readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {DatabaseSync} from 'node:sqlite';
import {Ledger, LedgerError, type LedgerMessage} from '../../../../source/engine/ledger/ledger.ts';
import {inFolder} from '../in-folder.ts';
import {type Input, must, mustBeClean, type Target} from '../target.ts';

let whole: Buffer | undefined;

/** Of a ledger with something in every table; made once. */
function ledgerBytes(): Buffer {
  whole ??= inFolder(path => {
    const file = join(path, 'pair.sqlite');
    const ledger = Ledger.open(file, 'pair');
    const row = (uid: number): LedgerMessage => ({
      uid,
      strong: true,
      key: `key ${uid}`,
      hints: ['one', 'two'],
      run: 'r1',
      size: uid,
      subject: `Subject ${uid}`,
      date: 1_700_000_000_000,
      state: (['intended', 'stored', 'failed', 'skipped', 'deleted'] as const)[uid % 5] ?? 'stored',
    });
    for (const name of ['INBOX', 'Sent']) {
      const {id} = ledger.resetFolder({
        source: JSON.stringify([name]),
        destination: `X/${name}`,
        sourceUidValidity: 7,
        destinationUidValidity: 9,
      });
      ledger.putAll(
        id,
        Array.from({length: 60}, (_, index) => row(index + 1)),
      );
      ledger.putOther(id, {destinationUid: 5, subject: 'Stranger'});
      ledger.finish(id, {
        filter: 'x',
        sourceUidNext: 9,
        sourceMessages: 1,
        destinationUidNext: 1,
        destinationMessages: 1,
        selected: 1,
        selectedBytes: 1,
      });
    }
    // A folder that the source has numbered anew: its copies wait under negative UIDs.
    const ends = {source: '["Anew"]', destination: 'X/Anew', sourceUidValidity: 7, destinationUidValidity: 9};
    const anew = ledger.resetFolder(ends);
    for (const uid of [1, 2, 3]) ledger.put(anew.id, {...row(uid), state: 'stored', destinationUid: uid});
    ledger.renewFolder({...ends, sourceUidValidity: 8});
    // A folder at the destination that is none of ours.
    const others = ledger.resetFolder({
      source: JSON.stringify({other: 'X/Others'}),
      destination: 'X/Others',
      sourceUidValidity: 0,
      destinationUidValidity: 9,
    });
    for (const destinationUid of [1, 2]) ledger.putOther(others.id, {destinationUid, subject: 'Stranger'});
    ledger.close();
    return readFileSync(file);
  });
  return whole;
}

const columns: Readonly<Record<string, readonly string[]>> = {
  message: [
    'uid',
    'state',
    'destination_uid',
    'strong',
    'hints',
    'at',
    'run',
    'selected',
    'size',
    'date',
    'subject',
    'code',
  ],
  folder: ['source', 'destination', 'source_uid_validity', 'destination_seen', 'finished'],
  other: ['destination_uid', 'size', 'date', 'subject'],
};
const values = [
  '-1',
  '0',
  '9223372036854775807',
  '-9223372036854775808',
  "''",
  "'x'",
  "'null'",
  "'[]'",
  "'{}'",
  "'[1]'",
  "'\"'",
  'NULL',
  "x'ff00'",
  '1.5',
  'zeroblob(100000)',
  "CAST(x'fffe00' AS TEXT)",
  "printf('%.*c', 100000, 'x')",
];
const designs = [
  'DROP TABLE other',
  'ALTER TABLE message ADD COLUMN x',
  'CREATE TRIGGER t AFTER UPDATE ON folder BEGIN DELETE FROM message; END',
  'CREATE VIEW v AS SELECT 1',
  'DROP INDEX message_deleted; CREATE INDEX message_deleted ON message (uid)',
  'DELETE FROM about',
  'INSERT INTO about VALUES (7)',
  'PRAGMA user_version = 0',
  'PRAGMA user_version = -5',
  'PRAGMA journal_mode = DELETE',
  "PRAGMA encoding = 'UTF-16'",
  'PRAGMA application_id = 7',
  'DELETE FROM folder',
  'CREATE TABLE x (y)',
];

/** The bytes are where to damage it: the file, or what it says. */
function damagedLedger(path: string, {bytes, random}: Input): void {
  const file = Buffer.from(ledgerBytes());
  if (random.below(2) === 0) {
    for (let change = 1 + random.below(4); change > 0; change--)
      bytes.copy(file, random.below(file.length), 0, random.pick([1, 4, 100, 4096]));
    writeFileSync(path, random.below(5) === 0 ? file.subarray(0, random.below(file.length)) : file);
    return;
  }
  writeFileSync(path, file);
  const database = new DatabaseSync(path);
  try {
    if (random.below(3) === 0) database.exec(random.pick(designs));
    else {
      const table = random.pick(['message', 'folder', 'other']);
      const where = table === 'message' && random.below(2) === 0 ? ' WHERE uid = 7' : '';
      const column = random.pick(columns[table] ?? []);
      database.exec(`UPDATE OR IGNORE ${table} SET ${column} = ${random.pick(values)}${where}`);
    }
  } catch {
    // A strict table does not take it.
  }
  database.close();
}

/** SQLite's word for damage that is found later than at the beginning: the run ends with it, named. */
const isDamage = (error: unknown) => [11, 26].includes(((error as {errcode?: number}).errcode ?? 0) & 0xff);

function ledgers(input: Input): void {
  inFolder(path => {
    const file = join(path, 'pair.sqlite');
    damagedLedger(file, input);
    for (const open of [() => Ledger.copy(file, 'pair'), () => Ledger.open(file, 'pair')]) {
      let ledger: Ledger;
      try {
        ledger = open();
      } catch (error) {
        must(error instanceof LedgerError, `opening fails with ${String(error)}`);
        mustBeClean(error.message.replaceAll(path, ''), 'the error');
        continue;
      }
      try {
        readAll(ledger);
      } catch (error) {
        if (!isDamage(error)) throw error;
      } finally {
        ledger.close();
      }
    }
  });
}

function readAll(ledger: Ledger): void {
  const isCount = (value: number | undefined) =>
    value === undefined || (Number.isSafeInteger(value) && value >= 0);
  for (const {source} of ledger.places()) {
    const key: unknown = JSON.parse(source);
    const isOurs = Array.isArray(key) && key.every(level => typeof level === 'string');
    const isOthers = typeof (key as {other?: unknown} | null)?.other === 'string';
    must(isOurs || isOthers, `a folder ${source}`);
    const found = ledger.folder(source);
    if (found === undefined) continue;
    must(isCount(found.destinationSeen) && isCount(found.sourceUidValidity), 'a folder of no number');
    must(found.finished === undefined || isCount(found.finished.selected), 'a mark of no number');
    // Those that wait for their messages come first, below zero.
    let last = Number.NEGATIVE_INFINITY;
    for (const each of ledger.messages(found.id)) {
      must(
        Number.isSafeInteger(each.uid) &&
          each.uid !== 0 &&
          each.uid > last &&
          isCount(each.size) &&
          isCount(each.destinationUid),
        `message ${JSON.stringify(each)} behind ${last}`,
      );
      last = each.uid;
    }
    for (const each of ledger.listing(found.id)) must(isCount(each.uid), `message ${each.uid}`);
    for (const each of ledger.others(found.id))
      must(isCount(each.destinationUid), `message ${each.destinationUid}`);
    for (const each of ledger.states(found.id)) must(isCount(each.uid), `message ${each.uid}`);
    ledger.deleted(found.id);
    ledger.put(found.id, {uid: 5000, state: 'intended', strong: false, run: 'r2'});
    ledger.stored(found.id, 5000, 7);
    must(ledger.message(found.id, 5000)?.destinationUid === 7, 'what was written is not there');
  }
}

export const ledgerTargets: readonly Target[] = [
  {
    name: 'stored.ledger',
    samples: ['\0\0\0\0', '\x01\x02\xff\xff', 'SQLite format 3'],
    weight: 20,
    unmeasured: true,
    check: ledgers,
  },
];
