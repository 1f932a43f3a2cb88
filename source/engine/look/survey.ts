// A look at both ends before anything moves: signs in, lists, decides which folder goes where. Writes nothing, but a folder
// that is to be made anyway.

import type {Request} from '../../request/schema.ts';
import type {Elsewhere, FolderPair} from '../copy/folder-pair.ts';
import type {Emit, PlannedFolder} from '../events.ts';
import {knownAs} from '../folders/case.ts';
import {isForeign, withoutForeignUse} from '../folders/foreign.ts';
import {hiddenFolders} from '../folders/hidden.ts';
import {baseLevels, mapFolders} from '../folders/map.ts';
import {readPath, showPath} from '../folders/path.ts';
import {PlainNames} from '../folders/plain-names.ts';
import {choiceProblems, type FolderChoice, selectFolders} from '../folders/select.ts';
import {sharedNames} from '../folders/shared.ts';
import {ConnectionLost, ServerRefused} from '../imap/errors.ts';
import type {ListedMailbox, Session} from '../imap/session.ts';
import {NoRoom} from '../link/crowd.ts';
import type {Link, Links} from '../link/link.ts';
import {MailboxStopped} from '../link/pace.ts';
import {nearMs} from '../link/servers.ts';
import {type Problem, problem} from '../problems/problems.ts';
import {foldsCase} from './folds-case.ts';

export type KnownPair = {readonly source: readonly string[]; readonly destination: readonly string[]};

/** What a run knows and may do beforehand. */
export type Surveying = {
  /** Where folders went in earlier runs; full destination names are split at this delimiter. */
  readonly known?: (delimiter: string) => readonly KnownPair[];
  /** Called when both ends have let us in, before anything is listed. */
  readonly signedIn?: () => void;
  /** A folder that is to be made anyway may be made now, to see how the destination takes its name. */
  readonly makesFolders?: boolean;
};

export type Survey = {
  readonly sessions: {readonly source: Session; readonly target: Session};
  /** All folders of the source, in the server's order. */
  readonly planned: readonly PlannedFolder[];
  /** The selected ones. */
  readonly pairs: readonly FolderPair[];
  readonly problems: readonly Problem[];
  readonly destinationListed: readonly ListedMailbox[];
  /** Levels that everything goes below at the destination. */
  readonly base: readonly string[];
  /** The destination takes names for one that differ in case only. */
  readonly foldsCase: boolean;
  readonly freeBytes?: number;
  /** A round trip to one of the servers is more than a local network's. */
  readonly far: boolean;
};

/**
 * @param stop nothing is under way that would have to be finished: it ends at once
 * @throws the stop signal's reason; MailboxStopped where an end cannot be reached, signed in to or listed, after the
 * tries its errors allow
 */
export async function survey(
  what: Request,
  links: Links,
  request: number,
  emit: Emit,
  stop: AbortSignal,
  run: Surveying = {},
): Promise<Survey> {
  let first = run.signedIn ?? (() => undefined);
  for (;;) {
    const sessions = await openBoth(links);
    first();
    first = () => undefined;
    const leave = () => {
      for (const {wire} of [sessions.source, sessions.target]) wire.destroy('The run was stopped');
    };
    stop.addEventListener('abort', leave, {once: true});
    try {
      return await look(sessions, what, links, request, emit, run);
    } catch (error) {
      sessions.source.logout();
      sessions.target.logout();
      stop.throwIfAborted();
      if (!(error instanceof ConnectionLost || error instanceof ServerRefused)) throw error;
      const [link, session] =
        error.end === 'source' ? [links.source, sessions.source] : [links.target, sessions.target];
      await link.recover(error, link.problem(error, 'list'), session);
    } finally {
      stop.removeEventListener('abort', leave);
    }
  }
}

async function look(
  sessions: Survey['sessions'],
  what: Request,
  links: Links,
  request: number,
  emit: Emit,
  {known, makesFolders = false}: Surveying,
): Promise<Survey> {
  const {source, target} = sessions;
  const [listed, there, freeBytes, ...distances] = await Promise.all([
    source.list(),
    target.list(),
    target.freeBytes(),
    links.source.distance(source),
    links.target.distance(target),
  ]);
  for (const [end, session, link] of [
    ['source', source, links.source],
    ['destination', target, links.target],
  ] as const)
    emit({
      type: 'signed-in',
      request,
      end,
      login: link.login,
      server: link.server,
      capabilities: [...session.signedIn.capabilities],
      ...(end === 'destination' && freeBytes !== undefined ? {freeBytes} : {}),
    });

  const delimiter = target.namespaces.delimiter;
  const place = {
    delimiter,
    prefix: target.namespaces.prefix,
    provider: what.destination.provider,
    folder: what.destinationFolder,
    existing: withoutForeignUse(there, target.namespaces.foreign),
    foreign: target.namespaces.foreign,
  };
  const prefix = levelsOf(source.namespaces.prefix, source.namespaces.delimiter);
  // At the top there is no folder that could be carried into itself.
  const mayBeOwn = readPath(what.destinationFolder).length > 0;
  const wanted: FolderChoice = {
    ...(what.sourceFolder === undefined ? {} : {sourceFolder: what.sourceFolder}),
    include: what.include,
    exclude: what.exclude,
    withJunk: what.withJunk,
    provider: source.exchange ? 'o365' : what.source.provider,
    prefix,
    foreign: source.namespaces.foreign,
    ...(mayBeOwn && looksTheSame(links, listed, there) ? {ownFolder: baseLevels(place)} : {}),
  };
  const folders = listed.map(mailbox => ({
    ...mailbox,
    messages: mailbox.status?.messages ?? 0,
    ...(mailbox.status?.bytes === undefined ? {} : {bytes: mailbox.status.bytes}),
  }));
  const ours = withoutForeignUse(folders, source.namespaces.foreign);
  const standing = new Set(there.map(({name}) => knownAs(name, true)));
  // A name that is gone binds nobody: the server may have had another separator when it was given, or another prefix.
  const pairsKnown = (known?.(delimiter) ?? []).filter(({destination}) =>
    standing.has(knownAs(destination.join(delimiter), true)),
  );
  const map = (folded: boolean) =>
    mapFolders(ours, {...place, foldsCase: folded, sourcePrefix: prefix, known: pairsKnown});
  const told = what.destination.provider === 'o365' || target.exchange;
  const plain = map(told);
  const make = () => {
    if (!makesFolders) return [];
    const selected = selectFolders(folders, wanted);
    return map(true).flatMap(({path, destination}, index) =>
      selected[index]?.selected === true && plain[index]?.path === path
        ? [{name: path, path: destination}]
        : [],
    );
  };
  const folded =
    told ||
    (await foldsCase(
      target,
      there.filter(mailbox => !isForeign(mailbox, place.foreign)),
      plain.map(({destination}) => destination),
      make,
    ));
  const mapped = folded && !told ? map(true) : plain;
  const choice = {...wanted, foldsCase: folded};
  const selected = selectFolders(folders, choice);
  const statuses = new Map(there.map(({name, status}) => [knownAs(name, folded), status]));
  const base = baseLevels(place);
  const elsewhere = otherPlaces(
    [...mapped.map(({path}) => path), ...place.foreign],
    there.map(({path}) => path),
    name => statuses.get(knownAs(name, folded)),
    {delimiter, foldsCase: folded, base: base.length},
  );
  const planned: PlannedFolder[] = [];
  const pairs: FolderPair[] = [];
  folders.forEach((folder, index) => {
    const choiceMade = selected[index];
    const goes = mapped[index];
    if (choiceMade === undefined || goes === undefined) return;
    planned.push({
      folder: index,
      source: showPath(folder.path),
      destination: goes.path,
      selected: choiceMade.selected,
      ...(choiceMade.reason === undefined ? {} : {reason: choiceMade.reason}),
      messages: folder.messages,
      ...(folder.bytes === undefined ? {} : {bytes: folder.bytes}),
      notes: goes.notes.map(note => note.sentence),
    });
    if (choiceMade.selected)
      pairs.push({
        folder: index,
        source: folder,
        shown: choiceMade.path,
        destination: goes.path,
        destinationStatus: statuses.get(knownAs(goes.path, folded)),
        elsewhere,
      });
  });
  return {
    sessions,
    planned,
    pairs,
    problems: [
      ...choiceProblems(folders, choice),
      ...sharedNames(listed),
      ...(source.exchange ? hiddenFolders(listed) : []),
    ],
    destinationListed: there,
    base,
    foldsCase: folded,
    far: distances.some(distance => distance > nearMs),
    ...(freeBytes === undefined ? {} : {freeBytes}),
  };
}

/**
 * Where a folder may go if the destination refuses its name. One for all of them, and made when it is first asked for: a
 * mailbox may have a hundred thousand, and most servers take every name.
 * @param names of all that go there, whole
 */
function otherPlaces(
  names: readonly string[],
  standing: readonly (readonly string[])[],
  statusOf: (name: string) => FolderPair['destinationStatus'],
  how: ConstructorParameters<typeof PlainNames>[2],
): (destination: string) => readonly Elsewhere[] {
  const {delimiter} = how;
  let plain: PlainNames | undefined;
  return destination => {
    plain ??= new PlainNames(
      names.map(name => levelsOf(name, delimiter)),
      standing,
      how,
    );
    return plain.of(levelsOf(destination, delimiter)).map(({levels, ...changed}) => {
      const name = levels.join(delimiter);
      return {destination: name, destinationStatus: statusOf(name), note: problem('name-character', changed)};
    });
  };
}

async function openBoth(links: Links): Promise<{source: Session; target: Session}> {
  // What ends the mailbox at one end is told now, not when the other one is back from an outage of hours.
  const opened = (link: Link, other: Link) =>
    link.open(true).catch((error: unknown) => {
      if (error instanceof MailboxStopped) other.inVain();
      throw error;
    });
  for (;;) {
    const ends = await Promise.allSettled([
      opened(links.source, links.target),
      opened(links.target, links.source),
    ]);
    const [source, target] = ends;
    if (source.status === 'fulfilled' && target.status === 'fulfilled')
      return {source: source.value, target: target.value};
    for (const end of ends) if (end.status === 'fulfilled') end.value.logout();
    const all: unknown[] = ends.flatMap(end => (end.status === 'rejected' ? [end.reason] : []));
    const reasons = all.filter(reason => !(reason instanceof NoRoom));
    const [first, second] = reasons.filter(reason => reason instanceof MailboxStopped);
    // Both at once, so that a person mends both before the next try.
    if (first !== undefined && second !== undefined)
      throw new MailboxStopped(first.problem, first, [second.problem]);
    if (reasons.length > 0) throw first ?? reasons[0];
    // Nothing is held while room is waited for: others may hold what this one needs, and wait for what it held.
    await all.find(reason => reason instanceof NoRoom)?.wait();
  }
}

function levelsOf(prefix: string, delimiter: string): string[] {
  return delimiter === '' ? [] : prefix.split(delimiter).filter(level => level !== '');
}

/**
 * One mailbox under two host names (no request has one name twice: request/schema.ts): the same user, and an INBOX that
 * stands just alike. Its destination folder must not be carried into itself.
 */
function looksTheSame(
  {source, target}: Links,
  listed: readonly ListedMailbox[],
  there: readonly ListedMailbox[],
): boolean {
  if (source.login.toLowerCase() !== target.login.toLowerCase() || listed.length !== there.length)
    return false;
  const inbox = (mailboxes: readonly ListedMailbox[]) =>
    mailboxes.find(mailbox => mailbox.name.toUpperCase() === 'INBOX')?.status;
  const [one, other] = [inbox(listed), inbox(there)];
  return (
    one !== undefined &&
    one.uidValidity === other?.uidValidity &&
    one.uidNext === other.uidNext &&
    one.messages === other.messages
  );
}
