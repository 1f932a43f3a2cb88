// What Exchange shows of a mailbox, in its languages and with its oddities, and how it is asked.
import {setTimeout as wait} from 'node:timers/promises';
import {describe, expect, it} from 'vitest';
import {eventsOf, freshState, job, runEngine} from '../../helpers/engine.ts';
import {bridges, eachOnce, letter, lettersIn} from '../../helpers/exchange.ts';
import {hardQuirks} from '../../servers/exchange/quirks.ts';
import {simulation} from '../../servers/exchange/simulated.ts';
import {languageNames, standardFolders} from '../../servers/exchange/standard-folders.ts';

const bridge = bridges();
const simulated = simulation();

describe('the folders of a mailbox', () => {
  // One that stands in a company's cellar is asked for as any IMAP server: it is known by its greeting.
  it.each(
    languageNames.flatMap(language =>
      (['o365', 'imap'] as const).map(provider => [language, provider] as const),
    ),
  )('are chosen by their meaning (%s, asked for as %s)', async (language, provider) => {
    const {mailbox, vault, carryFrom} = await bridge({account: {language}});
    for (const [index, place] of mailbox.folders.entries()) place.add(letter(index + 1));
    await carryFrom({provider});
    const [inbox, drafts, sent, , , archive] = standardFolders(language).map(({path}) => path[0] ?? '');
    const carried = vault.folders.filter(place => place.messages.length > 0);
    const wanted = [inbox, drafts, sent, archive].map(name =>
      mailbox.folders.find(({path}) => path[0] === name),
    );
    expect(lettersIn(carried.flatMap(place => place.messages.map(({bytes}) => bytes)))).toEqual(
      lettersIn(wanted.flatMap(place => place?.messages.map(({bytes}) => bytes) ?? [])),
    );
  });
});

it('is measured by the folders that are copied, also where it is asked for as any IMAP server', async () => {
  const {server} = await simulated();
  const jobs = ['ann', 'bob'].map((name, request) => {
    const mailbox = server.mailbox(`${name}@contoso.example`, {password: 'pass'});
    for (const [index, place] of mailbox.folders.entries()) place.add(letter(index + 1));
    const end = {server, user: `${name}@contoso.example`};
    server.mailbox(`${name}.new@contoso.example`, {password: 'pass'});
    const destination = {server, user: `${name}.new@contoso.example`, provider: 'o365'} as const;
    return job({...end, provider: 'imap'}, destination, {request});
  });
  const run = await runEngine(jobs, {
    order: 'smallest',
    dryRun: true,
    ports: {sleep: (ms, signal) => wait(ms, undefined, {signal})},
  });
  const measured = eventsOf(run, 'request-measured').map(({messages}) => messages);
  expect(measured).toEqual([4, 4]);
});

it('reads everything there is, whatever way it is told', async () => {
  const {mailbox, vault, server, carryFrom} = await bridge({
    quirks: {...hardQuirks(), password: 'accepted', linkFault: 'off', throttle: 'off'},
  });
  for (let id = 1; id <= 60; id += 1)
    mailbox.add(['INBOX', 'Da\tOggetto\tRicevuto', 'Projects/Ä & B'][id % 3] ?? '', letter(id));
  const {run} = await carryFrom();
  expect(run.totals).toMatchObject({copied: 60, failed: 0});
  const bodies = vault.folders.flatMap(place => place.messages.map(({bytes}) => bytes));
  expect(lettersIn(bodies)).toEqual(eachOnce(60));
  const lines = server.log.commands.map(({line}) => line);
  expect(lines.filter(line => /ENABLE|CHARSET|RETURN|^SELECT|STORE|BODY\[/i.test(line))).toEqual([]);
});

it('keeps every command line far below what Exchange takes', async () => {
  const {mailbox, server, carryFrom} = await bridge({quirks: {errorBudget: 2}});
  for (let id = 1; id <= 2400; id += 1) mailbox.add('INBOX', letter(id));
  mailbox.remove(
    'INBOX',
    Array.from({length: 1200}, (_, index) => 2 * index + 1),
  );
  const {run} = await carryFrom();
  expect(run.totals).toMatchObject({copied: 1200, failed: 0});
  expect(Math.max(...server.log.commands.map(({line}) => line.length))).toBeLessThan(8192);
});

it('names a message that is there and of which FETCH says nothing', async () => {
  const {mailbox, carryFrom} = await bridge();
  mailbox.add('INBOX', letter(1));
  mailbox.add('INBOX', letter(2), {behaves: 'silent'});
  const {run} = await carryFrom();
  expect(run.totals).toMatchObject({copied: 1, failed: 1});
  expect(eventsOf(run, 'message-failed').map(event => event.problem.code)).toEqual(['message-without-data']);
});

it('is not fooled by as many messages gone as Exchange leaves out of its answer', async () => {
  const {mailbox, carryFrom} = await bridge();
  const [first] = ['a', 'b', 'c'].map(name =>
    mailbox.add('INBOX', `Message-ID: <${name}@example.org>\r\n\r\n`),
  );
  const state = freshState();
  expect((await carryFrom({state})).run.totals).toMatchObject({copied: 3});
  mailbox.add('INBOX', 'Message-ID: <d@example.org>\r\n\r\nText\r\n');
  mailbox.add('INBOX', 'Message-ID: <e@example.org>\r\n\r\nText\r\n', {behaves: 'silent'});
  mailbox.remove('INBOX', [first?.uid ?? 0]);
  const again = await carryFrom({state});
  // d has come; e, whose headers do not come either, is named. Neither is taken for what is gone.
  expect(again.run.totals).toMatchObject({copied: 1, failed: 1});
  expect(eventsOf(again.run, 'message-failed').map(event => event.problem.code)).toEqual([
    'message-not-compared',
  ]);
});
