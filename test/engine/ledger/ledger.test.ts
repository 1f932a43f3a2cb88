import {readFileSync, statSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {Ledger, type LedgerMessage} from '../../../source/engine/ledger/ledger.ts';
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
    expect(ledger.folder('["INBOX"]')).toEqual({...folder, destinationSeen: 42});
    expect([...ledger.messages(folder.id)]).toEqual(
      [
        {...message(1), selected: true},
        {...message(2, {state: 'stored', destinationUid: 41}), hints: undefined, selected: true},
        {
          ...message(3, {state: 'failed', code: 'message-refused', reason: 'No.'}),
          hints: undefined,
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
  });

  it('can be read by its owner only', () => {
    const path = file();
    Ledger.open(path, 'pair').close();
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });
});
