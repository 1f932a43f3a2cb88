// Folders with little mail. What takes time in them is not the mail but the waiting for answers, folder after folder; so
// the commands of many travel together, and a round trip serves them all. Only what goes as it should goes so: what is
// out of the ordinary is left to its folder, which is copied by itself then (transfer.ts).

import {type AppendStrategy, isUnasked} from '../imap/append.ts';
import {ConnectionLost, ServerRefused} from '../imap/errors.ts';
import type {FetchedMessage} from '../imap/responses.ts';
import type {Links} from '../link/link.ts';
import {type Batch, firstBatch} from './batches.ts';
import type {MailboxContext} from './context.ts';
import type {FolderWork} from './folder-work.ts';
import {FolderReplaced, HoldsMore, openSource, openToWrite, type Sessions} from './open-ends.ts';
import {outgoingOf} from './outgoing.ts';
import {FolderRecords} from './records.ts';
import {whyUnsent} from './unsent.ts';
import {StrategyRefused, Writer} from './writer.ts';

/** Up to how much mail a folder is small. */
const small = {messages: 20, bytes: 256 * 1024};
/** Folders on their way together on one connection, and the bytes in them. */
const most = {folders: 32, bytes: 1024 * 1024};

/** Only where messages are sent unasked may several folders' be under way; and only a told UID confirms without a look. */
export function canGoTogether(
  {source, target}: Pick<Sessions, 'source' | 'target'>,
  strategy: AppendStrategy,
): boolean {
  return !source.exchange && !target.exchange && target.has('UIDPLUS') && isUnasked(strategy);
}

/** All its mail is one small batch, and nothing is known against it. */
export function isSmall(work: FolderWork): boolean {
  if (work.alone || work.unsettled || work.wary || work.opening.doubtful) return false;
  if (work.refusal !== undefined) return false;
  if (work.batches.left > small.messages) return false;
  const batch = lastBatch(work);
  return batch !== undefined && batch.bytes <= small.bytes;
}

/** What is left of it, where that is one batch. */
function lastBatch({batches}: FolderWork): Batch | undefined {
  const batch = batches.peek();
  return batch !== undefined && !batch.large && batch.uids.length === batches.left ? batch : undefined;
}

/** Of a folder that a lane is worth opening for. */
export const wholeLane = most.folders;
/** One whose mail is one batch is copied in a few round trips, and opening a lane takes some more. */
const someOfLane = wholeLane / 4;

/**
 * How much of a lane a folder can make use of, of `wholeLane`: those with little mail are done on one that is there
 * before another is opened. Before it is counted, by what the server says of it.
 */
export function shareOfLane(work: FolderWork): number {
  if (isSmall(work)) return 1;
  if (work.batches.left > 0) return lastBatch(work) === undefined ? wholeLane : someOfLane;
  const {messages, bytes = 0} = work.pair.source.status ?? {messages: Number.POSITIVE_INFINITY};
  const fits = (size: typeof small) => messages <= size.messages && bytes <= size.bytes;
  if (fits(small)) return 1;
  return fits(firstBatch) ? someOfLane : wholeLane;
}

/**
 * Those of the folders that a lane takes at once: its share of the small ones that nobody is at work on.
 * @param lanes that share them
 */
export function takeTogether(works: Iterable<FolderWork>, lanes: number): readonly FolderWork[] {
  const free: FolderWork[] = [];
  for (const work of works) {
    // A mailbox may have a hundred thousand of them.
    if (free.length === most.folders * lanes) break;
    if (work.lanes === 0 && isSmall(work)) free.push(work);
  }
  const taken: FolderWork[] = [];
  let bytes = 0;
  for (const work of free.slice(0, Math.ceil(free.length / lanes))) {
    bytes += work.batches.peek()?.bytes ?? 0;
    if (taken.length > 0 && bytes > most.bytes) break;
    taken.push(work);
  }
  return taken;
}

export type Carried = {
  /** All their mail is stored, or named in the report. */
  readonly copied: readonly FolderWork[];
  /** What ended it before its time: the connection is gone, or the server asks to wait. */
  readonly failure?: ConnectionLost | ServerRefused;
};

/** One folder among those under way. */
type Part = {
  readonly work: FolderWork;
  readonly batch: Batch;
  readonly opened: Promise<unknown>;
  readonly fetched: Promise<FetchedMessage[]>;
  /** Messages whose fate is not written down yet. */
  readonly taken: Set<number>;
  readonly writer: Writer;
  readonly records: FolderRecords;
  /** The writer has the batch, and gives its bytes back to the budget. */
  sent: boolean;
  error: unknown;
};

/**
 * Copies small folders over one pair of connections. What is not copied afterwards is given back to its folder, which
 * then goes alone unless it was only stopped.
 * @throws what is no server's doing: a full disk, the stop signal's reason
 */
export async function carryTogether(
  works: readonly FolderWork[],
  sessions: Sessions,
  links: Links,
  context: MailboxContext,
): Promise<Carried> {
  const {budget, stop} = context;
  const bytes = works.reduce((all, work) => all + (work.batches.peek()?.bytes ?? 0), 0);
  await budget.take(bytes, stop.abort);
  const parts = begin(works, sessions, links, context);
  let failure: unknown;
  try {
    for (const part of parts) await attempt(part, () => send(part, sessions, links, context));
    for (const part of parts) if (part.sent) await attempt(part, () => part.writer.confirm());
  } catch (error) {
    failure = error;
  }
  for (const part of parts)
    try {
      await giveBack(part, context);
    } catch (error) {
      failure ??= error;
    }
  if (failure !== undefined) throw failure;
  const ending = parts.map(part => part.error).find(isEnding);
  return {
    copied: parts.flatMap(({work, taken}) => (taken.size === 0 ? [work] : [])),
    ...(ending === undefined ? {} : {failure: ending}),
  };
}

/** Sends EXAMINE, SELECT and FETCH of all. An answer to a FETCH is its folder's only where its EXAMINE was answered. */
function begin(
  works: readonly FolderWork[],
  sessions: Sessions,
  links: Links,
  context: MailboxContext,
): Part[] {
  const {source, target} = sessions;
  const server = context.servers.of(links.target.server);
  const parts: Part[] = [];
  source.wire.together(() =>
    target.wire.together(() => {
      for (const work of works) {
        const batch = work.batches.take();
        if (batch === undefined) continue;
        work.enter('copying');
        const opened = Promise.all([openSource(work, sessions), openToWrite(work, sessions)]);
        const fetched = source.messages(batch.uids, batch.bytes);
        // Looked at when its turn comes; until then a lost connection is nobody's unhandled rejection.
        opened.catch(() => undefined);
        fetched.catch(() => undefined);
        const taken = new Set(batch.uids);
        const records = new FolderRecords(work, links.target, context, uid => {
          taken.delete(uid);
          work.mail.accounted(uid);
        });
        const writer = new Writer(work, target, server, context, records);
        parts.push({work, batch, opened, fetched, taken, writer, records, sent: false, error: undefined});
      }
    }),
  );
  return parts;
}

/** A server's error is the part's own; any other ends all. */
async function attempt(part: Part, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    part.error = error;
    if (error instanceof FolderReplaced || error instanceof StrategyRefused) return;
    if (error instanceof HoldsMore) return;
    if (!(error instanceof ConnectionLost || error instanceof ServerRefused)) throw error;
  }
}

async function send(part: Part, sessions: Sessions, links: Links, context: MailboxContext): Promise<void> {
  const {work, batch, records, writer} = part;
  const {exchange, signedIn} = sessions.target;
  await part.opened;
  const messages = await part.fetched;
  links.source.pace.progress();
  // What was only read is not in flight yet: a stop does not wait for it.
  if (context.stop.finish.aborted) return;
  const limits = {exchange: sessions.source.exchange, limit: signedIn.appendLimit};
  // What is out of the ordinary stays with its folder.
  const usual = messages.filter(
    ({body, oversize}) =>
      body !== undefined &&
      body.length > 0 &&
      oversize !== true &&
      whyUnsent(body, {size: body.length, ...limits}) === undefined,
  );
  if (!isUnasked(writer.strategy)) {
    work.alone = true;
    return;
  }
  try {
    await writer.send(
      usual.map(message => outgoingOf(message, records, exchange)),
      batch.bytes,
    );
    part.sent = true;
  } catch (error) {
    // Some of it may have arrived.
    if (error instanceof ConnectionLost) work.lost(context.ports.elapsed());
    throw error;
  }
}

/** What is not written down goes back to the folder. */
async function giveBack(part: Part, {budget, ports, stop}: MailboxContext): Promise<void> {
  const {work, batch, taken, writer, error} = part;
  try {
    // A refusal leaves the connection in order: what is under way on it still gets its answer.
    if (error instanceof StrategyRefused || error instanceof ServerRefused) await writer.drain();
  } finally {
    if (writer.abandon()) work.lost(ports.elapsed());
    if (!part.sent) budget.give(batch.bytes);
    work.giveBack(taken);
    if (taken.size > 0 && !stop.finish.aborted) work.alone = true;
  }
}

/** It is not the folder's: no other one would fare better on this connection, or now. */
function isEnding(error: unknown): error is ConnectionLost | ServerRefused {
  return (
    error instanceof ConnectionLost || (error instanceof ServerRefused && error.throttleReset !== undefined)
  );
}
