// A server that takes only so many connections from one computer, and turns away whoever comes after them.
import {expect, it} from 'vitest';
import type {Emit} from '../../../source/engine/events.ts';
import {NoRoom} from '../../../source/engine/link/crowd.ts';
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

it('is waited for while others of the run are in there, however long that takes', async () => {
  const {memory, refused, told} = crowded();
  memory.room.entered(1, new AbortController().signal);
  memory.room.entered(2, new AbortController().signal);
  expect(await times(2000, refused)).toBe(2000);
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

it('is not waited for by one who holds what others may wait for, before that is given back', async () => {
  const {memory, pace, slept} = crowded();
  const inside = new AbortController();
  memory.room.entered(1, inside.signal);
  const error = await pace
    .recover(turnedAway, full, {entering: true, holding: true})
    .catch((given: unknown) => given);
  expect(error).toBeInstanceOf(NoRoom);
  expect([slept(), memory.room.sought]).toEqual([0, false]);
  const waits = (error as NoRoom).wait();
  expect(memory.room.sought).toBe(true);
  inside.abort();
  await waits;
  expect(memory.room.sought).toBe(false);
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
  expect(await times(3, refused)).toBe(3);
  expect(await times(1, refused)).toBeInstanceOf(MailboxStopped);
});

it('but not where nothing answers: that is away for all of them', async () => {
  const silent = problem('connect-timed-out', {end: 'source', server});
  const {memory, refused} = crowded({...limits, reconnects: 0});
  memory.room.coming(1);
  expect(await times(1, () => refused(turnedAway, silent))).toBeInstanceOf(MailboxStopped);
});

it('counts one that has left a moment longer: who is turned away then asks again, however often before', async () => {
  const {memory, refused} = crowded({...limits, reconnects: 0});
  const left = new AbortController();
  memory.room.entered(1, left.signal);
  expect(await times(10, refused)).toBe(10);
  left.abort();
  expect(await times(2, refused)).toBe(2);
  // Another one has been in meanwhile.
  memory.room.entered(2, AbortSignal.abort());
  expect(await times(3, refused)).toBe(3);
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

it('a round trip that nobody could measure makes no server near', () => {
  const {memory} = crowded();
  expect([memory.sawRoundTrip(0), memory.sawRoundTrip(60), memory.sawRoundTrip(-5)]).toEqual([0, 60, 0]);
  expect([memory.sawRoundTrip(70), memory.sawRoundTrip(3), memory.sawRoundTrip(60)]).toEqual([60, 3, 3]);
});
