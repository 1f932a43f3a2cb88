// What is changed about a message after a refusal: nothing where that is not asked for, as little as it takes where it
// is, and never in silence.
import {afterEach, expect, it} from 'vitest';
import type {MessageRow} from '../../../source/engine/look/listing.ts';
import type {Repair} from '../../../source/engine/messages/mend.ts';
import {
  type EngineOptions,
  type EngineRun,
  eventsOf,
  freshState,
  job,
  runEngine,
} from '../../helpers/engine.ts';
import type {ExchangeMailbox} from '../../servers/exchange/mailbox.ts';
import type {Quirks} from '../../servers/exchange/quirks.ts';
import {type ExchangeServer, startExchange} from '../../servers/exchange/server.ts';

const user = 'john@contoso.example';
const servers: ExchangeServer[] = [];
afterEach(() => Promise.all(servers.splice(0).map(server => server.stop())));

type Simulated = {readonly server: ExchangeServer; readonly mailbox: ExchangeMailbox};

async function exchange(quirks: Partial<Quirks> = {}): Promise<Simulated> {
  const server = await startExchange({quirks: {password: 'accepted', ...quirks}});
  servers.push(server);
  return {server, mailbox: server.mailbox(user)};
}

/** What a plain server looks like, as far as this goes. */
const source = (quirks: Partial<Quirks> = {}) =>
  exchange({rewrite: 'off', contentChecks: false, readReceipts: false, sizes: 'exact', ...quirks});

function mail(id: string, body: string, fields: readonly string[] = []): string {
  return [
    'From: Ann <ann@contoso.example>',
    `Subject: Mail ${id}`,
    ...(id === 'nameless' ? [] : [`Message-ID: <${id}@contoso.example>`]),
    'Date: Thu, 01 Oct 2020 10:00:00 +0000',
    ...fields,
    '',
    body,
    '',
  ].join('\r\n');
}

type Options = EngineOptions & {readonly repair?: Repair; readonly disarm?: boolean};

function carry(from: Simulated, to: Simulated, {repair, disarm = false, ...options}: Options = {}) {
  const plan = job(
    {server: from.server, user},
    {server: to.server, user, provider: 'o365'},
    {sourceFolder: 'INBOX', ...(repair === undefined ? {} : {repair})},
  );
  return runEngine([plan], {...options, disarmReceipts: disarm});
}

const arrived = ({mailbox}: Simulated) => mailbox.messages('Data17012018/INBOX').map(({bytes}) => bytes);
const changedRows = ({rows}: EngineRun): MessageRow[] =>
  rows.filter(row => row.result !== 'failed' && row.code !== undefined);
const notes = (run: EngineRun) => eventsOf(run, 'note').map(({problem}) => problem.code);
const failures = (run: EngineRun) => eventsOf(run, 'message-failed').map(({problem}) => problem.code);

const longLine = 'word '.repeat(3000);
/** Larger than what fits into memory as one of a batch. */
const large = (body: string) => `${'A line of a large message.\r\n'.repeat(90_000)}${body}`;

it('without being asked nothing is changed: what is refused is named, with what would help', async () => {
  const from = await source();
  const to = await exchange();
  from.mailbox.add('INBOX', mail('long', longLine));
  const run = await carry(from, to);
  expect(failures(run)).toEqual(['message-line-too-long']);
  expect(eventsOf(run, 'message-failed')[0]?.problem.nextStep).toContain('--repair lines');
  expect(arrived(to)).toEqual([]);
});

it.each([
  ['ordinary', (body: string) => body],
  ['large', large],
])('a refused long line is broken, and written down: %s message', async (_, body) => {
  const from = await source();
  const to = await exchange({rewrite: 'off'});
  from.mailbox.add('INBOX', mail('right', 'Hello.'));
  from.mailbox.add('INBOX', mail('long', body(longLine)));
  const run = await carry(from, to, {repair: 'lines'});
  expect([failures(run), run.totals.copied, run.exitCode]).toEqual([[], 2, 0]);
  expect(to.mailbox.refusals).toEqual(['long line']);
  const text = arrived(to).map(String).join('');
  expect(text.replaceAll('\r\n ', ' ')).toContain(longLine);
  expect(Math.max(...text.split('\r\n').map(line => line.length))).toBeLessThanOrEqual(10_239);
  const [row, ...others] = changedRows(run);
  expect(others).toEqual([]);
  expect(row).toMatchObject({result: 'copied', subject: 'Mail long', code: 'message-repaired'});
  expect(row?.reason).toBe(
    'Changed after the destination had refused it: 1 break was put into lines that were too long.',
  );
  expect(notes(run)).toContain('messages-repaired');
});

it('NUL bytes and bare line feeds are mended where a server refuses them, and stay where it takes them', async () => {
  const from = await source();
  for (const to of [
    await exchange({badBytes: 'refused', rewrite: 'off'}),
    await exchange({rewrite: 'off'}),
  ]) {
    if (from.mailbox.messages('INBOX').length === 0) {
      from.mailbox.add('INBOX', mail('nul', 'a\0b'));
      from.mailbox.add('INBOX', mail('bare', 'one\ntwo'));
      from.mailbox.add('INBOX', mail('both', large('a\0b\nc')));
    }
    const strict = to.mailbox.quirks.badBytes === 'refused';
    const run = await carry(from, to, {repair: 'bytes'});
    expect([failures(run), run.totals.copied]).toEqual([[], 3]);
    const text = arrived(to).map(String).join('');
    expect(text.includes('a\0b')).toBe(!strict);
    expect(text).toContain(strict ? 'one\r\ntwo' : 'one\ntwo');
    expect(changedRows(run)).toHaveLength(strict ? 3 : 0);
  }
});

it('without --repair they are named for what they are', async () => {
  const from = await source();
  const to = await exchange({badBytes: 'refused'});
  from.mailbox.add('INBOX', mail('nul', 'a\0b'));
  from.mailbox.add('INBOX', mail('bare', 'one\ntwo'));
  const run = await carry(from, to, {repair: 'lines'});
  expect(failures(run).sort()).toEqual(['message-has-bare-lines', 'message-has-nul']);
});

it('more refusals than a connection bears: each message is mended once all the same', async () => {
  const from = await source();
  const to = await exchange();
  for (let id = 0; id < 25; id++) from.mailbox.add('INBOX', mail(`long${id}`, longLine));
  const run = await carry(from, to, {repair: 'all'});
  expect([failures(run), run.totals.copied]).toEqual([[], 25]);
  expect(arrived(to)).toHaveLength(25);
  expect(changedRows(run)).toHaveLength(25);
});

it('what is refused for something else, or once more, is named for what it was refused for first', async () => {
  const from = await source();
  const to = await exchange();
  const receipt = ['Content-Type: multipart/report; boundary="b"'];
  from.mailbox.add('INBOX', mail('report', '--b\r\n\r\nread\r\n--b--', receipt));
  from.mailbox.add('INBOX', mail('hopeless', `--b\r\n\r\n${longLine}\r\n--b--`, receipt));
  const run = await carry(from, to, {repair: 'all'});
  expect(failures(run).sort()).toEqual(['message-is-receipt', 'message-line-too-long']);
  expect(changedRows(run)).toEqual([]);
});

it.each([1, 3])(
  'each message is mended in the first run also where others store too: %d lanes',
  async lanes => {
    const from = await source();
    const to = await exchange({rewrite: 'off'});
    const receipt = ['Content-Type: multipart/report; boundary="b"'];
    for (let id = 0; id < 70; id++)
      from.mailbox.add('INBOX', mail(`m${id}`, id % 9 === 8 ? longLine : `Hello ${id}.`));
    from.mailbox.add('INBOX', mail('hopeless', `--b\r\n\r\n${longLine}\r\n--b--`, receipt));
    from.mailbox.add('INBOX', mail('large', large(longLine)));
    let strange = 0;
    const run = await carry(from, to, {
      repair: 'all',
      limits: {connections: lanes},
      on: ({type}) => {
        if (type === 'messages-copied' && strange++ === 0)
          to.mailbox.add('Data17012018/INBOX', mail('strange', 'Of somebody else.'));
      },
    });
    expect(failures(run)).toEqual(['message-line-too-long']);
    expect([run.totals.copied, run.exitCode]).toEqual([71, 3]);
    expect(arrived(to)).toHaveLength(72);
    expect(changedRows(run).filter(({result}) => result === 'copied')).toHaveLength(8);
    // Each once as it is, and one mended.
    expect(to.mailbox.refusals).toHaveLength(10);
  },
);

it.each([
  ['with the ledger', true],
  ['without it', false],
])('a second run copies nothing again, %s', async (_, kept) => {
  const from = await source();
  const to = await exchange({rewrite: 'mapi'});
  const state = freshState();
  from.mailbox.add('INBOX', mail('long', longLine));
  from.mailbox.add('INBOX', mail('nameless', `${longLine} nameless`));
  from.mailbox.add('INBOX', mail('nameless', `${longLine} another`));
  expect((await carry(from, to, {repair: 'all', state})).totals.copied).toBe(3);
  const again = await carry(from, to, {repair: 'all', state: kept ? state : freshState()});
  expect([again.totals.copied, again.totals.alreadyPresent]).toEqual([0, 3]);
  expect(arrived(to)).toHaveLength(3);
  expect(changedRows(again)).toHaveLength(kept ? 3 : 0);
});

it.each([
  ['ordinary', 'Please read.'],
  ['large', large('Please read.')],
])('requests for read receipts are disarmed where that is asked for: %s message', async (_, body) => {
  const asks = ['Disposition-Notification-To: <boss@contoso.example>'];
  for (const disarm of [true, false]) {
    const from = await source({keywords: 'kept'});
    const to = await exchange();
    from.mailbox.add('INBOX', mail('read', body, asks), {flags: ['\\Seen']});
    from.mailbox.add('INBOX', mail('sent', 'x', asks), {flags: ['$MDNSent']});
    from.mailbox.add('INBOX', mail('unread', 'x', asks));
    const run = await carry(from, to, {disarm});
    expect(run.totals.copied).toBe(3);
    expect(to.mailbox.receipts).toEqual(disarm ? [] : ['<read@contoso.example>']);
    const headers = arrived(to).map(bytes => bytes.toString('latin1', 0, 2000));
    const disarmed = headers.filter(text => /^X-Disposition-Notification-To:/m.test(text));
    expect(disarmed).toHaveLength(disarm ? 2 : 0);
    // Who has not read it yet is still asked.
    expect(headers.find(text => text.includes('<unread@'))).toMatch(/^Disposition-Notification-To:/m);
    expect(changedRows(run).map(({code, subject}) => [code, subject])).toEqual(
      disarm
        ? [
            ['receipt-disarmed', 'Mail read'],
            ['receipt-disarmed', 'Mail sent'],
          ]
        : [],
    );
    const told = eventsOf(run, 'note').find(({problem}) => problem.code.startsWith('receipts-'));
    expect(told?.problem.code).toBe(disarm ? 'receipts-disarmed' : 'receipts-asked');
    expect(told?.problem.sentence).toMatch(/^2 messages /);
  }
});
