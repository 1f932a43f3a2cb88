// Other mailboxes use the time in which one waits for Exchange.
import {expect, it} from 'vitest';
import {eventsOf, job, runEngine} from '../../helpers/engine.ts';
import {letter} from '../../helpers/exchange.ts';
import type {Quirks} from '../../servers/exchange/quirks.ts';
import {simulation} from '../../servers/exchange/simulated.ts';

const start = simulation();
const backOff = 299_609;

it('the place of a mailbox that waits for minutes is lent to one that has not begun', async () => {
  const {server, clock} = await start();
  const ends = (name: string, quirks: Partial<Quirks> = {}) => {
    const source = server.mailbox(`${name}@contoso.example`, {password: 'pass', quirks});
    server.mailbox(`${name}.new@contoso.example`, {password: 'pass'});
    for (let id = 1; id <= 120; id += 1) source.add('INBOX', letter(id));
    return job(
      {server, user: `${name}@contoso.example`},
      {server, user: `${name}.new@contoso.example`, provider: 'o365'},
      {request: name === 'first' ? 0 : 1},
    );
  };
  const jobs = [ends('first', {throttle: 'NO', throttleAfter: 40}), ends('second')];
  const other = Promise.withResolvers<void>();
  const run = await runEngine(jobs, {
    mailboxes: 1,
    ports: {
      now: clock.now,
      sleep: async (ms, signal) => {
        // The five minutes last until the other mailbox is done.
        if (ms > 200_000) await other.promise;
        await clock.sleep(ms, signal);
      },
    },
    on: event => {
      if (event.type === 'request-state' && event.request === 1 && event.state === 'Processed')
        other.resolve();
    },
  });
  expect(run.totals).toMatchObject({copied: 240, failed: 0});
  const order = run.events.flatMap(event => {
    if (event.type === 'waiting' || event.type === 'wait-ended') return [event.type];
    return event.type === 'request-state' && event.state === 'Processed'
      ? [`${event.request} processed`]
      : [];
  });
  // It may have to wait once more; it comes to its end all the same.
  expect(order.slice(0, 3)).toEqual(['waiting', '1 processed', 'wait-ended']);
  expect(order).toContain('0 processed');
  const [wait] = eventsOf(run, 'waiting');
  expect((wait?.until ?? 0) - (wait?.at ?? 0)).toBeLessThanOrEqual(backOff);
});
