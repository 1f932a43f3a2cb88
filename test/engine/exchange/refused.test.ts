// What is refused for everybody is asked for once in a run, each mailbox is named, and what was mended is asked again.
import {afterAll, afterEach, expect, it} from 'vitest';
import {SignIns} from '../../../source/engine/auth/sign-ins.ts';
import type {Job} from '../../../source/engine/ports.ts';
import {Secret} from '../../../source/request/secret.ts';
import {eventsOf, job, runEngine} from '../../helpers/engine.ts';
import {letter} from '../../helpers/exchange.ts';
import {type ExchangeServer, startExchange} from '../../servers/exchange/server.ts';
import {appId, appSecret, makeIdentityPlace} from '../../servers/identity/place.ts';
import {type IdentityProvider, startIdentityProvider} from '../../servers/identity/provider.ts';
import {TokenTable} from '../../servers/identity/tokens.ts';

const place = makeIdentityPlace();
afterAll(() => place.remove());
const running: {stop(): Promise<void>}[] = [];
afterEach(() => Promise.all(running.splice(0).map(each => each.stop())));

async function setUp(mailboxes: number): Promise<{provider: IdentityProvider; jobs: readonly Job[]}> {
  const tokens = new TokenTable(Date.now);
  const provider = await startIdentityProvider({
    tokens,
    certificates: place.certificates,
    tenants: ['baya.com'],
    applications: [{id: appId, secrets: [appSecret]}],
  });
  running.push(provider);
  const exchange = async (): Promise<ExchangeServer> => {
    const server = await startExchange({tokens, quirks: {password: 'accepted', connectionCap: 0}});
    running.push(server);
    return server;
  };
  const [source, target] = [await exchange(), await exchange()];
  const signIns = new SignIns({
    now: Date.now,
    sleep: async () => undefined,
    defaults: {authority: provider.origin, clientId: appId},
    proofOf: async () => ({kind: 'secret', value: new Secret(appSecret)}),
    storeFor: () => ({read: async () => '', write: async () => undefined}),
  });
  const jobs = Array.from({length: mailboxes}, (_, request) => {
    const user = `user${request}@baya.com`;
    source.mailbox(user).add('INBOX', letter(request));
    target.mailbox(user);
    const plain = job({server: source, user}, {server: target, user, provider: 'o365'}, {request});
    const end = {...plain.what.source, auth: 'oauth-app' as const};
    return {
      ...plain,
      what: {...plain.what, source: end},
      credentials: {...plain.credentials, source: signIns.credentials(end, [place.certificates.ca])},
    };
  });
  return {provider, jobs};
}

it.each([
  ['a secret that has expired', 7_000_222, 'app-secret-expired'],
  ['what no table tells', 7_654_321, 'token-refused'],
])('%s makes one request for a token, not one for each of two dozen mailboxes', async (_, number, code) => {
  const {provider, jobs} = await setUp(24);
  provider.directory.refuse(appId, number);
  const run = await runEngine(jobs, {mailboxes: 8});
  expect(provider.requests).toHaveLength(1);
  expect(run.exitCode).toBe(4);
  const failed = eventsOf(run, 'request-state').filter(({state}) => state === 'Failed');
  expect(new Set(failed.map(({request}) => request)).size).toBe(24);
  expect(new Set(failed.map(({problem}) => problem?.code))).toEqual(new Set([code]));
});

it('trying again what failed asks again', async () => {
  const {provider, jobs} = await setUp(3);
  provider.directory.refuse(appId, 7_000_222);
  let failed = 0;
  const run = await runEngine(jobs, {
    mailboxes: 1,
    on: (event, handle) => {
      if (event.type !== 'request-state' || event.state !== 'Failed') return;
      failed += 1;
      if (failed !== 2) return;
      // The administrator has made a new secret meanwhile.
      provider.directory.allow(appId);
      handle.retryFailed();
    },
  });
  // The first one was tried again; the second had not ended yet.
  expect(run.totals).toMatchObject({copied: 2, failed: 0});
  expect(provider.requests.map(({error}) => error === undefined)).toEqual([false, true]);
});
