// What is kept of a sign-in, also where somebody signed in as the wrong person first. MSAL for real against the identity
// provider.
import {afterAll, beforeEach, expect, it} from 'vitest';
import {type NeededSignIn, SignIns} from '../../../source/engine/auth/sign-ins.ts';
import type {TokenStore} from '../../../source/engine/auth/token-store.ts';
import type {Endpoint, Request} from '../../../source/request/schema.ts';
import {deskId, makeIdentityPlace, officeEnd} from '../../servers/identity/place.ts';
import {type IdentityProvider, startIdentityProvider} from '../../servers/identity/provider.ts';
import {TokenTable} from '../../servers/identity/tokens.ts';

const place = makeIdentityPlace();
afterAll(() => place.remove());
let now: number;
let tokens: TokenTable;
let provider: IdentityProvider;
let whilePausing: () => void;
const stored = new Map<string, string>();

beforeEach(async () => {
  stored.clear();
  now = 1_800_000_000_000;
  tokens = new TokenTable(() => now);
  whilePausing = () => undefined;
  provider = await startIdentityProvider({
    tokens,
    certificates: place.certificates,
    tenants: ['baya.com'],
    applications: [{id: deskId, isPublic: true}],
  });
  return () => provider.stop();
});

const storeFor = (key: string): TokenStore => ({
  read: async () => stored.get(key) ?? '',
  write: async text => {
    stored.set(key, text);
  },
});
const never = () => new AbortController().signal;
const all = () =>
  new SignIns({
    now: () => now,
    sleep: async (ms, signal) => {
      signal.throwIfAborted();
      if (ms < 60_000) whilePausing();
    },
    defaults: {authority: provider.origin},
    proofOf: async () => {
      throw new Error('no app');
    },
    storeFor,
  });
const desk = (): Endpoint => officeEnd({auth: 'oauth-device', clientId: deskId});
const requests = () =>
  [{source: desk(), destination: officeEnd({provider: 'imap', auth: 'password'})}] as unknown as Request[];
const approveAs = (user: string) => () => {
  for (const code of provider.userCodes()) provider.approve(code, user);
};
const ca = [place.certificates.ca];
const signedInAs = async (user: string, all: SignIns, needed?: NeededSignIn) => {
  const [first] = needed === undefined ? await all.needed(requests(), ca, never()) : [needed];
  if (first === undefined) throw new Error('a sign-in was expected');
  whilePausing = approveAs(user);
  await first.signIn(() => undefined, never());
  return first;
};
const tokenOf = async (all: SignIns) => {
  const credentials = all.credentials(desk(), ca);
  if (credentials.kind !== 'token') throw new Error('a token was expected');
  return (await credentials.accessToken(never())).secret.reveal();
};
const subjectOf = async (all: SignIns) => tokens.read(await tokenOf(all))?.subject;

it('lets the next start go on without a person, and holds no access token', async () => {
  const first = all();
  await signedInAs('john@baya.com', first);
  const token = await tokenOf(first);
  const text = [...stored.values()].join('');
  expect(text).toContain('refresh.');
  expect(text).not.toContain(token);
  expect(text).not.toContain('simulated-');
  const later = all();
  expect(await later.needed(requests(), ca, never())).toEqual([]);
  expect(await tokenOf(later)).not.toBe(token);
  // The refresh token has changed, and the new one is what is kept.
  expect(await all().needed(requests(), ca, never())).toEqual([]);
});

it('is of no use once the sign-in was revoked: a person is asked again', async () => {
  await signedInAs('john@baya.com', all());
  provider.revokeAll();
  expect(await all().needed(requests(), ca, never())).toHaveLength(1);
});

it.each([
  ['broken off', '{"half'],
  ['no object', '[]'],
  ['of other values', '{"Account":{"x":""},"RefreshToken":7}'],
  ['of no name', '{"Account":{"x":{"home_account_id":"x","environment":"y","username":7}}}'],
])(
  'is of no matter where it is damaged, %s: a person is asked, and what they answer is kept',
  async (_, text) => {
    await signedInAs('john@baya.com', all());
    for (const key of stored.keys()) stored.set(key, text);
    const later = all();
    const needed = await later.needed(requests(), ca, never());
    expect(needed).toHaveLength(1);
    await signedInAs('john@baya.com', later, needed[0]);
    expect(await subjectOf(later)).toBe('john@baya.com');
    expect(await all().needed(requests(), ca, never())).toEqual([]);
  },
);

it('who signs in as the right person afterwards stays that person when the token is renewed', async () => {
  const first = all();
  const needed = await signedInAs('admin@baya.com', first);
  await signedInAs('john@baya.com', first, needed);
  expect(await subjectOf(first)).toBe('john@baya.com');
  // Four fifths of its life are over: a new one.
  now += 60 * 60_000;
  expect(await subjectOf(first)).toBe('john@baya.com');
  // And at the next start.
  expect(await subjectOf(all())).toBe('john@baya.com');
});

it('so does whoever has signed in last, of several others who may open the mailbox', async () => {
  const first = all();
  const needed = await signedInAs('admin@baya.com', first);
  for (const user of ['boss@baya.com', 'admin@baya.com']) await signedInAs(user, first, needed);
  now += 60 * 60_000;
  expect(await subjectOf(first)).toBe('admin@baya.com');
  expect(await subjectOf(all())).toBe('admin@baya.com');
});

it('is forgotten where somebody is to sign in anew: nobody counts as signed in, here and at the next start', async () => {
  const first = all();
  await signedInAs('admin@baya.com', first);
  const token = await tokenOf(first);
  await first.forget([desk()], ca);
  expect([...stored.values()].join('')).not.toContain('refresh.');
  expect(await all().needed(requests(), ca, never())).toHaveLength(1);
  // Also what is in memory, and still lives.
  await signedInAs('john@baya.com', first);
  expect(await tokenOf(first)).not.toBe(token);
  expect(await subjectOf(first)).toBe('john@baya.com');
});

it('lets whoever signs in anew in the browser choose an account, whatever the browser still knows', async () => {
  const person = all();
  const end = {...desk(), auth: 'oauth-browser'} as const;
  const asked = [{source: end, destination: end}] as unknown as Request[];
  const promptNow = async () => {
    const [needed] = await person.needed(asked, ca, never());
    const stop = new AbortController();
    const shown = Promise.withResolvers<string>();
    const signing = needed
      ?.signIn(prompt => shown.resolve(prompt.address), stop.signal)
      .catch(() => undefined);
    const {searchParams} = new URL(await shown.promise);
    stop.abort();
    await signing;
    return searchParams.get('prompt');
  };
  expect(await promptNow()).toBe(null);
  await person.forget([end], ca);
  expect(await promptNow()).toBe('select_account');
});
