// The check before a run: signs in at both ends for real and says what would be copied. Writes nothing.
import type {EnginePorts, EngineSettings, Job} from './copy/context.ts';
import {Link, MailboxStopped} from './copy/link.ts';
import type {End, PlannedFolder} from './events.ts';
import type {Session} from './imap/session.ts';
import type {InspectedEnd, Inspection} from './inspection.ts';
import {problemFromError} from './problem-from-error.ts';
import {survey} from './survey.ts';

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
    const folders = await withSizes(
      found.planned,
      found.sessions.source,
      found.pairs.map(pair => pair.source.name),
      found.pairs.map(pair => pair.folder),
    );
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
      problems: found.problems,
    };
  } catch (error) {
    signal.throwIfAborted();
    const problems =
      error instanceof MailboxStopped
        ? [error.problem, ...error.also]
        : [problemFromError(error, {end: 'source', login: '', server: '', during: 'other'})];
    return {folders: [], problems};
  } finally {
    for (const session of sessions) session.logout();
  }
}

/** Sizes of the selected folders where STATUS did not tell. */
async function withSizes(
  planned: readonly PlannedFolder[],
  source: Session,
  names: readonly string[],
  indexes: readonly number[],
): Promise<PlannedFolder[]> {
  const bytes = new Map<number, number>();
  for (const [position, index] of indexes.entries()) {
    const folder = planned[index];
    const name = names[position];
    if (folder === undefined || name === undefined || folder.bytes !== undefined) continue;
    if (folder.messages === 0) bytes.set(index, 0);
    else {
      await source.examine(name);
      bytes.set(
        index,
        (await source.sizes()).sizes.reduce((all, size) => all + size, 0),
      );
    }
  }
  return planned.map(folder => {
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
