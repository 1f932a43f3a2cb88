import {existsSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {DatabaseSync} from 'node:sqlite';
import {describe, expect, it} from 'vitest';
import {Ledger, type LedgerMessage} from '../../../source/engine/ledger/ledger.ts';
import {openDatabase} from '../../../source/engine/ledger/open.ts';
import {freshState} from '../../helpers/engine.ts';

const file = () => join(freshState(), 'pair.sqlite');
const message = (uid: number, more: Partial<LedgerMessage> = {}): LedgerMessage => ({
  uid,
  state: 'intended',
  strong: true,
  key: `key ${uid}`,
  hints: ['one', 'two'],
  run: 'run-1',
  size: 10 * uid,
  subject: `Subject ${uid}`,
  ...more,
});
const folderOf = (ledger: Ledger) =>
  ledger.resetFolder({
    source: '["INBOX"]',
    destination: 'X/INBOX',
    sourceUidValidity: 7,
    destinationUidValidity: 9,
  });

function change(path: string, sql: string): void {
  const database = new DatabaseSync(path);
  database.exec(sql);
  database.close();
}

describe('the ledger', () => {
  it('gives back what was written, after it was closed', () => {
    const path = file();
    const first = Ledger.open(path, 'pair');
    const folder = folderOf(first);
    first.put(folder.id, message(1));
    first.put(folder.id, message(2));
    first.stored(folder.id, 2, 41);
    first.put(folder.id, message(3, {state: 'failed', code: 'message-refused', reason: 'No.'}));
    first.seen(folder.id, 42);
    first.putOther(folder.id, {destinationUid: 5, subject: 'Stranger'});
    first.close();
    const ledger = Ledger.open(path, 'pair');
    expect(ledger.folder('["INBOX"]')).toEqual({...folder, destinationSeen: 42, lastUid: 3});
    expect([...ledger.messages(folder.id)]).toEqual(
      [
        {...message(1), selected: true},
        {...message(2, {state: 'stored', destinationUid: 41}), hints: undefined, selected: true},
        {
          ...message(3, {state: 'failed', code: 'message-refused', reason: 'No.'}),
          selected: true,
        },
      ].map(({hints, ...row}) => (hints === undefined ? row : {...row, hints})),
    );
    expect([...ledger.others(folder.id)]).toEqual([{destinationUid: 5, subject: 'Stranger'}]);
    ledger.close();
  });

  it('begins a folder anew without a trace of its messages', () => {
    const ledger = Ledger.open(file(), 'pair');
    const old = folderOf(ledger);
    ledger.put(old.id, message(1));
    ledger.putOther(old.id, {destinationUid: 1});
    const fresh = folderOf(ledger);
    expect([[...ledger.messages(fresh.id)], [...ledger.others(fresh.id)]]).toEqual([[], []]);
    expect(fresh.destinationSeen).toBe(1);
    ledger.close();
  });

  it('keeps copies of a folder that is numbered anew until their messages are found, also over a kill', () => {
    const path = file();
    const first = Ledger.open(path, 'pair');
    const {id} = folderOf(first);
    const rows = [message(1), message(2, {state: 'failed'}), message(3), message(4), message(5)];
    // Where it was once says nothing of a message that has failed since.
    rows.push(message(7, {state: 'failed', destinationUid: 30}));
    // Nobody knows where the last one is: it is found as what was sent and not answered.
    for (const row of [...rows, message(6, {state: 'stored'})]) first.put(id, row);
    first.storedAll(id, [
      {uid: 3, destinationUid: 31},
      {uid: 4, destinationUid: 32},
    ]);
    first.copyGone(id, 5, 'deleted', {code: 'copy-deleted', reason: 'Gone.'});
    first.seen(id, 33);
    const ends = {source: '["INBOX"]', destination: 'X/INBOX', destinationUidValidity: 9};
    first.renewFolder({...ends, sourceUidValidity: 8});
    first.close();

    const ledger = Ledger.open(path, 'pair');
    // Numbered anew once more before they were found.
    expect(ledger.renewFolder({...ends, sourceUidValidity: 9})).toMatchObject({id, destinationSeen: 33});
    const waiting = [...ledger.messages(id)];
    expect(waiting.map(row => [row.key, row.state, row.destinationUid]).sort()).toEqual([
      ['key 3', 'stored', 31],
      ['key 4', 'stored', 32],
      ['key 5', 'deleted', undefined],
    ]);
    expect(waiting.filter(({uid}) => uid >= 0)).toEqual([]);
    expect([ledger.isWaiting(id), [...ledger.states(id)], ledger.count(id).stored]).toEqual([true, [], 2]);

    const [found] = waiting.filter(row => row.key === 'key 4');
    ledger.forget(id, found?.uid ?? 0);
    ledger.put(id, message(40, {state: 'stored', destinationUid: 32}));
    ledger.endWaiting(id);
    expect([...ledger.states(id)].map(({uid, state}) => [uid, state])).toEqual([[40, 'stored']]);
    expect([...ledger.others(id)]).toMatchObject([{destinationUid: 31, subject: 'Subject 3'}]);
    expect(ledger.isWaiting(id)).toBe(false);
    ledger.close();
  });

  it('takes nobody’s number for what it was at a source that tells no UIDVALIDITY', () => {
    const ledger = Ledger.open(file(), 'pair');
    const ends = {
      source: '["INBOX"]',
      destination: 'X/INBOX',
      sourceUidValidity: 0,
      destinationUidValidity: 9,
    };
    const {id} = ledger.resetFolder(ends);
    ledger.put(id, message(1, {state: 'stored', destinationUid: 31}));
    ledger.renewFolder(ends);
    expect([ledger.isWaiting(id), [...ledger.states(id)]]).toEqual([true, []]);
    ledger.close();
  });

  it('is not done with a folder that is numbered anew, also over a kill', () => {
    const path = file();
    const first = Ledger.open(path, 'pair');
    const {id, destinationSeen: _seen, lastUid: _last, ...ends} = folderOf(first);
    const mark = {
      filter: '',
      sourceUidNext: 3,
      sourceMessages: 2,
      destinationUidNext: 3,
      destinationMessages: 2,
      selected: 2,
      selectedBytes: 30,
    };
    for (const end of ['sourceUidValidity', 'destinationUidValidity'] as const) {
      first.finish(id, mark);
      expect(first.folder(ends.source)?.finished).toEqual(mark);
      first.renewFolder({...ends, [end]: 70});
      expect(first.folder(ends.source)?.finished).toBeUndefined();
    }
    first.close();
    const ledger = Ledger.open(path, 'pair');
    expect(ledger.folder(ends.source)?.finished).toBeUndefined();
    ledger.close();
  });

  it('gives each message its own UID at the destination, whether they are in one run or not', () => {
    const ledger = Ledger.open(file(), 'pair');
    const {id} = folderOf(ledger);
    for (let uid = 1; uid <= 9; uid++) ledger.put(id, message(uid));
    const pairs = (...list: readonly (readonly [number, number])[]) =>
      list.map(([uid, destinationUid]) => ({uid, destinationUid}));
    const batches = [
      pairs([1, 31], [2, 32]),
      pairs([3, 41], [5, 42]),
      pairs([6, 52], [7, 51]),
      pairs([8, 61], [9, 63]),
    ];
    for (const batch of batches) ledger.storedAll(id, batch);
    expect([...ledger.storedUids(id)]).toEqual(batches.flat().sort((one, other) => one.uid - other.uid));
    expect(ledger.message(id, 4)?.state).toBe('intended');
    ledger.close();
  });

  it('opens again what holds a folder that no source folder goes to', () => {
    const path = file();
    const first = Ledger.open(path, 'pair');
    const source = JSON.stringify({other: 'X/Elsewhere'});
    first.resetFolder({source, destination: 'X/Elsewhere', sourceUidValidity: 0, destinationUidValidity: 9});
    first.close();
    const ledger = Ledger.open(path, 'pair');
    expect(ledger.folder(source)?.destination).toBe('X/Elsewhere');
    ledger.close();
  });

  it('keeps of a destination folder that is numbered anew only what was deleted in it', () => {
    const ledger = Ledger.open(file(), 'pair');
    const {id} = folderOf(ledger);
    for (const uid of [1, 2]) ledger.put(id, message(uid));
    ledger.stored(id, 1, 31);
    ledger.copyGone(id, 2, 'deleted', {code: 'copy-deleted', reason: 'Gone.'});
    ledger.putOther(id, {destinationUid: 7});
    ledger.seen(id, 32);
    const ends = {source: '["INBOX"]', destination: 'X/INBOX', sourceUidValidity: 7};
    expect(ledger.renewFolder({...ends, destinationUidValidity: 10})).toMatchObject({destinationSeen: 1});
    expect(ledger.folder(ends.source)?.destinationSeen).toBe(1);
    expect([...ledger.states(id)].map(({uid, state}) => [uid, state])).toEqual([[2, 'deleted']]);
    expect([[...ledger.others(id)], ledger.isWaiting(id)]).toEqual([[], false]);
    ledger.close();
  });

  it('goes through many rows page by page, and stays whole when a transaction breaks', () => {
    const ledger = Ledger.open(file(), 'pair');
    const folder = folderOf(ledger);
    ledger.transaction(() => {
      for (let uid = 1; uid <= 2500; uid++) ledger.put(folder.id, message(uid));
    });
    expect(() =>
      ledger.transaction(() => {
        ledger.forget(folder.id, 1);
        throw new Error('broken');
      }),
    ).toThrow('broken');
    expect([...ledger.messages(folder.id)].map(row => row.uid)).toEqual(
      Array.from({length: 2500}, (_, index) => index + 1),
    );
    ledger.close();
  });

  it('is locked while open: a second mailferry on the pair is refused, a dead one leaves no lock', () => {
    const path = file();
    const ledger = Ledger.open(path, 'pair');
    expect(() => Ledger.open(path, 'pair')).toThrow(expect.objectContaining({code: 'ledger-locked'}));
    ledger.close();
    Ledger.open(path, 'pair').close();
  });

  it('is there whole or not at all: one whose making breaks is made by the next to open it', () => {
    const path = file();
    // A pair that is none breaks it between its tables and their version.
    expect(() => Ledger.open(path, null as unknown as string)).toThrow(/NOT NULL/);
    const ledger = Ledger.open(path, 'pair');
    expect(folderOf(ledger).id).toBe(1);
    ledger.close();
  });

  it('has its log on the disk before its pages are: a power cut costs its end at most', () => {
    const database = openDatabase(file(), 'pair');
    // 0 would be OFF, and 2 waits for the disk at each step.
    expect(database.prepare('PRAGMA synchronous').get()?.['synchronous']).toBe(1);
    expect(database.prepare('PRAGMA journal_mode').get()?.['journal_mode']).toBe('wal');
    database.close();
  });

  // The codes in full, as SQLite gives them: the first eight bits are the kind (https://www.sqlite.org/rescode.html).
  it.each([
    ['busy', 5, 'ledger-locked'],
    ['locked', 6, 'ledger-locked'],
    ['busy with recovery', 261, 'ledger-locked'],
    ['locked in a shared cache', 262, 'ledger-locked'],
    ['corrupt', 11, 'ledger-damaged'],
    ['corrupt in an index', 779, 'ledger-damaged'],
    ['no database', 26, 'ledger-damaged'],
  ])('knows what SQLite means where it says that the file is %s', (_, errcode, code) => {
    const fails = () => {
      throw Object.assign(new Error('said by SQLite'), {errcode});
    };
    expect(() => Ledger.open(file(), 'pair', fails)).toThrow(expect.objectContaining({code}));
  });

  it('refuses what is damaged, foreign or too new, and leaves the file as it is', () => {
    const damaged = file();
    writeFileSync(damaged, 'this is no ledger'.repeat(500));
    const before = readFileSync(damaged);
    expect(() => Ledger.open(damaged, 'pair')).toThrow(expect.objectContaining({code: 'ledger-damaged'}));
    expect(readFileSync(damaged)).toEqual(before);
    const foreign = file();
    Ledger.open(foreign, 'pair').close();
    expect(() => Ledger.open(foreign, 'another')).toThrow(
      expect.objectContaining({code: 'ledger-other-pair'}),
    );
    const newer = file();
    Ledger.open(newer, 'pair').close();
    change(newer, 'PRAGMA user_version = 99');
    expect(() => Ledger.open(newer, 'pair')).toThrow(expect.objectContaining({code: 'ledger-newer'}));
    const older = file();
    Ledger.open(older, 'pair').close();
    change(older, 'ALTER TABLE message DROP COLUMN hints');
    expect(() => Ledger.open(older, 'pair')).toThrow(expect.objectContaining({code: 'ledger-older'}));
    const unfinished = file();
    Ledger.open(unfinished, 'pair').close();
    change(unfinished, 'PRAGMA user_version = 0');
    expect(() => Ledger.open(unfinished, 'pair')).toThrow(expect.objectContaining({code: 'ledger-older'}));
    const empty = file();
    change(empty, 'PRAGMA user_version = 99');
    expect(() => Ledger.open(empty, 'pair')).toThrow(expect.objectContaining({code: 'ledger-newer'}));
    const encoded = file();
    change(encoded, "PRAGMA encoding = 'UTF-16le'; CREATE TABLE about (pair TEXT)");
    expect(() => Ledger.copy(encoded, 'pair')).toThrow(expect.objectContaining({code: 'ledger-damaged'}));
    const format = file();
    Ledger.open(format, 'pair').close();
    const written = readFileSync(format);
    // The format of its schema (https://sqlite.org/fileformat2.html, section 1.3): 4 is the latest.
    written.writeUInt32BE(5, 44);
    writeFileSync(format, written);
    expect(() => Ledger.open(format, 'pair')).toThrow(expect.objectContaining({code: 'ledger-damaged'}));
    const other = file();
    change(other, 'CREATE TABLE folder (x); PRAGMA user_version = 1');
    expect(() => Ledger.open(other, 'pair')).toThrow(expect.objectContaining({code: 'ledger-damaged'}));
  });

  it('is made by no dry run', () => {
    const path = file();
    Ledger.copy(path, 'pair').close();
    expect(existsSync(path)).toBe(false);
  });

  it('finds damage in any page before it is used', () => {
    const whole = file();
    const ledger = Ledger.open(whole, 'pair');
    const folder = folderOf(ledger);
    ledger.transaction(() =>
      ledger.putAll(
        folder.id,
        Array.from({length: 700}, (_, index) => message(index + 1)),
      ),
    );
    ledger.close();
    const bytes = readFileSync(whole);
    const pageSize = 4096;
    const missed: string[] = [];
    for (let page = 1; page < bytes.length / pageSize; page += 1)
      for (const filler of [0, 0xff, 0x41]) {
        const damaged = file();
        const copy = Buffer.from(bytes);
        copy.fill(filler, page * pageSize, (page + 1) * pageSize);
        writeFileSync(damaged, copy);
        try {
          Ledger.open(damaged, 'pair').close();
          missed.push(`page ${page} filled with ${filler}`);
        } catch (error) {
          expect(error).toMatchObject({code: expect.stringMatching(/^ledger-(damaged|older)$/)});
        }
      }
    expect(missed).toEqual([]);
  });

  it.each([
    ['a mark that is no JSON', "UPDATE folder SET finished = '{'"],
    ['a mark of something else', 'UPDATE folder SET finished = \'{"filter":7}\''],
    ['a folder that has no levels', "UPDATE folder SET source = 'INBOX'"],
    ['levels that are none', "UPDATE folder SET source = '[1]'"],
    ['a place that is none', `UPDATE folder SET source = '{"other":1}'`],
    [
      'a number that nobody can read',
      'UPDATE message SET destination_uid = 9223372036854775807 WHERE uid = 1',
    ],
    ['a date before all time', 'UPDATE message SET date = -9223372036854775808 WHERE uid = 1'],
    ['a size below nothing', 'UPDATE message SET size = -1 WHERE uid = 1'],
    ['a state that is none', "UPDATE message SET state = 'x' WHERE uid = 1"],
    ['mail of others without a number', 'UPDATE other SET destination_uid = -5'],
    ['work of its own', 'CREATE TRIGGER t AFTER UPDATE ON folder BEGIN DELETE FROM message; END'],
    [
      'an index of something else',
      'DROP INDEX message_deleted; CREATE INDEX message_deleted ON message (state)',
    ],
  ])('refuses %s before it is used, also for a dry run', (_, sql) => {
    const path = file();
    const ledger = Ledger.open(path, 'pair');
    const folder = folderOf(ledger);
    ledger.put(folder.id, message(1));
    ledger.putOther(folder.id, {destinationUid: 5});
    ledger.close();
    change(path, sql);
    expect(() => Ledger.open(path, 'pair')).toThrow(expect.objectContaining({code: 'ledger-damaged'}));
    expect(() => Ledger.copy(path, 'pair')).toThrow(expect.objectContaining({code: 'ledger-damaged'}));
  });

  it('takes folders of others and rows that wait for their messages for what they are', () => {
    const path = file();
    const ledger = Ledger.open(path, 'pair');
    const {id, destinationSeen: _seen, lastUid: _last, ...ends} = folderOf(ledger);
    ledger.put(id, message(1, {state: 'stored', destinationUid: 4}));
    ledger.renewFolder({...ends, sourceUidValidity: 8});
    expect(ledger.isWaiting(id)).toBe(true);
    ledger.resetFolder({...ends, source: JSON.stringify({other: 'X/Old'}), destination: 'X/Old'});
    ledger.close();
    const again = Ledger.open(path, 'pair');
    expect(again.isWaiting(id)).toBe(true);
    again.close();
  });

  it('refuses rows that are out of order: one would be read twice, or for ever', () => {
    const path = file();
    const ledger = Ledger.open(path, 'pair');
    const folder = folderOf(ledger);
    for (const uid of [1001, 1002]) ledger.put(folder.id, message(uid));
    ledger.close();
    const bytes = readFileSync(path);
    // 1002 as SQLite writes it down, in the row that also says so in words.
    const words = bytes.indexOf('key 1002');
    const at = bytes.lastIndexOf(Buffer.from([0x03, 0xea]), words);
    bytes.writeUInt16BE(1001, at);
    writeFileSync(path, bytes);
    expect(() => Ledger.open(path, 'pair')).toThrow(expect.objectContaining({code: 'ledger-damaged'}));
  });
});
