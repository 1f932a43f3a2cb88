// What the check foresees by opening the folders: messages that will be refused, by name, and what Exchange hides.
import {createServer} from 'node:net';
import {afterEach, expect, it} from 'vitest';
import {inspect, lookLimits} from '../../../source/engine/look/inspect.ts';
import {ports, settings} from '../../helpers/check.ts';
import {job, limits} from '../../helpers/engine.ts';
import {fill} from '../../helpers/mail.ts';
import {describeDovecot, startDovecot} from '../../servers/dovecot.ts';
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

it('a mailbox that has two names is known as one: its destination folder is not carried into itself', async () => {
  const {server, mailbox} = await exchange();
  mailbox.add('INBOX', mail('one', 10));
  mailbox.add(['Data17012018', 'INBOX'], mail('carried before', 10));
  const found = await look(server, server);
  const own = found.folders.filter(({source}) => source.startsWith('Data17012018'));
  expect(own.map(({source, selected, reason}) => [source, selected, reason])).toEqual([
    ['Data17012018', false, 'the destination folder of this request'],
    ['Data17012018/INBOX', false, 'the destination folder of this request'],
  ]);
  // Another user's there, which stands alike, is another mailbox.
  const other = server.mailbox('ann@contoso.example');
  other.add('INBOX', mail('one', 10));
  other.add(['Data17012018', 'INBOX'], mail('carried before', 10));
  const both = job({server, user}, {server, user: 'ann@contoso.example', provider: 'o365'});
  const told = await inspect(both, settings, ports, new AbortController().signal);
  expect(told.folders.find(({source}) => source === 'Data17012018/INBOX')?.selected).toBe(true);
});

describeDovecot('before a run to Office 365', () => {
  it('names what it will refuse for its size, its parts, its depth and its lines, and counts what is left out', async () => {
    const dovecot = await startDovecot();
    try {
      const to = await exchange();
      const filler = `\r\n${'x'.repeat(70)}\r\n`.repeat(200);
      const head = (subject: string, more: readonly string[] = []) =>
        ['From: ann@contoso.example', `Subject: ${subject}`, ...more, ''].join('\r\n');
      const part = '--b\r\nContent-Type: text/plain\r\n\r\nx\r\n';
      const mixed = 'Content-Type: multipart/mixed; boundary="b"';
      let deep = `Subject: innermost\r\n\r\n${filler}`;
      for (let level = 0; level < 31; level++) deep = `Content-Type: message/rfc822\r\n\r\n${deep}`;
      const bytes = [
        `${head('fits', ['Disposition-Notification-To: <boss@contoso.example>'])}\r\n${filler}`,
        `${head('parts', [mixed])}\r\n${part.repeat(251)}--b--\r\n`,
        `Subject: deep\r\n${deep}`,
        `${head('line')}\r\n${'<p>'.repeat(9000)}\r\n`,
        `${head('parts that fit', [mixed])}\r\n${part.repeat(250)}--b--\r\n`,
        `${head('huge')}\r\n${filler.repeat(2600)}`,
      ];
      const about = {
        kind: 'attachment' as const,
        flags: ['\\Seen', 'project'],
        date: '01-Oct-2020 10:00:00 +0000',
      };
      await fill(dovecot, user, [
        {path: ['INBOX'], messages: bytes.map(text => ({bytes: Buffer.from(text), ...about}))},
        {path: ['Trash'], messages: [{bytes: Buffer.from(bytes[1] ?? ''), ...about}]},
      ]);
      const what = (repair?: 'lines') =>
        job(
          {server: dovecot, user, provider: 'imap'},
          {server: to.server, user, provider: 'o365'},
          {exclude: ['Trash'], ...(repair === undefined ? {} : {repair})},
        );
      const signal = new AbortController().signal;
      const found = await inspect(what(), settings, ports, signal);
      expect(found.foreseen?.map(({message, problem}) => [message.subject, problem.code]).sort()).toEqual([
        ['deep', 'message-too-deep'],
        ['huge', 'message-too-large'],
        ['line', 'message-line-too-long'],
        ['parts', 'message-too-many-parts'],
      ]);
      const told = new Map(found.problems.map(({code, sentence}) => [code, sentence]));
      expect(told.get('messages-unfit')).toBe(
        'The destination will refuse 3 messages: 1 for too many parts, 1 for what is nested too deep, 1 for a line that is too long.',
      );
      expect(told.get('keywords-dropped')).toContain('project (6 messages)');
      expect(told.get('receipts-asked')).toMatch(/^1 message that was read asks/);
      expect(told.get('forecast-bounds')).toContain('Not looked at');
      // What --repair lines will mend is not refused.
      const mended = await inspect(what('lines'), settings, ports, signal);
      expect(mended.foreseen?.map(({message}) => message.subject).sort()).toEqual(['deep', 'huge', 'parts']);
      // Where the time is up, that is said, and nothing is guessed.
      let clock = 0;
      const late = await inspect(what(), settings, {...ports, now: () => (clock += 61_000)}, signal);
      expect(late.foreseen?.map(({message}) => message.subject)).toEqual(['huge']);
      expect(late.problems.find(({code}) => code === 'forecast-cut')?.sentence).toMatch(/^Of \d messages/);
    } finally {
      await dovecot.stop();
    }
  });
});

it('a look tries nothing again, and does not wait for minutes on a silent server', () => {
  const long = {...limits, reconnects: 8, inactivityMs: 300_000};
  expect(lookLimits(long)).toEqual({...long, reconnects: 0, inactivityMs: 60_000});
  expect(lookLimits({...long, inactivityMs: 5}).inactivityMs).toBe(5);
});

it('a look at a server that hangs up is one look', async () => {
  let calls = 0;
  const server = createServer(socket => {
    calls++;
    socket.destroy();
  });
  await new Promise<void>(listening => server.listen(0, '127.0.0.1', listening));
  const address = server.address();
  const end = {
    server: {host: '127.0.0.1', imapPort: typeof address === 'object' && address !== null ? address.port : 0},
    user,
  };
  try {
    const found = await inspect(job(end, end), settings, ports, new AbortController().signal);
    expect(found.problems.map(({code}) => code)).toContain('connection-lost');
    // One for each end.
    expect(calls).toBe(2);
  } finally {
    server.close();
  }
});
