// What the check foresees by opening the folders: messages that will be refused, by name, and what Exchange hides.
import {afterEach, expect, it} from 'vitest';
import type {EnginePorts, EngineSettings} from '../../source/engine/copy/context.ts';
import {inspect} from '../../source/engine/inspect.ts';
import {job, limits} from '../helpers/engine.ts';
import type {ExchangeMailbox} from '../servers/exchange/mailbox.ts';
import type {Quirks} from '../servers/exchange/quirks.ts';
import {type ExchangeServer, startExchange} from '../servers/exchange/server.ts';

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

const settings: EngineSettings = {
  run: 'check',
  version: '0',
  dryRun: false,
  ca: [],
  limits,
  ledgerFile: () => {
    throw new Error('A check opens no ledger');
  },
};
const ports: EnginePorts = {
  now: Date.now,
  random: () => 0.5,
  sleep: async () => undefined,
  takeRows: async () => undefined,
  restartRows: async () => undefined,
};

function look(from: ExchangeServer, to: ExchangeServer, changes: Parameters<typeof job>[2] = {}) {
  const what = job({server: from, user}, {server: to, user, provider: 'o365'}, changes);
  return inspect(what, settings, ports, new AbortController().signal);
}

const mail = (subject: string, bytes: number) =>
  `From: ann@contoso.example\r\nSubject: ${subject}\r\n\r\n${`${'x'.repeat(74)}\r\n`.repeat(Math.ceil(bytes / 76))}`;

it('messages over the limit are counted and named, inside the dates that are asked for', async () => {
  const from = await exchange({sizes: 'exact'});
  const to = await exchange();
  from.mailbox.add('INBOX', mail('small', 100));
  from.mailbox.add('INBOX', mail('huge', 38_000_000), {date: '10-Oct-2020 10:00:00 +0000'});
  from.mailbox.add('Deleted Items', mail('huge too, but stays behind', 38_000_000));
  const found = await look(from.server, to.server);
  expect(
    found.foreseen?.map(({folder, message, problem}) => [folder, message.subject, problem.code]),
  ).toEqual([['INBOX', 'huge', 'message-too-large']]);
  const told = found.problems.find(({code}) => code === 'messages-too-large');
  expect(told?.sentence).toMatch(/^1 message is larger than the destination usually takes \(37\.7 MB\)/);
  expect(told?.nextStep).toContain(`Set-Mailbox -Identity '${user}' -MaxReceiveSize 150MB`);
  const earlier = await look(from.server, to.server, {before: '2020-10-10'});
  expect(earlier.foreseen).toBeUndefined();
  expect(to.mailbox.folders.map(({path}) => path[0])).not.toContain('Data17012018');
});

it('an Office 365 source is said to hide folders, which nothing in its list gives away', async () => {
  const from = await exchange();
  const to = await exchange();
  from.mailbox.add(['Projects', 'North/South'], mail('unseen', 10));
  const found = await look(from.server, to.server);
  expect(found.folders.map(({source}) => source)).toContain('Projects');
  expect(found.folders.filter(({source}) => source.includes('North'))).toEqual([]);
  const told = found.problems.find(({code}) => code === 'exchange-slash-folders');
  expect(told).toMatchObject({scope: 'run', verdict: 'skip'});
});
