// Messages that Exchange does not hand out or does not take: each is named with its true reason, the others arrive.
import {afterEach, expect, it} from 'vitest';
import {eventsOf, job, runEngine} from '../../helpers/engine.ts';
import type {MailServer} from '../../helpers/imap.ts';
import {bodyFetch} from '../../helpers/meddled.ts';
import type {ExchangeMailbox} from '../../servers/exchange/mailbox.ts';
import type {Quirks} from '../../servers/exchange/quirks.ts';
import {type ExchangeServer, startExchange} from '../../servers/exchange/server.ts';
import {type Meddling, startMeddler} from '../../servers/meddler.ts';

const user = 'john@contoso.example';
const servers: ExchangeServer[] = [];
afterEach(() => Promise.all(servers.splice(0).map(server => server.stop())));

async function exchange(
  quirks: Partial<Quirks> = {},
): Promise<{server: ExchangeServer; mailbox: ExchangeMailbox}> {
  const server = await startExchange({quirks: {password: 'accepted', ...quirks}});
  servers.push(server);
  return {server, mailbox: server.mailbox(user)};
}

/** What a plain server looks like, as far as this goes: nothing is refused, dropped or written anew. */
const lenient: Partial<Quirks> = {rewrite: 'off', contentChecks: false, keywords: 'kept', errorBudget: 0};

function mail(id: string, lines: readonly string[] = ['', 'Hello.'], subject = `Mail ${id}`): string {
  return [
    'From: Ann <ann@contoso.example>',
    `Subject: ${subject}`,
    `Message-ID: <${id}@contoso.example>`,
    'Date: Thu, 01 Oct 2020 10:00:00 +0000',
    ...lines,
    '',
  ].join('\r\n');
}

function multipart(parts: number, inner = 'Content-Type: text/plain\r\n\r\nx'): readonly string[] {
  return [
    'Content-Type: multipart/mixed; boundary="b"',
    '',
    ...Array.from({length: parts}, () => `--b\r\n${inner}`),
    '--b--',
  ];
}

function nested(levels: number): readonly string[] {
  let inner = 'Subject: innermost\r\n\r\nx';
  for (let level = 0; level < levels; level++) inner = `Content-Type: message/rfc822\r\n\r\n${inner}`;
  return [inner];
}

async function carry(source: MailServer, destination: ExchangeServer) {
  const run = await runEngine([
    job({server: source, user}, {server: destination, user, provider: 'o365'}, {sourceFolder: 'INBOX'}),
  ]);
  const failed = eventsOf(run, 'message-failed').map(({message, problem}) => [message.subject, problem.code]);
  return {run, failed};
}

it('what Exchange refuses without a reason is named with the reason that the message shows', async () => {
  const from = await exchange(lenient);
  const to = await exchange({largestRefusal: 'BAD', largestMessage: 3_000_000, errorBudget: 0});
  const bad: readonly (readonly [string, string, string])[] = [
    ['line', mail('line', ['', 'x'.repeat(12_000)]), 'message-line-too-long'],
    ['parts', mail('parts', multipart(251)), 'message-too-many-parts'],
    ['deep', mail('deep', nested(31)), 'message-too-deep'],
    [
      'charset',
      mail('charset', multipart(1, 'Content-Type: message/rfc822\r\n\r\nSubject: =?TELETEX?Q?x?=\r\n\r\nx')),
      'message-charset-unknown',
    ],
    [
      'receipt',
      mail('receipt', [
        'Content-Type: multipart/report; report-type=disposition-notification; boundary="b"',
        '',
        '--b\r\n\r\nread',
        '--b--',
      ]),
      'message-is-receipt',
    ],
  ];
  from.mailbox.add('INBOX', mail('first'));
  for (const [, bytes] of bad) from.mailbox.add('INBOX', bytes);
  from.mailbox.add('INBOX', mail('last'));
  const {run, failed} = await carry(from.server, to.server);
  expect(failed.sort()).toEqual(bad.map(([id, , code]) => [`Mail ${id}`, code]).sort());
  expect(to.mailbox.refusals).toHaveLength(bad.length);
  expect(to.mailbox.messages('Data17012018/INBOX')).toHaveLength(2);
  expect([run.exitCode, run.totals.copied, run.totals.failed]).toEqual([3, 2, bad.length]);
});

it('a note in place of a message is named with the message it stands for, and is not copied', async () => {
  const from = await exchange();
  const to = await exchange();
  from.mailbox.add('INBOX', mail('whole'));
  from.mailbox.add('INBOX', mail('lost', undefined, 'Juneteenth'), {behaves: 'stub'});
  // Somebody who writes about such notes is not one.
  const about = 'Retrieval using the IMAP4 protocol failed for the following message: 3';
  from.mailbox.add('INBOX', mail('about', ['', `I got this: ${about}. What is it?`], about));
  const {run, failed} = await carry(from.server, to.server);
  expect(failed).toEqual([['Juneteenth', 'exchange-stub']]);
  const arrived = to.mailbox.messages('Data17012018/INBOX').map(({bytes}) => bytes.toString());
  expect(arrived).toHaveLength(2);
  expect(arrived.join('')).not.toContain('Microsoft Exchange Server');
  expect([run.exitCode, run.totals.copied, run.totals.failed]).toEqual([3, 2, 1]);
});

/** The size of the second message, which is the note, told as this; left out where that is ''. */
const sizeTold = (as: string): Meddling => ({
  down: (chunk, wire) => {
    const text = chunk.toString('latin1');
    const told = text.replace(/\* 2 FETCH \(UID (\d+) RFC822\.SIZE \d+\)\r\n/, as);
    if (told === text) return false;
    if (told !== '') wire.answer(Buffer.from(told, 'latin1'));
    return true;
  },
});

it.each<[string, Meddling]>([
  [
    'is asked for alone, since the batch was refused',
    {
      line: (line, wire) => {
        const [, tag = '', uids = ''] = bodyFetch.exec(line) ?? [];
        if (!/[:,]/.test(uids)) return false;
        wire.answer(`${tag} NO Server Unavailable. 15\r\n`);
        return true;
      },
    },
  ],
  ['is streamed by the size of what it stands for', sizeTold('* 2 FETCH (UID $1 RFC822.SIZE 5000000)\r\n')],
  ['is streamed, since no size was told', sizeTold('')],
])('a note that %s is named, and is not copied', async (_, meddling) => {
  const from = await exchange({shuffledFetch: false});
  const to = await exchange();
  from.mailbox.add('INBOX', mail('whole'));
  from.mailbox.add('INBOX', mail('lost', undefined, 'Juneteenth'), {behaves: 'stub'});
  const meddler = await startMeddler(from.server.imapPort, meddling);
  try {
    const {run, failed} = await carry(meddler, to.server);
    expect(failed).toEqual([['Juneteenth', 'exchange-stub']]);
    const arrived = to.mailbox.messages('Data17012018/INBOX').map(({bytes}) => bytes.toString());
    expect(arrived.map(text => text.includes('<whole@contoso.example>'))).toEqual([true]);
    expect([run.exitCode, run.totals.copied, run.totals.failed]).toEqual([3, 1, 1]);
  } finally {
    meddler.close();
  }
});

it.each([[true], [false]])('a flag arrives so that Outlook sees it, UIDs told: %s', async appendUid => {
  const from = await exchange(lenient);
  const to = await exchange({appendUid});
  for (let index = 0; index < 12; index++)
    from.mailbox.add('INBOX', mail(`m${index}`), {
      flags: index % 3 === 0 ? ['\\Flagged', '\\Seen'] : ['\\Seen'],
    });
  const {run} = await carry(from.server, to.server);
  expect(run.exitCode).toBe(0);
  const flagged = to.mailbox.messages('Data17012018/INBOX').filter(message => message.flaggedInOutlook);
  expect(flagged.map(({bytes}) => /<(m\d+)@/.exec(bytes.toString())?.[1]).sort()).toEqual([
    'm0',
    'm3',
    'm6',
    'm9',
  ]);
});

it('a flag whose sight in Outlook was still to come arrives, though nothing is remembered of its mail', async () => {
  const from = await exchange(lenient);
  const to = await exchange(lenient);
  for (let index = 0; index < 6; index++)
    from.mailbox.add('INBOX', mail(`m${index}`), {flags: index % 3 === 0 ? ['\\Flagged'] : []});
  await carry(from.server, to.server);
  // As a power cut leaves it that comes between APPEND and STORE, and takes the end of the ledger.
  for (const message of to.mailbox.messages('Data17012018/INBOX')) message.flaggedInOutlook = false;
  const {run} = await carry(from.server, to.server);
  expect(run.totals).toMatchObject({copied: 0, failed: 0});
  const flagged = to.mailbox.messages('Data17012018/INBOX').filter(message => message.flaggedInOutlook);
  expect(flagged.map(({bytes}) => /<(m\d+)@/.exec(bytes.toString())?.[1])).toEqual(['m0', 'm3']);
});

it('$MDNSent becomes no category in Outlook, other keywords are named as left out', async () => {
  const from = await exchange(lenient);
  const to = await exchange();
  from.mailbox.add('INBOX', mail('one'), {flags: ['\\Seen', '$MDNSent', '$Forwarded']});
  const {run} = await carry(from.server, to.server);
  const [message] = to.mailbox.messages('Data17012018/INBOX');
  expect(message?.categories).toEqual([]);
  expect(message?.flags).toEqual(['\\Seen']);
  const told = eventsOf(run, 'note').map(({problem}) => problem.sentence);
  expect(told.join(' ')).toContain('$Forwarded');
});

it('a full mailbox is called that, most likely, and not a disturbance', async () => {
  const from = await exchange(lenient);
  const to = await exchange();
  to.server.mailbox(user, {quotaBytes: 10});
  from.mailbox.add('INBOX', mail('one'));
  const {run} = await carry(from.server, to.server);
  const [last] = eventsOf(run, 'request-state').reverse();
  expect(last?.problem).toMatchObject({code: 'over-quota-likely', verdict: 'stop'});
  expect(run.exitCode).toBe(3);
});
