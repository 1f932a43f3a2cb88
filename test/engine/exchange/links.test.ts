// Connections of Exchange break in every way it knows: nothing lost, nothing twice.
import {describe, expect, it} from 'vitest';
import {bridges, eachOnce, folder, letter, lettersIn} from '../../helpers/exchange.ts';
import type {Fault, Moment} from '../../servers/exchange/faults.ts';

const bridge = bridges();
const many = 30;
const pad = `X-Pad: ${'x'.repeat(5000)}\r\n`;

describe('a connection that breaks', () => {
  it.each<readonly [Fault, Moment]>([
    ['closed-13', 'command'],
    ['closed-14', 'command'],
    ['eof', 'fetching'],
    ['reset', 'body'],
    ['eof', 'body'],
  ])('with %s while mail is read (%s)', async (fault, moment) => {
    const {mailbox, vault, carryFrom} = await bridge();
    for (let id = 1; id <= many; id += 1) mailbox.add('INBOX', letter(id));
    mailbox.plan(moment, fault, 24);
    const {run} = await carryFrom();
    expect(mailbox.plans).toEqual([]);
    expect(run.totals).toMatchObject({copied: many, failed: 0});
    expect(lettersIn(vault.find(folder)?.messages.map(({bytes}) => bytes) ?? [])).toEqual(eachOnce(many));
  });

  it.each<readonly [Fault, Moment]>([
    ['closed-13', 'command'],
    ['closed-14', 'announced'],
    ['reset', 'literal'],
    ['eof', 'received'],
    ['reset', 'stored'],
    ['unavailable', 'announced'],
    ['unavailable', 'received'],
  ])('with %s while mail is stored (%s)', async (fault, moment) => {
    const {mailbox, vault, carryTo} = await bridge();
    for (let id = 1; id <= many; id += 1)
      vault.create('INBOX').add({bytes: letter(id, pad), flags: [], date: '01-Jan-2020 00:00:00 +0000'});
    mailbox.plan(moment, fault, 12);
    const {run} = await carryTo();
    expect(mailbox.plans).toEqual([]);
    expect(run.totals).toMatchObject({copied: many, failed: 0});
    expect(lettersIn(mailbox.messages(folder).map(({bytes}) => bytes))).toEqual(eachOnce(many));
  });

  it.each<Moment>(['command', 'fetching', 'body'])(
    'by going silent, while mail is read (%s)',
    async moment => {
      const {mailbox, vault, carryFrom} = await bridge();
      for (let id = 1; id <= many; id += 1) mailbox.add('INBOX', letter(id));
      // Behind the sign-in and the list.
      mailbox.plan(moment, 'silent', 24);
      const {run} = await carryFrom({limits: {inactivityMs: 500}});
      expect(mailbox.plans).toEqual([]);
      expect(run.totals).toMatchObject({copied: many, failed: 0});
      expect(lettersIn(vault.find(folder)?.messages.map(({bytes}) => bytes) ?? [])).toEqual(eachOnce(many));
    },
  );

  it('by going silent, while mail is stored', async () => {
    const {mailbox, vault, carryTo} = await bridge();
    for (let id = 1; id <= many; id += 1)
      vault.create('INBOX').add({bytes: letter(id, pad), flags: [], date: '01-Jan-2020 00:00:00 +0000'});
    mailbox.plan('stored', 'silent', 12);
    const {run} = await carryTo({limits: {inactivityMs: 500}});
    expect(run.totals).toMatchObject({copied: many, failed: 0});
    expect(lettersIn(mailbox.messages(folder).map(({bytes}) => bytes))).toEqual(eachOnce(many));
  });
});

it.each([
  ['not-connected', 1],
  ['eof', 1],
  ['not-connected', 2],
  ['eof', 2],
] as const)(
  'does with fewer sessions where Exchange allows no more (%s, %s)',
  async (capAnswer, connectionCap) => {
    const {mailbox, vault, carryTo} = await bridge({quirks: {connectionCap, capAnswer}});
    for (let id = 1; id <= 200; id += 1)
      vault.create('INBOX').add({bytes: letter(id), flags: [], date: '01-Jan-2020 00:00:00 +0000'});
    const {run} = await carryTo({limits: {connections: 4}});
    expect(run.totals).toMatchObject({copied: 200, failed: 0});
    expect(mailbox.mostSessions).toBe(connectionCap);
    // Asked for once, not whenever there is work for one more.
    expect(mailbox.signIns).toBeLessThanOrEqual(connectionCap + 1);
  },
);

it('waits for a mailbox that is not connected at first', async () => {
  const {mailbox, vault, carryFrom} = await bridge({account: {state: 'transient'}});
  mailbox.add('INBOX', letter(1));
  const {run} = await carryFrom({limits: {connections: 1}});
  expect(run.totals).toMatchObject({copied: 1, failed: 0});
  expect(vault.find(folder)?.messages).toHaveLength(1);
});
