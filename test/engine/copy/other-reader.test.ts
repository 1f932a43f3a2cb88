// Answers that our reader makes nothing of: imapflow is asked for the message once, on a connection of its own, and
// believed only where what it gives is the message for sure.
import {expect, it} from 'vitest';
import {eventsOf} from '../../helpers/engine.ts';
import {expectSameMail, fill, readMailbox} from '../../helpers/mail.ts';
import type {MailToStore} from '../../helpers/mail-corpus.ts';
import {meddledServers, plainMail} from '../../helpers/meddled.ts';
import {type Answer, answering, asks, usual} from '../../helpers/unreadable.ts';
import {describeDovecot} from '../../servers/dovecot.ts';
import type {Meddling} from '../../servers/meddler.ts';

const folder = 'Grüße \\ "1" & 2';
const place = (path: string) => (path === folder ? `Data17012018/${path}` : undefined);

const body = 'zwölf\r\n)\r\nBoxkämpfer';
/** Each with flags and a date of its own; all have what ends an answer in them. */
const mail = (text = body): readonly MailToStore[] =>
  plainMail(5, 81, text).map((message, index) => ({
    ...message,
    flags: ['\\Seen', `$Label${index}`],
    date: `0${index + 1}-Jul-1996 02:44:25 -0700`,
  }));

/** The answer tells another size of the message, and it may be another. */
const sized = ({items}: Answer, told: number, size: number) =>
  usual({items: items.replace(/SIZE \d+/, `SIZE ${told}`), size});

const emptyLine = (answer: Answer) => `\r\n${usual(answer)}`;

describeDovecot("answers that only imapflow's reader reads", () => {
  const {source, destination, carry} = meddledServers();

  let users = 0;
  async function carried(
    meddling: Meddling,
    {messages = mail(), limits = {}, destination: there = undefined as Meddling | undefined} = {},
  ) {
    const user = `other${++users}@baya.com`;
    await fill(source(), user, [{path: [folder], messages: [...messages]}]);
    // Nothing is won by waiting before each new connection.
    const ports = {sleep: async () => undefined};
    const {run, to} = await carry(
      {source: meddling, ...(there === undefined ? {} : {destination: there})},
      {from: user, limits, ports},
    );
    return {
      run,
      failed: eventsOf(run, 'message-failed').map(({message, problem}) => [message.uid, problem.code]),
      before: await readMailbox(source(), user, {wholeBytes: true}),
      after: await readMailbox(destination(), to, {wholeBytes: true}),
    };
  }

  it.concurrent.each<[string, (answer: Answer) => string, string?]>([
    ['an empty line before it', emptyLine],
    ['NULs before it', answer => `\0\0\0${usual(answer)}`],
    [
      'lists in lists beside it',
      ({items, size}) => usual({items: `${items}X-ODD ${'('.repeat(60)}1${')'.repeat(60)} `, size}),
    ],
    [
      'an empty line before it, and is too large to be read with others',
      emptyLine,
      `${'x'.repeat(900)}\r\n`.repeat(3000),
    ],
  ])('a message that comes with %s arrives as it is, once', async (_, instead, text) => {
    const {meddling, asked} = answering(instead);
    const messages = mail().with(2, mail(text)[2] as MailToStore);
    const {run, failed, before, after} = await carried(meddling, {messages});
    expect([run.exitCode, failed]).toEqual([0, []]);
    expectSameMail(before, after, place);
    expect(asked.filter(items => items === asks.other)).toHaveLength(1);
    // Alone, until it was known that it was to blame.
    expect(asked.filter(items => items === asks.ours).length).toBeGreaterThanOrEqual(2);
  });

  it.concurrent('a message that another reader has read is not blamed for a destination that goes before it is stored', async () => {
    const {meddling, asked} = answering(emptyLine);
    let gone = 0;
    const goes: Meddling = {
      line: (text, wire) => {
        const read = asked.includes(asks.other);
        if (gone > 0 || !read || !text.includes(' APPEND ')) return false;
        gone++;
        wire.cut();
        return true;
      },
    };
    const {run, failed, before, after} = await carried(meddling, {destination: goes});
    expect([gone, run.exitCode, failed]).toEqual([1, 0, []]);
    expectSameMail(before, after, place);
  });

  async function expectNamed(meddling: Meddling, limits = {}) {
    const {run, failed, before, after} = await carried(meddling, {limits});
    expect([run.exitCode, failed]).toEqual([3, [[3, 'message-breaks-connection']]]);
    expect(run.totals).toMatchObject({copied: 4, failed: 1});
    const others = new Map(
      [...before].map(([path, stored]) => [path, stored.filter(({uid}) => uid !== 3)] as const),
    );
    expectSameMail(others, after, place);
  }

  it.concurrent.each<[string, (answer: Answer) => string]>([
    ['imapflow cannot read either', answer => `x${usual(answer)}`],
    ['is not as long as is told with it', answer => `\r\n${sized(answer, answer.size - 1, answer.size)}`],
    [
      'is much longer than was told before',
      answer => {
        const more = 300_000;
        return `\r\n${sized(answer, answer.size + more + 2, answer.size + more + 2)}\r\n${'y'.repeat(more)}`;
      },
    ],
    [
      // Up to the parenthesis: what is left of the message reads like the end of an answer, and lines of no meaning.
      'is cut off, with the rest behind it',
      answer => {
        const cut = answer.size - Buffer.byteLength(body.slice(body.indexOf(')'))) - 2;
        return sized(answer, cut, cut);
      },
    ],
    [
      'has a flag in no known characters',
      answer => `\r\n${usual({...answer, items: answer.items.replace('$Label2', '$Label2 \xff')})}`,
    ],
  ])('a message that %s is named, all others arrive', async (_, instead) => {
    const {meddling, asked} = answering(instead);
    await expectNamed(meddling);
    expect(asked.filter(items => items === asks.other)).toHaveLength(1);
  });

  it.concurrent('another folder of that name is not asked for the message', async () => {
    // imapflow's tags are numbers, ours begin with F.
    const {meddling, asked} = answering(emptyLine, text =>
      /^\d OK \[READ-ONLY\]/m.test(text) ? text.replace(/\[UIDVALIDITY \d+\]/, '[UIDVALIDITY 7]') : text,
    );
    await expectNamed(meddling);
    expect(asked).not.toContain(asks.other);
  });

  it.concurrent('a message that may not fit into memory is named, and not asked for in another way', async () => {
    const {meddling, asked} = answering(emptyLine);
    // Twice the message would fit, were it a byte more.
    const size = mail()[2]?.bytes.length ?? 0;
    await expectNamed(meddling, {memory: size * 2 - 1});
    expect(asked).not.toContain(asks.other);
  });
});
