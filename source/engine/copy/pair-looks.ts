// Pairs what was seen in a destination folder with the source's messages, or with the ledger's rows of them.
import type {LedgerMessage} from '../ledger/ledger.ts';
import {type KeyedMessage, matchAll} from '../messages/match.ts';
import {nothingRead, pairContents} from './compare-contents.ts';
import type {MailboxContext} from './context.ts';
import type {FolderWork} from './folder-work.ts';
import type {Look, Sessions} from './settle.ts';

type AtSource = {
  readonly source: readonly KeyedMessage[];
  /** Of their contents, where they are known already; by UID. */
  readonly digests: ReadonlyMap<number, string>;
  /** ms since 1970, by UID. */
  readonly dates: ReadonlyMap<number, number | undefined>;
};

type Pairs = readonly (readonly [number, number])[];

/**
 * The destination folder must be open.
 * @returns source and destination UID of those that are the same
 * @throws ConnectionLost, ServerRefused, FolderReplaced
 */
export async function pairLooks(
  {source, digests, dates}: AtSource,
  destination: readonly Look[],
  work: FolderWork,
  sessions: Sessions,
  context: MailboxContext,
): Promise<Pairs> {
  if (source.length === 0 || destination.length === 0) return [];
  const rewrites = context.job.what.destination.provider === 'o365';
  const exactSizes = !rewrites && !sessions.source.exchange && !sessions.target.exchange;
  const dated = {
    source: dates,
    destination: new Map(destination.map(look => [look.uid, look.about.date])),
  };
  const read = nothingRead();
  for (const [uid, digest] of digests) read.content.source.set(uid, digest);
  return matchAll({source, destination, exactSizes}, ambiguous =>
    pairContents(ambiguous, {read, dates: dated, rewrites}, work, sessions),
  );
}

/** As `pairLooks`, with messages as the ledger knows them. */
export function pairRows(
  rows: readonly LedgerMessage[],
  destination: readonly Look[],
  work: FolderWork,
  sessions: Sessions,
  context: MailboxContext,
): Promise<Pairs> {
  const source = rows.map(row => ({
    ...{uid: row.uid, key: row.key ?? '', strong: row.strong, hints: row.hints ?? []},
    ...(row.size === undefined ? {} : {size: row.size}),
  }));
  const digests = new Map(
    rows.flatMap(row => (row.digest === undefined ? [] : [[row.uid, row.digest] as const])),
  );
  const dates = new Map(rows.map(row => [row.uid, row.date]));
  return pairLooks({source, digests, dates}, destination, work, sessions, context);
}
