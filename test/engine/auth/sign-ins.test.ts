// MSAL for real against the identity provider on loopback; the clock and the waiting are the test's.
import {afterAll, beforeEach, describe, expect, it} from 'vitest';
import type {AppProof, SignInPrompt} from '../../../source/engine/auth/msal.ts';
import {type NeededSignIn, type SignInPorts, SignIns} from '../../../source/engine/auth/sign-ins.ts';
import type {TokenStore} from '../../../source/engine/auth/token-store.ts';
import type {Endpoint, Request} from '../../../source/request/schema.ts';
import {Secret} from '../../../source/request/secret.ts';
import {laxNode} from '../../helpers/lax-node.ts';
import {signInAt} from '../../servers/identity/browser.ts';
import {appId, appSecret, deskId, makeIdentityPlace, officeEnd} from '../../servers/identity/place.ts';
import {type IdentityProvider, startIdentityProvider} from '../../servers/identity/provider.ts';
import {TokenTable} from '../../servers/identity/tokens.ts';

const place = makeIdentityPlace();
afterAll(() => place.remove());

let now: number;
let tokens: TokenTable;
let provider: IdentityProvider;
/** Pauses that were asked for, in ms. */
let slept: number[];
/** What happens during a pause. */
let whilePausing: () => void;
let stored: Map<string, string>;

beforeEach(async () => {
  now = 1_800_000_000_000;
  tokens = new TokenTable(() => now);
  slept = [];
  whilePausing = () => undefined;
  stored = new Map();
  provider = await startIdentityProvider({
    tokens,
    certificates: place.certificates,
    tenants: ['baya.com', 'other.example'],
    applications: [
      {id: appId, secrets: [appSecret], certificates: [place.application.certificate]},
      {id: deskId, isPublic: true},
    ],
  });
  return () => provider.stop();
});

const never = () => new AbortController().signal;
const ca = () => [place.certificates.ca];
const secretProof: AppProof = {kind: 'secret', value: new Secret(appSecret)};

const storeFor = (key: string): TokenStore => ({
  read: async () => stored.get(key) ?? '',
  write: async text => {
    stored.set(key, text);
  },
});

/** The waiting of a browser's time limit lasts until it is called off. */
const sleep = async (ms: number, signal: AbortSignal) => {
  signal.throwIfAborted();
  if (ms >= 60_000)
    return new Promise<void>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
  slept.push(ms);
  whilePausing();
  signal.throwIfAborted();
};

function signIns(over: Partial<SignInPorts> = {}): SignIns {
  return new SignIns({
    now: () => now,
    sleep,
    defaults: {authority: provider.origin},
    proofOf: async () => secretProof,
    storeFor,
    ...over,
  });
}

const app = (over: Partial<Endpoint> = {}) => officeEnd({clientId: appId, ...over});
const desk = (over: Partial<Endpoint> = {}) => officeEnd({auth: 'oauth-device', clientId: deskId, ...over});
const requestOf = (source: Endpoint): Request =>
  ({source, destination: officeEnd({provider: 'imap', auth: 'password'})}) as Request;

async function tokenOf(all: SignIns, endpoint: Endpoint): Promise<string> {
  const credentials = all.credentials(endpoint, ca());
  if (credentials.kind !== 'token') throw new Error('a token was expected');
  return (await credentials.accessToken(never())).secret.reveal();
}

async function onlyNeeded(all: SignIns, endpoint: Endpoint): Promise<NeededSignIn> {
  const [needed, ...others] = await all.needed([requestOf(endpoint)], ca(), never());
  if (needed === undefined || others.length > 0) throw new Error('one sign-in was expected');
  return needed;
}

describe('an application signs in', () => {
  it('once for all mailboxes, however many ask at once', async () => {
    const all = signIns();
    const names = ['john', 'ann', 'bob', 'eve'];
    const given = await Promise.all(names.map(userId => tokenOf(all, app({userId}))));
    expect(new Set(given).size).toBe(1);
    expect(provider.requests).toEqual([{grant: 'client_credentials', clientId: appId}]);
    expect(tokens.read(given[0] ?? '')).toMatchObject({kind: 'app', subject: appId});
  });

  it('in each directory for itself', async () => {
    const all = signIns();
    await tokenOf(all, app());
    await tokenOf(all, app({domain: 'other.example'}));
    await tokenOf(all, app({tenant: 'other.example'}));
    expect(provider.requests).toHaveLength(2);
  });

  it('with a certificate', async () => {
    const proof: AppProof = {kind: 'certificate', value: new Secret(place.application.pem)};
    const token = await tokenOf(signIns({proofOf: async () => proof}), app());
    expect(tokens.read(token)?.subject).toBe(appId);
  });

  it('not with the certificate of another', async () => {
    const other = makeIdentityPlace();
    const proof: AppProof = {kind: 'certificate', value: new Secret(other.application.pem)};
    other.remove();
    await expect(tokenOf(signIns({proofOf: async () => proof}), app())).rejects.toMatchObject({
      name: 'SignInRefused',
      aadsts: 700_027,
    });
  });

  it.each([7_000_222, 700_016, 90_033, 53_003])('and is refused with AADSTS%i', async aadsts => {
    provider.directory.refuse(appId, aadsts);
    await expect(tokenOf(signIns(), app())).rejects.toMatchObject({name: 'SignInRefused', aadsts});
  });

  it('and a wrong secret, a directory that is not there, and no provider are told apart', async () => {
    const wrong: AppProof = {kind: 'secret', value: new Secret('wrong')};
    await expect(tokenOf(signIns({proofOf: async () => wrong}), app())).rejects.toMatchObject({
      aadsts: 7_000_215,
      message: expect.not.stringContaining('wrong'),
    });
    await expect(tokenOf(signIns(), app({tenant: 'nowhere.example'}))).rejects.toMatchObject({
      aadsts: 90_002,
    });
    const authority = provider.origin;
    await provider.stop();
    await expect(tokenOf(signIns({defaults: {authority}}), app())).rejects.toMatchObject({
      name: 'SignInUnreachable',
      code: 'ECONNREFUSED',
      host: new URL(authority).host,
    });
  });

  it("and the provider's certificate is checked", async () => {
    const credentials = signIns().credentials(app(), []);
    const token = credentials.kind === 'token' ? credentials.accessToken(never()) : undefined;
    await expect(token).rejects.toMatchObject({
      name: 'SignInUnreachable',
      code: expect.stringMatching(/VERIFY|CERT/),
    });
  });

  it('also where Node was told to take any', async () => {
    laxNode();
    const credentials = signIns().credentials(app(), []);
    const token = credentials.kind === 'token' ? credentials.accessToken(never()) : undefined;
    await expect(token).rejects.toMatchObject({code: expect.stringMatching(/VERIFY|CERT/)});
  });
});

describe('a token is renewed', () => {
  it('when four fifths of its life are over, once for all who ask', async () => {
    provider.tokenSeconds = 100;
    const all = signIns();
    const first = await tokenOf(all, app());
    now += 79_000;
    expect(await tokenOf(all, app())).toBe(first);
    now += 2000;
    const later = await Promise.all(['john', 'ann'].map(userId => tokenOf(all, app({userId}))));
    expect(later[0]).toBe(later[1]);
    expect(later[0]).not.toBe(first);
    expect(provider.requests).toHaveLength(2);
  });

  it('at once where the server says that it has expired', async () => {
    const all = signIns();
    const first = await tokenOf(all, app());
    const credentials = all.credentials(app(), ca());
    if (credentials.kind === 'token') credentials.tokenExpired();
    expect(await tokenOf(all, app())).not.toBe(first);
  });

  it('and the old one goes on while the provider is out of order, as long as it counts', async () => {
    provider.tokenSeconds = 100;
    const all = signIns();
    const first = await tokenOf(all, app());
    provider.directory.refuse(appId, 90_033);
    now += 90_000;
    expect(await tokenOf(all, app())).toBe(first);
    now += 11_000;
    await expect(tokenOf(all, app())).rejects.toMatchObject({aadsts: 90_033});
    provider.directory.allow(appId);
    expect(await tokenOf(all, app())).not.toBe(first);
  });
});

describe('a person signs in by device code', () => {
  it('while the program waits as long as the provider says, and more when told to slow down', async () => {
    const all = signIns();
    const needed = await onlyNeeded(all, desk());
    expect([needed.user, needed.method, needed.mailboxes]).toEqual([
      'john@baya.com',
      'oauth-device',
      ['john@baya.com'],
    ]);
    const shown: SignInPrompt[] = [];
    whilePausing = () => {
      const [code = ''] = provider.userCodes();
      if (slept.length === 2) provider.slowDown(code, 1);
      if (slept.length === 4) provider.approve(code, 'john@baya.com');
    };
    await needed.signIn(prompt => shown.push(prompt), never());
    expect(slept).toEqual([5000, 5000, 10_000, 10_000]);
    expect(shown).toEqual([
      {
        kind: 'device',
        code: expect.stringMatching(/^[A-Z0-9]{9}$/),
        address: `${provider.origin}/device`,
        expires: now + 900_000,
      },
    ]);
    expect(tokens.read(await tokenOf(all, desk()))).toMatchObject({
      kind: 'delegated',
      subject: 'john@baya.com',
      permissions: ['IMAP.AccessAsUser.All'],
    });
    expect(await all.needed([requestOf(desk())], ca(), never())).toEqual([]);
  });

  it.each([
    ['declined', () => provider.decline(provider.userCodes()[0] ?? ''), 70_018],
    ['late', () => (now += 901_000), 70_019],
    [
      'blocked by Conditional Access',
      () => {
        provider.directory.refuse('john@baya.com', 53_003);
        provider.approve(provider.userCodes()[0] ?? '', 'john@baya.com');
      },
      53_003,
    ],
  ])('and is told so where it is %s', async (_, happens, aadsts) => {
    whilePausing = happens;
    const needed = await onlyNeeded(signIns(), desk());
    await expect(needed.signIn(() => undefined, never())).rejects.toMatchObject({
      name: 'SignInRefused',
      aadsts,
    });
  });

  it('and is told at once where the application may not do so', async () => {
    const needed = await onlyNeeded(signIns(), desk());
    provider.directory.refuse(deskId, 7_000_218);
    const shown: SignInPrompt[] = [];
    await expect(needed.signIn(prompt => shown.push(prompt), never())).rejects.toMatchObject({
      aadsts: 7_000_218,
    });
    expect(shown).toEqual([]);
  });

  it('until it is called off', async () => {
    const stop = new AbortController();
    const needed = await onlyNeeded(signIns(), desk());
    whilePausing = () => stop.abort();
    await expect(needed.signIn(() => undefined, stop.signal)).rejects.toMatchObject({name: 'AbortError'});
    expect(slept).toHaveLength(1);
  });

  it('once for all shared mailboxes that they open', async () => {
    const all = signIns();
    const shared = ['info', 'sales'].map(userId => requestOf(desk({userId, signInUser: 'ann@baya.com'})));
    const needed = await all.needed(shared, ca(), never());
    expect(needed.map(({user, mailboxes}) => [user, mailboxes])).toEqual([
      ['ann@baya.com', ['info@baya.com', 'sales@baya.com']],
    ]);
    const credentials = all.credentials(desk({userId: 'info', signInUser: 'ann@baya.com'}), ca());
    expect(credentials.user).toBe('info@baya.com');
  });
});

describe('a person signs in in the browser', () => {
  const browser = () => desk({auth: 'oauth-browser'});

  it('and the browser says to go back; the page is gone then', async () => {
    provider.atBrowser = 'john@baya.com';
    const all = signIns();
    const needed = await onlyNeeded(all, browser());
    let said: Promise<string> | undefined;
    let address = '';
    let led: string | null = '';
    await needed.signIn(prompt => {
      address = prompt.address;
      said = (async () => {
        const short = prompt.kind === 'browser' ? prompt.short.replace('localhost', '127.0.0.1') : '';
        led = (await fetch(short, {redirect: 'manual'})).headers.get('location');
        return signInAt(prompt.address, place.certificates.ca);
      })();
    }, never());
    expect(led).toBe(address);
    expect(await said).toContain('go back to the terminal');
    const query = new URL(address).searchParams;
    expect(query.get('login_hint')).toBe('john@baya.com');
    expect(query.get('code_challenge_method')).toBe('S256');
    const redirect = new URL(query.get('redirect_uri') ?? '');
    await expect(fetch(`http://127.0.0.1:${redirect.port}/`)).rejects.toThrow();
    expect(tokens.read(await tokenOf(all, browser()))?.subject).toBe('john@baya.com');
  });

  it('and an answer that was not asked for is not taken', async () => {
    provider.atBrowser = 'john@baya.com';
    const needed = await onlyNeeded(signIns(), browser());
    const visits: Promise<unknown>[] = [];
    await needed.signIn(prompt => {
      const {port} = new URL(new URL(prompt.address).searchParams.get('redirect_uri') ?? '');
      const forged = fetch(`http://127.0.0.1:${port}/?code=stolen&state=guessed`).then(async response => {
        visits.push(signInAt(prompt.address, place.certificates.ca));
        return response.status;
      });
      visits.push(forged);
    }, never());
    expect(await visits[0]).toBe(400);
    await Promise.all(visits);
  });

  it('and is told so where they do not want to', async () => {
    const needed = await onlyNeeded(signIns(), browser());
    let said: Promise<string> | undefined;
    const signing = needed.signIn(prompt => {
      said = signInAt(prompt.address, place.certificates.ca);
    }, never());
    await expect(signing).rejects.toMatchObject({name: 'SignInRefused', aadsts: 65_004});
    expect(await said).toContain('Not signed in');
  });

  it('until it is called off', async () => {
    const stop = new AbortController();
    const needed = await onlyNeeded(signIns(), browser());
    await expect(needed.signIn(() => stop.abort(), stop.signal)).rejects.toMatchObject({name: 'AbortError'});
  });
});
