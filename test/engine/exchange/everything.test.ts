// All quirks at once, from and to Exchange: every message arrives once or is named; a second run copies nothing.
import {expect, it} from 'vitest';
import {contentDigest} from '../../../source/engine/messages/content.ts';
import {eventsOf, freshState} from '../../helpers/engine.ts';
import {type Bridge, bridges, type Carried, letter} from '../../helpers/exchange.ts';
import {corpus} from '../../helpers/mail-corpus.ts';
import {hardQuirks, quirkNames, quirks} from '../../servers/exchange/quirks.ts';

const bridge = bridges();
/** As hard as can be, but often enough to let 300 messages pass; passwords are refused, so that all goes by tokens. */
const everything = {
  ...hardQuirks(),
  linkFaultEvery: 400,
  expireEvery: 190,
  largestMessage: 2_000_000,
  largestRefusal: 'NO',
} as const;
const account = {state: 'transient'} as const;

/** How often each content is there. */
function contents(bodies: readonly Buffer[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const digest of bodies.map(contentDigest).sort()) counts.set(digest, (counts.get(digest) ?? 0) + 1);
  return counts;
}

const codes = ({run}: Carried) =>
  eventsOf(run, 'message-failed')
    .map(event => event.problem.code)
    .sort();

const text = (part: string) => `--b\r\n${part}\r\n`;
const multipart = (parts: string) => `Content-Type: multipart/mixed; boundary="b"\r\n\r\n${parts}--b--\r\n`;

/** What Exchange does not take, each with the reason that is told. */
const refused: readonly (readonly [string, Buffer])[] = [
  ['message-too-large', letter(9001, `X-Pad: ${'x\r\n '.repeat(600_000)}\r\n`)],
  ['message-line-too-long', letter(9002, `X-Long: ${'x'.repeat(11_000)}\r\n`)],
  ['message-too-many-parts', letter(9003, multipart(text('Content-Type: text/plain\r\n\r\nx').repeat(251)))],
  ['message-too-deep', letter(9004, 'Content-Type: message/rfc822\r\n\r\n'.repeat(32))],
  [
    'message-charset-unknown',
    letter(9005, multipart(text('Content-Type: message/rfc822\r\n\r\nSubject: =?TELETEX?Q?x?=\r\n\r\nx'))),
  ],
  [
    'message-is-receipt',
    letter(
      9006,
      'Content-Type: multipart/report; report-type=disposition-notification; boundary="b"\r\n\r\n--b\r\n\r\nread\r\n--b--\r\n',
    ),
  ],
];

/** Each of the quirks has shown itself: none is on in name only. */
function expectHardWay({mailbox, server}: Bridge, {run}: Carried, tokens: number): void {
  expect(mailbox.refusedSignIns, 'not connected at first').toBeGreaterThanOrEqual(2);
  expect(tokens, 'tokens that ended').toBeGreaterThan(1);
  const waited = eventsOf(run, 'waiting').map(event => event.problem.code);
  expect(waited, 'throttled').toContain('throttled');
  expect(eventsOf(run, 'connection-lost').length, 'broken connections').toBeGreaterThan(0);
  expect(
    server.log.commands.filter(({line}) => /^LOGIN|PLAIN/.test(line)),
    'passwords',
  ).toEqual([]);
}

it('is meant by everything', () => {
  const starred = quirkNames.filter(name => quirks[name].fact <= 18);
  const eased = starred.filter(name => everything[name] !== quirks[name].hard);
  expect(eased).toEqual(['expireEvery', 'largestMessage', 'largestRefusal', 'linkFaultEvery']);
  expect(everything).toMatchObject({
    password: 'refused-new',
    tokenExpiry: true,
    throttle: 'NO',
    rewrite: 'mapi',
  });
});

it('from Exchange', async () => {
  const exchange = await bridge({
    quirks: {...everything, expireAt: 'fetching'},
    account: {...account, language: 'de'},
  });
  const {mailbox, vault, carryFrom} = exchange;
  const asked = exchange.useTokens(3900);
  const mail = corpus(300, {seed: 21});
  const places = ['INBOX', 'Gesendete Elemente', 'Projekte/Ä & B', 'Da\tOggetto'];
  for (const [index, {bytes, flags, date}] of mail.entries())
    mailbox.add(places[index % places.length] ?? '', bytes, {flags, date});
  mailbox.add('INBOX', 'Message-ID: <stub@example.org>\r\n\r\n', {behaves: 'stub'});
  mailbox.add('INBOX', 'Message-ID: <silent@example.org>\r\n\r\n', {behaves: 'silent'});
  mailbox.add(['Projekte', '2019/20'], letter(9000));
  const state = freshState();
  const first = await carryFrom({state});
  expect(codes(first)).toEqual(['exchange-stub', 'message-without-data']);
  expect(first.run.totals).toMatchObject({selected: 302, copied: 300, failed: 2});
  expectHardWay(exchange, first, asked());
  // What IMAP does not show cannot be copied; Projekte has another child, so that nothing tells of it.
  expect(mailbox.count().messages).toBe(303);
  const bodies = () => vault.folders.flatMap(place => place.messages.map(({bytes}) => bytes));
  expect(contents(bodies())).toEqual(contents(mail.map(({bytes}) => bytes)));
  for (const again of [state, freshState()])
    expect((await carryFrom({state: again})).run.totals).toMatchObject({copied: 0, alreadyPresent: 300});
  expect(bodies()).toHaveLength(300);
});

it('to Exchange', async () => {
  const exchange = await bridge({quirks: {...everything, expireAt: 'stored'}, account});
  const {mailbox, vault, carryTo} = exchange;
  const asked = exchange.useTokens(3900);
  const taken = corpus(330, {seed: 22})
    .filter(({bytes}) => !/[^\n]{10240}/.test(bytes.toString('latin1')))
    .slice(0, 300);
  const places = ['INBOX', 'Sent Items', 'Files', 'Projects/&AMQ- B'];
  for (const [index, {bytes, flags, date}] of taken.entries())
    vault.create(places[index % places.length] ?? '').add({bytes, flags, date});
  for (const [, bytes] of refused)
    vault.create('INBOX').add({bytes, flags: [], date: '01-Jan-2020 00:00:00 +0000'});
  const state = freshState();
  const first = await carryTo({state});
  expect(codes(first)).toEqual(refused.map(([code]) => code).sort());
  expect(first.run.totals).toMatchObject({selected: 306, copied: 300, failed: 6});
  expectHardWay(exchange, first, asked());
  const bodies = () => mailbox.folders.flatMap(place => place.messages.map(({bytes}) => bytes));
  expect(contents(bodies())).toEqual(contents(taken.map(({bytes}) => bytes)));
  for (const again of [state, freshState()])
    expect((await carryTo({state: again})).run.totals).toMatchObject({copied: 0, alreadyPresent: 300});
  expect(bodies()).toHaveLength(300);
});
