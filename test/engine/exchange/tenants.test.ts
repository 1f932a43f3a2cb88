// Whom a back-off is for: the mailbox that was told, or its tenant; never another tenant, never another server.
import {expect, it} from 'vitest';
import type {RunEvent} from '../../../source/engine/events.ts';
import type {Job} from '../../../source/engine/ports.ts';
import {eventsOf, job, runEngine} from '../../helpers/engine.ts';
import {letter} from '../../helpers/exchange.ts';
import type {Quirks} from '../../servers/exchange/quirks.ts';
import type {ExchangeServer} from '../../servers/exchange/server.ts';
import {simulation} from '../../servers/exchange/simulated.ts';

const start = simulation();
const each = 60;

/** A mailbox with letters, which goes to another tenant of the same server. */
function moving(server: ExchangeServer, user: string, request: number, quirks: Partial<Quirks> = {}): Job {
  const source = server.mailbox(user, {quirks});
  for (let id = 1; id <= each; id += 1) source.add('INBOX', letter(id));
  const target = `${user.replace('@', '.')}@new.example`;
  server.mailbox(target);
  return job({server, user}, {server, user: target, provider: 'o365'}, {request});
}

/** Lets the waits of minutes last until these requests are done. @returns also who had to wait until then */
async function carry(
  jobs: readonly Job[],
  clock: {now(): number; sleep(ms: number, signal?: AbortSignal): Promise<void>},
  free: readonly number[],
  mailboxes: number,
) {
  const left = new Set(free);
  const done = Promise.withResolvers<void>();
  const waited = new Set<number>();
  const run = await runEngine(jobs, {
    mailboxes,
    limits: {connections: 1},
    ports: {
      now: clock.now,
      sleep: async (ms, signal) => {
        if (ms > 200_000) await done.promise;
        await clock.sleep(ms, signal);
      },
    },
    on: (event: RunEvent) => {
      if (event.type === 'waiting' && left.size > 0) waited.add(event.request);
      if (event.type === 'request-state' && event.state === 'Processed') left.delete(event.request);
      if (left.size === 0) done.resolve();
    },
  });
  return {run, waited: [...waited].sort()};
}

it('a back-off of a tenant holds its mailboxes, also those that have not begun, and nobody else', async () => {
  const {server, clock} = await start({quirks: {connectionCap: 0}});
  const {server: other} = await start({quirks: {connectionCap: 0}});
  const held = {throttle: 'NO', throttleScope: 'tenant', throttleAfter: 80} as const;
  const jobs = [
    ...['a', 'b', 'c'].map((name, request) => moving(server, `${name}@contoso.example`, request, held)),
    moving(server, 'eve@fabrikam.example', 3),
    moving(other, 'fay@contoso.example', 4),
    moving(server, 'd@contoso.example', 5, held),
  ];
  const signIns: number[] = [];
  const late = server.mailbox('d@contoso.example');
  other.log.watch(() => signIns.push(late.signIns));
  const {run, waited} = await carry(jobs, clock, [3, 4], 3);
  expect(run.totals).toMatchObject({copied: 6 * each, failed: 0});
  expect(waited).toEqual([0, 1, 2, 5]);
  // The fourth knows it from the others: it does not even sign in.
  expect(Math.max(...signIns)).toBe(0);
  const waits = eventsOf(run, 'waiting').filter(({request}) => request === 5);
  expect(waits[0]?.problem).toMatchObject({code: 'throttled'});
});

it('a back-off of one mailbox holds that one, and the others of its tenant go on', async () => {
  const {server, clock} = await start({quirks: {connectionCap: 0}});
  const jobs = ['a', 'b', 'c'].map((name, request) =>
    moving(
      server,
      `${name}@contoso.example`,
      request,
      name === 'a' ? {throttle: 'NO', throttleAfter: 20} : {},
    ),
  );
  const {run, waited} = await carry(jobs, clock, [1, 2], 2);
  expect(run.totals).toMatchObject({copied: 3 * each, failed: 0});
  expect(waited).toEqual([0]);
});
