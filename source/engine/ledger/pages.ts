// A folder's rows, ascending and page by page: a mailbox may hold more messages than memory.
import type {StatementSync} from 'node:sqlite';
import {
  type KnownMessage,
  type ListedMessage,
  listedColumns,
  type MessageState,
  type OtherMessage,
  type Row,
  readListed,
  readMessage,
  readOther,
  type Values,
} from './rows.ts';

/** Gives the same statement for the same text. */
export type Prepare = (sql: string) => StatementSync;

/** By source UID, as all but `othersOf`; without the rows that wait for theirs (negative, renew.ts). */
export function statesOf(
  prepare: Prepare,
  folder: number,
): Generator<{readonly uid: number; readonly state: MessageState; readonly selected: boolean}> {
  return pages(
    prepare('SELECT uid, state, selected FROM message WHERE folder = ? AND uid > ? ORDER BY uid LIMIT 1000'),
    {folder, from: 0},
    (row: Row) => ({
      uid: Number(row['uid']),
      state: row['state'] as MessageState,
      selected: row['selected'] === 1,
    }),
    ({uid}) => uid,
  );
}

/** Of the messages whose place at the destination is known. */
export function storedUidsOf(
  prepare: Prepare,
  folder: number,
): Generator<{readonly uid: number; readonly destinationUid: number}> {
  return pages(
    prepare(
      "SELECT uid, destination_uid FROM message WHERE folder = ? AND uid > ? AND state = 'stored' AND destination_uid IS NOT NULL ORDER BY uid LIMIT 1000",
    ),
    {folder, from: 0},
    (row: Row) => ({uid: Number(row['uid']), destinationUid: Number(row['destination_uid'])}),
    ({uid}) => uid,
  );
}

/** Those that wait for their UID among them, first. @param states all where not given */
export function messagesOf(
  prepare: Prepare,
  folder: number,
  states?: readonly MessageState[],
): Generator<KnownMessage> {
  const wanted =
    states === undefined ? '' : ` AND state IN (${states.map(state => `'${state}'`).join(', ')})`;
  return pages(
    prepare(`SELECT * FROM message WHERE folder = ? AND uid > ?${wanted} ORDER BY uid LIMIT 1000`),
    {folder, from: Number.MIN_SAFE_INTEGER},
    readMessage,
    ({uid}) => uid,
  );
}

/** Only what a listing shows, read as arrays: every message of a mailbox comes by at the end of every run. */
export function listingOf(prepare: Prepare, folder: number): Generator<ListedMessage> {
  const page = prepare(
    `SELECT ${listedColumns} FROM message WHERE folder = ? AND uid > ? ORDER BY uid LIMIT 1000`,
  );
  page.setReturnArrays(true);
  return pages(page, {folder, from: 0}, readListed, ({uid}) => uid);
}

/** What is at the destination and not ours, by destination UID. */
export function othersOf(prepare: Prepare, folder: number): Generator<OtherMessage> {
  return pages(
    prepare(
      'SELECT * FROM other WHERE folder = ? AND destination_uid > ? ORDER BY destination_uid LIMIT 1000',
    ),
    {folder, from: 0},
    readOther,
    ({destinationUid}) => destinationUid,
  );
}

/** @param page takes a folder and the number that the rows are behind, and gives 1,000 at most, ascending */
function* pages<In extends Row | Values, Item>(
  page: StatementSync,
  {folder, from}: {readonly folder: number; readonly from: number},
  read: (row: In) => Item,
  numberOf: (item: Item) => number,
): Generator<Item> {
  for (let after = from; ; ) {
    // Its type tells of objects only.
    const rows = page.all(folder, after) as unknown as In[];
    for (const row of rows) {
      const item = read(row);
      after = numberOf(item);
      yield item;
    }
    if (rows.length < 1000) return;
  }
}
