// Mail that is there already, and other mail under its Message-ID or its headers, where Exchange is one of the ends and no
// ledger tells: what is other mail is sent, what was only written anew is not, and what nobody can tell is said.
import {afterEach, expect, it} from 'vitest';
import {startImapServer} from '../../../source/demo/server/server.ts';
import {Mailbox} from '../../../source/demo/server/store.ts';
import {eventsOf, job, runEngine} from '../../helpers/engine.ts';
import {startExchange} from '../../servers/exchange/server.ts';

const user = 'john@contoso.example';
const stops: (() => Promise<void>)[] = [];
afterEach(() => Promise.all(stops.splice(0).map(stop => stop())));

async function exchange() {
  const server = await startExchange({quirks: {password: 'accepted'}});
  server.mailbox(user);
  stops.push(() => server.stop());
  return {server, user, provider: 'o365' as const};
}

async function imap() {
  const server = await startImapServer({mailboxes: new Map([[user, new Mailbox('pass')]]), now: Date.now});
  stops.push(() => server.stop());
  return {server: {host: server.host, imapPort: server.port}, user, provider: 'imap' as const};
}

/** Carries the first mailbox, and then the second one to the same place. @returns of the second run */
async function carryBoth(
  first: readonly string[],
  second: readonly string[],
  to: Awaited<ReturnType<typeof exchange> | ReturnType<typeof imap>>,
) {
  const carry = async (messages: readonly string[]) => {
    const from = await exchange();
    for (const message of messages) from.server.mailbox(user).add('INBOX', message);
    return runEngine([job(from, to, {sourceFolder: 'INBOX'})]);
  };
  expect((await carry(first)).totals.copied).toBe(first.length);
  const {exitCode, totals, ...run} = await carry(second);
  const notes = eventsOf(run, 'note').filter(({problem}) => problem.code === 'present-unlike');
  return {
    exitCode,
    copied: totals.copied,
    present: totals.alreadyPresent,
    notes: notes.map(({problem}) => problem.sentence),
  };
}

const message = (head: string, body: string, type = 'text/plain; charset=utf-8') =>
  `From: Backup <backup@contoso.example>\r\nTo: john@contoso.example\r\nSubject: Nightly report\r\n${head}Content-Type: ${type}\r\n\r\n${body}\r\n`;
const dated = (day: number) => `Date: Thu, 0${day} Oct 2020 10:00:00 +0000\r\n`;
const named = 'Message-ID: <report@contoso.example>\r\n';
const day = (number: number) => `This is what happened on day ${number}.`;

it.each([
  ['under its Message-ID, with another Date', (number: number) => named + dated(number)],
  ['under headers without a Message-ID and a Date', () => ''],
])('into Exchange, other mail %s is sent', async (_, head) => {
  const [one, two] = [1, 2].map(number => message(head(number), day(number))) as [string, string];
  expect(await carryBoth([one], [two], await exchange())).toEqual({
    exitCode: 0,
    copied: 1,
    present: 0,
    notes: [],
  });
});

it('into Exchange, the same text under its Message-ID, sent again on another day, is another message', async () => {
  const [one, two] = [1, 2].map(number => message(named + dated(number), day(1))) as [string, string];
  expect(await carryBoth([one], [one, two], await exchange())).toMatchObject({copied: 1, present: 1});
  expect(await carryBoth([one], [two], await exchange())).toMatchObject({copied: 1, present: 0});
});

it.each([
  ['Date', dated(1), dated(2)],
  ['sender', 'backup@', 'restore@'],
])(
  'into Exchange, another message that cannot be told by its text is sent where its Message-ID has another %s',
  async (_, mine, other) => {
    const [one, two] = [1, 2].map(number =>
      message(named + dated(1), `begin 644 a.txt\r\n${day(number)}\r\nend`).replace(
        mine,
        number === 1 ? mine : other,
      ),
    ) as [string, string];
    expect(await carryBoth([one], [two], await exchange())).toMatchObject({copied: 1, notes: []});
  },
);

it.each([
  ['into Exchange', exchange],
  ['from Exchange', imap],
])(
  '%s, of two that share Message-ID, Date and sender the one that is not there is sent',
  async (_, destination) => {
    const [one, two] = [1, 2].map(number => message(named + dated(1), day(number))) as [string, string];
    const to = await destination();
    expect(await carryBoth([one, one], [one, two], to)).toMatchObject({exitCode: 0, copied: 1, present: 1});
  },
);

it('into Exchange, what it has only written anew is not sent again', async () => {
  const alternative = (text: string, html: string) =>
    message(
      '',
      `--b\r\nContent-Type: text/plain\r\n\r\n${text}\r\n--b\r\nContent-Type: text/html\r\n\r\n${html}\r\n--b--`,
      'multipart/alternative; boundary=b',
    );
  const sent = alternative('Look: http://a.example', '<p>Look:&nbsp;<a href="http://a.example">here</a></p>');
  const anew = alternative(
    'Look: here<http://a.example>',
    '<html><body>\r\n<p>Look: <a href=x>here</a></p></body></html>',
  );
  expect(await carryBoth([anew], [sent], await exchange())).toMatchObject({copied: 0, present: 1, notes: []});
});

it('into Exchange, what nobody can tell from what is there is not sent, and its number is said', async () => {
  const texts = ['Look: http://a.example', 'See b.example', 'Hello'];
  const sent = texts.map(text => message('', text));
  const anew = ['<p>Look</p>', '<p>See</p>'].map(text => message('', text, 'text/html'));
  expect(await carryBoth([...anew, ...sent.slice(2)], sent, await exchange())).toEqual({
    exitCode: 0,
    copied: 0,
    present: 3,
    notes: [
      expect.stringMatching(/^2 messages count as present in Data17012018\/INBOX for their headers alone/),
    ],
  });
});
