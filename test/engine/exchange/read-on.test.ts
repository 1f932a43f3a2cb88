// What is read to compare mail with mail that is there already is read once, however often a connection goes or a server
// asks to wait meanwhile: else a large folder is never done with. And what was read counts only as long as it is true.
import {describe, expect, it} from 'vitest';
import {eventsOf, freshState} from '../../helpers/engine.ts';
import {type Bridge, bridges, folder, letter} from '../../helpers/exchange.ts';

const bridge = bridges();
const date = '01-Jan-2020 00:00:00 +0000';

/** Nothing but its content tells it from a copy of it. */
function nameless(id: number): Buffer {
  return Buffer.from(
    letter(id)
      .toString('latin1')
      .replace(/^Message-ID: .*\r\n/m, ''),
    'latin1',
  );
}

function fill({vault}: Bridge, count: number, bytesOf: (id: number) => Buffer): void {
  for (let id = 1; id <= count; id += 1) vault.create('INBOX').add({bytes: bytesOf(id), flags: [], date});
}

it('contents are read on after each wait, however often the server asks for one', async () => {
  const exchange = await bridge();
  fill(exchange, 200, nameless);
  await exchange.carryTo();
  const sixHours = 6 * 60 * 60 * 1000;
  const throttled = {throttle: 'NO', throttleAfter: 30, throttleMs: sixHours} as const;
  // All that time the connection stays.
  Object.assign(exchange.server.quirks, {...throttled, idleMs: 100 * sixHours});
  // Without the ledger all is compared.
  const {run, waits} = await exchange.carryTo({limits: {connections: 1}});
  expect(run.totals).toMatchObject({alreadyPresent: 200, copied: 0, failed: 0});
  expect(waits.filter(ms => ms === sixHours).length).toBeGreaterThan(4);
});

it('contents are read on where the connection went, however often it goes', async () => {
  const exchange = await bridge();
  fill(exchange, 600, nameless);
  await exchange.carryTo();
  exchange.server.quirks.linkFault = 'eof';
  exchange.server.quirks.linkFaultEvery = 180;
  const {run} = await exchange.carryTo({limits: {connections: 1}});
  expect(run.totals).toMatchObject({alreadyPresent: 600, copied: 0, failed: 0});
  expect(eventsOf(run, 'connection-lost').length).toBeGreaterThan(4);
});

it('contents are read on with the next token, however many end', async () => {
  const exchange = await bridge();
  fill(exchange, 300, nameless);
  await exchange.carryTo();
  const asked = exchange.useTokens(600);
  // Behind the headers, one message takes 40 seconds.
  exchange.mailbox.watch = moment => {
    if (moment === 'body' && (exchange.mailbox.moments.get(moment) ?? 0) >= 300)
      exchange.clock.advance(40_000);
  };
  const {run} = await exchange.carryTo({limits: {connections: 1}});
  expect(run.totals).toMatchObject({alreadyPresent: 300, copied: 0, failed: 0});
  expect(asked()).toBeGreaterThan(15);
});

describe('a source folder that was numbered anew', () => {
  it.each([
    ['headers', letter, 1200],
    ['contents', nameless, 600],
  ] as const)(
    'has its %s read on where the connection went, however often it goes',
    async (_, bytesOf, count) => {
      const {mailbox, server, carryFrom} = await bridge();
      for (let id = 1; id <= count; id += 1) mailbox.add('INBOX', bytesOf(id));
      const state = freshState();
      await carryFrom({state});
      mailbox.resetUidValidity('INBOX');
      const {run} = await carryFrom({
        state,
        limits: {connections: 1},
        on: event => {
          // Once it is counted, which takes one long answer.
          if (event.type === 'folder-state' && event.state === 'waiting')
            Object.assign(server.quirks, {linkFault: 'eof', linkFaultEvery: 180});
        },
      });
      expect(run.totals).toMatchObject({alreadyPresent: count, copied: 0, failed: 0});
      expect(eventsOf(run, 'connection-lost').length).toBeGreaterThan(4);
    },
  );
});

/** Somebody has moved all copies away and back: they have other UIDs. */
function moveCopies({mailbox}: Bridge): void {
  const copies = mailbox.messages(folder);
  mailbox.remove(
    folder,
    copies.map(({uid}) => uid),
  );
  for (const copy of copies) mailbox.add(folder, copy.bytes, copy);
}

it.each([
  ['headers', letter, 1200],
  ['contents', nameless, 600],
] as const)('copies that were moved away and back have their %s read on', async (_, bytesOf, count) => {
  const exchange = await bridge();
  fill(exchange, count, bytesOf);
  const state = freshState();
  await exchange.carryTo({state});
  moveCopies(exchange);
  Object.assign(exchange.server.quirks, {linkFault: 'eof', linkFaultEvery: 180});
  const {run} = await exchange.carryTo({state, limits: {connections: 1}});
  expect(run.totals).toMatchObject({alreadyPresent: count, copied: 0, failed: 0});
  expect(eventsOf(run, 'connection-lost').length).toBeGreaterThan(4);
});

/** At the so manieth text or header that is sent from now on, the connection goes, and meanwhile this happens. */
function breakAt({mailbox}: Bridge, count: number, meanwhile: () => void): void {
  mailbox.plan('body', 'eof', count - 1);
  let sent = 0;
  mailbox.watch = moment => {
    if (moment === 'body' && ++sent === count) meanwhile();
  };
}

function numbers(bodies: readonly Buffer[]): readonly number[] {
  return bodies
    .map(bytes => Number(/^Subject: letter (\d+)/m.exec(bytes.toString('latin1'))?.[1]))
    .sort((one, other) => one - other);
}

const from = (first: number, last: number) =>
  Array.from({length: last - first + 1}, (_, index) => first + index);

describe('what was read counts no more', () => {
  it('where the destination was numbered anew meanwhile', async () => {
    const exchange = await bridge();
    const {mailbox} = exchange;
    fill(exchange, 100, nameless);
    await exchange.carryTo();
    breakAt(exchange, 150, () => {
      mailbox.remove(folder, from(1, 50));
      mailbox.resetUidValidity(folder);
    });
    const {run} = await exchange.carryTo({limits: {connections: 1}});
    expect(run.totals).toMatchObject({alreadyPresent: 50, copied: 50, failed: 0});
    expect(numbers(mailbox.messages(folder).map(({bytes}) => bytes))).toEqual(from(1, 100));
  });

  it('where the source was', async () => {
    const exchange = await bridge();
    const {mailbox, vault} = exchange;
    for (let id = 1; id <= 100; id += 1) mailbox.add('INBOX', nameless(id));
    await exchange.carryFrom();
    breakAt(exchange, 150, () => {
      mailbox.remove('INBOX', from(1, 50));
      for (let id = 101; id <= 150; id += 1) mailbox.add('INBOX', nameless(id));
      mailbox.resetUidValidity('INBOX');
    });
    const {run} = await exchange.carryFrom({limits: {connections: 1}});
    expect(run.totals).toMatchObject({alreadyPresent: 50, copied: 50, failed: 0});
    expect(numbers(vault.find(folder)?.messages.map(({bytes}) => bytes) ?? [])).toEqual(from(1, 150));
  });

  it.each([
    ['', false],
    [', in a folder that was numbered anew before', true],
  ])(
    'of a message that has gone from the source meanwhile: its copy is that of its like%s',
    async (_, anew) => {
      const exchange = await bridge();
      const {mailbox, vault} = exchange;
      for (let id = 1; id <= 60; id += 1) mailbox.add('INBOX', nameless(id));
      const state = freshState();
      await exchange.carryFrom({state});
      if (anew) mailbox.resetUidValidity('INBOX');
      mailbox.add('INBOX', nameless(1));
      breakAt(exchange, 61 + 10, () => mailbox.remove('INBOX', [1]));
      const {run} = await exchange.carryFrom({state: anew ? state : freshState(), limits: {connections: 1}});
      expect(run.totals).toMatchObject({alreadyPresent: 60, copied: 0, skipped: 1, failed: 0});
      expect(numbers(vault.find(folder)?.messages.map(({bytes}) => bytes) ?? [])).toEqual(from(1, 60));
    },
  );

  it('and one whose header alone was read is not taken for there', async () => {
    const exchange = await bridge();
    const {mailbox} = exchange;
    for (let id = 1; id <= 150; id += 1) mailbox.add('INBOX', letter(id));
    await exchange.carryFrom();
    breakAt(exchange, 120, () => mailbox.remove('INBOX', [1]));
    const {run} = await exchange.carryFrom({limits: {connections: 1}});
    expect(run.totals).toMatchObject({alreadyPresent: 149, copied: 0, skipped: 1, failed: 0});
  });
});
