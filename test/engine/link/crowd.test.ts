// A server that takes only so many connections from one computer, and turns away whoever comes after them.
import {expect, it} from 'vitest';
import type {Emit} from '../../../source/engine/events.ts';
import {Link} from '../../../source/engine/link/link.ts';
import {MailboxStopped, Pace} from '../../../source/engine/link/pace.ts';
import {ServerMemory, Servers, TenantMemory} from '../../../source/engine/link/servers.ts';
import {problem} from '../../../source/engine/problems/problems.ts';
import {ports, settings} from '../../helpers/check.ts';
import {job, limits} from '../../helpers/engine.ts';
import {ManualClock} from '../../servers/exchange/clock.ts';

const server = 'mail.example:993';
const full = problem('too-many-connections', {end: 'source', server});
const turnedAway = Object.assign(new Error('Too many connections'), {code: 'NoConnection'});

function crowded(allowed = limits) {
  const told: Parameters<Emit>[0][] = [];
  const clock = new ManualClock();
  const memory = new ServerMemory();
  const {signal} = new AbortController();
  let slept = 0;
  const pace = new Pace({
    ...{request: 0, end: 'source', login: 'ann@baya.com', limits: allowed, server: memory, address: server},
    tenant: new TenantMemory(),
    stop: {finish: signal, abort: signal},
    emit: event => told.push(event),
    ports: {
      random: () => 0.5,
      now: clock.now,
      sleep: (ms, stop) => {
        slept += ms;
        return clock.sleep(ms, stop);
      },
    },
  });
  const refused = (error: unknown = turnedAway, why = full) => pace.recover(error, why, {entering: true});
  return {pace, memory, clock, told, refused, slept: () => slept};
}

/** So many times in a row, or until it is given up. */
async function times(count: number, refuse: () => Promise<void>): Promise<number | MailboxStopped> {
  for (let time = 0; time < count; time++)
    try {
      await refuse();
    } catch (error) {
      if (error instanceof MailboxStopped) return error;
      throw error;
    }
  return count;
}

it('is waited for while the run’s other connections there get on, however long that takes', async () => {
  const {memory, refused, told} = crowded();
  memory.room.entered(1, new AbortController().signal);
  memory.room.entered(2, new AbortController().signal);
  const outcome = await times(200, () => {
    memory.room.gotOn(1);
    return refused();
  });
  expect(outcome).toBe(200);
  const waiting = told.filter(event => event.type === 'waiting');
  expect(waiting[0]).toMatchObject({
    problem: {
      code: 'no-room',
      verdict: 'slower',
      sentence: `The source server ${server} takes no more connections beside the 2 that mailferry has there.`,
    },
  });
  expect(told.some(event => event.type === 'connection-lost')).toBe(false);
});

it('tells of one wait, and of its end once the mailbox is in', async () => {
  const {memory, pace, refused, told} = crowded();
  memory.room.entered(1, new AbortController().signal);
  await refused();
  expect(told).toEqual([]);
  await times(3, refused);
  expect(told.map(event => event.type)).toEqual(['waiting']);
  pace.entered();
  expect(told.map(event => event.type)).toEqual(['waiting', 'wait-ended']);
});

it('is given up where those who are in get nothing through: they may wait for each other', async () => {
  const {memory, refused, slept} = crowded();
  memory.room.entered(1, new AbortController().signal);
  expect(await times(100, refused)).toBeInstanceOf(MailboxStopped);
  expect(slept()).toBeGreaterThan(6 * 60_000);
});

it('is no crowd of the run’s where only the mailbox itself is in, or nobody', async () => {
  const alone = crowded();
  expect(await times(20, alone.refused)).toBeInstanceOf(MailboxStopped);
  expect(alone.told.some(event => event.type === 'connection-lost')).toBe(true);
  const itself = crowded();
  itself.memory.room.entered(0, new AbortController().signal);
  expect(await times(20, itself.refused)).toBeInstanceOf(MailboxStopped);
});

it('is no trouble of one who only looks, and tries nothing again', async () => {
  const {memory, refused} = crowded({...limits, reconnects: 0});
  memory.room.entered(1, new AbortController().signal);
  expect(await times(5, refused)).toBe(5);
});

it('may be so while the others are still on their way, for a moment', async () => {
  const {memory, refused} = crowded({...limits, reconnects: 0});
  memory.room.coming(1);
  const outcome = await times(20, refused);
  expect(outcome).toBeInstanceOf(MailboxStopped);
  expect(await times(1, refused)).toBeInstanceOf(MailboxStopped);
  const soon = crowded({...limits, reconnects: 0});
  soon.memory.room.coming(1);
  expect(await times(3, soon.refused)).toBe(3);
});

it('counts one that has left a moment longer: who is turned away then asks again', async () => {
  const {memory, refused} = crowded({...limits, reconnects: 0});
  const left = new AbortController();
  memory.room.entered(1, left.signal);
  left.abort();
  expect(await times(1, refused)).toBe(1);
  expect(await times(1, refused)).toBeInstanceOf(MailboxStopped);
});

it.each<[string, object, ReturnType<typeof problem>]>([
  ['what it says behind its greeting may be about the mailbox', {greeting: 'OK Ready'}, full],
  [
    'a sign-in that it refuses is about the mailbox',
    {},
    problem('sign-in-refused', {end: 'source', login: 'ann@baya.com', server}),
  ],
])('%s', async (_, more, why) => {
  const {memory, refused} = crowded({...limits, reconnects: 0});
  memory.room.entered(1, new AbortController().signal);
  const error = Object.assign(new Error('No'), more);
  expect(await times(1, () => refused(error, why))).toBeInstanceOf(MailboxStopped);
});

it('where another mailbox waits to be let in, nobody asks for one lane more', async () => {
  const place = {host: '127.0.0.1' as const, imapPort: 1};
  const {what} = job({server: place, user: 'ann@baya.com'}, {server: place, user: 'ann@vault.example'});
  const servers = new Servers();
  const {signal} = new AbortController();
  let asked = 0;
  const password = () => {
    asked++;
    return Promise.reject(new Error('Not needed'));
  };
  const link = new Link('source', what.source, {
    ...{request: 0, settings, ports, servers, emit: () => undefined},
    credentials: {kind: 'password', user: 'ann@baya.com', password},
    stop: {finish: signal, abort: signal},
  });
  await link.openExtra();
  expect(asked).toBe(1);
  const {promise: pause, resolve: over} = Promise.withResolvers<void>();
  const waits = servers.of(link.server).room.freed(() => pause);
  expect(await link.openExtra()).toBeUndefined();
  expect(asked).toBe(1);
  over();
  await waits;
});
