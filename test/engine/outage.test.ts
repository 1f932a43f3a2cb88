// The line or a server is away for a part of the night, in the middle of a list of mailboxes: none of them is lost to it.
import {once} from 'node:events';
import {type AddressInfo, connect, createServer, type Socket} from 'node:net';
import {expect, it, onTestFinished} from 'vitest';
import {startImapServer} from '../../source/demo/server/server.ts';
import {Mailbox} from '../../source/demo/server/store.ts';
import {eventsOf, job, runEngine} from '../helpers/engine.ts';
import {letter} from '../helpers/exchange.ts';
import {VirtualTime} from '../helpers/virtual-time.ts';

const minute = 60_000;
const date = '01-Jan-2020 00:00:00 +0000';

/**
 * So many mailboxes of one server, to another one behind a gate that can be shut.
 * @param wrong the mailbox whose password at the source is another
 */
async function list(count: number, time: VirtualTime, wrong?: number) {
  const mailboxes = (name: (index: number) => string) =>
    new Map(Array.from({length: count}, (_, index) => [name(index), new Mailbox('pass')]));
  const from = mailboxes(index => `u${index}@baya.com`);
  if (wrong !== undefined) from.set(`u${wrong}@baya.com`, new Mailbox('other'));
  for (const mailbox of from.values()) mailbox.create('INBOX').add({bytes: letter(1), flags: [], date});
  const to = mailboxes(index => `u${index}@vault.example`);
  const [source, target] = await Promise.all(
    [from, to].map(each => startImapServer({mailboxes: each, now: time.now})),
  );
  if (source === undefined || target === undefined) throw new Error('There are two');
  const sockets = new Set<Socket>();
  const gate = createServer(socket => {
    const there = connect(target.port, target.host);
    for (const each of [socket, there]) {
      sockets.add(each);
      each.on('error', () => undefined).on('close', () => sockets.delete(each));
    }
    socket.pipe(there).pipe(socket);
  });
  const open = async (port = 0) => {
    gate.listen(port, '127.0.0.1');
    await once(gate, 'listening');
    return (gate.address() as AddressInfo).port;
  };
  const port = await open();
  const shut = () => {
    gate.close();
    for (const socket of sockets) socket.destroy();
  };
  onTestFinished(async () => {
    shut();
    await Promise.all([source.stop(), target.stop()]);
  });
  const jobs = [...from.keys()].map((user, request) =>
    job(
      {server: {host: source.host, imapPort: source.port}, user, provider: 'imap'},
      {server: {host: '127.0.0.1', imapPort: port}, user: `u${request}@vault.example`},
      {request},
    ),
  );
  return {jobs, shut, open: () => open(port), arrived: () => [...to.values()]};
}

it.each([4, 20])('half an hour without a server costs no mailbox of 60, %s at once', async mailboxes => {
  const time = new VirtualTime();
  const {jobs, shut, open, arrived} = await list(60, time);
  let done = 0;
  let away = false;
  let begun = 0;
  const run = await runEngine(jobs, {
    mailboxes,
    limits: {reconnects: 8},
    ports: {now: time.now, sleep: time.sleep, random: Math.random},
    on: event => {
      if (event.type !== 'request-state') return;
      if (away && event.state === 'Verifying') begun += 1;
      if (event.state !== 'Processed' || ++done !== 20) return;
      shut();
      away = true;
      void time.sleep(30 * minute).then(() => {
        away = false;
        return open();
      });
    },
  });
  expect(run.exitCode).toBe(0);
  expect(run.totals).toMatchObject({copied: 60, failed: 0});
  for (const mailbox of arrived()) expect(mailbox.find('Data17012018/INBOX')?.messages).toHaveLength(1);
  // Those whose turn came before anybody had missed it.
  expect(begun).toBeLessThanOrEqual(2 * mailboxes);
  const told = eventsOf(run, 'waiting').filter(({problem}) => problem.code === 'server-away');
  expect(told.length).toBeGreaterThan(0);
  expect(told.length).toBeLessThan(2 * mailboxes * 12);
});

it('a password that is wrong at the other end is told at once all the same, and no hour later', async () => {
  const time = new VirtualTime();
  const {jobs, shut} = await list(2, time, 1);
  let began = 0;
  const run = await runEngine(jobs, {
    mailboxes: 1,
    limits: {reconnects: 8},
    ports: {now: time.now, sleep: time.sleep},
    on: event => {
      if (event.type !== 'request-state' || event.state !== 'Processed') return;
      began = time.now();
      shut();
    },
  });
  expect(eventsOf(run, 'request-state').at(-1)).toMatchObject({
    state: 'Failed',
    problem: {code: 'sign-in-refused'},
  });
  expect(time.now() - began).toBeLessThan(minute);
});

it('a list that waits for a server is stopped at once', async () => {
  const time = new VirtualTime();
  const {jobs, shut} = await list(12, time);
  let stopped = 0;
  const run = await runEngine(jobs, {
    mailboxes: 2,
    ports: {now: time.now, sleep: time.sleep},
    on: (event, handle) => {
      if (event.type === 'request-state' && event.state === 'Processed') shut();
      if (event.type !== 'waiting' || event.problem.code !== 'server-away' || stopped > 0) return;
      stopped = time.now();
      handle.stop();
    },
  });
  expect(run.exitCode).toBe(130);
  expect(time.now()).toBe(stopped);
  expect(eventsOf(run, 'request-state').filter(({state}) => state === 'Failed')).toEqual([]);
});

it('once all who wait for it are stopped, the next one sees whether it is there again', async () => {
  const time = new VirtualTime();
  const {jobs, shut, open} = await list(6, time);
  let away = false;
  const run = await runEngine(jobs, {
    mailboxes: 1,
    ports: {now: time.now, sleep: time.sleep},
    on: (event, handle) => {
      if (event.type === 'request-state' && event.state === 'Processed' && !away) {
        away = true;
        shut();
      }
      if (event.type === 'waiting' && event.problem.code === 'server-away')
        void open().then(() => handle.stop(event.request));
    },
  });
  const last = (request: number) =>
    eventsOf(run, 'request-state').findLast(event => event.request === request)?.state;
  expect(jobs.map((_, request) => last(request))).toEqual([
    ...['Processed', 'Stopped', 'Processed', 'Processed', 'Processed', 'Processed'],
  ]);
});

it('a place that is free begins the next one as soon as the server is there again', async () => {
  const time = new VirtualTime();
  const {jobs, shut, open} = await list(3, time);
  let away = false;
  const run = await runEngine(jobs, {
    mailboxes: 2,
    ports: {now: time.now, sleep: time.sleep},
    on: (event, handle) => {
      if (event.type === 'request-state' && event.request === 0 && event.state === 'Processing') {
        away = true;
        shut();
      }
      if (!away || event.type !== 'waiting' || event.problem.code !== 'server-away') return;
      away = false;
      handle.stop(1);
      void open();
    },
  });
  const states = eventsOf(run, 'request-state').map(({request, state}) => `${request} ${state}`);
  expect(states).toContain('1 Stopped');
  expect(states).toContain('2 Processed');
  expect(states.indexOf('2 Verifying')).toBeLessThan(states.indexOf('0 Processed'));
});
