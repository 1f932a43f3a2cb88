// Exchange writes messages anew, estimates their sizes and gives an edited one another UID: a second run still knows
// them, with the ledger and without.
import {afterEach, expect, it} from 'vitest';
import {freshState, job, runEngine} from '../../helpers/engine.ts';
import {corpus} from '../../helpers/mail-corpus.ts';
import type {ExchangeMailbox} from '../../servers/exchange/mailbox.ts';
import type {Quirks} from '../../servers/exchange/quirks.ts';
import {type ExchangeServer, startExchange} from '../../servers/exchange/server.ts';

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

function carry(from: ExchangeServer, to: ExchangeServer, state = freshState()) {
  return runEngine(
    [job({server: from, user}, {server: to, user, provider: 'o365'}, {sourceFolder: 'INBOX'})],
    {state},
  );
}

function fill(mailbox: ExchangeMailbox, count: number, seed: number): void {
  for (const {bytes, flags} of corpus(count, {seed})) mailbox.add('INBOX', bytes, {flags});
}

it.each([
  ['mime', true],
  ['mapi', true],
  ['mapi', false],
] as const)('written anew (%s, UIDs told: %s): the second run copies nothing', async (rewrite, appendUid) => {
  const from = await exchange({sizes: 'estimated'});
  const to = await exchange({rewrite, appendUid});
  fill(from.mailbox, 120, 11);
  const state = freshState();
  const first = await carry(from.server, to.server, state);
  const {copied, failed} = first.totals;
  expect(copied + failed).toBe(120);
  expect(copied).toBeGreaterThan(110);
  const arrived = () => to.mailbox.messages('Data17012018/INBOX').length;
  expect(arrived()).toBe(copied);
  const [withLedger, without] = [
    await carry(from.server, to.server, state),
    await carry(from.server, to.server),
  ];
  expect([withLedger.totals.copied, withLedger.totals.alreadyPresent]).toEqual([0, copied]);
  expect([without.totals.copied, without.totals.alreadyPresent]).toEqual([0, copied]);
  expect(arrived()).toBe(copied);
});

it('an edited message with another UID is one message: what was copied is not copied twice', async () => {
  const from = await exchange({sizes: 'estimated'});
  const to = await exchange();
  fill(from.mailbox, 20, 3);
  const [first] = from.mailbox.messages('INBOX');
  const state = freshState();
  await carry(from.server, to.server, state);
  const {length} = to.mailbox.messages('Data17012018/INBOX');
  // Outlook saves it again: the same mail, another UID.
  from.mailbox.edit('INBOX', first?.uid ?? 0, first?.bytes ?? '');
  expect(from.mailbox.messages('INBOX').at(-1)?.uid).not.toBe(first?.uid);
  const [withLedger, without] = [
    await carry(from.server, to.server, state),
    await carry(from.server, to.server),
  ];
  expect([withLedger.totals.copied, without.totals.copied]).toEqual([0, 0]);
  expect(to.mailbox.messages('Data17012018/INBOX')).toHaveLength(length);
});

it('no command line comes near the length that Exchange refuses, and no CHARSET or IMAP4rev2 is asked for', async () => {
  const from = await exchange({capabilityAfter: 'rev2'});
  const to = await exchange({capabilityAfter: 'rev2'});
  // Every second message, so that no run of UIDs is short.
  fill(from.mailbox, 400, 7);
  from.mailbox.remove(
    'INBOX',
    from.mailbox.messages('INBOX').flatMap(({uid}) => (uid % 2 === 0 ? [uid] : [])),
  );
  const run = await carry(from.server, to.server);
  expect(run.totals.copied).toBeGreaterThan(180);
  const commands = [...from.server.log.commands, ...to.server.log.commands].map(each => JSON.stringify(each));
  expect(commands.length).toBeGreaterThan(20);
  expect(commands.filter(line => line.length > 8000)).toEqual([]);
  expect(commands.filter(line => /CHARSET|ENABLE|IMAP4rev2/i.test(line))).toEqual([]);
});
