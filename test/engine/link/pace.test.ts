// When a server may be asked again.
import {describe, expect, it} from 'vitest';
import type {Emit} from '../../../source/engine/events.ts';
import {ConnectionLost, ServerRefused} from '../../../source/engine/imap/errors.ts';
import {Session} from '../../../source/engine/imap/session.ts';
import {Pace} from '../../../source/engine/link/pace.ts';
import {ServerMemory, TenantMemory} from '../../../source/engine/link/servers.ts';
import {type Problem, problem} from '../../../source/engine/problems/problems.ts';
import {limits} from '../../helpers/engine.ts';
import {connection} from '../../helpers/hand-played.ts';
import {ManualClock} from '../../servers/exchange/clock.ts';

type Told = Parameters<Emit>[0];

function paced(
  tenant = new TenantMemory(),
  clock: Pick<ManualClock, 'now' | 'sleep'> = new ManualClock(),
  random = () => 0.5,
  allowed = limits,
) {
  const told: Told[] = [];
  const waits: number[] = [];
  const {signal} = new AbortController();
  let request = 0;
  const server = new ServerMemory();
  const mailbox = (login: string) =>
    new Pace({
      ...{request: request++, end: 'source', login, limits: allowed, tenant, server, address: 'exchange:993'},
      stop: {finish: signal, abort: signal},
      emit: event => told.push(event),
      ports: {
        random,
        now: clock.now,
        sleep: (ms, stop) => {
          waits.push(ms);
          return clock.sleep(ms, stop);
        },
      },
    });
  return {mailbox, told, waits, clock, tenant};
}

const throttle = (ms: number) =>
  new ServerRefused(
    'source',
    'NO',
    `Request is throttled. Suggested Backoff Time: ${ms} milliseconds`,
    'UID',
  );
const throttled = (ms: number, detail?: string): Problem =>
  problem(
    'throttled',
    {end: 'source', server: 'exchange:993', milliseconds: ms},
    detail === undefined ? {} : {detail},
  );
const lost = new ConnectionLost('source', 'ECONNRESET', 'Connection reset');
const loss = problem('connection-lost', {end: 'source', server: 'exchange:993'});

describe('a back-off', () => {
  it('of one mailbox is its own', () => {
    const {tenant, clock} = paced();
    tenant.throttled('ann@baya.com', clock.now() + 300_000, throttled(300_000));
    tenant.throttled('bob@baya.com', clock.now() + 200_000, throttled(200_000));
    expect(tenant.heldUntil).toBe(0);
  });

  it('that three mailboxes share is for all of the tenant, and is shown for each that waits', async () => {
    const {mailbox, told, waits, clock, tenant} = paced();
    const until = clock.now() + 300_000;
    for (const name of ['ann', 'bob', 'eve']) tenant.throttled(`${name}@baya.com`, until, throttled(300_000));
    const pace = mailbox('joe@baya.com');
    expect(pace.held).toBe(true);
    await pace.ready();
    expect(waits).toEqual([300_000]);
    expect(told).toMatchObject([
      {type: 'waiting', until, problem: {code: 'throttled'}},
      {type: 'wait-ended'},
    ]);
  });

  it('that the server gives to the tenant is for all at once', () => {
    const {mailbox, clock, tenant} = paced();
    tenant.throttled('ann@baya.com', clock.now() + 300_000, throttled(300_000, 'The tenant is throttled'));
    expect(mailbox('joe@baya.com').held).toBe(true);
  });

  it('is obeyed to the millisecond, and ends once for all who wait', async () => {
    const {mailbox, told, waits} = paced();
    const pace = mailbox('ann@baya.com');
    await Promise.all([1, 2, 3].map(() => pace.recover(throttle(299_609), throttled(299_609))));
    expect(waits[0]).toBe(299_609);
    expect(told.at(-1)?.type).toBe('wait-ended');
  });

  it('costs no connection of those that may be lost in a row', async () => {
    const {mailbox} = paced();
    const pace = mailbox('ann@baya.com');
    pace.entered();
    for (let time = 0; time < 10; time += 1) await pace.recover(throttle(1000), throttled(1000));
    expect(pace.outages).toBe(0);
  });

  it.each([
    ['no longer than a day', 999_999_999_999, 86_400_000],
    ['for a moment at least', 0, 250],
  ])('is obeyed %s', async (_, asked, waited) => {
    const {mailbox, waits} = paced();
    // As the sign-in tells it.
    const error = Object.assign(new Error('Request is throttled'), {throttleReset: asked});
    await mailbox('ann@baya.com').recover(error, throttled(asked), {entering: true});
    expect(waits).toEqual([waited]);
  });

  it('that comes again and again is obeyed for a day in which nothing gets through', async () => {
    let now = 0;
    // As on a real clock, two wait for the same hour.
    const sleep = async (ms: number) => {
      const until = now + ms;
      await new Promise<void>(others => setImmediate(others));
      now = Math.max(now, until);
    };
    const {mailbox, waits} = paced(undefined, {now: () => now, sleep});
    const pace = mailbox('ann@baya.com');
    const hour = 3_600_000;
    for (let time = 0; time < 20; time += 1) await pace.recover(throttle(hour), throttled(hour));
    pace.progress();
    // Two lanes are told the same.
    for (let time = 0; time < 24; time += 1)
      await Promise.all([1, 2].map(() => pace.recover(throttle(hour), throttled(hour))));
    await expect(pace.recover(throttle(hour), throttled(hour))).rejects.toMatchObject({
      problem: {code: 'throttled', verdict: 'stop', nextStep: expect.stringMatching(/^Run it again/)},
    });
    expect(new Set(waits)).toEqual(new Set([hour]));
  });

  it('is told by a look, which waits for none', async () => {
    const {mailbox, waits} = paced(undefined, undefined, undefined, {...limits, reconnects: 0});
    const told = mailbox('ann@baya.com').recover(throttle(1000), throttled(1000));
    await expect(told).rejects.toMatchObject({problem: {code: 'throttled', verdict: 'stop'}});
    expect(waits).toEqual([]);
  });
});

it('tokens that end in their time are too many in a row before anything has got through', async () => {
  const {mailbox, waits, clock} = paced();
  const pace = mailbox('ann@baya.com');
  pace.entered();
  const ended = new ConnectionLost(
    'source',
    'NoConnection',
    'Closed',
    'Session invalidated - AccessTokenExpired',
  );
  const why = problem('token-expired', {end: 'source', server: 'exchange:993'});
  /** Each on a session whose token was to end now. */
  const end = async () => {
    const {signedIn} = connection().session;
    const began = {now: clock.now(), outage: pace.outages};
    const session = new Session({...signedIn, renewAt: clock.now() + 60_000}, began);
    await clock.sleep(60_000);
    await pace.recover(ended, why, {session, renewable: true});
  };
  for (let time = 0; time < 8; time += 1) await end();
  pace.progress();
  for (let time = 0; time < 8; time += 1) await end();
  expect(waits).toEqual([]);
  for (let time = 0; time < limits.reconnects; time += 1) await end();
  await expect(end()).rejects.toMatchObject({problem: {code: 'token-expired', verdict: 'stop'}});
});

describe('lost connections', () => {
  it('are waited for longer each time, by chance not alike, until there were too many', async () => {
    let chance = 0;
    const {mailbox, waits} = paced(undefined, undefined, () => (chance = 1 - chance));
    const [pace, bob] = [mailbox('ann@baya.com'), mailbox('bob@baya.com')];
    pace.entered();
    for (let time = 0; time < limits.reconnects; time += 1) {
      await pace.recover(lost, loss);
      bob.progress();
    }
    await expect(pace.recover(lost, loss)).rejects.toMatchObject({problem: {verdict: 'stop'}});
    expect(waits).toEqual([1250, 1500, 5000, 6000]);
  });

  it('of a server that lets others in are soon too many for a mailbox that was never let in', async () => {
    const {mailbox} = paced();
    const [ann, bob] = [mailbox('ann@baya.com'), mailbox('bob@baya.com')];
    for (let time = 0; time < 2; time += 1) {
      bob.entered();
      await ann.recover(lost, loss, {entering: true});
    }
    bob.entered();
    await expect(ann.recover(lost, loss, {entering: true})).rejects.toMatchObject({
      problem: {code: 'connection-lost', verdict: 'stop', nextStep: expect.stringMatching(/^Run it again/)},
    });
  });

  it('of a mailbox that was let in itself are waited for as any, though others are let in meanwhile', async () => {
    const {mailbox, waits} = paced();
    const [ann, bob] = [mailbox('ann@baya.com'), mailbox('bob@baya.com')];
    ann.entered();
    for (let time = 0; time < limits.reconnects; time += 1) {
      bob.entered();
      await ann.recover(lost, loss);
    }
    expect(waits).toHaveLength(limits.reconnects);
  });

  it('of a server that has worked and lets nobody in are waited for by those whose turn comes meanwhile', async () => {
    const {mailbox, waits} = paced();
    mailbox('bob@baya.com').entered();
    const ann = mailbox('ann@baya.com');
    for (let time = 0; time < limits.reconnects; time += 1) await ann.recover(lost, loss, {entering: true});
    expect(waits).toHaveLength(4);
    await expect(ann.recover(lost, loss, {entering: true})).rejects.toThrow();
  });

  it('of a server that never worked are given up early', async () => {
    const {mailbox, waits} = paced();
    const ann = mailbox('ann@baya.com');
    for (let time = 0; time < 2; time += 1) await ann.recover(lost, loss, {entering: true});
    await expect(ann.recover(lost, loss, {entering: true})).rejects.toThrow();
    expect(waits).toHaveLength(2);
  });

  it('that go at once are one loss', async () => {
    const {mailbox, told} = paced();
    const pace = mailbox('ann@baya.com');
    pace.entered();
    const {session} = connection();
    for (let lane = 0; lane < limits.reconnects + 2; lane += 1) await pace.recover(lost, loss, {session});
    expect([pace.outages, told.filter(({type}) => type === 'connection-lost').length]).toEqual([1, 1]);
  });

  it('and sign-ins that are refused together are one', async () => {
    const {mailbox, waits} = paced();
    const pace = mailbox('ann@baya.com');
    pace.entered();
    const wrong = problem('password-refused-anew', {end: 'source', login: 'ann@baya.com', waited: false});
    const refused = (outages: number) =>
      pace.recover(new Error('LOGIN failed'), wrong, {entering: true, outages});
    for (const outages of [0, 0, 0, 1, 1]) await refused(outages);
    expect([pace.outages, waits]).toEqual([2, [20_000, 60_000]]);
    await expect(refused(2)).rejects.toMatchObject({problem: {verdict: 'stop'}});
  });

  it('are not told where the server only refuses over a connection that stands', async () => {
    const {mailbox, told} = paced();
    const pace = mailbox('ann@baya.com');
    pace.entered();
    const away = problem('server-unavailable', {end: 'source', server: 'imap:993'});
    await pace.recover(new ServerRefused('source', 'NO', '[SERVERBUG] Internal error', 'SELECT'), away);
    expect(told.map(({type}) => type)).toEqual(['waiting', 'wait-ended']);
  });

  it('are forgotten when something gets through', async () => {
    const {mailbox} = paced();
    const pace = mailbox('ann@baya.com');
    pace.entered();
    for (let time = 0; time < 20; time += 1) {
      await pace.recover(lost, loss);
      if (time % 4 === 3) pace.progress();
    }
    expect(pace.outages).toBe(20);
  });
});
