// The check before a run: signs in at both ends for real and says what would be copied. Writes nothing.
import type {EnginePorts, EngineSettings, Job} from './copy/context.ts';
import {Link, MailboxStopped} from './copy/link.ts';
import type {End, PlannedFolder} from './events.ts';
import {ConnectionLost, ServerRefused} from './imap/errors.ts';
import type {Session} from './imap/session.ts';
import type {InspectedEnd, Inspection} from './inspection.ts';
import {problemFromError} from './problem-from-error.ts';
import type {Problem} from './problems.ts';
import {type Survey, survey} from './survey.ts';

/**
 * @param signal aborts it
 * @throws the signal's reason when aborted; everything else is in the result's problems
 */
export async function inspect(
  job: Job,
  settings: EngineSettings,
  ports: EnginePorts,
  signal: AbortSignal,
): Promise<Inspection> {
  const stop = {finish: signal, abort: signal};
  const limits = {...settings.limits, reconnects: 0};
  const link = (end: End) =>
    new Link(end, job.what[end], {
      request: job.request,
      credentials: job.credentials[end],
      settings: {...settings, limits},
      ports,
      stop,
      emit: () => undefined,
    });
  const links = {source: link('source'), target: link('destination')};
  const sessions: Session[] = [];
  try {
    const found = await survey(
      job.what,
      links,
      job.request,
      () => undefined,
      () => [],
    );
    sessions.push(found.sessions.source, found.sessions.target);
    signal.throwIfAborted();
    const problems = [...found.problems];
    const folders = await withSizes(found, links.source, problems);
    const limit = found.sessions.target.signedIn.appendLimit;
    return {
      source: endOf(links.source, folders.length, folders),
      destination: {
        login: links.target.login,
        server: links.target.server,
        folders: found.destinationListed.length,
        messages: found.destinationListed.reduce((all, mailbox) => all + (mailbox.status?.messages ?? 0), 0),
        ...(found.freeBytes === undefined ? {} : {freeBytes: found.freeBytes}),
        ...(limit === undefined ? {} : {largestMessage: limit}),
      },
      folders,
      problems,
    };
  } catch (error) {
    signal.throwIfAborted();
    const problems =
      error instanceof MailboxStopped ? [error.problem, ...error.also] : [problemOf(error, links)];
    return {folders: [], problems};
  } finally {
    for (const session of sessions) session.logout();
  }
}

function problemOf(error: unknown, links: {source: Link; target: Link}): Problem {
  if (error instanceof ConnectionLost || error instanceof ServerRefused)
    return {
      ...(error.end === 'source' ? links.source : links.target).problem(error, 'list'),
      verdict: 'stop',
    };
  return problemFromError(error, {end: 'source', login: '', server: '', during: 'other'});
}

/** Sizes of the selected folders where STATUS did not tell. A folder that cannot be opened is a problem of its own. */
async function withSizes(found: Survey, link: Link, problems: Problem[]): Promise<PlannedFolder[]> {
  const {source} = found.sessions;
  const bytes = new Map<number, number>();
  for (const {folder, shown, source: mailbox} of found.pairs) {
    const planned = found.planned[folder];
    if (planned === undefined || planned.bytes !== undefined) continue;
    if (planned.messages === 0) {
      bytes.set(folder, 0);
      continue;
    }
    try {
      await source.examine(mailbox.name, mailbox.wire);
      bytes.set(
        folder,
        (await source.sizes()).sizes.reduce((all, size) => all + size, 0),
      );
    } catch (error) {
      if (!(error instanceof ServerRefused)) throw error;
      problems.push({...link.problem(error, 'other', {folder: shown}), verdict: 'skip'});
    }
  }
  return found.planned.map(folder => {
    const known = bytes.get(folder.folder);
    return known === undefined ? folder : {...folder, bytes: known};
  });
}

function endOf(link: Link, count: number, folders: readonly PlannedFolder[]): InspectedEnd {
  const known = folders.filter(folder => folder.bytes !== undefined);
  return {
    login: link.login,
    server: link.server,
    folders: count,
    messages: folders.reduce((all, folder) => all + folder.messages, 0),
    ...(known.length === 0 ? {} : {bytes: known.reduce((all, folder) => all + (folder.bytes ?? 0), 0)}),
  };
}
