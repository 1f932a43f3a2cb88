// Destinations that answer several messages with one UID: equal mail may be kept once, other mail is missing then.
import {expect, it} from 'vitest';
import {eventsOf, freshState, job, runEngine} from '../../helpers/engine.ts';
import {stopAfterwards} from '../../helpers/stopped.ts';
import {smallMail, startHostile} from '../../servers/hostile.ts';

const user = 'ann@baya.com';
const name = 'Data17012018/INBOX';

/** What is like an earlier message is not kept, and answered with the UID of that one. */
async function carried(numbers: readonly number[], isLike: (one: Buffer, other: Buffer) => boolean) {
  const source = await startHostile(user, {INBOX: numbers.map(number => smallMail(number))}, () => undefined);
  const destination = await startHostile(user, {}, ({command, reply}) => {
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
  const run = () => runEngine([job({server: source, user}, {server: destination, user})], {state});
  return {run, subjects: () => stored().map(({bytes}) => /Subject: (.*)\r/.exec(bytes.toString())?.[1])};
}

it('equal mail that the destination keeps once is copied, and that is said', async () => {
  const {run, subjects} = await carried([1, 1, 2, 1], (one, other) => one.equals(other));
  const done = await run();
  expect([done.exitCode, done.totals]).toMatchObject([0, {copied: 4, failed: 0}]);
  expect(eventsOf(done, 'note').map(({problem}) => problem.sentence)).toEqual([
    `2 messages are equal to others in ${name}, and the destination keeps equal mail once.`,
  ]);
  expect(subjects()).toEqual(['m 1', 'm 2']);
  expect((await run()).totals).toMatchObject({copied: 0, alreadyPresent: 4});
});

it('other mail that is answered with the UID of a message that is there is missing', async () => {
  const {run} = await carried([1, 2], () => true);
  const done = await run();
  expect([done.exitCode, done.totals]).toMatchObject([3, {copied: 1, failed: 1}]);
  expect(eventsOf(done, 'message-failed').map(({message}) => message.subject)).toEqual(['m 2']);
});
