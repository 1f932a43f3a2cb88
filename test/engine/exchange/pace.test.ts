// What Exchange bears: refusals, sign-ins, sessions and mail that it does not store, each within its limits.
import {describe, expect, it} from 'vitest';
import {type EngineRun, eventsOf, freshState} from '../../helpers/engine.ts';
import {type Bridge, bridges, eachOnce, folder, letter, lettersIn} from '../../helpers/exchange.ts';

const bridge = bridges();
const tooLong = `X-Long: ${'x'.repeat(11_000)}\r\n`;

function fill({vault}: Bridge, count: number, more: (id: number) => string = () => ''): void {
  for (let id = 1; id <= count; id += 1)
    vault.create('INBOX').add({bytes: letter(id, more(id)), flags: [], date: '01-Jan-2020 00:00:00 +0000'});
}

describe('refused messages', () => {
  it.each([1, 3])('do not use up the error budget, however many they are (%s lanes)', async connections => {
    const exchange = await bridge();
    const {mailbox, carryTo} = exchange;
    fill(exchange, 50, id => (id <= 40 ? tooLong : ''));
    const {run} = await carryTo({limits: {connections}});
    expect(run.totals).toMatchObject({copied: 10, failed: 40});
    expect(mailbox.refusals).toHaveLength(40);
    expect(eventsOf(run, 'connection-lost')).toEqual([]);
  });

  it('are no lost connections where the budget is smaller than known', async () => {
    const exchange = await bridge({quirks: {errorBudget: 2}});
    fill(exchange, 50, id => (id <= 40 ? tooLong : ''));
    const {run} = await exchange.carryTo({limits: {connections: 1}});
    expect(run.totals).toMatchObject({copied: 10, failed: 40});
    expect(eventsOf(run, 'connection-lost')).toEqual([]);
    const why = eventsOf(run, 'message-failed').map(({problem}) => problem.code);
    expect(why).not.toContain('message-breaks-connection');
  });
});

it('a full mailbox is found out by two more tries, without losing a connection', async () => {
  const exchange = await bridge({account: {quotaBytes: 5000}});
  fill(exchange, 30);
  const {run, waits} = await exchange.carryTo({limits: {connections: 1}});
  const [last] = eventsOf(run, 'request-state').reverse();
  expect(last?.problem).toMatchObject({code: 'over-quota-likely'});
  expect(eventsOf(run, 'connection-lost')).toEqual([]);
  expect(waits.filter(ms => ms >= 1000)).toEqual([5000, 20_000]);
  expect(run.totals.copied).toBeGreaterThan(0);
});

describe('a full mailbox that refuses without a reason', () => {
  const full = {quirks: {quotaRefusal: 'BAD'}, account: {quotaBytes: 5000}} as const;
  const sent = ({mailbox}: Bridge) => mailbox.moments.get('received') ?? 0;
  const ending = (run: EngineRun) => eventsOf(run, 'request-state').at(-1);

  it.each([1, 3])('is given up after so many in a row (%s lanes)', async connections => {
    const exchange = await bridge(full);
    fill(exchange, 400);
    const {run} = await exchange.carryTo({limits: {connections}});
    expect(ending(run)?.problem).toMatchObject({
      code: 'over-quota-likely',
      sentence: expect.stringMatching(/^The destination has refused [5-7]\d messages in a row /),
      detail: 'Command Argument Error. 11',
    });
    // Those that had room, those in a row, and what other lanes had under way.
    expect(sent(exchange)).toBeLessThan(run.totals.copied + 50 + 3 * 10);
    expect(exchange.mailbox.signIns).toBeLessThan(15);
    // What was under way has its answer too.
    expect(eventsOf(run, 'message-failed')).toHaveLength(sent(exchange) - run.totals.copied);
  });

  it('costs the next run as little, and one with room brings all that it refused', async () => {
    const exchange = await bridge(full);
    fill(exchange, 400);
    const state = freshState();
    const {run: first} = await exchange.carryTo({state, limits: {connections: 1}});
    const before = sent(exchange);
    const {run: second} = await exchange.carryTo({state, limits: {connections: 1}});
    expect(ending(second)?.problem?.code).toBe('over-quota-likely');
    // Not even a session is spent on what was refused before.
    expect(sent(exchange) - before).toBeLessThan(50 + 8);
    Object.assign(exchange.mailbox.options, {quotaBytes: undefined});
    const {run: third} = await exchange.carryTo({state});
    expect(third.totals).toMatchObject({
      alreadyPresent: first.totals.copied + second.totals.copied,
      failed: 0,
    });
    expect(lettersIn(exchange.mailbox.messages(folder).map(({bytes}) => bytes))).toEqual(eachOnce(400));
  });

  it('is no mailbox with many messages of the same kind: the next run brings what is behind them', async () => {
    // Refused as they are, with nothing that stands out in them.
    const exchange = await bridge({quirks: {largestMessage: 2000, largestRefusal: 'BAD'}});
    fill(exchange, 80, id => (id <= 70 ? `X-Long: ${'x'.repeat(1900)}\r\n` : ''));
    const state = freshState();
    const once = async () => (await exchange.carryTo({state, limits: {connections: 1}})).run;
    expect(ending(await once())?.problem?.code).toBe('over-quota-likely');
    const second = await once();
    expect([ending(second)?.state, second.totals]).toMatchObject(['Processed', {copied: 10, failed: 70}]);
    exchange.vault.create('INBOX').add({bytes: letter(81), flags: [], date: '01-Jan-2020 00:00:00 +0000'});
    expect((await once()).totals).toMatchObject({copied: 1, failed: 70});
  });
});

it('a mailbox that takes every other message is not full', async () => {
  const exchange = await bridge({quirks: {largestMessage: 2000, largestRefusal: 'BAD'}});
  fill(exchange, 130, id => (id % 2 === 0 ? `X-Long: ${'x'.repeat(1900)}\r\n` : ''));
  const {run} = await exchange.carryTo({limits: {connections: 1}});
  expect(run.totals).toMatchObject({copied: 65, failed: 65});
});

describe('tokens', () => {
  it('one that is revoked before its time is replaced by one new one', async () => {
    const exchange = await bridge();
    const asked = exchange.useTokens(3900);
    for (let id = 1; id <= 40; id += 1) exchange.mailbox.add('INBOX', letter(id));
    // In the middle of a message, so that the words are lost.
    exchange.mailbox.plan('body', 'token-expired', 15);
    const {run} = await exchange.carryFrom({limits: {connections: 1}});
    expect(run.totals).toMatchObject({copied: 40, failed: 0});
    expect(asked()).toBe(2);
    const arrived = exchange.vault.find(folder)?.messages.map(({bytes}) => bytes) ?? [];
    expect(lettersIn(arrived)).toEqual(eachOnce(40));
  });

  it('a session whose token was due from the start is not replaced for it', async () => {
    const exchange = await bridge();
    // Worth renewing as soon as they are there.
    exchange.useTokens(3900, 0);
    fill(exchange, 40);
    const {run} = await exchange.carryTo({limits: {connections: 1}});
    expect(run.totals).toMatchObject({copied: 40, failed: 0});
    expect(exchange.mailbox.signIns).toBeLessThanOrEqual(2);
  });
});

describe('sessions that closed and still count', () => {
  it.each(['not-connected', 'eof'] as const)(
    'are waited for in the middle of a run (%s)',
    async capAnswer => {
      const exchange = await bridge({
        quirks: {connectionCap: 1, capAnswer, linkFault: 'reset', linkFaultEvery: 40},
      });
      fill(exchange, 60);
      const {run} = await exchange.carryTo({limits: {connections: 1}});
      expect(run.totals).toMatchObject({copied: 60, failed: 0});
      // A lost session counts for a minute; asked for a few times in it, not in a storm.
      const lost = exchange.mailbox.signIns;
      expect(exchange.mailbox.refusedSignIns).toBeGreaterThan(0);
      expect(exchange.mailbox.refusedSignIns).toBeLessThanOrEqual(lost * 3);
      expect(lettersIn(exchange.mailbox.messages(folder).map(({bytes}) => bytes))).toEqual(eachOnce(60));
    },
  );
});

it('reads headers on where the connection went, however often it goes', async () => {
  const exchange = await bridge();
  fill(exchange, 1200);
  await exchange.carryTo();
  // Without the ledger all is compared.
  exchange.server.quirks.linkFault = 'eof';
  exchange.server.quirks.linkFaultEvery = 180;
  const {run} = await exchange.carryTo({limits: {connections: 1}});
  expect(run.totals).toMatchObject({alreadyPresent: 1200, copied: 0, failed: 0});
  expect(eventsOf(run, 'connection-lost').length).toBeGreaterThan(4);
});
