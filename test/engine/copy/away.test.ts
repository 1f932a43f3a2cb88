// A server that has let mailboxes in and lets nobody in any more: the outage is not each mailbox's, and is waited for.
import {describe, expect, it} from 'vitest';
import {SignInUnreachable} from '../../../source/engine/auth/sign-in-refused.ts';
import type {Emit} from '../../../source/engine/events.ts';
import {Pace} from '../../../source/engine/link/pace.ts';
import {Presence} from '../../../source/engine/link/presence.ts';
import {ServerMemory} from '../../../source/engine/link/servers.ts';
import {problem} from '../../../source/engine/problems/problems.ts';
import {limits} from '../../helpers/engine.ts';
import {ManualClock} from '../../servers/exchange/clock.ts';

const at = {end: 'source', server: 'mail:993'} as const;
const refused = Object.assign(new Error('ECONNREFUSED'), {code: 'ECONNREFUSED'});
const nobody = problem('connection-refused', at, {verdict: 'again'});
/** Something is there, and hangs up. */
const hungUp = Object.assign(new Error('Closed'), {code: 'ClosedAfterConnectTLS'});
const lost = problem('connection-lost', at);
const unreachable = new SignInUnreachable('login.example.com', 'ENOTFOUND', 'There is no such host');
const noTokens = problem('host-unknown', {...at, server: 'login.example.com'}, {verdict: 'again'});
const minute = 60_000;
const hour = 60 * minute;

function run({reconnects = 8} = {}) {
  const clock = new ManualClock();
  const began = clock.now();
  const told: Parameters<Emit>[0][] = [];
  const server = new ServerMemory();
  const {signal} = new AbortController();
  let request = 0;
  const mailbox = (tokens?: Presence) =>
    new Pace({
      ...{request: request++, end: 'source', login: 'ann@baya.com', limits: {...limits, reconnects}, server},
      ...{tenant: server.tenant({domain: 'baya.com'}), address: 'mail:993', emit: event => told.push(event)},
      stop: {finish: signal, abort: signal},
      ports: {random: () => 0.5, now: clock.now, sleep: clock.sleep},
      ...(tokens === undefined ? {} : {tokens}),
    });
  const passed = () => clock.now() - began;
  /** Misses it until so much time has passed. @returns how often */
  const missFor = async (ms: number, pace: Pace, error: Error = refused, why = nobody) => {
    let times = 0;
    for (; passed() < ms; times++) await pace.recover(error, why, {entering: true});
    return times;
  };
  const waits = () =>
    told.flatMap(event => (event.type === 'waiting' ? [{...event.problem, ms: event.until}] : []));
  return {mailbox, told, waits, missFor, passed, server};
}

describe('a server that lets nobody in any more', () => {
  it('is waited for as long as a night, every few minutes, and each wait says for how long already', async () => {
    const {mailbox, told, waits, missFor, passed} = run();
    const pace = mailbox();
    pace.entered();
    await missFor(30 * minute, pace);
    expect(waits().at(-1)).toMatchObject({
      code: 'server-away',
      sentence: expect.stringMatching(
        /^mail:993 \(source\) has let nobody in for 2\d min, and did before\.$/,
      ),
      detail: nobody.sentence,
    });
    // From then on five minutes apart, and told by the waits alone.
    const times = await missFor(11 * hour, pace);
    expect(times).toBeLessThanOrEqual(11 * 12);
    expect(told.filter(({type}) => type === 'connection-lost')).toHaveLength(8);
    pace.entered();
    pace.progress();
    await missFor(passed() + 11 * hour, pace);
  });

  it('is given up after that, soon also by those whose turn comes then, until it lets somebody in', async () => {
    const {mailbox, missFor, passed, server} = run();
    const pace = mailbox();
    pace.entered();
    await expect(missFor(14 * hour, pace)).rejects.toMatchObject({
      problem: {code: 'server-away', verdict: 'stop', nextStep: expect.stringMatching(/^Run it again/)},
    });
    expect(passed()).toBeGreaterThan(12 * hour);
    expect(passed()).toBeLessThan(13 * hour);
    const began = passed();
    await expect(missFor(20 * hour, mailbox())).rejects.toMatchObject({problem: {verdict: 'stop'}});
    expect(passed() - began).toBeLessThan(minute);
    server.presence.entered();
    await missFor(passed() + hour, mailbox());
  });

  it('is waited for by one whose turn came just then, where nothing answers', async () => {
    const {mailbox, missFor} = run();
    mailbox().entered();
    await missFor(30 * minute, mailbox());
  });

  it('and where something answers and hangs up, once it does so to another too', async () => {
    const {mailbox, missFor, passed} = run();
    mailbox().entered();
    await expect(missFor(hour, mailbox(), hungUp, lost)).rejects.toThrow('is lost');
    expect(passed()).toBeLessThan(3 * minute);
    const [bob, eve] = [mailbox(), mailbox()];
    await bob.recover(hungUp, lost, {entering: true});
    await missFor(passed() + hour, eve, hungUp, lost);
  });

  it('and where Exchange greets and hangs up, which it does to a session too many as well', async () => {
    const {mailbox, waits, missFor, passed} = run();
    const greeting = 'The Microsoft Exchange IMAP4 service is ready.';
    const full = Object.assign(new Error('Closed'), {greeting});
    const [ann, bob, late] = [mailbox(), mailbox(), mailbox()];
    ann.entered();
    await missFor(hour, ann, full, lost);
    expect(waits().at(-1)).toMatchObject({code: 'server-away'});
    await missFor(passed() + hour, late, full, lost);
    // To this one alone, while others get in.
    const began = passed();
    const alone = async () => {
      for (;;) {
        await bob.recover(full, lost, {entering: true});
        ann.entered();
      }
    };
    await expect(alone()).rejects.toMatchObject({problem: {code: 'connection-lost'}});
    expect(passed() - began).toBeLessThan(10 * minute);
  });

  it('is not waited for by a mailbox that fails while it works for others', async () => {
    const {mailbox, passed} = run();
    const [ann, bob] = [mailbox(), mailbox()];
    ann.entered();
    const fail = async () => {
      for (;;) {
        await ann.recover(refused, nobody, {entering: true});
        bob.progress();
      }
    };
    await expect(fail()).rejects.toMatchObject({problem: {code: 'connection-refused', verdict: 'stop'}});
    expect(passed()).toBeLessThan(3 * minute);
  });

  it('was never there where it never let anybody in', async () => {
    const {mailbox, missFor, passed} = run();
    await expect(missFor(hour, mailbox())).rejects.toThrow('Nothing answers');
    expect(passed()).toBeLessThan(minute);
    // Nor who gave no token to anybody.
    mailbox().entered();
    await expect(missFor(hour, mailbox(new Presence()), unreachable, noTokens)).rejects.toThrow('no server');
    expect(passed()).toBeLessThan(5 * minute);
  });

  it('is waited for by no look', async () => {
    const {mailbox, missFor, passed} = run({reconnects: 0});
    const pace = mailbox();
    pace.entered();
    await expect(missFor(hour, pace)).rejects.toThrow('Nothing answers');
    expect(passed()).toBe(0);
  });

  it('is one who gives no tokens any more, while those of another tenant get in', async () => {
    const {mailbox, waits, passed} = run();
    const [tokens, others] = [new Presence(), new Presence()];
    const [ann, bob] = [mailbox(tokens), mailbox(others)];
    ann.entered();
    while (passed() < 30 * minute) {
      bob.entered();
      await ann.recover(unreachable, noTokens, {entering: true});
    }
    expect(waits().at(-1)?.sentence).toMatch(/^login\.example\.com \(source\) has let nobody in for/);
    expect([tokens.closed, others.closed]).toEqual([true, false]);
  });
});

describe('nobody begins there', () => {
  it('while somebody waits for it and could not reach it, until it shows itself', async () => {
    let back = 0;
    const presence = new Presence(() => back++);
    presence.missed(1, false);
    // One that never let anybody in may be another's mistake.
    expect(presence.closed).toBe(false);
    presence.entered();
    presence.missed(1, false);
    expect([presence.closed, back]).toEqual([true, 0]);
    presence.there();
    expect([presence.closed, back]).toEqual([false, 1]);
    presence.there();
    expect(back).toBe(1);
  });

  it('where it is reached and hangs up others begin, to see whether it does so to all', () => {
    let back = 0;
    const presence = new Presence(() => back++);
    presence.entered();
    presence.missed(1, false);
    presence.missed(1, true);
    expect([presence.closed, back]).toEqual([false, 1]);
  });

  it('where it answers who waits for it, and asks for a pause, others begin', async () => {
    const {mailbox, server} = run();
    const pace = mailbox();
    pace.entered();
    await pace.recover(refused, nobody, {entering: true});
    expect(server.presence.closed).toBe(true);
    const slower = problem('throttled', {end: 'source', server: 'mail:993', milliseconds: 600_000});
    await pace.recover(Object.assign(new Error('slower'), {throttleReset: 600_000}), slower);
    expect(server.presence.closed).toBe(false);
  });

  it('once nobody waits any more one has to see whether it is there', () => {
    const presence = new Presence();
    presence.entered();
    presence.missed(1, false);
    presence.left(1);
    expect(presence.closed).toBe(false);
  });
});
