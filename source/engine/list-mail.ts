// The listing at the end of a request: what became of every selected message, and what else is below the
// destination folder. Read from the ledger; the servers are only asked for folders that this request did not touch.
import type {MailboxContext} from './copy/context.ts';
import type {FolderWork} from './copy/folder-work.ts';
import type {Link} from './copy/link.ts';
import {looks} from './copy/settle.ts';
import {baseLevels} from './folders/map.ts';
import {isWithin} from './folders/path.ts';
import type {ListedMailbox} from './imap/session.ts';
import type {LedgerMessage, OtherMessage} from './ledger/ledger.ts';
import type {MessageResult, MessageRow} from './listing.ts';
import {problem} from './problems.ts';

const rowsAtOnce = 1000;

/** Rows go to the context's `takeRows` in batches; memory stays bounded. */
export async function listMail(works: readonly FolderWork[], context: MailboxContext): Promise<void> {
  const take = batched(context);
  for (const work of works) {
    if (!work.prepared) continue;
    const folders = {sourceFolder: work.pair.shown, destinationFolder: work.pair.destination};
    const known = new Set<number>();
    for (const row of context.ledger.messages(work.ledgerFolder.id)) {
      if (row.state === 'intended') continue;
      known.add(row.uid);
      await take.row({request: context.job.request, ...folders, ...rowOf(row, context.settings.run)});
    }
    const left = problem(context.settings.dryRun ? 'dry-run' : 'not-reached', {});
    if (!work.unchanged)
      for (const uid of work.selected) {
        if (known.has(uid)) continue;
        const result: MessageResult = work.state === 'failed' ? 'failed' : 'skipped';
        await take.row({
          request: context.job.request,
          ...folders,
          sourceUid: uid,
          result,
          code: left.code,
          reason: left.sentence,
        });
      }
    for (const other of context.ledger.others(work.ledgerFolder.id))
      await take.row({
        request: context.job.request,
        destinationFolder: work.pair.destination,
        result: 'other',
        ...aboutOf(other),
        destinationUid: other.destinationUid,
      });
  }
  await take.flush();
}

/** Mail below the destination folder in mailboxes that this request has nothing to do with. */
export async function listOthers(
  works: readonly FolderWork[],
  listed: readonly ListedMailbox[],
  link: Link,
  context: MailboxContext,
): Promise<void> {
  const {ledger, job, settings} = context;
  if (job.what.destinationFolder === '' || settings.dryRun) return;
  const ours = new Set(works.map(work => work.pair.destination));
  const first = listed[0];
  if (first === undefined) return;
  const base = baseLevels({
    delimiter: first.delimiter,
    prefix: '',
    provider: job.what.destination.provider,
    folder: job.what.destinationFolder,
    existing: [],
  });
  const strangers = listed.filter(
    mailbox => !ours.has(mailbox.name) && (mailbox.status?.messages ?? 0) > 0 && isWithin(mailbox.path, base),
  );
  if (strangers.length === 0) return;
  const take = batched(context);
  let session: Awaited<ReturnType<Link['open']>> | undefined;
  for (const {name, status} of strangers) {
    if (status === undefined) continue;
    const key = JSON.stringify({other: name});
    let folder = ledger.folder(key);
    const same =
      folder?.destinationUidValidity === status.uidValidity &&
      folder.finished?.destinationUidNext === status.uidNext &&
      folder.finished.destinationMessages === status.messages;
    if (folder === undefined || !same) {
      folder = ledger.resetFolder({
        source: key,
        destination: name,
        sourceUidValidity: 0,
        destinationUidValidity: status.uidValidity,
      });
      session ??= await link.open();
      await session.examine(name);
      const found = await looks(session, await session.search({}));
      const id = folder.id;
      ledger.transaction(() => {
        for (const look of found) ledger.putOther(id, {destinationUid: look.uid, ...look.about});
        ledger.finish(id, {
          filter: '',
          sourceUidNext: 0,
          sourceMessages: 0,
          destinationUidNext: status.uidNext,
          destinationMessages: status.messages,
          selected: 0,
          selectedBytes: 0,
        });
      });
    }
    for (const other of ledger.others(folder.id))
      await take.row({
        request: job.request,
        destinationFolder: name,
        result: 'other',
        ...aboutOf(other),
        destinationUid: other.destinationUid,
      });
  }
  session?.logout();
  await take.flush();
}

function batched(context: MailboxContext): {row(row: MessageRow): Promise<void>; flush(): Promise<void>} {
  let rows: MessageRow[] = [];
  const flush = async () => {
    if (rows.length === 0) return;
    const full = rows;
    rows = [];
    await context.ports.takeRows(full);
  };
  return {
    flush,
    row: async row => {
      rows.push(row);
      if (rows.length >= rowsAtOnce) await flush();
    },
  };
}

function rowOf(
  row: LedgerMessage & {readonly selected: boolean},
  run: string,
): Omit<MessageRow, 'request' | 'sourceFolder' | 'destinationFolder'> {
  return {
    result: resultOf(row, run),
    sourceUid: row.uid,
    ...aboutOf(row),
    ...(row.destinationUid === undefined ? {} : {destinationUid: row.destinationUid}),
    ...(row.run === '' ? {} : {run: row.run}),
    ...(row.code === undefined ? {} : {code: row.code}),
    ...(row.reason === undefined ? {} : {reason: row.reason}),
  };
}

function resultOf(row: LedgerMessage & {readonly selected: boolean}, run: string): MessageResult {
  if (row.state === 'failed') return 'failed';
  if (row.state === 'skipped') return 'skipped';
  if (!row.selected) return 'earlier';
  return row.run === run ? 'copied' : 'already present';
}

function aboutOf(
  row: LedgerMessage | OtherMessage,
): Pick<MessageRow, 'date' | 'size' | 'messageId' | 'from' | 'subject'> {
  return {
    ...(row.date === undefined ? {} : {date: row.date}),
    ...(row.size === undefined ? {} : {size: row.size}),
    ...(row.messageId === undefined ? {} : {messageId: row.messageId}),
    ...(row.from === undefined ? {} : {from: row.from}),
    ...(row.subject === undefined ? {} : {subject: row.subject}),
  };
}
