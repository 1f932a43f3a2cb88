// The listing at the end of a request: what became of every selected message, and what else is below the
// destination folder. Read from the ledger; the servers are only asked for folders that this request did not touch.
import type {MailboxContext} from './copy/context.ts';
import type {FolderWork} from './copy/folder-work.ts';
import type {Link} from './copy/link.ts';
import {looks} from './copy/settle.ts';
import {isWithin} from './folders/path.ts';
import {ConnectionLost, ServerRefused} from './imap/errors.ts';
import type {MailboxStatus} from './imap/responses.ts';
import type {ListedMailbox, Session} from './imap/session.ts';
import type {Ledger, LedgerFolder, LedgerMessage, OtherMessage} from './ledger/ledger.ts';
import type {MessageResult, MessageRow} from './listing.ts';
import {problem} from './problems.ts';
import type {Survey} from './survey.ts';

const rowsAtOnce = 1000;

/** Rows go to the context's `takeRows` in batches; memory stays bounded. */
export async function listMail(works: readonly FolderWork[], context: MailboxContext): Promise<void> {
  const take = batched(context);
  for (const work of works) {
    if (!work.prepared) continue;
    const folders = {sourceFolder: work.pair.shown, destinationFolder: work.pair.destination};
    const left = new Set(work.unchanged ? [] : work.selected);
    for (const row of context.ledger.messages(work.ledgerFolder.id)) {
      if (row.state === 'intended') continue;
      left.delete(row.uid);
      const full = take.row({request: context.job.request, ...folders, ...rowOf(row, context.settings.run)});
      if (full !== undefined) await full;
    }
    const why = problem(context.settings.dryRun ? 'dry-run' : 'not-reached', {});
    const result: MessageResult = work.state === 'failed' ? 'failed' : 'skipped';
    for (const uid of left)
      await take.row({
        request: context.job.request,
        ...folders,
        sourceUid: uid,
        result,
        code: why.code,
        reason: why.sentence,
      });
    for (const other of context.ledger.others(work.ledgerFolder.id))
      await take.row(otherRow(context.job.request, work.pair.destination, other));
  }
  await take.flush();
}

/** Mail below the destination folder in mailboxes that this request has nothing to do with. */
export async function listOthers(
  works: readonly FolderWork[],
  {destinationListed, base}: Pick<Survey, 'destinationListed' | 'base'>,
  link: Link,
  context: MailboxContext,
): Promise<void> {
  const {ledger, job, settings, stop, emit} = context;
  if (job.what.destinationFolder === '' || settings.dryRun) return;
  const ours = new Set(works.map(work => work.pair.destination));
  const strangers = destinationListed.filter(
    mailbox => !ours.has(mailbox.name) && (mailbox.status?.messages ?? 0) > 0 && isWithin(mailbox.path, base),
  );
  if (strangers.length === 0) return;
  const take = batched(context);
  let session: Session | undefined;
  try {
    for (const {name, wire, status} of strangers) {
      if (status === undefined || stop.finish.aborted) continue;
      try {
        let folder = unchangedStranger(name, status, ledger);
        if (folder === undefined) {
          session ??= await link.open();
          folder = await readStranger({name, wire}, status, session, ledger);
        }
        for (const other of ledger.others(folder.id)) await take.row(otherRow(job.request, name, other));
      } catch (error) {
        if (!(error instanceof ServerRefused || error instanceof ConnectionLost)) throw error;
        // Nothing of ours is in it: that it cannot be listed is told, and fails nothing.
        const why = link.problem(error, 'list');
        emit({type: 'note', request: job.request, problem: {...why, verdict: 'skip'}});
        if (error instanceof ConnectionLost) return;
      }
    }
  } finally {
    session?.logout();
    await take.flush();
  }
}

function strangerKey(name: string): string {
  return JSON.stringify({other: name});
}

/** The folder as the ledger knows it, where it has not changed since. */
function unchangedStranger(name: string, status: MailboxStatus, ledger: Ledger): LedgerFolder | undefined {
  const folder = ledger.folder(strangerKey(name));
  const same =
    folder?.destinationUidValidity === status.uidValidity &&
    folder.finished?.destinationUidNext === status.uidNext &&
    folder.finished.destinationMessages === status.messages;
  return same ? folder : undefined;
}

async function readStranger(
  {name, wire}: Pick<ListedMailbox, 'name' | 'wire'>,
  status: MailboxStatus,
  session: Session,
  ledger: Ledger,
): Promise<LedgerFolder> {
  await session.examine(name, wire);
  const found = await looks(session, await session.search({}));
  const folder = ledger.resetFolder({
    source: strangerKey(name),
    destination: name,
    sourceUidValidity: 0,
    destinationUidValidity: status.uidValidity,
  });
  ledger.transaction(() => {
    for (const look of found) ledger.putOther(folder.id, {destinationUid: look.uid, ...look.about});
    ledger.finish(folder.id, {
      filter: '',
      sourceUidNext: 0,
      sourceMessages: 0,
      destinationUidNext: status.uidNext,
      destinationMessages: status.messages,
      selected: 0,
      selectedBytes: 0,
    });
  });
  return folder;
}

function otherRow(request: number, destinationFolder: string, other: OtherMessage): MessageRow {
  return {
    request,
    destinationFolder,
    result: 'other',
    ...aboutOf(other),
    destinationUid: other.destinationUid,
  };
}

/** `row` gives a promise where there is something to wait for: a row in a thousand. */
function batched(context: MailboxContext): {
  row(row: MessageRow): Promise<void> | undefined;
  flush(): Promise<void>;
} {
  let rows: MessageRow[] = [];
  const flush = async () => {
    if (rows.length === 0) return;
    const full = rows;
    rows = [];
    await context.ports.takeRows(full);
  };
  return {
    flush,
    row: row => {
      rows.push(row);
      return rows.length >= rowsAtOnce ? flush() : undefined;
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
  if (row.state === 'skipped' || row.state === 'deleted') return 'skipped';
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
