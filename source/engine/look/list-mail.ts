// The listing at the end of a request: what became of every selected message, and what else is below the
// destination folder. Read from the ledger; the servers are only asked for folders that this request did not touch.
import type {MailboxContext} from '../copy/context.ts';
import type {FolderWork} from '../copy/folder-work.ts';
import {looks} from '../copy/looks.ts';
import {knownAs} from '../folders/case.ts';
import {isWithin, showPath} from '../folders/path.ts';
import {ConnectionLost, ServerRefused} from '../imap/errors.ts';
import type {MailboxStatus} from '../imap/responses.ts';
import type {ListedMailbox, Session} from '../imap/session.ts';
import type {Ledger, LedgerFolder, ListedMessage, OtherMessage} from '../ledger/ledger.ts';
import {runOf} from '../ledger/run-tag.ts';
import type {Link} from '../link/link.ts';
import {problem} from '../problems/problems.ts';
import type {MessageResult, MessageRow} from './listing.ts';
import type {Survey} from './survey.ts';

/** Few enough to be forgotten before they count as old: a third less work for the memory (measured). */
const rowsAtOnce = 250;

/**
 * Rows go to the context's `takeRows` in batches; memory stays bounded.
 * @param done folders that are listed already, by their number in the ledger
 */
export async function listMail(
  works: readonly FolderWork[],
  context: MailboxContext,
  done: ReadonlySet<number>,
): Promise<void> {
  const take = batched(context);
  for (const work of works)
    if (work.prepared && !done.has(work.ledgerFolder.id)) await listWork(work, context, take);
  await take.flush();
}

/** What became of the messages of a folder, and what else is in it. */
export async function listWork(work: FolderWork, context: Listing, take: Batched): Promise<void> {
  const {shown: sourceFolder, destination: destinationFolder} = work.pair;
  const {request} = context.job;
  const left = new Set(work.unchanged ? [] : work.selected);
  const {id} = work.ledgerFolder;
  const {code, sentence: reason} = problem(context.settings.dryRun ? 'dry-run' : 'not-reached', {});
  const result: MessageResult = work.state === 'failed' ? 'failed' : 'skipped';
  const rest = {result, code, reason};
  await listStored(
    {id, shown: sourceFolder, destination: destinationFolder},
    context,
    take,
    ({uid, state}) => {
      const asked = left.delete(uid);
      // It failed before, and now nobody has come to it.
      return asked && state === 'failed' && !work.tally.hasFailed(uid) ? rest : undefined;
    },
  );
  for (const sourceUid of left)
    await take.row({request, sourceFolder, destinationFolder, sourceUid, ...rest});
  await listStrangers({id, destination: destinationFolder}, context, take);
}

type Listing = Pick<MailboxContext, 'job' | 'ledger' | 'settings'>;
/** `id`: the folder's number in the ledger. */
type KnownFolder = {readonly id: number; readonly shown: string; readonly destination: string};

/** All that the ledger knows of a folder. */
export async function listFolder(folder: KnownFolder, context: Listing, take: Batched): Promise<void> {
  await listStored(folder, context, take, () => undefined);
  await listStrangers(folder, context, take);
}

/** @param instead told of each message that is listed; gives what became of it where the ledger has an older word */
async function listStored(
  {id, shown: sourceFolder, destination: destinationFolder}: KnownFolder,
  {job: {request}, ledger, settings: {run}}: Listing,
  take: Batched,
  instead: (row: ListedMessage) => Pick<MessageRow, 'result' | 'code' | 'reason'> | undefined,
): Promise<void> {
  for (const row of ledger.listing(id)) {
    if (row.state === 'intended') continue;
    // Gone from the source or not asked for any more: it is nowhere, and nothing of what this run was to do.
    if (row.state !== 'stored' && !row.selected) continue;
    const {uid: sourceUid} = row;
    const other = instead(row);
    const {code, reason} = other ?? row;
    const result = other?.result ?? resultOf(row, run);
    const listed: Writable<MessageRow> = {request, result, sourceFolder, sourceUid, destinationFolder};
    if (row.run !== '') listed.run = runOf(row.run);
    if (code !== undefined) listed.code = code;
    if (reason !== undefined) listed.reason = reason;
    describe(listed, row);
    const full = take.row(listed);
    if (full !== undefined) await full;
  }
}

/** Mail of others in a folder of ours. */
async function listStrangers(
  {id, destination}: Pick<KnownFolder, 'id' | 'destination'>,
  {job: {request}, ledger}: Listing,
  take: Batched,
): Promise<void> {
  for (const other of ledger.others(id)) await take.row(otherRow(request, destination, other));
}

/** Mail below the destination folder in mailboxes that this request has nothing to do with. */
export async function listOthers(
  works: readonly FolderWork[],
  {destinationListed, base, foldsCase}: Pick<Survey, 'destinationListed' | 'base' | 'foldsCase'>,
  link: Link,
  context: MailboxContext,
): Promise<void> {
  const {ledger, job, settings, stop, emit} = context;
  if (job.what.destinationFolder === '' || settings.dryRun) return;
  const ours = new Set(works.map(work => knownAs(work.pair.destination, foldsCase)));
  const strangers = destinationListed.filter(
    ({name, path, status}) =>
      !ours.has(knownAs(name, foldsCase)) && (status?.messages ?? 0) > 0 && isWithin(path, base, foldsCase),
  );
  if (strangers.length === 0) return;
  const take = batched(context);
  const sourcesOf = Map.groupBy(ledger.places(), ({destination}) => knownAs(destination, foldsCase));
  const tell = (about: {why: string; folder: string; rest: boolean}, detail?: string) => {
    const why = problem('list-not-whole', about, detail === undefined ? {} : {detail});
    emit({type: 'note', request: job.request, problem: why});
  };
  let session: Session | undefined;
  try {
    const queue = [...strangers];
    for (const stranger of queue) {
      const {name, wire, status} = stranger;
      if (status === undefined || stop.finish.aborted) continue;
      const sources = sourcesOf.get(knownAs(name, foldsCase)) ?? [];
      const mine = new Map(sources.flatMap(({source}) => [...broughtBefore(source, status, ledger)]));
      try {
        let folder = unchangedStranger(name, status, ledger);
        if (folder === undefined) {
          session ??= await link.openOnce();
          if (session === undefined) {
            tell({why: `${link.server} gives no further connection.`, folder: name, rest: true});
            return;
          }
          folder = await readStranger({name, wire}, status, session, ledger);
        }
        for (const other of ledger.others(folder.id))
          await take.row({...otherRow(job.request, name, other), ...mine.get(other.destinationUid)});
      } catch (error) {
        if (!(error instanceof ServerRefused || error instanceof ConnectionLost)) throw error;
        if (error instanceof ConnectionLost && error.crowded) {
          session = undefined;
          queue.push(stranger);
          continue;
        }
        // Nothing of ours is in it: that it cannot be listed is told, and fails nothing.
        const {sentence, detail} = link.problem(error, 'list');
        // Nobody waits for a pause that the server wants, or for another connection.
        const rest = error instanceof ConnectionLost || error.throttleReset !== undefined;
        tell({why: sentence, folder: name, rest}, detail);
        if (rest) return;
      }
    }
  } finally {
    session?.logout();
    await take.flush();
  }
}

/**
 * What earlier runs have brought from a source folder that is not asked for now, or is gone, into a folder that stands so; by
 * UID there.
 */
function* broughtBefore(
  source: string,
  status: MailboxStatus,
  ledger: Ledger,
): Generator<readonly [number, Partial<MessageRow>]> {
  const folder = ledger.folder(source);
  const levels: unknown = JSON.parse(source);
  if (folder === undefined || !Array.isArray(levels)) return;
  if (folder.destinationUidValidity !== status.uidValidity || status.uidNext < folder.destinationSeen) return;
  const sourceFolder = showPath(levels.map(String));
  for (const {uid: sourceUid, state, destinationUid, run} of ledger.listing(folder.id))
    if (state === 'stored' && destinationUid !== undefined)
      yield [
        destinationUid,
        {result: 'earlier', sourceFolder, sourceUid, ...(run === '' ? {} : {run: runOf(run)})},
      ];
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
  const {looks: found, unseen} = await looks(session, await session.search({}));
  const folder = ledger.resetFolder({
    source: strangerKey(name),
    destination: name,
    sourceUidValidity: 0,
    destinationUidValidity: status.uidValidity,
  });
  ledger.transaction(() => {
    for (const look of found) ledger.putOther(folder.id, {destinationUid: look.uid, ...look.about});
    for (const uid of unseen) ledger.putOther(folder.id, {destinationUid: uid});
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
  const row: Writable<MessageRow> = {request, destinationFolder, result: 'other'};
  describe(row, other);
  return row;
}

export type Batched = {
  row(row: MessageRow): Promise<void> | undefined;
  flush(): Promise<void>;
};

/**
 * One batch is put together while the one before it is written. `row` gives a promise where there is something to wait
 * for: a row in a thousand.
 */
export function batched(context: Pick<MailboxContext, 'ports'>): Batched {
  let rows: MessageRow[] = [];
  let writing: Promise<void> = Promise.resolve();
  const next = async () => {
    const full = rows;
    rows = [];
    const before = writing;
    writing = context.ports.takeRows(full);
    // Told to whoever waits for it next.
    writing.catch(() => undefined);
    await before;
  };
  return {
    async flush() {
      if (rows.length > 0) await next();
      await writing;
    },
    row: row => {
      rows.push(row);
      return rows.length >= rowsAtOnce ? next() : undefined;
    },
  };
}

function resultOf(row: ListedMessage, run: string): MessageResult {
  if (row.state === 'failed') return 'failed';
  if (row.state === 'skipped' || row.state === 'deleted') return 'skipped';
  if (!row.selected) return 'earlier';
  return row.run === run ? 'copied' : 'already present';
}

type Writable<Type> = {-readonly [Key in keyof Type]: Type[Key]};

/** Property by property, since every message of a mailbox comes by and spreading costs several times that. */
function describe(row: Writable<MessageRow>, about: ListedMessage | OtherMessage): void {
  if (about.destinationUid !== undefined) row.destinationUid = about.destinationUid;
  if (about.date !== undefined) row.date = about.date;
  if (about.size !== undefined) row.size = about.size;
  if (about.messageId !== undefined) row.messageId = about.messageId;
  if (about.from !== undefined) row.from = about.from;
  if (about.subject !== undefined) row.subject = about.subject;
}
