// Keeps many mailboxes from asking one server for the same refusal: what is the server's or the app's own trouble is
// asked for once, and where one sign-in after the other is refused, the rest are not tried. Servers lock out who goes on.
import {mailboxKey} from '../../request/endpoint.ts';
import type {Endpoint} from '../../request/schema.ts';
import type {SecretReference} from '../../request/secret.ts';
import {isSameSecret, textOfSecretReference} from '../../request/secret-text.ts';
import {SignInRefused} from '../auth/sign-in-refused.ts';
import type {Problem, ProblemCode} from '../problems/problems.ts';
import {tlsCodes} from '../problems/tls.ts';
import {mostRefusals, SignInPlaces} from './sign-in-places.ts';

/** ms after which a server's own trouble is met again: a network may be back. */
const troubleLasts = 60_000;

/** The server's own: no other mailbox would get further. */
const serversOwn = new Set<string>([
  'host-unknown',
  'name-lookup-failed',
  'host-unreachable',
  'connection-refused',
  'connect-timed-out',
  'not-imap',
  'server-too-old',
  'proxy-failed',
  ...tlsCodes,
] satisfies ProblemCode[]);

/** The app's own, as its token tells: the same for every mailbox that is signed in to with it. */
const appsOwn = new Set<string>([
  'imap-permission-missing',
  'token-for-other-resource',
] satisfies ProblemCode[]);

/** Who gives tokens knows nothing of the mailbox that an app wants one for: what it refuses for good is the app's own too. */
const isApps = (error: unknown, {code, verdict}: Problem): boolean =>
  appsOwn.has(code) || (error instanceof SignInRefused && verdict === 'stop');

/** The server's own, for everybody who comes with a password. */
const passwordsOwn = new Set<string>([
  'password-sign-in-off',
  'microsoft-password-refused',
] satisfies ProblemCode[]);

/** The mailbox's own, but a reason for a server to grow suspicious. */
const suspicious = new Set<string>([
  'sign-in-refused',
  'microsoft-password-wrong',
  'microsoft-token-refused',
  'token-refused-anew',
] satisfies ProblemCode[]);

/** What a mailbox's password was refused for: the same one again would be a step towards a locked account. */
const passwordWrong = new Set<string>([
  'sign-in-refused',
  'password-refused-anew',
  'microsoft-password-wrong',
  'password-expired',
  'app-password-needed',
  'imap-switched-off',
  'sign-in-rights-missing',
  'administrator-needed',
] satisfies ProblemCode[]);

/** This sign-in was not tried: so many before it were refused. */
export class NotTried extends Error {
  override readonly name = 'NotTried';
  readonly times: number;

  constructor(times: number) {
    super(`Not tried after ${times} refusals`);
    this.times = times;
  }
}

/** What a link asks and tells. */
export type Guard = Pick<SignInGuard, 'before' | 'turn' | 'succeeded' | 'doubted' | 'failed'>;

export class SignInGuard {
  readonly #now: () => number;
  readonly #errors = new Map<string, {readonly error: unknown; readonly until: number}>();
  readonly #places = new Map<string, SignInPlaces>();
  /** By mailbox: the passwords that it has refused. */
  readonly #wrong = new Map<string, readonly {readonly secret: SecretReference; readonly error: unknown}[]>();
  /** Mailboxes that have let somebody in. */
  readonly #proven = new Set<string>();
  /** By mailbox: settles when the last one that has asked for its turn has ended it. */
  readonly #turns = new Map<string, Promise<void>>();

  /** @param now ms since 1970; without it, for a look that is soon over, a server's own trouble lasts */
  constructor(now: () => number = () => 0) {
    this.#now = now;
  }

  /** The error that another try would only bring again; undefined where it is worth trying. */
  before(endpoint: Endpoint): unknown {
    const {auth} = endpoint;
    for (const key of [serverKey(endpoint), auth === 'password' ? passwordKey(endpoint) : appKey(endpoint)]) {
      const known = this.#errors.get(key);
      if (known !== undefined && this.#now() < known.until) return known.error;
    }
    const wrong = this.#wrong.get(mailboxKey(endpoint))?.find(isOf(endpoint));
    if (auth === 'password' && wrong !== undefined) return wrong.error;
    const {refused} = this.#placesAt(endpoint);
    return refused >= mostRefusals ? new NotTried(refused) : undefined;
  }

  /**
   * One after the other, by mailbox, until its password has proven right, and no more at a server than it bears: whoever
   * comes next learns from `before` what the ones before it were told. Resolves with what ends the turn.
   */
  async turn(endpoint: Endpoint): Promise<() => void> {
    const endAtMailbox = await this.#mailboxTurn(endpoint);
    const endAtServer = await this.#placesAt(endpoint).enter();
    return () => {
      endAtServer();
      endAtMailbox();
    };
  }

  #placesAt(endpoint: Endpoint): SignInPlaces {
    const server = serverKey(endpoint);
    const places = this.#places.get(server) ?? new SignInPlaces();
    this.#places.set(server, places);
    return places;
  }

  async #mailboxTurn(endpoint: Endpoint): Promise<() => void> {
    const mailbox = mailboxKey(endpoint);
    if (endpoint.auth !== 'password' || this.#proven.has(mailbox)) return () => undefined;
    const before = this.#turns.get(mailbox);
    const {promise, resolve} = Promise.withResolvers<void>();
    this.#turns.set(mailbox, promise);
    await before;
    if (this.#proven.has(mailbox)) resolve();
    return resolve;
  }

  /** A sign-in at this end has succeeded. */
  succeeded(endpoint: Endpoint): void {
    const server = serverKey(endpoint);
    this.#placesAt(endpoint).letIn();
    // One that was out of order for a moment is not any more.
    this.#errors.delete(server);
    const mailbox = mailboxKey(endpoint);
    this.#proven.add(mailbox);
    const wrong = this.#wrong.get(mailbox) ?? [];
    this.#wrong.set(
      mailbox,
      wrong.filter(each => !isOf(endpoint)(each)),
    );
  }

  /** A password that was right is refused, and will be presented again: by one connection after the other from now on. */
  doubted(endpoint: Endpoint): void {
    this.#proven.delete(mailboxKey(endpoint));
  }

  /** A sign-in at this end has failed for good. */
  failed(endpoint: Endpoint, error: unknown, why: Problem): void {
    const {code} = why;
    const server = serverKey(endpoint);
    const places = this.#placesAt(endpoint);
    if (endpoint.auth === 'password' && passwordWrong.has(code)) {
      const mailbox = mailboxKey(endpoint);
      const {secret} = endpoint;
      this.#wrong.set(mailbox, [...(this.#wrong.get(mailbox) ?? []), {secret, error}]);
    }
    const keep = (key: string, ms: number) => this.#errors.set(key, {error, until: this.#now() + ms});
    // One that has let somebody in is out of order for a moment: each mailbox waits for it as long as it would.
    if (serversOwn.has(code)) {
      if (places.refused >= 0) keep(server, troubleLasts);
    } else if (endpoint.auth === 'oauth-app' && isApps(error, why))
      keep(appKey(endpoint), Number.POSITIVE_INFINITY);
    else if (passwordsOwn.has(code)) keep(passwordKey(endpoint), Number.POSITIVE_INFINITY);
    else if (suspicious.has(code)) places.refusedOne();
  }

  /**
   * For a look before the run, which tries nothing twice: a server that is out of order then may be back at the first
   * turn, and is asked again. What it has refused it refuses again.
   */
  forLook(): Guard {
    return {
      before: endpoint => this.before(endpoint),
      turn: endpoint => this.turn(endpoint),
      succeeded: endpoint => this.succeeded(endpoint),
      doubted: endpoint => this.doubted(endpoint),
      failed: (endpoint, error, problem) => {
        if (!serversOwn.has(problem.code)) this.failed(endpoint, error, problem);
      },
    };
  }
}

function serverKey({server, port, security}: Endpoint): string {
  return `server ${server.toLowerCase()} ${port} ${security}`;
}

function isOf({secret}: Endpoint): (wrong: {readonly secret: SecretReference}) => boolean {
  return wrong => isSameSecret(wrong.secret, secret);
}

function passwordKey(endpoint: Endpoint): string {
  return `password ${serverKey(endpoint)}`;
}

function appKey(endpoint: Endpoint): string {
  // Without a tenant the domain tells which directory is asked, and each has its own consent.
  const directory = (endpoint.tenant ?? endpoint.domain).toLowerCase();
  return `app ${appOf(endpoint)} ${directory} ${textOfSecretReference(endpoint.secret)}`;
}

/** Which app signs in; rows that name none share the run's. */
export function appOf({auth, tenant, clientId}: Endpoint): string {
  return JSON.stringify([auth, tenant ?? '', clientId ?? '']).toLowerCase();
}
