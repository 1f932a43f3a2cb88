// What a ledger remembers is about a server as it was: one that has been set back to a backup gives numbers to other mail.
import {readdirSync} from 'node:fs';
import {join} from 'node:path';
import {DatabaseSync} from 'node:sqlite';
import {afterAll, beforeAll, expect, it} from 'vitest';
import {type ImapServer, startImapServer} from '../../../source/demo/server/server.ts';
import {Mailbox} from '../../../source/demo/server/store.ts';
import {eventsOf, freshState, job, runEngine} from '../../helpers/engine.ts';
import type {MailServer} from '../../helpers/imap.ts';
import {plainMail} from '../../helpers/meddled.ts';
import {meddleWithCommands} from '../../servers/commands.ts';
import {type Meddler, startMeddler} from '../../servers/meddler.ts';

const from = new Map<string, Mailbox>();
const to = new Map<string, Mailbox>();
let source: ImapServer;
let destination: ImapServer;
/** To the destination, which refuses mail with POISON in it. */
let line: Meddler;
beforeAll(async () => {
  source = await startImapServer({mailboxes: from, now: Date.now});
  destination = await startImapServer({mailboxes: to, now: Date.now});
  line = await startMeddler(
    destination.port,
    meddleWithCommands(({text, literals}) =>
      text.startsWith('APPEND ') && literals.some(each => each.includes('POISON'))
        ? 'NO [CANNOT] Not this one'
        : undefined,
    ),
  );
});
afterAll(async () => {
  line?.close();
  await Promise.all([source?.stop(), destination?.stop()]);
});

/** Puts so many messages into the folder; their subjects are "m SEED 0", "m SEED 1" and so on. */
function fill(mailbox: Mailbox, folder: string, seed: number, count: number, body?: string): void {
  for (const {bytes, date} of plainMail(count, seed, body))
    mailbox.create(folder).add({bytes: Buffer.from(bytes), flags: [], date});
}

/** Eight messages in Box. */
function mailbox(user: string) {
  const mine = new Mailbox('pass');
  const theirs = new Mailbox('pass');
  from.set(`${user}@baya.example`, mine);
  to.set(`${user}@vault.example`, theirs);
  fill(mine, 'Box', 1, 8);
  const state = freshState();
  const end = (server: MailServer, domain: string) => ({
    server,
    user: `${user}@${domain}`,
    provider: 'imap' as const,
  });
  return {
    state,
    source: mine,
    destination: theirs,
    run: () =>
      runEngine(
        [job(end({host: source.host, imapPort: source.port}, 'baya.example'), end(line, 'vault.example'))],
        {
          state,
          limits: {connections: 1, settleMs: 250},
        },
      ),
    /** Subjects of what is in Box at the destination. */
    there: () =>
      (theirs.find('Data17012018/Box')?.messages ?? []).map(
        ({bytes}) => /^Subject: m (.*)\r$/m.exec(bytes.toString())?.[1],
      ),
  };
}

const notes = (run: Parameters<typeof eventsOf>[0]) => eventsOf(run, 'note').map(({problem}) => problem.code);
const all = Array.from({length: 8}, (_, index) => `1 ${index}`);

it('the destination is set back to a backup, and somebody else’s mail gets the number of a copy: what is gone comes again', async () => {
  const {destination: there, run, there: subjects} = mailbox('set-back-there');
  await run();
  there.find('Data17012018/Box')?.messages.splice(5);
  fill(there, 'Data17012018/Box', 9, 1);
  const again = await run();
  expect([again.exitCode, again.totals]).toMatchObject([0, {copied: 3, alreadyPresent: 5, skipped: 0}]);
  expect(notes(again)).toEqual(['uidvalidity-changed']);
  expect(subjects().sort()).toEqual([...all, '9 0']);
  expect((await run()).totals).toMatchObject({copied: 0, alreadyPresent: 8});
});

it('the source is set back to a backup, and new mail gets the numbers of what was copied: it is copied too', async () => {
  const {source: here, run, there: subjects} = mailbox('set-back-here');
  await run();
  here.find('Box')?.messages.splice(5);
  fill(here, 'Box', 2, 2);
  const again = await run();
  expect([again.exitCode, again.totals]).toMatchObject([0, {copied: 2, alreadyPresent: 5, skipped: 0}]);
  expect(notes(again)).toEqual(['uidvalidity-changed']);
  expect(subjects().sort()).toEqual([...all, '2 0', '2 1']);
  expect((await run()).totals).toMatchObject({copied: 0, alreadyPresent: 7});
});

it('so it is where the run before was not done with the folder', async () => {
  const {source: here, run, there: subjects} = mailbox('set-back-undone');
  fill(here, 'Box', 3, 1, 'POISON');
  fill(here, 'Box', 4, 3);
  expect((await run()).totals).toMatchObject({copied: 11, failed: 1});
  here.find('Box')?.messages.splice(9);
  fill(here, 'Box', 5, 2);
  expect((await run()).totals).toMatchObject({copied: 2, alreadyPresent: 8, failed: 1});
  expect(subjects().slice(-2)).toEqual(['5 0', '5 1']);
});

it('the destination separates levels by another character than before: its mail is found where it is', async () => {
  const {destination: there, run, state} = mailbox('separated');
  await run();
  const before = there.folders.map(({name}) => name);
  for (const file of readdirSync(state).filter(name => name.endsWith('.sqlite'))) {
    const ledger = new DatabaseSync(join(state, file));
    ledger.exec("UPDATE folder SET destination = replace(destination, '/', '.')");
    ledger.close();
  }
  const again = await run();
  expect([again.exitCode, again.totals]).toMatchObject([0, {copied: 0, alreadyPresent: 8}]);
  expect(there.folders.map(({name}) => name)).toEqual(before);
});
