// How much mail a mailbox holds, for the order of a run: a sign-in at the source and its list, nothing else.
import type {EnginePorts, EngineSettings, Job, StopSignals} from './copy/context.ts';
import {Link} from './copy/link.ts';
import {selectFolders} from './folders/select.ts';
import type {Session} from './imap/session.ts';
import type {SignInGuard} from './sign-in-guard.ts';

export type Measured = {readonly messages: number; readonly bytes?: number};

/** A server that has not answered by then is not waited for, ms: its mailbox comes last. */
const longestMs = 15_000;

/**
 * What the folders of the rule hold; undefined where it cannot be known now. Its turn will tell why.
 * @param guard shared by all mailboxes of the run
 */
export async function measureMailbox(
  {request, what, credentials}: Job,
  settings: EngineSettings,
  ports: EnginePorts,
  stop: StopSignals,
  guard: SignInGuard,
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
    guard,
  });
  let session: Session | undefined;
  try {
    session = await link.open();
    const listed = (await session.list()).map(mailbox => ({
      ...mailbox,
      messages: mailbox.status?.messages ?? 0,
    }));
    const {sourceFolder, include, exclude, withJunk} = what;
    const choice = {
      ...(sourceFolder === undefined ? {} : {sourceFolder}),
      ...{include, exclude, withJunk, provider: what.source.provider},
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

function sum(numbers: readonly number[]): number {
  return numbers.reduce((all, number) => all + number, 0);
}
