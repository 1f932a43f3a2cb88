// Answers that say OK and leave headers out, at either end: what is not looked at would be sent again.
import {expect, it} from 'vitest';
import {eventsOf, freshState, job, runEngine} from '../../helpers/engine.ts';
import {stopAfterwards} from '../../helpers/stopped.ts';
import {type Exchanged, type Hostility, hangUp, smallMail, startHostile} from '../../servers/hostile.ts';

const user = 'ann@baya.com';
const name = 'Data17012018/INBOX';
const numbers = [1, 2, 3, 4, 5];

/** Which of the headers that are asked for are answered; by UID, in order. */
type Answered = (uids: readonly number[]) => readonly number[];

const all: Answered = uids => uids;
const notTogether: Answered = uids => (uids.length > 1 ? uids.filter(uid => uid !== 2) : uids);
const never: Answered = uids => uids.filter(uid => uid !== 2);
const brokenOff: Answered = uids => uids.slice(0, 2);

/** What is left of an answer with headers; undefined for any other. */
function leaveOut({command, reply}: Exchanged, answered: Answered): string | undefined {
  if (!/^UID FETCH \S+ \(UID FLAGS INTERNALDATE RFC822\.SIZE BODY\.PEEK\[HEADER/.test(command))
    return undefined;
  const parts = reply.split(/(?=^(?:\* \d+ FETCH |F\d+ OK\b))/m);
  const uidOf = (part: string) => Number(/^\* \d+ FETCH \(UID (\d+) /.exec(part)?.[1] ?? 0);
  const kept = new Set([0, ...answered(parts.map(uidOf).filter(uid => uid > 0))]);
  return parts.filter(part => kept.has(uidOf(part))).join('');
}

/** Five messages, and their copies where they are there already. `says` is changed between runs. */
async function mailbox(options: {copied?: boolean; more?: Hostility; source?: Hostility} = {}) {
  const {copied = false, more} = options;
  const says = {source: all, destination: all};
  const messages = numbers.map(number => smallMail(number));
  const source = await startHostile(
    user,
    {INBOX: messages},
    each => options.source?.(each) ?? leaveOut(each, says.source),
  );
  const there = copied ? {Data17012018: [], [name]: messages} : {};
  const destination = await startHostile(
    user,
    there,
    each => more?.(each) ?? leaveOut(each, says.destination),
  );
  stopAfterwards(source, destination);
  const state = freshState();
  const run = async () => {
    const done = await runEngine([job({server: source, user}, {server: destination, user})], {
      limits: {connections: 1, settleMs: 0},
      ports: {sleep: async () => undefined},
      state,
    });
    const {copied: sent, alreadyPresent, failed} = done.totals;
    const arrived = destination.mailbox.find(name)?.messages.length;
    return {done, told: {code: done.exitCode, sent, alreadyPresent, failed, arrived}};
  };
  return {says, run};
}

const present = {code: 0, sent: 0, alreadyPresent: 5, failed: 0, arrived: 5};

it.each([
  ['one of them at the destination', 'destination', notTogether],
  ['one of them at the source', 'source', notTogether],
  ['all behind the second at the destination', 'destination', brokenOff],
  ['all behind the second at the source', 'source', brokenOff],
] as const)('%s: they are asked for again, and nothing is sent twice', async (_, end, answered) => {
  const {says, run} = await mailbox({copied: true});
  says[end] = answered;
  expect((await run()).told).toEqual(present);
});

it('one of those whose answer was lost: it is asked for again, and not sent twice', async () => {
  let lost = false;
  const {says, run} = await mailbox({
    more: ({command}) => {
      if (lost || !command.startsWith('APPEND')) return undefined;
      lost = true;
      return hangUp;
    },
  });
  says.destination = notTogether;
  expect((await run()).told).toEqual({...present, sent: 5, alreadyPresent: 0});
  expect(lost).toBe(true);
});

it.each([
  ['nothing is remembered', false],
  ['its answer was lost', true],
])(
  'where the destination does not show one at all and %s, the folder fails until it does, and nothing is sent twice',
  async (_, losing) => {
    let lost = !losing;
    const {says, run} = await mailbox({
      copied: !losing,
      more: ({command}) => {
        if (lost || !command.startsWith('APPEND')) return undefined;
        lost = true;
        return hangUp;
      },
    });
    says.destination = never;
    for (let times = 0; times < 2; times++) {
      const {done, told} = await run();
      expect(told).toMatchObject({code: 3, sent: 0, arrived: 5});
      expect(told.failed + told.alreadyPresent).toBe(5);
      expect(eventsOf(done, 'folder-state').findLast(({state}) => state === 'failed')?.problem?.code).toBe(
        'headers-left-out',
      );
    }
    says.destination = all;
    expect((await run()).told).toEqual(present);
  },
);

it('where the source does not show one at all, it is named until it does, and nothing is sent twice', async () => {
  const {says, run} = await mailbox({copied: true});
  says.source = never;
  for (let times = 0; times < 2; times++) {
    const {done, told} = await run();
    expect(told).toEqual({...present, code: 3, alreadyPresent: 4, failed: 1});
    expect(eventsOf(done, 'message-failed').map(({message, problem}) => [message.uid, problem.code])).toEqual(
      [[2, 'message-not-compared']],
    );
  }
  says.source = all;
  const {done, told} = await run();
  expect(told).toEqual(present);
  expect(done.rows.filter(({result}) => result === 'other')).toEqual([]);
});

it('what was refused and may be what is not shown is not sent by the next run', async () => {
  let sent = 0;
  const {says, run} = await mailbox({
    more: ({tag, command}) =>
      command.startsWith('APPEND') && ++sent === 2 ? `${tag} NO Failed.\r\n` : undefined,
  });
  says.destination = never;
  expect((await run()).told).toMatchObject({arrived: 5});
  expect((await run()).told).toMatchObject({code: 3, sent: 0, arrived: 5});
  says.destination = all;
  expect((await run()).told).toMatchObject({code: 0, sent: 0, arrived: 5});
});

/** Says of the second message that what is asked for of it is empty, also of all of it where that is `whole`. */
const empties =
  (whole: boolean): Hostility =>
  ({command, reply}) => {
    if (!/^UID FETCH .*BODY\.PEEK\[/.test(command)) return undefined;
    if (!whole && !command.includes('[HEADER')) return undefined;
    return reply.replace(/(\* \d+ FETCH \(UID 2 [^{]*)\{(\d+)\}\r\n([\s\S]*)/, (_, before, size, rest) =>
      [before, '{0}\r\n', String(rest).slice(Number(size))].join(''),
    );
  };

it.each(['source', 'destination'] as const)(
  'a header that the %s says is empty is read from the message, and nothing is sent twice',
  async end => {
    const {run} = await mailbox({copied: true, [end === 'source' ? end : 'more']: empties(false)});
    expect((await run()).told).toEqual(present);
  },
);

it('where all of a message is said to be empty that is not, the folder fails, and nothing is sent twice', async () => {
  const {run} = await mailbox({copied: true, more: empties(true)});
  expect((await run()).told).toMatchObject({code: 3, sent: 0, arrived: 5});
});
