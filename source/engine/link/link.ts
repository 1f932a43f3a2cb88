// The way to one end of a mailbox pair: opens connections, as its pace allows, and says its errors as problems.

import type {Endpoint} from '../../request/schema.ts';
import type {Credentials} from '../auth/credentials.ts';
import type {TokenClaims} from '../auth/token-claims.ts';
import type {Emit, End} from '../events.ts';
import {readOtherwise, type Wanted} from '../imap/other-reader.ts';
import type {FetchedMessage} from '../imap/responses.ts';
import {Session} from '../imap/session.ts';
import {CredentialsMissing, type SignInOptions, signIn} from '../imap/sign-in.ts';
import type {FailedEnd} from '../look/inspection.ts';
import type {EnginePorts, EngineSettings, StopSignals} from '../ports.ts';
import {idsOf} from '../problems/doctor.ts';
import {type ErrorContext, problemFromError} from '../problems/from-error.ts';
import {type Problem, type ProblemCode, problem} from '../problems/problems.ts';
import {isRefusedAnew, lastWord} from './outage.ts';
import {MailboxStopped, Pace} from './pace.ts';
import {addressOf, type ServerMemory, Servers} from './servers.ts';
import {type Guard, NotTried} from './sign-in-guard.ts';

/** The ways to both ends of a mailbox pair. */
export type Links = {readonly source: Link; readonly target: Link};

export class Link {
  readonly end: End;
  readonly endpoint: Endpoint;
  readonly #credentials: Credentials;
  readonly #settings: EngineSettings;
  readonly #ports: EnginePorts;
  readonly #stop: StopSignals;
  /** When this end may be asked again. */
  readonly pace: Pace;
  /** A token that was refused before its time has been replaced by a new one. */
  #renewed = false;
  #failure: Omit<FailedEnd, 'login'> | undefined;
  /** Connected already, to be signed in when it is wanted. */
  #early: {readonly session: Promise<Session>; readonly wanted: PromiseWithResolvers<void>} | undefined;
  readonly #request: number;
  readonly #memory: ServerMemory;
  readonly #guard: Guard | undefined;
  /** Aborts when no connection beside those at work is of use any more. */
  readonly #enough = new AbortController();
  /** Aborts when the mailbox cannot be copied whatever this end says. */
  readonly #vain = new AbortController();

  constructor(
    end: End,
    endpoint: Endpoint,
    context: {
      readonly request: number;
      readonly credentials: Credentials;
      readonly settings: EngineSettings;
      readonly ports: EnginePorts;
      readonly stop: StopSignals;
      readonly emit: Emit;
      /** What is known of the servers, where mailboxes share it. */
      readonly servers?: Servers;
      /** Shared by mailboxes that may meet the same refusal. */
      readonly guard?: Guard;
    },
  ) {
    this.end = end;
    this.endpoint = endpoint;
    this.#credentials = context.credentials;
    this.#settings = context.settings;
    this.#ports = context.ports;
    this.#stop = context.stop;
    const {request, settings, ports, stop, emit, servers = new Servers()} = context;
    const memory = servers.of(this.server);
    this.#request = request;
    this.#memory = memory;
    this.pace = new Pace({
      ...{request, end, ports, emit},
      stop: {...stop, finish: AbortSignal.any([stop.finish, this.#vain.signal])},
      login: context.credentials.user,
      limits: settings.limits,
      server: memory,
      address: this.server,
      tenant: memory.tenant(endpoint),
      ...(endpoint.auth === 'password' ? {} : {tokens: memory.tenant(endpoint).tokens}),
    });
    this.#guard = context.guard;
  }

  get login(): string {
    return this.#credentials.user;
  }

  /** host:port, for people. */
  get server(): string {
    return addressOf(this.endpoint);
  }

  /** Says an error of this end as a problem. */
  problem(error: unknown, during: ErrorContext['during'], more: Partial<ErrorContext> = {}): Problem {
    if (error instanceof CredentialsMissing)
      return problem('secret-missing', {end: this.end, login: this.login, why: error.message});
    if (error instanceof NotTried)
      return problem('sign-in-not-tried', {
        end: this.end,
        login: this.login,
        server: this.server,
        times: error.times,
      });
    return problemFromError(error, {
      end: this.end,
      login: this.login,
      server: this.server,
      during,
      auth: this.endpoint.auth,
      provider: this.endpoint.provider,
      ...(this.endpoint.clientId === undefined ? {} : {app: this.endpoint.clientId}),
      ...(this.endpoint.tenant === undefined ? {} : {tenant: this.endpoint.tenant}),
      reconnecting: this.pace.serverWorked,
      now: this.#ports.now(),
      staysSo: this.pace.staysUnopened,
      opened: this.pace.opened,
      entered: this.pace.worked,
      ...more,
    });
  }

  /** ms of a round trip to the server, the shortest that any of its mailboxes has seen. */
  async distance({signedIn}: Session): Promise<number> {
    return this.#memory.sawRoundTrip(await signedIn.distance());
  }

  /** Makes the connection for the first `open` at once: what comes before the sign-in takes a round trip or two. */
  connect(): void {
    if (this.pace.held || this.#guard?.before(this.endpoint) !== undefined) return;
    const wanted = Promise.withResolvers<void>();
    wanted.promise.catch(() => undefined);
    const session = this.#signIn(wanted.promise);
    // Whoever opens hears of it.
    session.catch(() => undefined);
    this.#early = {session, wanted};
  }

  /** Closes the connection that was made and not opened, and those that are on their way. */
  close(): void {
    this.noMore();
    this.#early?.wanted.reject(new Error('Not needed'));
    this.#early = undefined;
  }

  #first(): Promise<Session> {
    const early = this.#early;
    this.#early = undefined;
    if (early === undefined) return this.#signIn();
    early.wanted.resolve();
    return early.session;
  }

  /**
   * A signed-in session; waits and tries again as the errors' verdicts and the limits allow.
   * @param holding the caller holds, or is about to hold, a connection that others may wait for
   * @throws MailboxStopped when this end cannot be used; the stop signal's reason when stopped; NoRoom where the caller is to
   * give that back before it waits
   */
  async open(holding = false): Promise<Session> {
    for (;;) {
      await this.pace.ready();
      const turnEnded = await this.#turn();
      const {outages} = this.pace;
      try {
        this.#refuseKnown();
        const session = await this.#first();
        this.pace.entered();
        this.#renewed = false;
        this.#guard?.succeeded(this.endpoint);
        return session;
      } catch (error) {
        if (error instanceof MailboxStopped) throw error;
        this.#stop.finish.throwIfAborted();
        if (this.#renew(error)) continue;
        const why = this.problem(error, 'sign-in');
        if (why.code === 'password-refused-anew') this.#guard?.doubted(this.endpoint);
        // What is no refusal keeps nobody else waiting as long as it keeps this one.
        if (why.verdict !== 'stop' && !isRefusedAnew(why)) turnEnded?.();
        try {
          await this.pace.recover(error, why, {entering: true, outages, holding});
        } catch (given) {
          if (given instanceof MailboxStopped) this.#fail(error, why);
          throw given;
        }
      } finally {
        turnEnded?.();
      }
    }
  }

  /** Its turn to present the password. @throws the stop signal's reason: who stops waits for nobody else's turn to end */
  async #turn(): Promise<(() => void) | undefined> {
    const {finish} = this.#stop;
    finish.throwIfAborted();
    const turn = this.#guard?.turn(this.endpoint);
    const {promise: stopped, reject} = Promise.withResolvers<never>();
    const leave = () => reject(finish.reason);
    finish.addEventListener('abort', leave, {once: true});
    try {
      return await Promise.race([turn, stopped]);
    } catch (error) {
      // Whoever comes behind it gets it all the same.
      void turn?.then(ended => ended());
      throw error;
    } finally {
      finish.removeEventListener('abort', leave);
    }
  }

  /** @throws MailboxStopped where another try would only bring what is known already */
  #refuseKnown(): void {
    const known = this.#guard?.before(this.endpoint);
    if (known === undefined) return;
    const why = this.problem(known, 'sign-in');
    this.#failure = failureOf(known, why);
    throw new MailboxStopped(lastWord(why, this), known);
  }

  /** A token may be revoked before its time: where the end has worked before, one new one is tried before any verdict. */
  #renew(error: unknown): boolean {
    const refused = (error as {authenticationFailed?: unknown} | null)?.authenticationFailed === true;
    const credentials = this.#credentials;
    if (!refused || credentials.kind !== 'token' || !this.pace.worked || this.#renewed) return false;
    this.#renewed = true;
    credentials.tokenExpired();
    return true;
  }

  #fail(error: unknown, why: Problem): void {
    this.#failure = failureOf(error, why);
    this.#guard?.failed(this.endpoint, error, why);
  }

  /** Why this end could not be opened, once that is certain. */
  get failure(): Omit<FailedEnd, 'login'> | undefined {
    return this.#failure;
  }

  /**
   * One more connection where the server grants it; undefined where it does not, without trying again.
   * @param after the connection is made at once, and signed in once this resolves
   */
  openExtra(after?: Promise<unknown>): Promise<Session | undefined> {
    return this.#openOnce(AbortSignal.any([this.#stop.finish, this.#enough.signal]), after);
  }

  /** A connection that nobody waits for; undefined where there is none at once. */
  openOnce(): Promise<Session | undefined> {
    return this.#openOnce(this.#stop.finish);
  }

  async #openOnce(leave: AbortSignal, after?: Promise<unknown>): Promise<Session | undefined> {
    if (this.crowded) return undefined;
    if (this.#guard?.before(this.endpoint) !== undefined) return undefined;
    try {
      return await this.#signIn(after, leave);
    } catch {
      this.#stop.abort.throwIfAborted();
      return undefined;
    }
  }

  /** The other end cannot be used: what this one says to what is under way is heard, and nothing is waited for. */
  inVain(): void {
    this.#vain.abort(new Error('Not needed'));
  }

  /** Another mailbox waits to be let in: nobody asks for a lane more. */
  get crowded(): boolean {
    return this.#memory.room.sought;
  }

  /** Gives up those that `openExtra` has on their way: the work is done. */
  noMore(): void {
    this.#enough.abort();
  }

  /**
   * A message that our reader makes nothing of, by another one, on one more connection; undefined where that cannot read it
   * either, or there is none to be had. Asked once.
   */
  async readOtherwise(wanted: Wanted): Promise<FetchedMessage | undefined> {
    if (this.#guard?.before(this.endpoint) !== undefined) return undefined;
    try {
      return await readOtherwise(
        wanted,
        this.endpoint,
        this.#credentials,
        this.#options(),
        this.#stop.finish,
      );
    } catch {
      return undefined;
    }
  }

  #options(): SignInOptions {
    const {ca, version, limits, compress} = this.#settings;
    const {connectMs, inactivityMs} = limits;
    return {ca, version, now: this.#ports.now, connectMs, inactivityMs, compress: compress === true};
  }

  async #signIn(after?: Promise<unknown>, stop = this.#stop.finish): Promise<Session> {
    const options = {...this.#options(), ...(after === undefined ? {} : {after})};
    const {outages, mostRefusals} = this.pace;
    const {room} = this.#memory;
    const arrived = room.coming(this.#request);
    const session = new Session(
      // Who stops waits for no sign-in: nothing is under way on it.
      await signIn(this.end, this.endpoint, this.#credentials, options, stop).finally(arrived),
      {outage: outages, mostRefusals, manners: this.#memory.manners, now: this.#ports.now()},
    );
    room.entered(this.#request, session.wire.gone);
    // Stopping at once ends every connection, whatever it is at.
    const {wire} = session;
    this.#stop.abort.addEventListener('abort', () => wire.destroy('The run was aborted'), {
      once: true,
      signal: wire.gone,
    });
    return session;
  }

  /**
   * After a lost connection or a throttled command: waits as long as it takes to try again.
   * @param why what the error is, said where it happened
   * @param session the connection that it happened on
   * @throws MailboxStopped where trying again is no use
   */
  async recover(error: unknown, why: Problem, session?: Session): Promise<void> {
    const credentials = this.#credentials;
    const renewable = credentials.kind === 'token';
    if (renewable && why.code === 'token-expired') credentials.tokenExpired(session?.signedIn.renewAt);
    await this.pace.recover(error, why, {session, renewable});
  }

  /** The session, or a new one where it is closed or its token ends soon. Nothing may be under way on it. */
  async current(session: Session | undefined, holding = false): Promise<Session> {
    if (session === undefined || session.wire.closed) return this.open(holding);
    if (!session.life.isDue(this.#ports.now())) return session;
    session.logout();
    return this.open(holding);
  }
}

/** The sign-in was accepted before it. */
const afterSignIn = new Set<string>([
  'mailbox-not-connected',
  'mailbox-sessions-used-up',
  'full-access-missing',
  'mailbox-missing',
] satisfies ProblemCode[]);

function failureOf(error: unknown, why: Problem): Omit<FailedEnd, 'login'> {
  const claims = (error as {tokenClaims?: TokenClaims} | null)?.tokenClaims;
  return {
    problem: why,
    accepted: afterSignIn.has(why.code),
    ...idsOf(claims),
  };
}
