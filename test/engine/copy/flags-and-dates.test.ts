// Flags and dates that cannot travel as they are: what is known for sure travels, the rest is told.
import {expect, it} from 'vitest';
import {startImapServer} from '../../../source/demo/server/server.ts';
import {Mailbox, type NewMessage} from '../../../source/demo/server/store.ts';
import {eventsOf, job, runEngine} from '../../helpers/engine.ts';
import {plainMail} from '../../helpers/meddled.ts';
import {type Meddling, startMeddler} from '../../servers/meddler.ts';

/** What is in INBOX at the destination, and what was said. */
async function carried(messages: readonly Pick<NewMessage, 'flags' | 'date'>[], meddling: Meddling = {}) {
  const [from, to] = [new Mailbox('pass'), new Mailbox('pass')];
  const [one, other] = await Promise.all([
    startImapServer({mailboxes: new Map([['ann@baya.example', from]]), now: Date.now}),
    startImapServer({mailboxes: new Map([['bob@vault.example', to]]), now: Date.now}),
  ]);
  const line = await startMeddler(other.port, meddling);
  try {
    const mail = plainMail(messages.length, 1);
    for (const [index, about] of messages.entries())
      from.create('INBOX').add({...about, bytes: mail[index]?.bytes ?? Buffer.alloc(0)});
    const run = await runEngine([
      job(
        {server: {host: one.host, imapPort: one.port}, user: 'ann@baya.example', provider: 'imap'},
        {server: line, user: 'bob@vault.example'},
        {destinationFolder: ''},
      ),
    ]);
    return {
      run,
      there: to.find('INBOX')?.messages ?? [],
      told: eventsOf(run, 'note').map(({problem}) => [problem.code, problem.sentence]),
    };
  } finally {
    line.close();
    await Promise.all([one.stop(), other.stop()]);
  }
}
const date = '17-Jul-1996 02:44:25 -0700';

it('a date is kept where it can be read for sure, else it is told and named', async () => {
  const dates = ['7-Jul-1996 02:44:25 -0700', ' 7-Jul-1996 02:44:25 -0700', 'the 7th of July'];
  const {run, there, told} = await carried(dates.map(each => ({date: each, flags: []})));
  expect(there.map(each => each.date)).toMatchObject([dates[1], dates[1], expect.not.stringMatching(/1996/)]);
  expect(told).toEqual([['dates-unreadable', expect.stringContaining('1 message:')]]);
  expect(run.rows.map(({result, code}) => [result, code])).toEqual([
    ['copied', undefined],
    ['copied', undefined],
    ['copied', 'date-unreadable'],
  ]);
});

it('a date that no calendar has is not sent: a destination may refuse the message for it', async () => {
  const days = ['31-Feb-2020', '29-Feb-2019', '29-Feb-2020', '31-Jun-2020', '31-Dec-2020'];
  const {run, there, told} = await carried(days.map(day => ({date: `${day} 02:44:25 -0700`, flags: []})));
  expect(run.totals).toMatchObject({copied: 5, failed: 0});
  expect(there.map(each => each.date.slice(0, 11)).filter(day => days.includes(day))).toEqual([
    '29-Feb-2020',
    '31-Dec-2020',
  ]);
  expect(told).toEqual([['dates-unreadable', expect.stringContaining('3 messages:')]]);
});

it('a keyword that no command can carry is told', async () => {
  const {there, told} = await carried([{date, flags: ['done]', '$Label1']}]);
  expect(there.map(({flags}) => flags)).toEqual([['$Label1']]);
  expect(told).toEqual([['keywords-dropped', expect.stringContaining('done]')]]);
});

it('flags are told where the destination keeps none at all', async () => {
  const {told} = await carried([{date, flags: ['$Label1']}], {
    down: (chunk, wire) => {
      const text = chunk.toString('latin1');
      const changed = text.replace(/PERMANENTFLAGS \([^)]*\)/g, 'PERMANENTFLAGS ()');
      if (changed !== text) wire.answer(changed);
      return changed !== text;
    },
  });
  expect(told).toEqual([['keywords-dropped', expect.stringContaining('$Label1')]]);
});
