// How often an application's secret is fetched: a command that gives it may need a person, who has gone home. MSAL for
// real against the identity provider.
import {afterAll, beforeEach, expect, it} from 'vitest';
import {SignIns} from '../../../source/engine/auth/sign-ins.ts';
import {Secret} from '../../../source/request/secret.ts';
import {appId, appSecret, makeIdentityPlace, officeEnd} from '../../servers/identity/place.ts';
import {type IdentityProvider, startIdentityProvider} from '../../servers/identity/provider.ts';
import {TokenTable} from '../../servers/identity/tokens.ts';

const place = makeIdentityPlace();
afterAll(() => place.remove());
let now: number;
let provider: IdentityProvider;
/** What the secret's place has, and how often it was asked. */
let secret: string | Error;
let asked: number;

beforeEach(async () => {
  now = 1_800_000_000_000;
  secret = appSecret;
  asked = 0;
  provider = await startIdentityProvider({
    tokens: new TokenTable(() => now),
    certificates: place.certificates,
    tenants: ['baya.com'],
    applications: [{id: appId, secrets: [appSecret]}],
  });
  provider.tokenSeconds = 3600;
  return () => provider.stop();
});

/** Gives a token. */
function signIn(): (signal?: AbortSignal) => Promise<string> {
  const signIns = new SignIns({
    now: () => now,
    sleep: async () => undefined,
    defaults: {authority: provider.origin},
    proofOf: async () => {
      asked++;
      if (secret instanceof Error) throw secret;
      return {kind: 'secret', value: new Secret(secret)};
    },
    storeFor: () => ({read: async () => '', write: async () => undefined}),
  });
  const credentials = signIns.credentials(officeEnd({clientId: appId}), [place.certificates.ca]);
  if (credentials.kind !== 'token') throw new Error('a token was expected');
  return async signal => (await credentials.accessToken(signal)).secret.reveal();
}

const locked = new Error('The password command "pass" ended with status 2.');

it('a token is renewed hours after the place of the secret was locked', async () => {
  const token = signIn();
  const given = new Set([await token()]);
  secret = locked;
  for (let hours = 1; hours <= 3; hours++) {
    now += 3_600_000;
    given.add(await token());
  }
  expect([given.size, asked]).toEqual([4, 1]);
});

it.each([
  ['is out of order', async () => provider.directory.refuse(appId, 90_033), {aadsts: 90_033}],
  ['is away', () => provider.stop(), {name: 'SignInUnreachable'}],
])('a provider that %s says nothing of the secret', async (_, happens, told) => {
  const token = signIn();
  await token();
  await happens();
  for (let hours = 1; hours <= 2; hours++) {
    now += 3_600_000;
    await expect(token()).rejects.toMatchObject(told);
  }
  expect(asked).toBe(1);
});

it('nor does a renewal that is called off', async () => {
  const token = signIn();
  await token();
  now += 3_600_000;
  const stop = new AbortController();
  const called = token(stop.signal);
  stop.abort();
  await expect(called).rejects.toMatchObject({name: 'AbortError'});
  for (let hours = 1; hours <= 2; hours++) {
    await token();
    now += 3_600_000;
  }
  expect(asked).toBe(1);
});

it('a secret that was refused is fetched again, since it may have been changed', async () => {
  const token = signIn();
  secret = 'rotated away';
  await expect(token()).rejects.toMatchObject({name: 'SignInRefused', aadsts: 7_000_215});
  secret = appSecret;
  await token();
  provider.directory.refuse(appId, 7_000_222);
  now += 3_600_000;
  await expect(token()).rejects.toMatchObject({aadsts: 7_000_222});
  provider.directory.allow(appId);
  await token();
  expect(asked).toBe(3);
});

it('one that could not be fetched is fetched at the next try', async () => {
  const token = signIn();
  secret = locked;
  await expect(token()).rejects.toThrow(locked.message);
  secret = appSecret;
  await token();
  expect(asked).toBe(2);
});
