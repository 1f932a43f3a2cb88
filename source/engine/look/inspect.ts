// The check before a run: signs in at both ends for real and says what would be copied. Writes nothing.

import type {End, PlannedFolder} from '../events.ts';
import {ConnectionLost, ServerRefused} from '../imap/errors.ts';
import type {Session} from '../imap/session.ts';
import {Link, type Links} from '../link/link.ts';
import {MailboxStopped} from '../link/pace.ts';
import {Servers} from '../link/servers.ts';
import type {SignInGuard} from '../link/sign-in-guard.ts';
import type {EngineLimits, EnginePorts, EngineSettings, Job} from '../ports.ts';
import {problemFromError} from '../problems/from-error.ts';
import {lastly} from '../problems/last-step.ts';
import type {Problem} from '../problems/problems.ts';
import {foresee} from './foresee.ts';
import type {InspectedEnd, Inspection} from './inspection.ts';
import {survey} from './survey.ts';

/** Silence after which a look gives up, ms: somebody waits for it, and no mail is under way that it would cost. */
const longestSilence = 60_000;

/** What a look may take: nothing is tried again. */
export function lookLimits(limits: EngineLimits): EngineLimits {
  return {...limits, reconnects: 0, inactivityMs: Math.min(limits.inactivityMs, longestSilence)};
}

/**
 * @param signal aborts it
 * @param guard shared by all mailboxes of one check
 * @param servers so are they
 * @throws the signal's reason when aborted; everything else is in the result's problems
 */
export async function inspect(
  job: Job,
  settings: EngineSettings,
  ports: EnginePorts,
  signal: AbortSignal,
  guard?: SignInGuard,
  servers = new Servers(),
): Promise<Inspection> {
  const stop = {finish: signal, abort: signal};
  const limits = lookLimits(settings.limits);
  const link = (end: End) =>
    new Link(end, job.what[end], {
      request: job.request,
      credentials: job.credentials[end],
      settings: {...settings, limits},
      ports,
      stop,
      emit: () => undefined,
      servers: servers.forLook(),
      ...(guard === undefined ? {} : {guard}),
    });
  const links = {source: link('source'), target: link('destination')};
  for (;;)
    try {
      return await look(job, links, ports, signal);
    } catch (error) {
      signal.throwIfAborted();
      // Asked in the way the server wants from now on.
      if (error instanceof ConnectionLost && error.crowded) continue;
      const problems =
        error instanceof MailboxStopped ? [error.problem, ...error.also] : [problemOf(error, links)];
      return {folders: [], problems, failed: failedEnds(links)};
    }
}

async function look(job: Job, links: Links, ports: EnginePorts, signal: AbortSignal): Promise<Inspection> {
  const sessions: Session[] = [];
  try {
    const found = await survey(job.what, links, job.request, () => undefined, signal);
    sessions.push(found.sessions.source, found.sessions.target);
    signal.throwIfAborted();
    const problems = [...found.problems];
    const foresight = await foresee(found, job.what, links, ports.now);
    // Whoever ends the check hangs up on the servers, which looks like a lost connection.
    signal.throwIfAborted();
    const {folders, foreseen, foreseenInAll} = foresight;
    problems.push(...foresight.problems);
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
      ...(foreseen.length === 0 ? {} : {foreseen}),
      ...(foreseenInAll > foreseen.length ? {foreseenInAll} : {}),
    };
  } finally {
    for (const session of sessions) session.logout();
  }
}

function problemOf(error: unknown, links: {source: Link; target: Link}): Problem {
  if (error instanceof ConnectionLost || error instanceof ServerRefused)
    return {
      ...lastly((error.end === 'source' ? links.source : links.target).problem(error, 'list')),
      verdict: 'stop',
    };
  return problemFromError(error, {end: 'source', login: '', server: '', during: 'other'});
}

function failedEnds(links: {source: Link; target: Link}): NonNullable<Inspection['failed']> {
  const of = ({failure, login}: Link) => failure && {...failure, login};
  const [source, destination] = [of(links.source), of(links.target)];
  return {
    ...(source === undefined ? {} : {source}),
    ...(destination === undefined ? {} : {destination}),
  };
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
