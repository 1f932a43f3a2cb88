// Exchange's back-off: obeyed to the millisecond, for the whole mailbox, and nothing is lost by it.
import {describe, expect, it} from 'vitest';
import {eventsOf} from '../../helpers/engine.ts';
import {bridges, eachOnce, folder, letter, lettersIn} from '../../helpers/exchange.ts';

const bridge = bridges();
const backOff = 299_609;

describe.each(['NO', 'BAD'] as const)('a throttled mailbox (%s)', throttle => {
  it('is read on when the time is over, not before', async () => {
    const {mailbox, vault, carryFrom} = await bridge({quirks: {throttle, throttleAfter: 40}});
    for (let id = 1; id <= 60; id += 1) {
      mailbox.add('INBOX', letter(id));
      mailbox.add('Projects', letter(id + 60));
    }
    const {run, waits} = await carryFrom({limits: {connections: 1}});
    expect(run.totals).toMatchObject({copied: 120, failed: 0});
    expect(waits).toContain(backOff);
    expect(mailbox.impatience).toBe(0);
    expect(eventsOf(run, 'waiting').map(event => event.problem.code)).toContain('throttled');
    expect(lettersIn(vault.folders.flatMap(each => each.messages.map(({bytes}) => bytes)))).toEqual(
      eachOnce(120),
    );
  });

  it('is written on when the time is over', async () => {
    const {mailbox, vault, carryTo} = await bridge({quirks: {throttle, throttleAfter: 25, errorBudget: 0}});
    for (let id = 1; id <= 60; id += 1)
      vault.create('INBOX').add({bytes: letter(id), flags: [], date: '01-Jan-2020 00:00:00 +0000'});
    const {run, waits} = await carryTo({limits: {connections: 1}});
    expect(run.totals).toMatchObject({copied: 60, failed: 0});
    expect(waits.filter(ms => ms === backOff)).toHaveLength(2);
    expect(lettersIn(mailbox.messages(folder).map(({bytes}) => bytes))).toEqual(eachOnce(60));
  });
});

it.each([
  ['throttled', {throttle: 'NO', throttleAfter: 30, throttleDrop: true}],
  ['throttled, the connection kept', {throttle: 'NO', throttleAfter: 7}],
  ['throttled, no UIDs told', {throttle: 'NO', throttleAfter: 30, throttleDrop: true, appendUid: false}],
  ['whose connections break', {linkFault: 'eof', linkFaultEvery: 23}],
  ['whose tokens end', {expireAt: 'stored', expireEvery: 9}],
] as const)('every flag is in Outlook, of a mailbox %s', async (_, quirks) => {
  const {mailbox, vault, carryTo, useTokens} = await bridge({quirks: {...quirks, errorBudget: 0}});
  if ('expireAt' in quirks) useTokens(3600);
  for (let id = 1; id <= 60; id += 1)
    vault.create('INBOX').add({
      bytes: letter(id),
      flags: id % 3 === 0 ? ['\\Flagged'] : [],
      date: '01-Jan-2020 00:00:00 +0000',
    });
  const {run} = await carryTo();
  expect(run.totals).toMatchObject({copied: 60, failed: 0});
  const flagged = mailbox.messages(folder).filter(({flaggedInOutlook}) => flaggedInOutlook);
  expect(lettersIn(flagged.map(({bytes}) => bytes))).toEqual(
    new Map(Array.from({length: 20}, (_item, index) => [3 * index + 3, 1])),
  );
});

it('works with fewer lanes after a back-off', async () => {
  const {mailbox, vault, carryTo} = await bridge({quirks: {throttle: 'NO', throttleAfter: 60}});
  for (let id = 1; id <= 200; id += 1)
    vault.create('INBOX').add({bytes: letter(id), flags: [], date: '01-Jan-2020 00:00:00 +0000'});
  const {run} = await carryTo();
  expect(run.totals).toMatchObject({copied: 200, failed: 0});
  const first = run.events.findIndex(({type}) => type === 'waiting');
  const lanes = (events: typeof run.events) => eventsOf({events}, 'lanes').map(event => event.lanes);
  expect(Math.max(...lanes(run.events.slice(0, first)))).toBe(2);
  expect(lanes(run.events.slice(first)).at(0)).toBe(1);
  expect(Math.max(...lanes(run.events.slice(first)))).toBe(1);
  expect(lettersIn(mailbox.messages(folder).map(({bytes}) => bytes))).toEqual(eachOnce(200));
});
