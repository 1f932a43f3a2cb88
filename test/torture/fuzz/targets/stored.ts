// What mailferry wrote itself, after a disk or a hand has changed it: profiles, the list of runs, journals, ledgers.
import {mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {DatabaseSync} from 'node:sqlite';
import {holderOf} from '../../../../source/engine/ledger/holder.ts';
import {Ledger, LedgerError, type LedgerMessage} from '../../../../source/engine/ledger/ledger.ts';
import {readLive} from '../../../../source/live/folder.ts';
import {readJournal} from '../../../../source/live/journal.ts';
import {ProfileError} from '../../../../source/profiles/profile-error.ts';
import {profileNames} from '../../../../source/profiles/profile-names.ts';
import {readShared} from '../../../../source/profiles/shared-profile.ts';
import {openProfiles} from '../../../../source/profiles/store.ts';
import {openHistory} from '../../../../source/program/history.ts';
import {keptRequests} from '../../../../source/program/kept-requests.ts';
import {runsLines, runsText} from '../../../../source/program/runs-list.ts';
import {reportText} from '../../../../source/program/small-commands.ts';
import {UsageProblem} from '../../../../source/program/system.ts';
import {emptySnapshot, reduce} from '../../../../source/progress/reduce.ts';
import {isSnapshot} from '../../../../source/progress/shape.ts';
import {summaryText} from '../../../../source/summary/text.ts';
import {at, folder, problem, runStarted} from '../../../progress/events.ts';
import {type Input, must, mustBeClean, orOwn, same, type Target} from '../target.ts';

/** A folder for one try. */
function inFolder<Result>(work: (path: string) => Result): Result {
  const path = mkdtempSync(join(tmpdir(), 'mf-fuzz-'));
  const clear = () => rmSync(path, {recursive: true, force: true});
  let result: Result;
  try {
    result = work(path);
  } catch (error) {
    clear();
    throw error;
  }
  if (result instanceof Promise) return result.finally(clear) as Result;
  clear();
  return result;
}

const answers = {type: 'O365-IMAP', sourceUserId: 'john', sourceDomain: 'baya.com', sourceSecret: 'env:PW'};
const profile = {kind: 'request', answers, options: {mailboxes: 3, include: ['A/B']}};
const profilesFile = JSON.stringify({
  schemaVersion: 2,
  profiles: {office: profile, old: {kind: 'csv', path: '/tmp/users.csv', options: {}}},
  last: {type: 'O365-IMAP', answers: {'O365-IMAP': answers}},
});
const older = JSON.stringify({schemaVersion: 1, profiles: {office: profile}, lastAnswers: answers});

function profiles({bytes}: Input): void {
  inFolder(path => {
    const file = join(path, 'profiles.json');
    writeFileSync(file, bytes);
    const names = profileNames(path);
    for (const name of names) must(!/\p{Cc}/u.test(name), `a name ${JSON.stringify(name)}`);
    const store = openProfiles({cwd: path});
    if (store.notice !== undefined) mustBeClean(store.notice.replaceAll(path, ''), 'the notice');
    for (const {name, profile: found} of store.list()) {
      must(same(store.get(name), found), `${name} is listed as another`);
      must(
        found.kind === 'csv' || found.answers.sourceSecret?.startsWith('S3cret') !== true,
        'a secret is kept',
      );
    }
    const {type, answers: last} = store.lastAnswers();
    must(typeof type === 'string' && typeof last === 'object', 'last answers that are none');
    // What could not be read is still there, here or beside it.
    must(
      readdirSync(path).some(
        name => name.endsWith('.json') && readFileSync(join(path, name)).equals(bytes),
      ) || store.notice === undefined,
      'what could not be read is gone',
    );
    const before = store.list();
    const saved = orOwn(() => {
      store.save('mine', {kind: 'csv', path: '/x.csv'});
      return true;
    }, ProfileError);
    if (saved === true) {
      must(store.get('mine')?.kind === 'csv', 'a profile that was saved is not there');
      for (const {name, profile: found} of before)
        if (name !== 'mine') must(same(store.get(name), found), `${name} is lost by saving another`);
    }
  });
}

const record = JSON.stringify({
  version: 1,
  run: 'r1',
  from: '/tmp/users.csv',
  startedAt: 1_700_000_000_000,
  endedAt: 1_700_000_100_000,
  exitCode: 3,
  requests: 2,
  processed: 1,
  reports: '/nowhere/r1',
  failed: 1,
  counts: {selected: 10, arrived: 9, failed: 1},
  retryOf: 'r0',
  options: {mailboxes: 3},
  asked: [{source: {secret: {kind: 'ask'}}}],
});

function history({bytes}: Input): Promise<void> {
  return inFolder(async path => {
    mkdirSync(join(path, 'runs', 'r1'), {recursive: true});
    writeFileSync(join(path, 'runs', 'r1.json'), bytes);
    const opened = openHistory(path);
    for (const found of opened.list()) {
      keptRequests(found.asked);
      orOwn(() => reportText(found.run, opened), UsageProblem);
    }
    for (const line of (await runsText(opened, path)).split('\n')) mustBeClean(line, 'the list');
    for (const line of (await runsLines(opened, path)).split('\n')) {
      mustBeClean(line, 'the list');
      if (line !== '') JSON.parse(line);
    }
  });
}

const events = [
  runStarted(2),
  at({type: 'folders-planned', request: 0, folders: [folder(0), folder(1)]}, 1),
  at({type: 'request-state', request: 0, state: 'Processing'}, 2),
  at(
    {
      type: 'folder-counted',
      request: 0,
      folder: 0,
      selected: 20,
      selectedBytes: 200,
      alreadyPresent: 7,
      alreadyPresentBytes: 70,
    },
    3,
  ),
  at({type: 'messages-copied', request: 0, folder: 0, messages: 3, bytes: 30}, 4),
  at({type: 'message-failed', request: 0, folder: 0, message: {uid: 1}, problem}, 5),
  at({type: 'waiting', request: 0, end: 'source', until: 9, problem}, 6),
  at({type: 'note', request: 0, problem}, 7),
];
const snapshot = events.reduce(reduce, emptySnapshot);
const journal = [{from: 0}, ...events].map(line => `${JSON.stringify(line)}\n`).join('');
const snapshotFile = JSON.stringify({upTo: 3, snapshot});

function readable(path: string): void {
  const found = readJournal(path);
  if (found === undefined) return;
  must(isSnapshot(found), 'what is read is no snapshot');
  summaryText(found);
}

function journals({bytes, random}: Input): void {
  inFolder(path => {
    const file = random.pick(['events.jsonl', 'events.1.jsonl', 'snapshot.json']);
    writeFileSync(join(path, 'events.jsonl'), journal);
    if (random.below(2) === 0) writeFileSync(join(path, 'snapshot.json'), snapshotFile);
    writeFileSync(join(path, file), bytes);
    readable(path);
  });
}

const live = JSON.stringify({version: 1, run: 'r1', pid: 42, address: '/tmp/x.sock', token: 'abc'});
const holder = JSON.stringify({run: 'r1', pid: 42, since: 5});

function small({bytes}: Input): void {
  inFolder(path => {
    writeFileSync(join(path, 'live.json'), bytes);
    const found = readLive(path);
    must(
      found === undefined || (typeof found.address === 'string' && typeof found.pid === 'number'),
      'no address',
    );
    writeFileSync(join(path, 'x.holder'), bytes);
    const held = holderOf(join(path, 'x'));
    must(held === undefined || (typeof held.run === 'string' && typeof held.pid === 'number'), 'no holder');
  });
}

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
      database.exec(
        `UPDATE OR IGNORE ${table} SET ${random.pick(columns[table] ?? [])} = ${random.pick(values)} WHERE rowid_or_any`.replace(
          'rowid_or_any',
          random.pick(['1', table === 'message' ? 'uid = 7' : '1']),
        ),
      );
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
    const levels: unknown = JSON.parse(source);
    must(Array.isArray(levels) && levels.every(level => typeof level === 'string'), `a folder ${source}`);
    const found = ledger.folder(source);
    if (found === undefined) continue;
    must(isCount(found.destinationSeen) && isCount(found.sourceUidValidity), 'a folder of no number');
    must(found.finished === undefined || isCount(found.finished.selected), 'a mark of no number');
    let last = 0;
    for (const each of ledger.messages(found.id)) {
      must(
        isCount(each.uid) && each.uid > last && isCount(each.size) && isCount(each.destinationUid),
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

export const storedTargets: readonly Target[] = [
  {
    name: 'stored.profiles',
    samples: [profilesFile, older],
    json: true,
    weight: 4,
    unmeasured: true,
    check: profiles,
  },
  {
    name: 'stored.shared',
    samples: [JSON.stringify({mailferry: 'profile', version: 2, name: 'office', profile})],
    json: true,
    check({text}) {
      orOwn(() => readShared(text, 'file.json'), ProfileError);
    },
  },
  {name: 'stored.history', samples: [record], json: true, weight: 3, unmeasured: true, check: history},
  {
    name: 'stored.journal',
    samples: [journal, snapshotFile],
    json: true,
    weight: 3,
    unmeasured: true,
    check: journals,
  },
  {name: 'stored.small', samples: [live, holder], json: true, weight: 2, unmeasured: true, check: small},
  {
    name: 'stored.ledger',
    samples: ['\0\0\0\0', '\x01\x02\xff\xff', 'SQLite format 3'],
    weight: 20,
    unmeasured: true,
    check: ledgers,
  },
];
