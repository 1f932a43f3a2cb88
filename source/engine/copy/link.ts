// The way to one end of a mailbox pair: opens connections, waits when the server asks for it, reconnects with
// growing pauses. The only place that decides when to try a server again.

import type {Endpoint} from '../../request/schema.ts';
import type {Credentials} from '../auth/credentials.ts';
import type {TokenClaims} from '../auth/token-claims.ts';
import type {Emit, End} from '../events.ts';
import {Session} from '../imap/session.ts';
import {CredentialsMissing, signIn} from '../imap/sign-in.ts';
import type {FailedEnd} from '../inspection.ts';
import {idsOf} from '../problem-doctor.ts';
import {type ErrorContext, problemFromError} from '../problem-from-error.ts';
import {type Problem, problem} from '../problems.ts';
import {NotTried, type SignInGuard} from '../sign-in-guard.ts';
import type {EnginePorts, EngineSettings, StopSignals} from './context.ts';

/** A problem that ends the mailbox's work. */
export class MailboxStopped extends Error {
  readonly problem: Problem;
  /** What the other end has to say at the same time. */
  readonly also: readonly Problem[];

  constructor(problem: Problem, cause?: unknown, also: readonly Problem[] = []) {
    super(problem.sentence, {cause});
    this.name = 'MailboxStopped';
    this.problem = problem;
    this.also = also;
  }
}

const longestPause = 30_000;
/** Tokens that may end in a row without anything having got through. */
const mostRenewals = 4;
/** ms before a mailbox that Exchange does not open is asked for again: soon after other connections it does not. */
const openingPauses: readonly number[] = [2000, 6000];

export class Link {
  readonly end: End;
  readonly endpoint: Endpoint;
  readonly #credentials: Credentials;
  readonly #request: number;
  readonly #settings: EngineSettings;
  readonly #ports: EnginePorts;
  readonly #stop: StopSignals;
  readonly #emit: Emit;
  /** ms since 1970 until which the server wants to be left alone. */
  #heldUntil = 0;
  #losses = 0;
  /** Losses counted so far: connections opened before the last one fell to the same outage. */
  #outages = 0;
  #worked = false;
  /** Times in which the server let us in and did not open the mailbox. */
  #unopened = 0;
  /** Mail has gone over it in this run. */
  #carried = false;
  /** Expired tokens that were replaced since something got through. */
  #renewals = 0;
  #failure: Omit<FailedEnd, 'login'> | undefined;
  readonly #guard: SignInGuard | undefined;

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
      /** Shared by mailboxes that may meet the same refusal. */
      readonly guard?: SignInGuard;
    },
  ) {
    this.end = end;
    this.endpoint = endpoint;
    this.#credentials = context.credentials;
    this.#request = context.request;
    this.#settings = context.settings;
    this.#ports = context.ports;
    this.#stop = context.stop;
    this.#emit = context.emit;
    this.#guard = context.guard;
  }

  get login(): string {
    return this.#credentials.user;
  }

  /** host:port, for people. */
  get server(): string {
    return `${this.endpoint.server}:${this.endpoint.port}`;
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
      reconnecting: this.#worked,
      now: this.#ports.now(),
      staysSo: this.#unopened >= openingPauses.length && !this.#carried,
      ...more,
    });
  }

  /**
   * A signed-in session; waits and tries again as the errors' verdicts and the limits allow.
   * @throws MailboxStopped when this end cannot be used; the stop signal's reason when stopped
   */
  async open(): Promise<Session> {
    for (;;) {
      await this.ready();
      const known = this.#guard?.before(this.endpoint);
      if (known !== undefined) {
        const why = this.problem(known, 'sign-in');
        this.#failure = failureOf(known, why);
        throw new MailboxStopped(why, known);
      }
      try {
        const session = await this.#signIn();
        this.#worked = true;
        this.#guard?.succeeded(this.endpoint);
        return session;
      } catch (error) {
        this.#stop.finish.throwIfAborted();
        const why = this.problem(error, 'sign-in');
        try {
          await this.recover(error, why);
        } catch (given) {
          if (given instanceof MailboxStopped) this.#fail(error, why);
          throw given;
        }
      }
    }
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
  async openExtra(after?: Promise<unknown>): Promise<Session | undefined> {
    try {
      return await this.#signIn(after);
    } catch {
      this.#stop.abort.throwIfAborted();
      return undefined;
    }
  }

  async #signIn(after?: Promise<unknown>): Promise<Session> {
    const {ca, version, limits} = this.#settings;
    const options = {
      ca,
      version,
      now: this.#ports.now,
      connectMs: limits.connectMs,
      inactivityMs: limits.inactivityMs,
      ...(after === undefined ? {} : {after}),
    };
    const outage = this.#outages;
    const session = new Session(
      await signIn(this.end, this.endpoint, this.#credentials, options, this.#stop.abort),
      outage,
    );
    // Stopping at once ends every connection, whatever it is at.
    const {wire} = session;
    this.#stop.abort.addEventListener('abort', () => wire.destroy('The run was aborted'), {
      once: true,
      signal: wire.gone,
    });
    return session;
  }

  /** The server wants to be left alone for now. */
  get held(): boolean {
    return this.#heldUntil > this.#ports.now();
  }

  /** Resolves when the server may be asked again. */
  async ready(): Promise<void> {
    this.#stop.finish.throwIfAborted();
    const left = this.#heldUntil - this.#ports.now();
    if (left > 0) await this.#ports.sleep(left, this.#stop.finish);
  }

  /** Work got through: the next loss counts as the first. */
  progress(): void {
    this.#losses = 0;
    this.#carried = true;
    this.#renewals = 0;
  }

  /**
   * After a lost connection or a throttled command: waits as long as it takes to try again.
   * @param why what the error is, said where it happened
   * @param session the connection that was lost; many that go at once count as one loss
   * @throws MailboxStopped where trying again is no use
   */
  async recover(error: unknown, why: Problem, session?: Session): Promise<void> {
    if (why.verdict !== 'again' && why.verdict !== 'slower') throw new MailboxStopped(why, error);
    const asked = throttleReset(error);
    if (asked !== undefined) {
      await this.hold(asked, why);
      return;
    }
    if (session !== undefined && session.outage < this.#outages) {
      await this.ready();
      return;
    }
    const opening = why.code === 'mailbox-not-connected' ? openingPauses[this.#unopened] : undefined;
    if (opening !== undefined && !this.#carried) {
      this.#unopened++;
      await this.hold(Math.round(opening * (0.75 + this.#ports.random() / 2)), why);
      return;
    }
    this.#outages++;
    // Tokens end; that is no fault of the line, unless one after the other ends before its time and before anything got
    // through. Each end and lane may lose one to the same moment.
    if (why.code === 'token-expired' && this.#credentials.kind === 'token') {
      this.#credentials.tokenExpired(session?.signedIn.renewAt);
      if (this.#renewals < mostRenewals || session?.isDue(this.#ports.now()) === true) {
        this.#renewals++;
        await this.ready();
        return;
      }
    }
    this.#losses++;
    const most = this.#worked
      ? this.#settings.limits.reconnects
      : Math.min(2, this.#settings.limits.reconnects);
    if (this.#losses > most) throw new MailboxStopped(lastWord(why, this.end), error);
    this.#emit({
      type: 'connection-lost',
      request: this.#request,
      end: this.end,
      attempt: this.#losses,
      problem: why,
    });
    const pause = Math.min(longestPause, 500 * 2 ** this.#losses) * (0.75 + this.#ports.random() / 2);
    await this.hold(Math.round(pause), why);
  }

  /** The session, or a new one where it is closed or its token ends soon. Nothing may be under way on it. */
  async current(session: Session | undefined): Promise<Session> {
    if (session === undefined || session.wire.closed) return this.open();
    if (!session.isDue(this.#ports.now())) return session;
    session.logout();
    return this.open();
  }

  /** Leaves the server alone for `ms`, all connections of this mailbox and end, and says so. */
  async hold(ms: number, why: Problem): Promise<void> {
    const until = this.#ports.now() + ms;
    if (until > this.#heldUntil) {
      this.#heldUntil = until;
      this.#emit({type: 'waiting', request: this.#request, end: this.end, until, problem: why});
    }
    await this.ready();
    this.#emit({type: 'wait-ended', request: this.#request, end: this.end});
  }
}

function throttleReset(error: unknown): number | undefined {
  const value = (error as {throttleReset?: unknown} | null)?.throttleReset;
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : undefined;
}

function failureOf(error: unknown, why: Problem): Omit<FailedEnd, 'login'> {
  const claims = (error as {tokenClaims?: TokenClaims} | null)?.tokenClaims;
  return {
    problem: why,
    accepted: ['mailbox-not-connected', 'full-access-missing', 'mailbox-missing'].includes(why.code),
    ...idsOf(claims),
  };
}

/** What an error is called once it has come again and again. */
function lastWord(why: Problem, end: End): Problem {
  // Exchange says this too where a mailbox is full (facts 2.8), and nothing else.
  if (
    end === 'destination' &&
    why.code === 'server-unavailable' &&
    /Unavailable\. 15/i.test(why.detail ?? '')
  )
    return problem('over-quota-likely', {}, why.detail === undefined ? {} : {detail: why.detail});
  return {...why, verdict: 'stop'};
}
