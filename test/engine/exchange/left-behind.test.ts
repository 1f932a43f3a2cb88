// Sessions that a killed run has left behind still count for a while: the next run waits for them, as long as is of use.
import {describe, expect, it} from 'vitest';
import {eventsOf, freshState, job, runEngine} from '../../helpers/engine.ts';
import {type Bridge, bridges, eachOnce, folder, letter, lettersIn} from '../../helpers/exchange.ts';
import {address} from '../../servers/exchange/simulated.ts';
import {Talk} from '../../servers/exchange/talk.ts';

const bridge = bridges();
const date = '01-Jan-2020 00:00:00 +0000';

/** Fills the mailbox's sessions and cuts them off, as a killed program does. */
async function leaveBehind({server}: Bridge, sessions: number): Promise<void> {
  for (let count = 0; count < sessions; count += 1) {
    const talk = await Talk.signedIn(server, address);
    talk.close();
    await talk.rest();
  }
  // The server has seen all of them end once it has none left.
  while (server.sessions(address) > 0) await new Promise(resolve => setImmediate(resolve));
}

const waitedFor = (run: Awaited<ReturnType<Bridge['carryTo']>>['run']) =>
  eventsOf(run, 'waiting').map(event => event.problem.code);

describe.each(['not-connected', 'eof'] as const)('behind the sessions of a killed run (%s)', capAnswer => {
  it('the next one waits for minutes where it has to, and goes on', async () => {
    const exchange = await bridge({quirks: {connectionCap: 2, capAnswer, lingerMs: 180_000}});
    const {mailbox, vault, carryTo} = exchange;
    const state = freshState();
    const inbox = vault.create('INBOX');
    inbox.add({bytes: letter(1), flags: [], date});
    await carryTo({state, limits: {connections: 1}});
    inbox.add({bytes: letter(2), flags: [], date});
    await leaveBehind(exchange, 2);
    const before = mailbox.signIns;
    const {run, waits} = await carryTo({state, limits: {connections: 1}});
    expect(run.totals).toMatchObject({copied: 1, alreadyPresent: 1, failed: 0});
    expect(lettersIn(mailbox.messages(folder).map(({bytes}) => bytes))).toEqual(eachOnce(2));
    // No storm: each of these asks once.
    expect(waits.filter(ms => ms >= 1000)).toEqual([20_000, 45_000, 70_000, 70_000]);
    expect(mailbox.signIns - before).toBe(5);
    expect(new Set(waitedFor(run)).size).toBe(1);
  });

  it('one that knows nothing of the mailbox waits for a minute and a half', async () => {
    const exchange = await bridge({quirks: {connectionCap: 2, capAnswer}});
    exchange.vault.create('INBOX').add({bytes: letter(1), flags: [], date});
    await leaveBehind(exchange, 2);
    const {run, waits} = await exchange.carryTo({limits: {connections: 1}});
    expect(run.totals).toMatchObject({copied: 1, failed: 0});
    expect(waits.filter(ms => ms >= 1000)).toEqual([2000, 6000, 80_000]);
  });
});

it('a mailbox that was opened before and stays closed is given up with what that means', async () => {
  const exchange = await bridge({quirks: {connectionCap: 1, lingerMs: 86_400_000}});
  const state = freshState();
  exchange.vault.create('INBOX').add({bytes: letter(1), flags: [], date});
  await exchange.carryTo({state});
  await leaveBehind(exchange, 1);
  const {run} = await exchange.carryTo({state});
  const why = eventsOf(run, 'request-state').at(-1)?.problem;
  expect(why).toMatchObject({code: 'mailbox-sessions-used-up', verdict: 'stop'});
  expect(why?.sentence).toContain('was opened before and does not open any more');
  expect(run.exitCode).toBe(4);
});

it('where a right is missing, only the first mailboxes are waited for so long', async () => {
  const {server, clock} = await bridge();
  const jobs = ['a', 'b', 'c', 'd'].map((name, request) => {
    const user = `${name}@contoso.example`;
    server.mailbox(user, {state: 'no-licence'});
    server.mailbox(`${name}.new@contoso.example`);
    const to = {server, user: `${name}.new@contoso.example`, provider: 'o365' as const};
    return job({server, user}, to, {request});
  });
  const waits: number[] = [];
  const run = await runEngine(jobs, {
    mailboxes: 1,
    ports: {
      now: clock.now,
      sleep: (ms, signal) => {
        waits.push(ms);
        return clock.sleep(ms, signal);
      },
    },
  });
  expect(run.exitCode).toBe(4);
  expect(waits.filter(ms => ms === 80_000)).toHaveLength(2);
  expect(waits.filter(ms => ms === 6000)).toHaveLength(4);
});
