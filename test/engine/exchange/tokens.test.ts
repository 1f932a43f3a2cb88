// Access tokens end in the middle of things: an ordinary reconnect, nothing lost and nothing twice.
import {describe, expect, it} from 'vitest';
import {eventsOf} from '../../helpers/engine.ts';
import {type Bridge, bridges, eachOnce, folder, letter, lettersIn} from '../../helpers/exchange.ts';
import type {Moment} from '../../servers/exchange/faults.ts';

const bridge = bridges();
const many = 40;

/** At the `nth` of these moments the tokens of an hour are over. */
function endAt(
  {mailbox, clock}: Pick<Bridge, 'mailbox' | 'clock'>,
  moment: Moment,
  nth: number,
): () => boolean {
  let left = nth;
  mailbox.watch = each => {
    if (each !== moment || left === 0) return;
    left -= 1;
    if (left === 0) clock.advance(3_900_000);
  };
  return () => left === 0;
}

describe('a token that ends', () => {
  it.each<Moment>(['command', 'fetching', 'body'])('while mail is read (%s)', async moment => {
    // Not ended for having been silent meanwhile.
    const exchange = await bridge({quirks: {idleMs: 36_000_000}});
    const {mailbox, vault, carryFrom, useTokens} = exchange;
    const asked = useTokens(3900);
    for (let id = 1; id <= many; id += 1) mailbox.add('INBOX', letter(id));
    const ended = endAt(exchange, moment, 25);
    const {run} = await carryFrom();
    expect(ended()).toBe(true);
    expect(asked()).toBe(2);
    // An ordinary reconnect: nothing alarming is told, but where the server's words are lost in a message.
    expect(eventsOf(run, 'connection-lost')).toHaveLength(moment === 'body' ? 1 : 0);
    expect(mailbox.refusedSignIns).toBe(0);
    expect(run.totals).toMatchObject({copied: many, failed: 0});
    expect(lettersIn(vault.find(folder)?.messages.map(({bytes}) => bytes) ?? [])).toEqual(eachOnce(many));
  });

  it.each<Moment>(['command', 'announced', 'literal', 'received', 'stored'])(
    'while mail is stored (%s)',
    async moment => {
      const {mailbox, server, vault, carryTo, useTokens} = await bridge();
      useTokens(3900);
      // Large enough for a literal that waits for its +.
      for (let id = 1; id <= many; id += 1)
        vault.create('INBOX').add({
          bytes: letter(id, `X-Pad: ${'x'.repeat(5000)}\r\n`),
          flags: [],
          date: '01-Jan-2020 00:00:00 +0000',
        });
      mailbox.plan(moment, 'token-expired', moment === 'command' ? 25 : 15);
      const {run} = await carryTo();
      expect(mailbox.plans).toEqual([]);
      expect(eventsOf(run, 'connection-lost')).toEqual([]);
      // What Exchange says of the token is heeded before the next sign-in.
      expect(server.log.count('AUTHENTICATE')).toBe(mailbox.signIns);
      expect(run.totals).toMatchObject({copied: many, failed: 0});
      expect(lettersIn(mailbox.messages(folder).map(({bytes}) => bytes))).toEqual(eachOnce(many));
    },
  );
});

it('goes through an hour with tokens of a minute, signing in no more often than they end', async () => {
  const {mailbox, vault, clock, carryTo, useTokens} = await bridge();
  const asked = useTokens(60);
  for (let id = 1; id <= 360; id += 1)
    vault.create('INBOX').add({bytes: letter(id), flags: [], date: '01-Jan-2020 00:00:00 +0000'});
  const begun = clock.now();
  // Each message takes ten seconds.
  mailbox.watch = moment => {
    if (moment === 'stored') clock.advance(10_000);
  };
  const {run} = await carryTo({limits: {connections: 1}});
  const minutes = (clock.now() - begun) / 60_000;
  expect(minutes).toBeGreaterThanOrEqual(60);
  expect(run.totals).toMatchObject({copied: 360, failed: 0});
  expect(lettersIn(mailbox.messages(folder).map(({bytes}) => bytes))).toEqual(eachOnce(360));
  // Renewed at 80 % of their life, or when they end: never more often.
  expect(asked()).toBeLessThanOrEqual(Math.ceil(minutes / 0.8) + 1);
  // A sign-in for each token, and none without one.
  expect(mailbox.signIns).toBeLessThanOrEqual(asked() + 1);
  expect(mailbox.refusedSignIns).toBe(0);
  expect(eventsOf(run, 'connection-lost')).toEqual([]);
});
