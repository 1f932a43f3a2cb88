// Ctrl+C while a server keeps a mailbox waiting before its mail moves: there is nothing to finish.
import {afterEach, expect, it} from 'vitest';
import type {BatchHandle} from '../../source/engine/batch-control.ts';
import {eventsOf, job, runEngine} from '../helpers/engine.ts';
import {fallSilent, type HostileServer, smallMail, startHostile} from '../servers/hostile.ts';

const servers: HostileServer[] = [];
afterEach(() => Promise.all(servers.splice(0).map(server => server.stop())));

it.each([
  ['greets', /^$/],
  ['signs in', /^LOGIN /],
  ['lists', /^LIST /],
])('a stop does not wait for a server that falls silent while it %s', async (_, when) => {
  const {promise: silent, resolve} = Promise.withResolvers<void>();
  const source = await startHostile('ann@baya.com', {INBOX: [smallMail(1)]}, ({command}) => {
    if (!when.test(command)) return undefined;
    resolve();
    return fallSilent;
  });
  const destination = await startHostile('ann@baya.com', {}, () => undefined);
  servers.push(source, destination);
  const end = (server: HostileServer) => ({server, user: 'ann@baya.com'});
  const run = await runEngine([job(end(source), end(destination))], {
    // Longer than this test may take.
    limits: {connectMs: 600_000, inactivityMs: 600_000},
    on: (event, handle) => {
      if (event.type === 'request-state' && event.state === 'Verifying')
        void silent.then(() => handle.stop());
    },
  });
  expect(run.exitCode).toBe(130);
  expect(eventsOf(run, 'request-state').at(-1)?.state).toBe('Stopped');
});

it('nor for another request of its mailbox, which presents the password before it', async () => {
  let handle: BatchHandle | undefined;
  const source = await startHostile('ann@baya.com', {INBOX: [smallMail(1)]}, ({command}) => {
    if (!command.startsWith('LOGIN ')) return undefined;
    // The other one begins while this one is not answered.
    handle?.changeMailboxes(1);
    return fallSilent;
  });
  let entered = 0;
  const destination = await startHostile('ann@baya.com', {}, ({command}) => {
    if (command.startsWith('LOGIN ') && ++entered === 2) handle?.stop(1);
    return undefined;
  });
  servers.push(source, destination);
  const end = (server: HostileServer) => ({server, user: 'ann@baya.com'});
  const folders = ['One', 'Other'];
  const jobs = folders.map((destinationFolder, request) =>
    job(end(source), end(destination), {request, destinationFolder}),
  );
  const run = await runEngine(jobs, {
    mailboxes: 1,
    limits: {connections: 1, connectMs: 600_000, inactivityMs: 600_000},
    on: (event, given) => {
      handle = given;
      if (event.type === 'request-state' && event.request === 1 && event.state === 'Stopped') given.stop();
    },
  });
  expect(entered).toBe(2);
  const states = eventsOf(run, 'request-state').filter(({state}) => state === 'Stopped');
  expect(states.map(({request}) => request)).toEqual([1, 0]);
});
