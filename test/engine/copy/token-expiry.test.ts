// An hour of simulated time with tokens of a minute, from one simulated Exchange to another: nothing lost or doubled,
// nothing alarming, and no sign-in that was not needed.
import {afterAll, afterEach, expect, it} from 'vitest';
import type {Credentials} from '../../../source/engine/auth/credentials.ts';
import {SignIns} from '../../../source/engine/auth/sign-ins.ts';
import type {Job} from '../../../source/engine/ports.ts';
import type {Endpoint} from '../../../source/request/schema.ts';
import {Secret} from '../../../source/request/secret.ts';
import {eventsOf, job, runEngine} from '../../helpers/engine.ts';
import {ManualClock} from '../../servers/exchange/clock.ts';
import {type ExchangeServer, startExchange} from '../../servers/exchange/server.ts';
import {appId, appSecret, makeIdentityPlace} from '../../servers/identity/place.ts';
import {type IdentityProvider, startIdentityProvider} from '../../servers/identity/provider.ts';
import {type IssuedToken, TokenTable} from '../../servers/identity/tokens.ts';

const place = makeIdentityPlace();
afterAll(() => place.remove());
const running: {stop(): Promise<void>}[] = [];
afterEach(() => Promise.all(running.splice(0).map(each => each.stop())));

const user = 'john@baya.com';
const messages = 300;
const subjects = Array.from({length: messages}, (_, index) => `Message ${index}`);

/** Tokens that end sooner than the provider says. */
class ShortTokens extends TokenTable {
  override issue(about: IssuedToken): string {
    return super.issue({...about, expires: this.now() + 60_000});
  }
}

type Setting = {
  clock: ManualClock;
  provider: IdentityProvider;
  source: ExchangeServer;
  target: ExchangeServer;
  carried: Job;
  /** How often a server had to say that a token was over. */
  readonly expired: () => number;
};

async function setUp(tokensOf: (now: () => number) => TokenTable, tokenSeconds: number): Promise<Setting> {
  const clock = new ManualClock();
  const tokens = tokensOf(clock.now);
  const provider = await startIdentityProvider({
    tokens,
    tokenSeconds,
    certificates: place.certificates,
    tenants: ['baya.com'],
    applications: [{id: appId, secrets: [appSecret]}],
  });
  const exchange = () =>
    startExchange({
      now: clock.now,
      watch: look => clock.watch(look),
      wait: async ms => clock.advance(ms),
      tokens,
      quirks: {errorBudget: 0},
    });
  const [source, target] = await Promise.all([exchange(), exchange()]);
  running.push(provider, source, target);
  const from = source.mailbox(user, {});
  target.mailbox(user, {});
  for (const [index, subject] of subjects.entries())
    from.add(
      index % 2 === 0 ? 'INBOX' : 'Sent Items',
      `From: ann@baya.com\r\nDate: Thu, 1 Jan 2026 00:00:00 +0000\r\nMessage-ID: <${index}@baya.com>\r\nSubject: ${subject}\r\n\r\nText ${index}\r\n`,
    );
  const signIns = new SignIns({
    now: clock.now,
    sleep: clock.sleep,
    defaults: {authority: provider.origin, clientId: appId, tenant: 'baya.com'},
    proofOf: async () => ({kind: 'secret', value: new Secret(appSecret)}),
    storeFor: () => ({read: async () => '', write: async () => undefined}),
  });
  const plain = job({server: source, user}, {server: target, user, provider: 'o365'});
  const ends = {
    source: {...plain.what.source, auth: 'oauth-app' as const},
    destination: {...plain.what.destination, auth: 'oauth-app' as const},
  };
  const ca = [place.certificates.ca];
  let expired = 0;
  const counted = (endpoint: Endpoint): Credentials => {
    const credentials = signIns.credentials(endpoint, ca);
    if (credentials.kind !== 'token') return credentials;
    const tokenExpired = (renewAt?: number) => {
      expired++;
      credentials.tokenExpired(renewAt);
    };
    return {...credentials, tokenExpired};
  };
  const carried: Job = {
    ...plain,
    what: {...plain.what, ...ends, type: 'O365-O365'},
    credentials: {source: counted(ends.source), destination: counted(ends.destination)},
  };
  return {clock, provider, source, target, carried, expired: () => expired};
}

/** Twelve seconds go by with each message that is sent: an hour with all of them. */
function carry({carried, clock, target}: Setting) {
  target.log.watch(({name}) => {
    if (name === 'APPEND') clock.advance(12_000);
  });
  return runEngine([carried], {limits: {connections: 2}, ports: {now: clock.now, sleep: clock.sleep}});
}

function arrived({target}: Setting): string[] {
  const mailbox = target.mailbox(user);
  return ['INBOX', 'Sent Items']
    .flatMap(folder => mailbox.messages(`Data17012018/${folder}`))
    .map(({bytes}) => /Subject: (.*)/.exec(bytes.toString('latin1'))?.[1]?.trim() ?? '')
    .sort();
}

function expectAllCarried(run: Awaited<ReturnType<typeof runEngine>>, all: Setting, began: number): void {
  expect([run.exitCode, run.totals]).toMatchObject([0, {copied: messages, failed: 0}]);
  expect(arrived(all)).toEqual([...subjects].sort());
  expect(eventsOf(run, 'connection-lost')).toEqual([]);
  expect(eventsOf(run, 'waiting')).toEqual([]);
  expect(JSON.stringify(run.events)).not.toContain('AccessTokenExpired');
  expect(all.clock.now() - began).toBeGreaterThanOrEqual(3_600_000);
}

it('replaces each session in time, so that no server has to say that its token is over', async () => {
  const all = await setUp(now => new TokenTable(now), 900);
  const began = all.clock.now();
  const run = await carry(all);
  expectAllCarried(run, all, began);
  expect(all.expired()).toBe(0);
  // A token of 900 s is given out for 720 of them: no sign-in that was not needed.
  expect(all.provider.requests.length).toBe(Math.ceil((all.clock.now() - began) / 720_000));
});

it.each([
  ['as the provider says', (now: () => number) => new TokenTable(now), 60],
  ['long before the provider says', (now: () => number) => new ShortTokens(now), 3900],
])('goes on with tokens of a minute that end %s, in the middle of batches', async (_, tokensOf, seconds) => {
  const all = await setUp(tokensOf, seconds);
  const began = all.clock.now();
  const run = await carry(all);
  expectAllCarried(run, all, began);
  expect(all.expired()).toBeGreaterThan(20);
});
