// A server asks to be left alone in the middle of a batch: nothing more is sent before that is over, whatever else the
// batch has come to.
import {expect, it, onTestFinished} from 'vitest';
import {startImapServer} from '../../../source/demo/server/server.ts';
import {Mailbox} from '../../../source/demo/server/store.ts';
import {eventsOf, type JobOptions, job, runEngine} from '../../helpers/engine.ts';
import {VirtualTime} from '../../helpers/virtual-time.ts';
import {meddleWithCommands, type SentCommand} from '../../servers/commands.ts';
import {smallMail} from '../../servers/hostile.ts';
import {startMeddler} from '../../servers/meddler.ts';

const date = '17-Jul-1996 02:44:25 -0700';
const user = 'ann@baya.com';
const pause = 'NO Request is throttled. Suggested Backoff Time: 300000 milliseconds';

type Destination = {
  /** What the destination says of itself, changed. */
  readonly introduced: (text: string) => string;
  /** What is said to the nth APPEND, from 1, in its place. */
  readonly says: (nth: number, command: SentCommand) => string | undefined;
};

/** @returns the run, what it sent within the pause, and how often the pause was kept */
async function carry(mail: readonly Buffer[], {introduced, says}: Destination, options: JobOptions = {}) {
  const [from, to] = [new Mailbox('pass'), new Mailbox('pass')];
  const inbox = from.create('INBOX');
  for (const bytes of mail) inbox.add({bytes, flags: [], date});
  const start = (mailbox: Mailbox) => startImapServer({mailboxes: new Map([[user, mailbox]]), now: Date.now});
  const [source, destination] = await Promise.all([start(from), start(to)]);
  let asked = false;
  let appends = 0;
  const within: string[] = [];
  const commands = meddleWithCommands(command => {
    if (asked) within.push(command.text);
    if (!command.text.startsWith('APPEND ')) return undefined;
    const said = says(++appends, command);
    asked ||= said === pause;
    return said;
  });
  const line = await startMeddler(destination.port, {
    ...commands,
    down: (chunk, wire) => {
      commands.down?.(chunk, wire);
      const text = chunk.toString('latin1');
      const other = introduced(text);
      if (other !== text) wire.answer(Buffer.from(other, 'latin1'));
      return other !== text;
    },
  });
  onTestFinished(async () => {
    line.close();
    await Promise.all([source.stop(), destination.stop()]);
  });
  const time = new VirtualTime();
  const run = await runEngine(
    [
      job(
        {server: {host: source.host, imapPort: source.port}, user, provider: 'imap'},
        {server: line, user, provider: 'imap'},
        {destinationFolder: 'Moved', ...options},
      ),
    ],
    {
      limits: {connections: 1},
      ports: {
        now: time.now,
        sleep: async (ms, signal) => {
          await time.sleep(ms, signal);
          if (ms > 200_000) asked = false;
        },
      },
    },
  );
  const kept = eventsOf(run, 'waiting').filter(({problem}) => problem.code === 'throttled').length;
  const arrived = to.find('Moved/INBOX')?.messages.map(({bytes}) => bytes.toString()) ?? [];
  return {run, within, kept, arrived};
}

it('refuses a batch as a whole for it: its messages are not sent one by one meanwhile', async () => {
  const mail = Array.from({length: 80}, (_, number) => smallMail(number).bytes);
  const {run, within, kept, arrived} = await carry(mail, {
    introduced: text => text.replaceAll('LITERAL+', 'LITERAL+ MULTIAPPEND'),
    // The demo's server takes one message an APPEND: after the pause it is said to mind batches.
    says: (nth, {literals}) =>
      nth === 1 ? pause : literals.length > 1 ? 'BAD Too many arguments' : undefined,
  });
  expect(within).toEqual([]);
  expect(kept).toBe(1);
  expect([run.exitCode, run.totals.copied, arrived.length]).toEqual([0, 80, 80]);
});

/** With a line that Exchange refuses. */
const long = (number: number) =>
  Buffer.concat([smallMail(number).bytes, Buffer.from(`${'y'.repeat(20_000)}\r\n`)]);
const asExchange = (text: string) =>
  text.replace(
    /^\* OK (\[[^\]]*\])?.*\r\n/,
    '* OK The Microsoft Exchange IMAP4 service is ready. [AAAA]\r\n',
  );

it('says so to a mended message: the next one is not mended and sent once more meanwhile', async () => {
  const mail = Array.from({length: 8}, (_, number) =>
    number % 2 === 0 ? smallMail(number).bytes : long(number),
  );
  const {run, within, kept, arrived} = await carry(
    mail,
    {
      introduced: asExchange,
      // The four of them as they are, then the first of them mended.
      says: nth =>
        nth > 9
          ? undefined
          : nth === 9
            ? pause
            : nth % 2 === 0
              ? 'BAD Command Argument Error. 11'
              : undefined,
    },
    {repair: 'all'},
  );
  expect(within).toEqual([]);
  expect(kept).toBe(1);
  expect([run.exitCode, run.totals.copied, arrived.length]).toEqual([0, 8, 8]);
});

it('says so behind a refused message: that one is not mended and sent once more meanwhile', async () => {
  const mail = Array.from({length: 8}, (_, number) => smallMail(number).bytes);
  mail[2] = long(2);
  const {run, within, kept, arrived} = await carry(
    mail,
    {
      introduced: asExchange,
      says: nth => (nth === 3 ? 'BAD Command Argument Error. 11' : nth === 5 ? pause : undefined),
    },
    {repair: 'all'},
  );
  expect(within.filter(text => !text.startsWith('APPEND '))).toEqual([]);
  expect(kept).toBe(1);
  expect([run.exitCode, run.totals.copied, arrived.length]).toEqual([0, 8, 8]);
});
