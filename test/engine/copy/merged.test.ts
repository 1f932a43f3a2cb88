// Destinations that answer several messages with one UID: equal mail may be kept once, other mail is missing then.
import {expect, it} from 'vitest';
import type {PassPoint} from '../../../source/engine/points.ts';
import {type EngineOptions, eventsOf, freshState, job, runEngine} from '../../helpers/engine.ts';
import {stopAfterwards} from '../../helpers/stopped.ts';
import {type HostileMessage, smallMail, startHostile} from '../../servers/hostile.ts';

const user = 'ann@baya.com';
const name = 'Data17012018/INBOX';

type IsLike = (one: Buffer, other: Buffer) => boolean;
const equals: IsLike = (one, other) => one.equals(other);
const mailOf = (...numbers: readonly number[]) => numbers.map(number => smallMail(number));

/**
 * What is like an earlier message is not kept, and answered with the UID of that one.
 * @param there what the destination holds at first
 */
async function carried(
  mail: readonly HostileMessage[],
  isLike: IsLike,
  there: readonly HostileMessage[] = [],
) {
  const source = await startHostile(user, {INBOX: mail}, () => undefined);
  const destination = await startHostile(user, {[name]: there}, ({command, reply}) => {
    const uid = Number(/APPENDUID \d+ (\d+)/.exec(reply)?.[1]);
    const messages = stored();
    const own = messages.find(message => message.uid === uid);
    const kept = messages.find(each => own !== undefined && each.uid < uid && isLike(each.bytes, own.bytes));
    if (!command.startsWith('APPEND') || own === undefined || kept === undefined) return undefined;
    messages.splice(messages.indexOf(own), 1);
    return reply.replace(/(APPENDUID \d+) \d+/, `$1 ${kept.uid}`);
  });
  const stored = () => destination.mailbox.find(name)?.messages ?? [];
  stopAfterwards(source, destination);
  const state = freshState();
  const run = (ports: EngineOptions['ports'] = {}) =>
    runEngine([job({server: source, user}, {server: destination, user})], {
      ...{state, ports},
      limits: {settleMs: 0},
    });
  return {
    run,
    arrive: ({bytes}: HostileMessage, end: 'source' | 'destination' = 'source') => {
      const folder = end === 'source' ? source.mailbox.find('INBOX') : destination.mailbox.find(name);
      folder?.add({bytes, flags: [], date: '17-Jul-1996 02:44:25 -0700'});
    },
    subjects: () => stored().map(({bytes}) => /Subject: (.*)\r/.exec(bytes.toString())?.[1]),
  };
}

it('equal mail that the destination keeps once is copied, and that is said', async () => {
  const {run, subjects} = await carried(mailOf(1, 1, 2, 1), equals);
  const done = await run();
  expect([done.exitCode, done.totals]).toMatchObject([0, {copied: 4, failed: 0}]);
  expect(eventsOf(done, 'note').map(({problem}) => problem.sentence)).toEqual([
    `2 messages are equal to others in ${name}, and the destination keeps equal mail once.`,
  ]);
  expect(subjects()).toEqual(['m 1', 'm 2']);
  expect((await run()).totals).toMatchObject({copied: 0, alreadyPresent: 4});
});

it('other mail that is answered with the UID of a message that is there is missing', async () => {
  const {run} = await carried(mailOf(1, 2), () => true);
  const done = await run();
  expect([done.exitCode, done.totals]).toMatchObject([3, {copied: 1, failed: 1}]);
  expect(eventsOf(done, 'message-failed').map(({message}) => message.subject)).toEqual(['m 2']);
});

const keptOnce = (messages: string) =>
  `${messages} equal to others in ${name}, and the destination keeps equal mail once.`;
const notesOf = (run: Parameters<typeof eventsOf>[0]) =>
  eventsOf(run, 'note').map(({problem}) => problem.sentence);

/** Without a Message-ID. */
const nameless = (number: number): HostileMessage => ({
  bytes: Buffer.from(
    smallMail(number)
      .bytes.toString()
      .replace(/^Message-ID: .*\r\n/m, ''),
  ),
});

it.each([
  ['', smallMail],
  [' and has no name', nameless],
])('nor is equal mail missing that the destination has kept since before%s', async (_, mail) => {
  const {run, arrive, subjects} = await carried(
    [1, 1, 2, 1].map(number => mail(number)),
    equals,
    [mail(1)],
  );
  const first = await run();
  expect([first.exitCode, first.totals]).toMatchObject([0, {alreadyPresent: 1, copied: 3, failed: 0}]);
  expect(notesOf(first)).toEqual([keptOnce('2 messages are')]);
  expect(subjects()).toEqual(['m 1', 'm 2']);
  expect((await run()).totals).toMatchObject({copied: 0, alreadyPresent: 4});
  // Its like came with an earlier run.
  arrive(mail(2));
  const last = await run();
  expect([last.exitCode, last.totals]).toMatchObject([0, {alreadyPresent: 4, copied: 1, failed: 0}]);
  expect(subjects()).toEqual(['m 1', 'm 2']);
  const rows = last.rows.map(({result, subject}) => `${result} ${subject}`);
  expect(rows.filter(row => row.startsWith('copied'))).toEqual(['copied m 2']);
});

const isNamedAlike: IsLike = (one, other) => {
  const [mine, theirs] = [one, other].map(bytes => /Message-ID: .*\r/.exec(bytes.toString())?.[0]);
  return mine === theirs;
};

it.each([
  ['another text', smallMail(1), smallMail(1).bytes.toString().replace('body 1', 'body 2')],
  ['another size', smallMail(1), smallMail(1).bytes.toString().replace('body 1', 'body 10')],
])('but other mail is that is like what was there, with %s', async (_, there, text) => {
  const other = {bytes: Buffer.from(text)};
  const {run, arrive, subjects} = await carried([there], isNamedAlike);
  expect((await run()).exitCode).toBe(0);
  arrive(other);
  const done = await run();
  expect([done.exitCode, done.totals]).toMatchObject([3, {alreadyPresent: 1, copied: 0, failed: 1}]);
  expect(eventsOf(done, 'message-failed').map(({problem}) => problem.code)).toEqual([
    'not-found-after-append',
  ]);
  expect(subjects()).toEqual(['m 1']);
});

it('nor is it believed where something else has come meanwhile: it may be that message, written anew', async () => {
  const {run, arrive} = await carried([smallMail(1)], equals, [smallMail(1)]);
  expect((await run()).totals).toMatchObject({alreadyPresent: 1});
  arrive(smallMail(1));
  let come = false;
  const passed: PassPoint = point => {
    if (point === 'bytes-sent' && !come) arrive(smallMail(7), 'destination');
    come ||= point === 'bytes-sent';
  };
  expect((await run({passed})).totals).toMatchObject({alreadyPresent: 1, failed: 1});
  const done = await run();
  expect([come, done.exitCode, done.totals]).toMatchObject([true, 0, {alreadyPresent: 1, copied: 1}]);
});
