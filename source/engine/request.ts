// One request from sign-in to verified. Never throws: what goes wrong ends in the request's state and is told.

import {join, sep} from 'node:path';
import {setImmediate} from 'node:timers/promises';
import {providerOfServer} from '../request/providers/catalogue.ts';
import {BatchSize} from './copy/batches.ts';
import type {Budget} from './copy/budget.ts';
import type {MailboxContext} from './copy/context.ts';
import {FolderWork} from './copy/folder-work.ts';
import {Meter} from './copy/lanes.ts';
import {MailboxCopy} from './copy/mailbox.ts';
import {EarlyLanes} from './copy/pair.ts';
import {Window} from './copy/window.ts';
import type {Counts, Emit, End, RequestState} from './events.ts';
import {readPath, showPath} from './folders/path.ts';
import {ConnectionLost, ServerRefused} from './imap/errors.ts';
import {forgetHolder, holderOf} from './ledger/holder.ts';
import {type Ledger, LedgerError} from './ledger/ledger.ts';
import {tagOf} from './ledger/run-tag.ts';
import type {Gate} from './link/gate.ts';
import {Link, type Links} from './link/link.ts';
import {MailboxStopped} from './link/pace.ts';
import type {Servers} from './link/servers.ts';
import type {SignInGuard} from './link/sign-in-guard.ts';
import {AheadListing} from './look/list-ahead.ts';
import {listMail, listOthers} from './look/list-mail.ts';
import {survey} from './look/survey.ts';
import {openLedger} from './open-ledger.ts';
import type {EnginePorts, EngineSettings, Job, StopSignals} from './ports.ts';
import {problemFromError} from './problems/from-error.ts';
import {lastly} from './problems/last-step.ts';
import {type Problem, problem} from './problems/problems.ts';

export type RequestOutcome = {
  readonly state: Extract<RequestState, 'Processed' | 'Failed' | 'Invalid' | 'Stopped'>;
  readonly counts: Counts;
  /** False where an end could not be reached or signed in to. */
  readonly reached: boolean;
  readonly problem?: Problem;
};

export const noCounts: Counts = {selected: 0, copied: 0, alreadyPresent: 0, skipped: 0, failed: 0, bytes: 0};

export type RequestContext = {
  readonly settings: EngineSettings;
  readonly ports: EnginePorts;
  readonly stop: StopSignals;
  readonly budget: Budget;
  readonly gate: Gate;
  readonly servers: Servers;
  /** Shared by the mailboxes of the run. */
  readonly guard: SignInGuard;
  readonly emit: Emit;
  /** No other mailbox is in the run: the processor has nothing to do while this one waits. */
  readonly alone: boolean;
  /** Another request of the run has the same pair of mailboxes and the same destination folder. */
  readonly sharesLedger: boolean;
  /** How an attempt of the same run before this one ended: it holds until this one has listed the folders. */
  readonly earlier?: RequestOutcome | undefined;
};

/**
 * Its last event is the `request-state` of the outcome; once it has resolved, its ledger is closed. A stop that left
 * folders unfinished ends it as Stopped.
 */
export async function runRequest(job: Job, context: RequestContext): Promise<RequestOutcome> {
  const {emit, stop, settings, earlier} = context;
  const {request} = job;
  let reached = earlier?.reached ?? false;
  let listed = false;
  const began = context.ports.elapsed();
  const works: FolderWork[] = [];
  const end = (state: RequestOutcome['state'], why?: Problem): RequestOutcome => {
    // What an attempt before this one has brought is there, whatever became of this one.
    const counts =
      listed || earlier === undefined ? sum(works.map(work => work.tally.counts)) : earlier.counts;
    emit({type: 'request-finished', request, counts});
    emit({type: 'request-state', request, state, ...(why === undefined ? {} : {problem: why})});
    return {state, counts, reached, ...(why === undefined ? {} : {problem: why})};
  };

  emit({type: 'request-state', request, state: 'Verifying'});
  const pair = pairOf(job);
  const path = settings.ledgerFile(pair);
  const links = linksOf(job, context);
  let ledger: Ledger | undefined;
  let early: EarlyLanes | undefined;
  let ahead: AheadListing | undefined;
  try {
    links.source.connect();
    links.target.connect();
    // They are on their way before the ledger is read, which keeps everything else waiting.
    await setImmediate();
    ledger = await openLedger(path, pair, context, why => emit({type: 'note', request, problem: why}));
    const places = ledger.places();
    // What it brought it could only bring with both ends open.
    if (places.length > 0) for (const link of [links.source, links.target]) link.pace.openedBefore();
    // The first time there is mail to carry. Among many mailboxes nobody waits for one, and most are small: connections
    // that are not needed cost both ends more than they save. Exchange minds also those that are closed again.
    const atExchange = [job.what.source, job.what.destination].some(
      end => providerOfServer(end.server)?.id === 'o365',
    );
    const known = places.length > 0 || settings.dryRun;
    const more = known || atExchange || !context.alone ? 0 : settings.limits.connections - 1;
    const lanes = new EarlyLanes(links, more);
    early = lanes;
    // What is listed ahead is taken back where it was for nothing, and the rows of an attempt before would go with it.
    if (context.alone && earlier === undefined && !settings.dryRun)
      ahead = new AheadListing({...context, job, ledger});
    const found = await survey(job.what, links, request, emit, stop.finish, {
      known: delimiter => places.flatMap(place => knownPlace(place, delimiter)),
      signedIn: () => lanes.letIn(),
      makesFolders: !settings.dryRun,
    });
    reached = true;
    ahead?.answered();
    const stopping = found.problems.find(each => each.verdict === 'stop');
    const hasBrought = earlier !== undefined && earlier.counts.selected > 0;
    listed = stopping === undefined || !hasBrought;
    if (listed) {
      // A report that cannot forget the attempt before says so at its end.
      if (earlier !== undefined) await context.ports.restartRows(request).catch(() => undefined);
      emit({type: 'folders-planned', request, folders: found.planned});
    }
    for (const each of found.problems) if (each !== stopping) emit({type: 'note', request, problem: each});
    if (stopping !== undefined) {
      found.sessions.source.logout();
      found.sessions.target.logout();
      return end(hasBrought ? 'Failed' : 'Invalid', stopping);
    }
    emit({type: 'request-state', request, state: 'Submitted'});
    for (const folderPair of found.pairs) works.push(new FolderWork(request, folderPair, emit));
    emit({type: 'request-state', request, state: 'Processing'});

    const mailbox: MailboxContext = {
      ...context,
      settings: context.sharesLedger ? {...settings, run: tagOf(settings.run, request)} : settings,
      job,
      began,
      again: earlier !== undefined,
      ledger,
      batchSize: new BatchSize(),
      windows: {source: new Window(), target: new Window()},
      meter: new Meter(),
      moved: work => ahead?.moved(work, works),
    };
    let failure: unknown;
    try {
      await new MailboxCopy(mailbox, links, works).run(found.sessions, lanes, found.far);
    } catch (error) {
      failure = error;
    }
    try {
      await listMail(works, mailbox, (await ahead?.keep(works)) ?? new Set());
      if (failure === undefined && !stop.finish.aborted)
        await listOthers(works, found, links.target, mailbox);
    } catch (error) {
      // The mail is where it is; only the list of it is not whole.
      emit({type: 'note', request, problem: {...problemOf(error, path, links, settings), verdict: 'skip'}});
    }
    if (failure !== undefined) throw failure;
    if (stop.finish.aborted && works.some(work => work.state === 'stopped'))
      return end('Stopped', problem('stopped-by-user', {}));
    // The belt to all braces: what nobody can account for must never pass for done.
    if (works.some(work => work.tally.open !== 0)) throw new Error('The counts of a folder do not add up');
    const failed = works.find(work => work.state === 'failed');
    return failed === undefined ? end('Processed') : end('Failed', failed.problem);
  } catch (error) {
    if (stop.finish.aborted && !(error instanceof MailboxStopped) && isAbort(error))
      return end('Stopped', problem('stopped-by-user', {}));
    // A locked ledger or a full disk says nothing about the servers.
    if (!(error instanceof MailboxStopped)) reached = true;
    return end('Failed', problemOf(error, path, links, settings));
  } finally {
    early?.close();
    links.source.close();
    links.target.close();
    // What was listed ahead and not kept is of another run.
    await ahead?.forget();
    // While the lock is still ours: afterwards the name there may be the next one's.
    if (ledger !== undefined && !settings.dryRun) forgetHolder(path);
    ledger?.close();
    if (ledger !== undefined) context.ports.passed?.('ledger-closed');
  }
}

function linksOf(job: Job, context: RequestContext): {source: Link; target: Link} {
  const link = (side: End) =>
    new Link(side, job.what[side], {
      request: job.request,
      credentials: job.credentials[side],
      settings: context.settings,
      ports: context.ports,
      stop: context.stop,
      emit: context.emit,
      servers: context.servers,
      guard: context.guard,
    });
  return {source: link('source'), target: link('destination')};
}

/** What makes two runs the same work: both mailboxes and the destination folder. */
export function pairOf(job: Job): string {
  const end = (side: End) => {
    const {server, port} = job.what[side];
    return [job.credentials[side].user.toLowerCase(), server.toLowerCase(), port];
  };
  return JSON.stringify([end('source'), end('destination'), showPath(readPath(job.what.destinationFolder))]);
}

function knownPlace(place: {source: string; destination: string}, delimiter: string) {
  const source: unknown = JSON.parse(place.source);
  if (!Array.isArray(source)) return [];
  const levels = source.filter((level): level is string => typeof level === 'string');
  return [
    {
      source: levels,
      destination: delimiter === '' ? [place.destination] : place.destination.split(delimiter),
    },
  ];
}

/** Rights, and places where no file can be: a folder that went, a link that leads nowhere, a disk in the network. */
const unwritable: ReadonlySet<string> = new Set([
  'EACCES',
  'EEXIST',
  'EIO',
  'EISDIR',
  'ELOOP',
  'ENOENT',
  'ENOTDIR',
  'EPERM',
  'EROFS',
  'ESTALE',
]);

function problemOf(error: unknown, path: string, links: Links, {command}: EngineSettings): Problem {
  if (error instanceof MailboxStopped) return error.problem;
  if (error instanceof ConnectionLost || error instanceof ServerRefused)
    return lastly((error.end === 'source' ? links.source : links.target).problem(error, 'other'));
  if (error instanceof LedgerError) {
    const holder = error.code === 'ledger-locked' ? holderOf(path) : undefined;
    return holder === undefined
      ? problem(error.code, {path}, {detail: error.message})
      : problem(error.code, {
          ...{path, holder},
          ...(command === undefined ? {} : {stop: command(`stop ${holder.run}`)}),
        });
  }
  const {code, path: file, message} = error as NodeJS.ErrnoException;
  // Itself, or a folder above it.
  const isItsPlace = file !== undefined && (file === path || path.startsWith(join(file, sep)));
  if (isItsPlace && unwritable.has(code ?? ''))
    return problem('ledger-unwritable', {path}, {detail: message});
  return problemFromError(error, {end: 'source', login: '', server: '', during: 'other', path});
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && (error.name === 'AbortError' || error.name === 'ConnectionLost');
}

export function sum(all: readonly Counts[]): Counts {
  return all.reduce(
    (total, counts) => ({
      selected: total.selected + counts.selected,
      copied: total.copied + counts.copied,
      alreadyPresent: total.alreadyPresent + counts.alreadyPresent,
      skipped: total.skipped + counts.skipped,
      failed: total.failed + counts.failed,
      bytes: total.bytes + counts.bytes,
    }),
    noCounts,
  );
}
