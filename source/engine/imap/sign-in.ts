// Signing in: imapflow does the greeting, TLS, STARTTLS and authentication; then its socket is handed over to a
// Wire for everything else but what only imapflow can read (other-reader.ts). The only file that imports imapflow.
import {isIP} from 'node:net';
import {ImapFlow, type ImapFlowOptions} from 'imapflow';
import type {Endpoint} from '../../request/schema.ts';
import type {Credentials} from '../auth/credentials.ts';
import {type Hide, hideIn, hiding} from '../auth/hide.ts';
import {SignInRefused, SignInUnreachable} from '../auth/sign-in-refused.ts';
import {readTokenClaims} from '../auth/token-claims.ts';
import {trusting} from '../auth/trust.ts';
import type {End} from '../events.ts';
import {exchangeGreeting} from '../exchange-greeting.ts';
import {compress, compressCapability} from './compress.ts';
import {humanText} from './human-text.ts';
import type {Namespaces} from './responses.ts';
import {SignInDeadline, SignInResponses, signInSizes} from './sign-in-bounds.ts';
import {Wire} from './wire.ts';

/** An atom (RFC 9051 section 9), of a length that capabilities have: they are told in the run's events. */
const capabilityName = /^[\x21-\x7e]{1,100}$/;

export type SignInOptions = {
  /** PEM certificates to trust besides the system's. */
  readonly ca?: readonly string[];
  readonly connectMs: number;
  readonly inactivityMs: number;
  readonly version: string;
  /** ms since 1970. */
  readonly now: () => number;
  /** Compresses where the server offers it. */
  readonly compress?: boolean;
  /** Where given, the connection is made at once, and nobody is named on it before this resolves. */
  readonly after?: Promise<unknown>;
};

export type SignedIn = {
  readonly wire: Wire;
  /** Upper case, as after the sign-in. */
  readonly capabilities: ReadonlySet<string>;
  /** Bytes, where the server names one limit for all mailboxes (RFC 7889). */
  readonly appendLimit?: number;
  /** ms since 1970: the token it was signed in with ends soon after (credentials.ts). */
  readonly renewAt?: number;
  /** Absent where it is cheaper to ask for them together with the first LIST. */
  readonly namespaces?: Namespaces;
  readonly greeting: string;
  /** ms from the first command after the sign-in to its answer; 0 where that was not measured (Exchange). */
  distance(): Promise<number>;
};

/**
 * imapflow waits for answers that nothing depends on, each a round trip that the mail waits for: to ID, twice; to
 * NAMESPACE, which can be asked for together with LIST; to PLAIN's empty challenge, where SASL-IR (RFC 4959) takes the
 * credentials at once. Its commands go through `run` and `exec`, which its types do not show; the version is pinned,
 * and a test counts the round trips.
 */
export class Client extends ImapFlow {
  readonly #after: Promise<unknown> | undefined;
  readonly #plain: string | undefined;
  readonly #responses = new SignInResponses();
  readonly #deadline: SignInDeadline;
  /** Told of each response as it came, before it is read. */
  heard: ((line: Buffer) => void) | undefined;

  constructor(options: ImapFlowOptions, after: Promise<unknown> | undefined, deadline: SignInDeadline) {
    super(options);
    this.#after = after;
    this.#deadline = deadline;
    const {user = '', pass} = options.auth ?? {};
    this.#plain = pass === undefined ? undefined : Buffer.from(`\0${user}\0${pass}`).toString('base64');
  }

  async run(command: string, ...rest: readonly unknown[]): Promise<unknown> {
    if (command === 'ID') return undefined;
    // At Exchange the answer tells whether there is a mailbox behind the sign-in.
    if (
      command === 'NAMESPACE' &&
      this.capabilities.has('NAMESPACE') &&
      !exchangeGreeting.test(this.greeting ?? '')
    )
      return undefined;
    if (command === 'AUTHENTICATE' || command === 'LOGIN') {
      this.#deadline.stop();
      await this.#after;
      this.#deadline.start();
    }
    return Reflect.apply(Reflect.get(ImapFlow.prototype, 'run'), this, [command, ...rest]);
  }

  exec(command: string, attributes: unknown, options: unknown): unknown {
    const plain =
      command === 'AUTHENTICATE' &&
      Array.isArray(attributes) &&
      attributes.length === 1 &&
      (attributes[0] as {value?: unknown}).value === 'PLAIN' &&
      this.capabilities.has('SASL-IR');
    const all = plain ? [...attributes, {type: 'ATOM', value: this.#plain, sensitive: true}] : attributes;
    return Reflect.apply(Reflect.get(ImapFlow.prototype, 'exec'), this, [command, all, options]);
  }

  /**
   * imapflow waits itself before it tells of a pause that it is asked for, up to half of the time that a connection may be
   * silent. While it signs in, the wait is its caller's: there it is shown, can be stopped and holds no place.
   */
  async throttleWait(ms: number): Promise<boolean> {
    if (!this.usable) return false;
    return Reflect.apply(Reflect.get(ImapFlow.prototype, 'throttleWait'), this, [ms]);
  }

  /** False: nothing more is read. */
  async handleResponse(response: {readonly payload: Buffer}): Promise<boolean> {
    this.heard?.(response.payload);
    const wrong = this.#responses.next();
    if (wrong === undefined)
      return Reflect.apply(Reflect.get(ImapFlow.prototype, 'handleResponse'), this, [response]);
    Reflect.apply(Reflect.get(ImapFlow.prototype, 'failProtocol'), this, [wrong]);
    return false;
  }
}

type ThrottleLine = {msg?: unknown; throttleDelay?: unknown};

/**
 * Connects and signs in; imapflow has the connection. Certificates are always verified; TLS 1.2 at least; no plaintext
 * fallback.
 * @param sizes of what is read, where more is to come than what a sign-in brings
 * @returns also what takes the secret out of the server's words
 * @throws as `signIn`
 */
export async function enter(
  endpoint: Endpoint,
  credentials: Credentials,
  options: SignInOptions,
  signal: AbortSignal,
  sizes: Partial<Readonly<Record<keyof typeof signInSizes, number>>> = {},
): Promise<{client: Client; hide: Hide; renewAt?: number}> {
  signal.throwIfAborted();
  const {auth, renewAt} = await unlessAborted(authOf(credentials, signal), signal);
  const hide = hiding([auth.pass, auth.accessToken]);

  // A BYE behind the throttle line makes imapflow's error lose the hint; its logger still tells.
  let throttleReset: number | undefined;
  const silent = () => undefined;
  const listen = (line: ThrottleLine) => {
    if (typeof line === 'object' && line !== null && typeof line.throttleDelay === 'number')
      throttleReset = line.throttleDelay;
  };
  const settings: ImapFlowOptions = {
    host: endpoint.server,
    port: endpoint.port,
    secure: endpoint.security === 'tls',
    doSTARTTLS: endpoint.security === 'starttls',
    auth,
    tls: {
      secureContext: trusting(options.ca),
      rejectUnauthorized: true,
      ...(isIP(endpoint.server) === 0 ? {servername: endpoint.server} : {}),
    },
    logger: {debug: silent, info: silent, warn: listen, error: silent},
    ...signInSizes,
    ...sizes,
    disableAutoIdle: true,
    // Names stay modified UTF-7 and answers IMAP4rev1 everywhere: Exchange's rev2 is broken (quirk `rev2Search`).
    disableAutoEnable: true,
    disableIMAP4rev2: true,
    // Compressing is ours (compress.ts): a stream that is handed over is not held by imapflow any more.
    disableCompression: true,
    connectionTimeout: options.connectMs,
    greetingTimeout: options.connectMs,
    socketTimeout: options.inactivityMs,
  };
  const deadline = new SignInDeadline(options.connectMs + options.inactivityMs, () => client.close());
  const client = new Client(settings, options.after, deadline);
  let later: unknown;
  client.on('error', (error: unknown) => {
    later ??= error;
  });
  const abort = () => client.close();
  signal.addEventListener('abort', abort, {once: true});
  deadline.start();
  try {
    await client.connect();
  } catch (error) {
    client.close();
    signal.throwIfAborted();
    const cause = deadline.passed ? new SignInTimedOut() : error instanceof Error ? error : (later ?? error);
    hideIn(cause, hide);
    if (throttleReset !== undefined && cause instanceof Error) Object.assign(cause, {throttleReset});
    // Exchange gives no reason for refusing a token: what the token says of itself often is one.
    if (cause instanceof Error && client.greeting) Object.assign(cause, {greeting: client.greeting});
    const token = auth.accessToken;
    if (token !== undefined && cause instanceof Error)
      Object.assign(cause, {tokenClaims: readTokenClaims(token)});
    throw cause;
  } finally {
    deadline.end();
    signal.removeEventListener('abort', abort);
  }
  signal.throwIfAborted();
  return {client, hide, ...(renewAt === undefined ? {} : {renewAt})};
}

/**
 * Signs in and takes the connection over.
 * @throws imapflow's and Node's errors as they are: problem-from-error.ts reads them. `throttleReset` (ms) is set
 * where the server asked to wait, also where its BYE came right behind. The signal's reason where it aborts, also
 * while a secret is fetched.
 */
export async function signIn(
  end: End,
  endpoint: Endpoint,
  credentials: Credentials,
  options: SignInOptions,
  signal: AbortSignal,
): Promise<SignedIn> {
  const {client, hide, renewAt} = await enter(endpoint, credentials, options, signal);
  const names = [...client.capabilities.keys()].filter(name => capabilityName.test(hide(name)));
  const capabilities = new Set(names.map(name => name.toUpperCase()));
  const limit = client.capabilities.get('APPENDLIMIT');
  const {namespace, namespaces, greeting} = client;
  const foreign = [namespaces?.other, namespaces?.shared].flatMap(group =>
    Array.isArray(group) ? group.map(each => each.prefix).filter(prefix => prefix !== '') : [],
  );
  const bound = client.unbind();
  const sockets =
    options.compress === true && capabilities.has(compressCapability)
      ? await compress(end, bound.socket, options.connectMs, signal)
      : bound;
  const wire = new Wire(end, sockets, options.inactivityMs, words => hide(humanText(words)));
  // Who we are (RFC 2971), told without waiting; Exchange wants one command at a time and is not told.
  const hello = capabilities.has('ID') ? `ID ("name" "mailferry" "version" "${options.version}")` : 'NOOP';
  const distance = exchangeGreeting.test(greeting ?? '')
    ? () => Promise.resolve(0)
    : distanceOf(wire, hello, options.now);
  return {
    wire,
    capabilities,
    greeting: greeting ?? '',
    distance,
    ...(renewAt === undefined ? {} : {renewAt}),
    ...(namespace === undefined
      ? {}
      : {namespaces: {prefix: namespace.prefix, delimiter: namespace.delimiter ?? '/', foreign}}),
    ...(typeof limit === 'number' && limit > 0 ? {appendLimit: limit} : {}),
  };
}

/** The server went on talking, and the sign-in did not come to an end. */
class SignInTimedOut extends Error {
  override readonly name = 'SignInTimedOut';
  readonly code = 'ETIMEOUT';

  constructor() {
    super('The sign-in took too long');
  }
}

/** ms between which a first answer says little: a server that starts a process for us takes so long in the same room. */
const unsure = {from: 5, to: 50};

/** Says hello now; what it gives asks once more where the first answer says little, and only when it is called. */
function distanceOf(wire: Wire, hello: string, now: () => number): () => Promise<number> {
  const time = async (command: string) => {
    const asked = now();
    await wire.command(command);
    return now() - asked;
  };
  const greeted = time(hello).catch(() => 0);
  return async () => {
    const first = await greeted;
    if (first < unsure.from || first > unsure.to) return first;
    return Math.min(first, await time('NOOP').catch(() => first));
  };
}

/** The secret cannot be had: nothing was sent. */
export class CredentialsMissing extends Error {
  override readonly name = 'CredentialsMissing';
}

/** Whoever gives the secret may not know of the signal. */
async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  let abort: () => void = () => undefined;
  const aborted = new Promise<never>((_, reject) => {
    abort = () => reject(signal.reason);
    signal.addEventListener('abort', abort, {once: true});
  });
  try {
    return await Promise.race([work, aborted]);
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

async function authOf(
  credentials: Credentials,
  signal: AbortSignal,
): Promise<{auth: NonNullable<ImapFlowOptions['auth']>; renewAt?: number}> {
  const {user} = credentials;
  try {
    if (credentials.kind === 'password')
      return {auth: {user, pass: (await credentials.password(signal)).reveal()}};
    const {secret, renewAt} = await credentials.accessToken(signal);
    return {auth: {user, accessToken: secret.reveal()}, ...(renewAt === undefined ? {} : {renewAt})};
  } catch (error) {
    if (error instanceof SignInRefused || error instanceof SignInUnreachable) throw error;
    throw new CredentialsMissing(error instanceof Error ? error.message : String(error));
  }
}
