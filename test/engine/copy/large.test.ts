// Messages that are streamed are held against what the destination takes before a byte of them is sent.
import {afterEach, expect, it} from 'vitest';
import {startImapServer} from '../../../source/demo/server/server.ts';
import {Mailbox} from '../../../source/demo/server/store.ts';
import {type EngineRun, eventsOf, job, runEngine} from '../../helpers/engine.ts';
import type {Quirks} from '../../servers/exchange/quirks.ts';
import {startExchange} from '../../servers/exchange/server.ts';

const user = 'john@contoso.example';
const stops: (() => Promise<unknown>)[] = [];
afterEach(() => Promise.all(stops.splice(0).map(stop => stop())));

async function exchange(quirks: Partial<Quirks>) {
  const server = await startExchange({quirks: {password: 'accepted', readReceipts: false, ...quirks}});
  stops.push(() => server.stop());
  return {server, mailbox: server.mailbox(user)};
}

async function vaultTaking(largestMessage: number) {
  const vault = new Mailbox('pass');
  const server = await startImapServer({
    mailboxes: new Map([[user, vault]]),
    largestMessage,
    now: Date.now,
  });
  stops.push(() => server.stop());
  return {vault, server: {host: server.host, imapPort: server.port}};
}

function mail(id: string, bytes: number): string {
  const head = `Subject: Mail ${id}\r\nMessage-ID: <${id}@contoso.example>\r\nDate: Thu, 01 Oct 2020 10:00:00 +0000\r\n\r\n`;
  return (
    head +
    'x'
      .repeat(72)
      .concat('\r\n')
      .repeat(Math.ceil(bytes / 74))
      .slice(0, bytes)
  );
}

const limit = 3_000_000;
const failures = (run: EngineRun) =>
  eventsOf(run, 'message-failed').map(({message, problem}) => [message.subject, problem.code]);

it('what is larger than the destination says it takes is not even fetched, and is named', async () => {
  const {server, mailbox} = await exchange({sizes: 'exact'});
  const to = await vaultTaking(limit);
  mailbox.add('INBOX', mail('small', 10));
  const uid = mailbox.add('INBOX', mail('large', limit + 1)).uid;
  mailbox.add('INBOX', mail('fits', limit - 300));
  const run = await runEngine([
    job({server, user}, {server: to.server, user, provider: 'imap'}, {sourceFolder: 'INBOX'}),
  ]);
  expect(failures(run)).toEqual([['Mail large', 'message-too-large']]);
  expect(run.totals).toMatchObject({copied: 2, failed: 1});
  const whole = server.log.commands.filter(({line}) =>
    new RegExp(`^UID FETCH ${uid} .*BODY\\.PEEK\\[\\]\\)`).test(line),
  );
  expect(whole).toEqual([]);
});

it('where sizes are estimates the message itself decides', async () => {
  const {server, mailbox} = await exchange({sizes: 'estimated'});
  const to = await vaultTaking(limit);
  // By its UID the first is told at 1.37 times its size, the second at 0.3, the fourth at 3 times.
  mailbox.add('INBOX', mail('told-larger', limit - 400_000));
  mailbox.add('INBOX', mail('told-smaller', limit * 2.5));
  mailbox.add('INBOX', mail('small', 10));
  mailbox.add('INBOX', mail('told-thrice', limit * 1.1));
  const run = await runEngine([
    job({server, user}, {server: to.server, user, provider: 'imap'}, {sourceFolder: 'INBOX'}),
  ]);
  expect(failures(run).sort()).toEqual([
    ['Mail told-smaller', 'message-too-large'],
    ['Mail told-thrice', 'message-too-large'],
  ]);
  expect(run.totals).toMatchObject({copied: 2, failed: 2});
  // It was not the server that said no: it was sent nothing.
  expect(eventsOf(run, 'message-failed').map(({problem}) => problem.detail)).toEqual([undefined, undefined]);
});

it('Exchange, which says no limit, refuses before the bytes, and the connection stays in step', async () => {
  const from = await exchange({sizes: 'exact', rewrite: 'off'});
  const to = await exchange({largestMessage: limit});
  from.mailbox.add('INBOX', mail('large', limit + 1));
  from.mailbox.add('INBOX', mail('small', 10));
  const run = await runEngine([
    job({server: from.server, user}, {server: to.server, user, provider: 'o365'}, {sourceFolder: 'INBOX'}),
  ]);
  expect(failures(run)).toEqual([['Mail large', 'message-too-large']]);
  expect(run.totals).toMatchObject({copied: 1, failed: 1});
  expect(eventsOf(run, 'connection-lost')).toEqual([]);
  const announced = to.server.log.commands.filter(({name}) => name === 'APPEND');
  expect(announced.some(({line}) => line.endsWith(`{${mail('large', limit + 1).length}}`))).toBe(true);
  // Bytes of a refused message would have been read as commands.
  expect(to.server.log.commands.filter(({line}) => line.includes('xxx'))).toEqual([]);
});
