// A mistake of ours in one request, where no state of it can be told: the run ends with it, and nothing goes on unseen.
import {expect, it, onTestFinished} from 'vitest';
import {startBatch} from '../../source/engine/batch.ts';
import type {RunEvent} from '../../source/engine/events.ts';
import {ports, settings} from '../helpers/check.ts';
import {eventsOf, job} from '../helpers/engine.ts';
import {fallSilent, smallMail, startHostile} from '../servers/hostile.ts';

it('ends when all others have ended, and none begins any more', async () => {
  const server = await startHostile('ann@baya.com', {INBOX: [smallMail(1)]}, () => fallSilent);
  onTestFinished(() => server.stop());
  const events: RunEvent[] = [];
  const {done} = startBatch(
    ['ann', 'bob', 'cleo', 'dan'].map((name, request) =>
      job({server, user: `${name}@baya.com`}, {server, user: `${name}@vault.example`}, {request}),
    ),
    {
      settings: {
        ...settings,
        ledgerFile: pair => {
          if (pair.includes('bob')) throw new Error('A mistake of ours');
          return ':memory:';
        },
      },
      ports,
      mailboxes: 2,
      take: event => events.push(event),
    },
  );
  await expect(done).rejects.toThrow('A mistake of ours');
  const states = eventsOf({events}, 'request-state').filter(({state}) => state !== 'Pending');
  expect(states.map(({request, state}) => [request, state])).toEqual([
    [0, 'Verifying'],
    [1, 'Verifying'],
    [0, 'Stopped'],
  ]);
});
