// All Microsoft sign-ins of the program, each once: one of an application serves every mailbox it has rights on, one
// of a person every mailbox they may open. Endpoints that ask for the same share a token and its renewal.
import {loginName} from '../../request/endpoint.ts';
import {isPersonal} from '../../request/personal.ts';
import {cloudOf, tenantOfDomain} from '../../request/providers/clouds.ts';
import type {Endpoint, Request} from '../../request/schema.ts';
import {textOfSecretReference} from '../../request/secret-text.ts';
import type {Credentials} from './credentials.ts';
import {
  type AppProof,
  appSignIn,
  type MsalPorts,
  type Registration,
  type SignInPrompt,
  UserSignIn,
} from './msal.ts';
import {SignInRefused} from './sign-in-refused.ts';
import {TokenKeeper} from './token-keeper.ts';
import type {TokenStore} from './token-store.ts';

/** What counts where an end does not say it itself. */
export type SignInDefaults = {
  readonly tenant?: string;
  readonly clientId?: string;
  /** In place of every cloud's: 'https://login.example.com', with or without a tenant behind it. */
  readonly authority?: string;
};

export type SignInPorts = {
  readonly now: () => number;
  /** Rejects when the signal aborts. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly defaults: SignInDefaults;
  /** The secret or certificate of an end's application. Rejects with a sentence for a person. */
  readonly proofOf: (endpoint: Endpoint, signal: AbortSignal) => Promise<AppProof>;
  /** Where a person's sign-in is kept. @param key the same for the same person, tenant and application */
  readonly storeFor: (key: string) => TokenStore;
};

/** Somebody has to sign in before these mailboxes can be opened. */
export type NeededSignIn = {
  /** Who is expected to: john@baya.com. */
  readonly user: string;
  readonly method: 'oauth-device' | 'oauth-browser';
  /** The mailboxes that are opened with it. */
  readonly mailboxes: readonly string[];
  /**
   * @param show called once, with what the person has to do
   * @throws SignInRefused, SignInUnreachable; the signal's reason where it is called off
   */
  readonly signIn: (show: (prompt: SignInPrompt) => void, signal: AbortSignal) => Promise<void>;
};

type Entry = {readonly keeper: TokenKeeper; readonly person?: UserSignIn};

export class SignIns {
  readonly #ports: SignInPorts;
  readonly #entries = new Map<string, Entry>();

  constructor(ports: SignInPorts) {
    this.#ports = ports;
  }

  /** @param ca PEM, besides the system's: counts for the identity provider too */
  credentials(endpoint: Endpoint, ca: readonly string[]): Credentials {
    const {keeper} = this.#entry(endpoint, ca);
    return {
      kind: 'token',
      user: loginName(endpoint),
      accessToken: (signal = new AbortController().signal) => keeper.token(signal),
      tokenExpired: renewAt => keeper.expired(renewAt),
    };
  }

  /** Who has to sign in before these requests can run: whoever has not, or whose sign-in does not count any more. */
  async needed(
    requests: readonly Request[],
    ca: readonly string[],
    signal: AbortSignal,
  ): Promise<readonly NeededSignIn[]> {
    const asked = new Map<Entry, {endpoint: Endpoint; mailboxes: Set<string>}>();
    for (const endpoint of requests.flatMap(({source, destination}) => [source, destination])) {
      if (!isPersonal(endpoint)) continue;
      const entry = this.#entry(endpoint, ca);
      const known = asked.get(entry) ?? {endpoint, mailboxes: new Set()};
      known.mailboxes.add(loginName(endpoint));
      asked.set(entry, known);
    }
    const all = await Promise.all(
      [...asked].map(async ([{keeper, person}, {endpoint, mailboxes}]): Promise<NeededSignIn[]> => {
        if (person === undefined || (await hasToken(keeper, signal))) return [];
        const method = endpoint.auth === 'oauth-browser' ? 'oauth-browser' : 'oauth-device';
        return [
          {
            user: userOf(endpoint),
            method,
            mailboxes: [...mailboxes],
            signIn: async (show, stop) =>
              keeper.put(
                await (method === 'oauth-browser'
                  ? person.byBrowser(show, stop)
                  : person.byDevice(show, stop)),
              ),
          },
        ];
      }),
    );
    return all.flat();
  }

  /**
   * Whoever signs in for these ends has to do it anew: nothing that is kept of it counts any more, neither here nor at the
   * next start.
   */
  async forget(ends: readonly Endpoint[], ca: readonly string[]): Promise<void> {
    for (const endpoint of ends) {
      const {keeper, person} = this.#entry(endpoint, ca);
      await person?.forget();
      keeper.expired();
    }
  }

  #entry(endpoint: Endpoint, ca: readonly string[]): Entry {
    const registration = registrationOf(endpoint, this.#ports.defaults);
    const {delegatedScope, appScope} = cloudOf(endpoint.server);
    const {authority, clientId} = registration;
    const personal = isPersonal(endpoint);
    const user = userOf(endpoint);
    const who = personal ? user.toLowerCase() : textOfSecretReference(endpoint.secret);
    const key = [authority, clientId, personal ? delegatedScope : appScope, who].join('\n');
    const whole = [key, ...ca].join('\n');
    const known = this.#entries.get(whole);
    if (known !== undefined) return known;
    const {now, sleep, proofOf, storeFor} = this.#ports;
    const ports: MsalPorts = {now, sleep, ca};
    let entry: Entry;
    if (personal) {
      const person = new UserSignIn(registration, delegatedScope, user, storeFor(key), ports);
      entry = {person, keeper: new TokenKeeper(signal => person.silent(signal), now)};
    } else {
      const fetch = appSignIn(registration, appScope, signal => proofOf(endpoint, signal), ports);
      entry = {keeper: new TokenKeeper(fetch, now)};
    }
    this.#entries.set(whole, entry);
    return entry;
  }
}

/** Who signs in: the mailbox's owner, or the one who was named, for a shared mailbox. */
function userOf(endpoint: Endpoint): string {
  return endpoint.signInUser ?? loginName(endpoint);
}

/** Where an end signs in, and as which application. */
export function registrationOf(endpoint: Endpoint, defaults: SignInDefaults): Registration {
  const {authority = cloudOf(endpoint.server).authority} = defaults;
  const base = new URL(authority);
  const own = base.pathname.replace(/^\/|\/$/g, '');
  const [, domain = endpoint.domain] = /@([^@]+)$/.exec(endpoint.signInUser ?? '') ?? [];
  const tenant = endpoint.tenant ?? defaults.tenant ?? (own === '' ? tenantOfDomain(domain) : own);
  return {
    authority: `${base.origin}/${encodeURIComponent(tenant)}`,
    clientId: endpoint.clientId ?? defaults.clientId ?? '',
  };
}

/** Without a person. Trouble on the way is not theirs: it comes up again, and is told, where the token is used. */
async function hasToken(keeper: TokenKeeper, signal: AbortSignal): Promise<boolean> {
  try {
    await keeper.token(signal);
    return true;
  } catch (error) {
    signal.throwIfAborted();
    return !(error instanceof SignInRefused);
  }
}
