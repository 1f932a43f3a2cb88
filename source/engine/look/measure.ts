// How much mail each mailbox holds, for the order of a run: a sign-in at the source and its list, nothing else.

import {selectFolders} from '../folders/select.ts';
import {ConnectionLost} from '../imap/errors.ts';
import type {Session} from '../imap/session.ts';
import {Link} from '../link/link.ts';
import {Servers} from '../link/servers.ts';
import type {SignInGuard} from '../link/sign-in-guard.ts';
import type {EnginePorts, EngineSettings, Job, StopSignals} from '../ports.ts';

/** Mailboxes measured at once, at least, before the first one is copied. */
const fewestAtOnce = 8;

export type Measured = {readonly messages: number; readonly bytes?: number};

/** A server that has not answered by then is not waited for, ms: its mailbox comes last. */
const longestMs = 15_000;

/**
 * What the folders of the rule hold; undefined where it cannot be known now. Its turn will tell why.
 * @param guard shared by all mailboxes of the run
 * @param servers what the run knows of them
 */
export async function measureMailbox(
  {request, what, credentials}: Job,
  settings: EngineSettings,
  ports: EnginePorts,
  stop: StopSignals,
  guard: SignInGuard,
  servers = new Servers(),
): Promise<Measured | undefined> {
  const enough = new AbortController();
  const timer = new AbortController();
  const signal = AbortSignal.any([stop.finish, enough.signal]);
  ports.sleep(longestMs, AbortSignal.any([timer.signal, stop.finish])).then(
    () => enough.abort(),
    () => undefined,
  );
  const link = new Link('source', what.source, {
    request,
    credentials: credentials.source,
    settings: {...settings, limits: {...settings.limits, reconnects: 0}},
    ports,
    stop: {finish: signal, abort: signal},
    emit: () => undefined,
    guard: guard.forLook(),
    servers: servers.forLook(),
  });
  let session: Session | undefined;
  try {
    const open = async () => {
      session = await link.open();
      return {session, all: await session.list()};
    };
    const {
      session: {namespaces, exchange},
      all,
    } = await open().catch((error: unknown) => {
      if (error instanceof ConnectionLost && error.crowded) return open();
      throw error;
    });
    const listed = all.map(mailbox => ({
      ...mailbox,
      messages: mailbox.status?.messages ?? 0,
    }));
    const {sourceFolder, include, exclude, withJunk} = what;
    const choice = {
      ...(sourceFolder === undefined ? {} : {sourceFolder}),
      ...{include, exclude, withJunk},
      provider: exchange ? 'o365' : what.source.provider,
      foreign: namespaces.foreign,
    };
    const chosen = selectFolders(listed, choice).map(({selected}) => selected);
    const counted = listed.filter((_, index) => chosen[index]);
    const sizes = counted.flatMap(({status}) => (status?.bytes === undefined ? [] : [status.bytes]));
    return {
      messages: sum(counted.map(({messages}) => messages)),
      ...(sizes.length === counted.length ? {bytes: sum(sizes)} : {}),
    };
  } catch {
    return undefined;
  } finally {
    timer.abort();
    session?.logout();
  }
}

/**
 * Measures all mailboxes of a run before the first one is copied.
 * @param found told of each as soon as it is known
 * @returns what to sort by: bytes where they are known of all that were measured, else messages
 */
export async function measureAll(
  jobs: readonly Job[],
  {
    atOnce,
    stop,
    measure,
    found,
  }: {
    readonly atOnce: number;
    readonly stop: AbortSignal;
    readonly measure: (job: Job) => Promise<Measured | undefined>;
    readonly found: (request: number, size: Measured) => void;
  },
): Promise<(request: number) => number | undefined> {
  const sizes = new Map<number, Measured>();
  const left = [...jobs];
  const lane = async () => {
    for (let job = left.shift(); job !== undefined; job = left.shift()) {
      if (stop.aborted) return;
      const size = await measure(job);
      if (size === undefined || stop.aborted) continue;
      sizes.set(job.request, size);
      found(job.request, size);
    }
  };
  const lanes = Math.min(Math.max(fewestAtOnce, atOnce), jobs.length);
  await Promise.all(Array.from({length: lanes}, lane));
  const inBytes = [...sizes.values()].every(({bytes}) => bytes !== undefined);
  return request => {
    const size = sizes.get(request);
    return inBytes ? size?.bytes : size?.messages;
  };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((all, number) => all + number, 0);
}
