// The only file that runs MSAL. It is loaded when the first token is needed. Tokens are always asked for anew: when
// they end is watched by the token keeper, by the program's own clock.
import type {AuthenticationResult, Configuration, PublicClientApplication} from '@azure/msal-node';
import {cleanText} from '../../format/clean.ts';
import {Secret} from '../../request/secret.ts';
import {problemOfRefusal} from '../problems/sign-in.ts';
import {readClientCertificate} from './certificate.ts';
import type {Hide} from './hide.ts';
import {IdentityNetwork, type NetworkPorts} from './identity-network.ts';
import {SignInRefused, SignInUnreachable} from './sign-in-refused.ts';
import type {FetchedToken} from './token-keeper.ts';
import {cachePlugin, type TokenStore} from './token-store.ts';

/** An application as its tenant knows it. */
export type Registration = {
  /** 'https://login.microsoftonline.com/TENANT'. */
  readonly authority: string;
  readonly clientId: string;
};

/** How an application proves to be itself. The PEM holds the certificate and its private key. */
export type AppProof = {readonly kind: 'secret' | 'certificate'; readonly value: Secret};

/** What a person has to do, and until when (ms since 1970). */
export type SignInPrompt =
  | {readonly kind: 'device'; readonly code: string; readonly address: string; readonly expires: number}
  | {
      readonly kind: 'browser';
      /** Microsoft's page, with all that it has to know: some hundred characters. */
      readonly address: string;
      /** Leads there from a browser on this machine. */
      readonly short: string;
      readonly expires: number;
    };

export type MsalPorts = NetworkPorts & {readonly now: () => number};

/** A sign-in in the browser that nobody finishes ends after this. */
const browserMs = 15 * 60_000;

const msal = () => import('@azure/msal-node');

function settings(registration: Registration, network: IdentityNetwork): Configuration {
  return {
    auth: {
      clientId: registration.clientId,
      authority: registration.authority,
      knownAuthorities: [new URL(registration.authority).host],
    },
    system: {networkClient: network},
  };
}

/**
 * Signs an application in by itself, for every mailbox it was given rights on (client credentials, RFC 6749
 * section 4.4). The answer fetches a new token each time.
 * @param proof fetched when it is first needed, and kept: hours later nobody may be there to unlock what gives it. One
 * that is refused is fetched again at the next try.
 */
export function appSignIn(
  registration: Registration,
  scope: string,
  proof: (signal: AbortSignal) => Promise<AppProof>,
  ports: MsalPorts,
): (signal: AbortSignal) => Promise<FetchedToken> {
  const network = new IdentityNetwork(ports);
  const fetched = async ({kind, value}: AppProof, signal: AbortSignal) => {
    const {ConfidentialClientApplication} = await msal();
    const config = settings(registration, network);
    const own =
      kind === 'secret'
        ? {clientSecret: value.reveal()}
        : {clientCertificate: readClientCertificate(value.reveal())};
    return asked(network, signal, () =>
      new ConfidentialClientApplication({
        ...config,
        auth: {...config.auth, ...own},
      }).acquireTokenByClientCredential({scopes: [scope], skipCache: true}),
    );
  };
  let known: AppProof | undefined;
  return async signal => {
    known ??= await proof(signal);
    try {
      return await fetched(known, signal);
    } catch (error) {
      if (!signal.aborted && !isPassing(error)) known = undefined;
      throw error;
    }
  };
}

/** Says nothing of who has asked: the provider is away, or out of order. */
function isPassing(error: unknown): boolean {
  if (error instanceof SignInUnreachable) return true;
  if (!(error instanceof SignInRefused)) return false;
  return problemOfRefusal(error.oauthError, error.aadsts) === 'identity-provider-busy';
}

/** One person's sign-in: silently where they have signed in before, else by device code or browser. */
export class UserSignIn {
  readonly #registration: Registration;
  readonly #scope: string;
  readonly #user: string;
  readonly #store: TokenStore;
  readonly #ports: MsalPorts;
  readonly #network: IdentityNetwork;
  #application: Promise<PublicClientApplication> | undefined;
  #forgotten = false;

  /** @param user who is expected to sign in: filled in for them where the page allows it */
  constructor(registration: Registration, scope: string, user: string, store: TokenStore, ports: MsalPorts) {
    this.#registration = registration;
    this.#scope = scope;
    this.#user = user;
    this.#store = store;
    this.#ports = ports;
    this.#network = new IdentityNetwork(ports);
  }

  #app(): Promise<PublicClientApplication> {
    this.#application ??= msal().then(
      ({PublicClientApplication}) =>
        new PublicClientApplication({
          ...settings(this.#registration, this.#network),
          cache: {cachePlugin: cachePlugin(this.#store)},
        }),
    );
    return this.#application;
  }

  /** Without a person. @throws SignInRefused (interaction_required) where nobody has signed in yet */
  async silent(signal: AbortSignal): Promise<FetchedToken> {
    const app = await this.#app();
    return asked(this.#network, signal, async () => {
      const accounts = await app.getTokenCache().getAllAccounts();
      const expected = this.#user.toLowerCase();
      const account = accounts.find(({username}) => username.toLowerCase() === expected) ?? accounts.at(-1);
      if (account === undefined)
        throw new SignInRefused({
          oauthError: 'interaction_required',
          description: 'Nobody has signed in yet.',
        });
      return app.acquireTokenSilent({scopes: [this.#scope], account, forceRefresh: true});
    });
  }

  /** As if nobody had signed in; the page lets the person choose who does, whoever the browser still knows. */
  async forget(): Promise<void> {
    this.#forgotten = true;
    const cache = (await this.#app()).getTokenCache();
    for (const account of await cache.getAllAccounts()) await cache.removeAccount(account);
  }

  /** @param show called once, with the code that the person types at the address */
  async byDevice(show: (prompt: SignInPrompt) => void, signal: AbortSignal): Promise<FetchedToken> {
    const app = await this.#app();
    return asked(this.#network, signal, async () => {
      const result = await app.acquireTokenByDeviceCode({
        scopes: [this.#scope],
        deviceCodeCallback: ({userCode, verificationUri, expiresIn}) =>
          show({
            kind: 'device',
            code: cleanText(userCode, 40),
            address: cleanText(verificationUri, 200),
            expires: this.#ports.now() + expiresIn * 1000,
          }),
      });
      return onlyThis(app, result);
    });
  }

  /** Authorization code with PKCE. @param show called once, with the address to open in a browser on this machine */
  async byBrowser(show: (prompt: SignInPrompt) => void, signal: AbortSignal): Promise<FetchedToken> {
    const {CryptoProvider} = await msal();
    const app = await this.#app();
    const crypto = new CryptoProvider();
    const {verifier, challenge} = await crypto.generatePkceCodes();
    const state = crypto.createNewGuid();
    // Brings Node's HTTP server and all that belongs to it: a twentieth of a second for the one who needs it.
    const {listenForAnswer} = await import('./loopback.ts');
    const loopback = await listenForAnswer(state);
    const late = new AbortController();
    try {
      return await asked(this.#network, signal, async () => {
        const {redirectUri} = loopback;
        const scopes = [this.#scope];
        const address = await app.getAuthCodeUrl({
          scopes,
          redirectUri,
          state,
          codeChallenge: challenge,
          codeChallengeMethod: 'S256',
          responseMode: 'form_post',
          ...(this.#user === '' ? {} : {loginHint: this.#user}),
          ...(this.#forgotten ? {prompt: 'select_account'} : {}),
        });
        loopback.start(address);
        show({
          kind: 'browser',
          address: cleanText(address, 4000),
          short: loopback.startUri,
          expires: this.#ports.now() + browserMs,
        });
        const waiting = this.#ports.sleep(browserMs, AbortSignal.any([signal, late.signal])).then(() => {
          throw new SignInRefused({
            oauthError: 'expired_token',
            description: 'Nobody has signed in in the browser in time.',
          });
        });
        waiting.catch(() => undefined);
        const answer = await Promise.race([loopback.answer, waiting]);
        if ('error' in answer)
          throw new SignInRefused({oauthError: answer.error, description: answer.description});
        const code = {scopes, redirectUri, code: answer.code, codeVerifier: verifier};
        return onlyThis(app, await app.acquireTokenByCode(code));
      });
    } finally {
      late.abort();
      loopback.close();
    }
  }
}

/**
 * Who signs in again corrects who signed in before: that one's tokens go, or they would be renewed in place of these.
 */
async function onlyThis(
  app: PublicClientApplication,
  result: AuthenticationResult | null,
): Promise<AuthenticationResult | null> {
  const cache = app.getTokenCache();
  for (const account of await cache.getAllAccounts())
    if (result?.account && account.homeAccountId !== result.account.homeAccountId)
      await cache.removeAccount(account);
  return result;
}

/**
 * Runs one piece of MSAL's work, and says what went wrong in our words.
 * @throws SignInRefused, SignInUnreachable, the signal's reason
 */
async function asked(
  network: IdentityNetwork,
  signal: AbortSignal,
  work: () => Promise<AuthenticationResult | null>,
): Promise<FetchedToken> {
  signal.throwIfAborted();
  network.begin(signal);
  let result: AuthenticationResult | null;
  try {
    result = await work();
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof SignInRefused) throw error;
    if (network.refusal !== undefined) throw new SignInRefused(network.refusal);
    if (network.unreachable !== undefined) throw network.unreachable;
    throw refusalOf(error, network.hide);
  }
  const {lifeSeconds} = network;
  if (result === null || result.accessToken === '' || lifeSeconds === undefined)
    throw new SignInRefused({oauthError: 'no_token', description: 'The answer holds no access token.'});
  return {secret: new Secret(result.accessToken), lifeMs: Math.min(lifeSeconds, 86_400) * 1000};
}

/** What MSAL finds wrong by itself: that a code has expired, say, or that nobody is signed in. */
function refusalOf(error: unknown, hide: Hide): SignInRefused {
  const {errorCode, errorMessage} = error as {errorCode?: unknown; errorMessage?: unknown};
  const code = typeof errorCode === 'string' ? errorCode : 'sign_in_failed';
  const words = typeof errorMessage === 'string' ? errorMessage : String(error);
  if (code === 'device_code_expired')
    return new SignInRefused({oauthError: 'expired_token', description: 'The code was not used in time.'});
  if (code === 'no_tokens_found' || code === 'no_account_found' || code === 'native_account_unavailable')
    return new SignInRefused({oauthError: 'interaction_required', description: 'Nobody has signed in yet.'});
  return new SignInRefused({oauthError: hide(code), description: hide(words)});
}
