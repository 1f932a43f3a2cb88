// Exchange refuses a sign-in now and then that it takes before and after (EX1215307): it is tried again, and
// where that stays so, the mailbox ends with what is so, and with no cause that cannot be.
import {describe, expect, it} from 'vitest';
import {Link} from '../../../source/engine/link/link.ts';
import {SignInGuard} from '../../../source/engine/link/sign-in-guard.ts';
import {problemFromError} from '../../../source/engine/problems/from-error.ts';
import {Secret} from '../../../source/request/secret.ts';
import {eventsOf, freshState, job, limits, runEngine} from '../../helpers/engine.ts';
import {type Bridge, bridges, eachOnce, folder, letter, lettersIn} from '../../helpers/exchange.ts';
import {address, simulation} from '../../servers/exchange/simulated.ts';

const bridge = bridges();
const start = simulation();
const many = 40;
const app = {auth: 'oauth-app'} as const;

/** All connections break in the middle, and so many of the sign-ins after that are refused. */
async function refusing(times: number, tokens = true): Promise<Bridge> {
  const exchange = await bridge();
  const {mailbox, server, useTokens} = exchange;
  if (tokens) useTokens(3900);
  for (let id = 1; id <= many; id += 1) mailbox.add('INBOX', letter(id));
  let left = 20;
  mailbox.watch = moment => {
    if (moment !== 'body' || --left !== 0) return;
    mailbox.refuses = times;
    server.cutAll();
  };
  return exchange;
}

const arrived = ({vault}: Bridge) => lettersIn(vault.find(folder)?.messages.map(({bytes}) => bytes) ?? []);
const lastOf = (run: Awaited<ReturnType<Bridge['carryFrom']>>['run']) =>
  eventsOf(run, 'request-state').at(-1);

describe('a mailbox that was opened, and whose sign-in is refused', () => {
  it.each([1, 2, 5])('%s times in a row is tried again, and all is copied', async times => {
    const exchange = await refusing(times);
    const {run} = await exchange.carryFrom({job: app, limits: {connections: 1, reconnects: 8}});
    expect(exchange.mailbox.refuses).toBe(0);
    expect(run.totals).toMatchObject({copied: many, failed: 0});
    expect(arrived(exchange)).toEqual(eachOnce(many));
    const told = eventsOf(run, 'waiting').map(event => event.problem);
    // The first one is met by a new token at once.
    expect(told.filter(({code}) => code === 'token-refused-anew')).toHaveLength(times - 1);
  });

  it('in an earlier run only is tried again too', async () => {
    const exchange = await refusing(0);
    const state = freshState();
    await exchange.carryFrom({state, job: app});
    exchange.mailbox.add('INBOX', letter(many + 1));
    exchange.mailbox.refuses = 2;
    const {run} = await exchange.carryFrom({state, job: app});
    expect(run.totals).toMatchObject({copied: 1, alreadyPresent: many, failed: 0});
    expect(arrived(exchange)).toEqual(eachOnce(many + 1));
  });

  it('for good ends with what is so, and no cause that cannot be', async () => {
    const exchange = await refusing(Number.POSITIVE_INFINITY);
    const {run} = await exchange.carryFrom({job: app, limits: {connections: 1}});
    expect(lastOf(run)).toMatchObject({
      state: 'Failed',
      problem: {
        code: 'token-refused-anew',
        verdict: 'stop',
        sentence: expect.stringMatching(/let john@contoso\.example \(source\) in before, and refuses it now/),
        nextStep: expect.stringMatching(/^Run it again .* goes on where it was.*ImapEnabled/),
      },
    });
    expect(JSON.stringify(run.events)).not.toMatch(/New-ServicePrincipal/);
    // With a new token at once, then after each of the pauses that are left behind that for the broken connection.
    expect(exchange.mailbox.refusedSignIns).toBe(1 + 4);
  });

  it('in an earlier run for good is soon given up', async () => {
    const exchange = await refusing(0);
    const state = freshState();
    await exchange.carryFrom({state, job: app});
    const before = exchange.mailbox.refusedSignIns;
    exchange.mailbox.refuses = Number.POSITIVE_INFINITY;
    const {run} = await exchange.carryFrom({state, job: app, limits: {reconnects: 8}});
    expect(lastOf(run)?.problem).toMatchObject({code: 'token-refused-anew', verdict: 'stop'});
    expect(exchange.mailbox.refusedSignIns - before).toBe(3);
  });
});

describe('a password that was taken, and is refused', () => {
  it.each([1, 2])('%s times in a row is presented again, each time after a longer pause', async times => {
    const exchange = await refusing(times, false);
    const {run, waits} = await exchange.carryFrom({limits: {connections: 1}});
    expect(run.totals).toMatchObject({copied: many, failed: 0});
    expect(arrived(exchange)).toEqual(eachOnce(many));
    expect(waits.filter(ms => ms >= 10_000)).toEqual([20_000, 60_000].slice(0, times));
  });

  it('for good is presented three times, and said to have been right', async () => {
    const exchange = await refusing(Number.POSITIVE_INFINITY, false);
    const {run} = await exchange.carryFrom({limits: {connections: 2}});
    expect(lastOf(run)?.problem).toMatchObject({
      code: 'password-refused-anew',
      verdict: 'stop',
      sentence: expect.stringMatching(/took the password .* before, and refuses it now/),
    });
    expect(exchange.mailbox.refusedSignIns).toBe(3);
  });
});

it('at any server a password is wrong that was right in an earlier run only', () => {
  const refused = Object.assign(new Error('Command failed'), {
    ...{authenticationFailed: true, responseStatus: 'NO', responseText: 'Invalid credentials'},
    serverResponseCode: 'AUTHENTICATIONFAILED',
  });
  const said = (how: {opened?: boolean; entered?: boolean}) =>
    problemFromError(refused, {
      ...{end: 'source', login: 'ann@baya.com', server: 'imap.example.com:993', during: 'sign-in'},
      ...how,
    });
  expect(said({opened: true, entered: true})).toMatchObject({
    code: 'password-refused-anew',
    verdict: 'again',
  });
  expect(said({opened: true})).toMatchObject({code: 'sign-in-refused', verdict: 'stop'});
});

it('many connections present a password that was right and is refused no more often than one, but for those under way', async () => {
  const {server, mailbox, clock} = await start();
  const {what, credentials} = job({server, user: address}, {server, user: address});
  const {signal} = new AbortController();
  const nothing = async () => undefined;
  const waits: number[] = [];
  const link = new Link('source', what.source, {
    ...{
      request: 0,
      credentials: credentials.source,
      emit: () => undefined,
      guard: new SignInGuard(clock.now),
    },
    settings: {run: 'r', version: '0', dryRun: false, ca: [], limits, ledgerFile: () => ''},
    stop: {finish: signal, abort: signal},
    ports: {
      ...{now: clock.now, elapsed: clock.now, random: () => 0.5, takeRows: nothing, restartRows: nothing},
      sleep: (ms, stop) => {
        waits.push(ms);
        return clock.sleep(ms, stop);
      },
    },
  });
  (await link.open()).logout();
  mailbox.refuses = Number.POSITIVE_INFINITY;
  const ended = await Promise.allSettled([1, 2, 3, 4].map(() => link.open()));
  expect(ended.map(({status}) => status)).toEqual(Array(4).fill('rejected'));
  expect(new Set(waits)).toEqual(new Set([20_000, 60_000]));
  expect(mailbox.refusedSignIns).toBe(4 + 2);
  // Another request of this mailbox is told what is known, in words that hold for what is over.
  await expect(link.open()).rejects.toMatchObject({
    problem: {
      ...{code: 'password-refused-anew', verdict: 'stop'},
      nextStep: expect.stringMatching(/^See whether the password was changed/),
    },
  });
  expect(mailbox.refusedSignIns).toBe(4 + 2);
});

it('many that were opened in an earlier run, and are all refused now, ask for no more than eight at once', async () => {
  const [{server, clock, appToken}, {server: other}] = [await start(), await start()];
  const jobs = Array.from({length: 30}, (_, request) => {
    const user = `u${request}@contoso.example`;
    server.mailbox(user).add('INBOX', letter(1));
    other.mailbox(user);
    const made = job({server, user}, {server: other, user, provider: 'o365'}, {request});
    const source = {
      ...{kind: 'token' as const, user, tokenExpired: () => undefined},
      accessToken: async () => ({secret: new Secret(appToken())}),
    };
    const what = {...made.what, source: {...made.what.source, auth: 'oauth-app' as const}};
    return {...made, what, credentials: {...made.credentials, source}};
  });
  // Long enough for whoever is let go first to be refused meanwhile.
  const sleep = async (ms: number, signal: AbortSignal) => {
    for (let turn = 0; turn < 500; turn += 1) await new Promise(resolve => setImmediate(resolve));
    await clock.sleep(ms, signal);
  };
  const options = {state: freshState(), mailboxes: 30, ports: {now: clock.now, sleep}};
  expect((await runEngine(jobs, options)).totals.copied).toBe(30);
  const sources = jobs.map(({credentials}) => server.mailbox(credentials.source.user));
  for (const mailbox of sources) mailbox.refuses = Number.POSITIVE_INFINITY;
  const run = await runEngine(jobs, options);
  const codes = eventsOf(run, 'request-state').flatMap(({problem}) => problem?.code ?? []);
  expect(new Set(codes)).toEqual(new Set(['token-refused-anew', 'sign-in-not-tried']));
  const refused = sources.reduce((sum, mailbox) => sum + mailbox.refusedSignIns, 0);
  // Three each, and one or two of those that come between two of theirs.
  expect(refused).toBeLessThanOrEqual(8 * 3 + 8);
});
