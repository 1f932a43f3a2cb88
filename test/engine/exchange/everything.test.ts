// All quirks at once, from and to Exchange: every message arrives once or is named; a second run copies nothing.
import {expect, it} from 'vitest';
import {contentDigest} from '../../../source/engine/messages/content.ts';
import {eventsOf, freshState} from '../../helpers/engine.ts';
import {bridges, type Carried} from '../../helpers/exchange.ts';
import {corpus} from '../../helpers/mail-corpus.ts';
import {hardQuirks} from '../../servers/exchange/quirks.ts';

const bridge = bridges();
const everything = {...hardQuirks(), password: 'accepted', linkFaultEvery: 400, expireEvery: 190} as const;

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

/** What was waited for, so that no quirk is on in name only. */
const waitedFor = ({run}: Carried) => new Set(eventsOf(run, 'waiting').map(event => event.problem.code));

it('from Exchange', async () => {
  const {mailbox, vault, carryFrom} = await bridge({
    quirks: {...everything, expireAt: 'fetching'},
    account: {language: 'de'},
  });
  const mail = corpus(300, {seed: 21});
  const places = ['INBOX', 'Gesendete Elemente', 'Projekte/Ä & B', 'Da\tOggetto'];
  for (const [index, {bytes, flags, date}] of mail.entries())
    mailbox.add(places[index % places.length] ?? '', bytes, {flags, date});
  mailbox.add('INBOX', 'Message-ID: <stub@example.org>\r\n\r\n', {behaves: 'stub'});
  mailbox.add('INBOX', 'Message-ID: <silent@example.org>\r\n\r\n', {behaves: 'silent'});
  const state = freshState();
  const first = await carryFrom({state});
  expect(codes(first)).toEqual(['exchange-stub', 'message-without-data']);
  expect(first.run.totals.copied).toBe(300);
  expect([...waitedFor(first)]).toEqual(expect.arrayContaining(['throttled', 'token-expired']));
  const bodies = () => vault.folders.flatMap(place => place.messages.map(({bytes}) => bytes));
  expect(contents(bodies())).toEqual(contents(mail.map(({bytes}) => bytes)));
  for (const again of [state, freshState()])
    expect((await carryFrom({state: again})).run.totals.copied).toBe(0);
  expect(bodies()).toHaveLength(300);
});

it('to Exchange', async () => {
  const {mailbox, vault, carryTo} = await bridge({quirks: {...everything, expireAt: 'stored'}});
  const mail = corpus(300, {seed: 22});
  const places = ['INBOX', 'Sent Items', 'Files', 'Projects/&AMQ- B'];
  for (const [index, {bytes, flags, date}] of mail.entries())
    vault.create(places[index % places.length] ?? '').add({bytes, flags, date});
  const refused = mail.filter(({bytes}) =>
    bytes
      .toString('latin1')
      .split(/\r?\n/)
      .some(line => line.length > 10_239),
  );
  const taken = mail.filter(message => !refused.includes(message));
  const state = freshState();
  const first = await carryTo({state});
  expect(codes(first)).toEqual(refused.map(() => 'message-line-too-long'));
  expect(first.run.totals.copied).toBe(taken.length);
  expect([...waitedFor(first)]).toEqual(expect.arrayContaining(['throttled', 'token-expired']));
  const bodies = () => mailbox.folders.flatMap(place => place.messages.map(({bytes}) => bytes));
  expect(contents(bodies())).toEqual(contents(taken.map(({bytes}) => bytes)));
  for (const again of [state, freshState()])
    expect((await carryTo({state: again})).run.totals.copied).toBe(0);
  expect(bodies()).toHaveLength(taken.length);
});
