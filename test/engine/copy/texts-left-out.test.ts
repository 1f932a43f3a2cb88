// Messages that only their text tells apart, where an end does not give one while they are compared, and gives it later:
// what was not compared would be sent beside its copy.
import {expect, it} from 'vitest';
import {eventsOf, freshState, job, runEngine} from '../../helpers/engine.ts';
import {stopAfterwards} from '../../helpers/stopped.ts';
import {type Exchanged, type Hostility, hangUp, smallMail, startHostile} from '../../servers/hostile.ts';

const user = 'ann@baya.com';
const name = 'Data17012018/INBOX';
/** Two under one Message-ID, and one more. */
const all = [
  smallMail(1),
  {bytes: Buffer.from(smallMail(1).bytes.toString().replace('body 1', 'body 9'))},
  smallMail(3),
];

/** The answer without the text of the two, where a part of it is asked for as it is to be compared. */
const without =
  (says: string): Hostility =>
  ({command, tag}: Exchanged) =>
    /^UID FETCH [12] .*BODY\.PEEK\[\]<0\./.test(command) ? `${tag} ${says}\r\n` : undefined;

/** `at` is changed between runs. */
async function mailbox(copied: boolean, more: Hostility = () => undefined) {
  const leaves: {at?: 'source' | 'destination'; says: string} = {says: 'OK Done'};
  const at =
    (end: 'source' | 'destination'): Hostility =>
    exchanged =>
      (end === 'destination' ? more(exchanged) : undefined) ??
      (leaves.at === end ? without(leaves.says)(exchanged) : undefined);
  const source = await startHostile(user, {INBOX: all}, at('source'));
  const there = copied ? {Data17012018: [], [name]: all} : {};
  const destination = await startHostile(user, there, at('destination'));
  stopAfterwards(source, destination);
  const state = freshState();
  const run = async () => {
    const done = await runEngine([job({server: source, user}, {server: destination, user})], {
      limits: {connections: 1, settleMs: 0},
      ports: {sleep: async () => undefined},
      state,
    });
    const named = eventsOf(done, 'message-failed').map(({problem}) => problem.code);
    return {
      code: done.exitCode,
      ...done.totals,
      named,
      others: done.rows.filter(({result}) => result === 'other').length,
      arrived: destination.mailbox.find(name)?.messages.length,
    };
  };
  return {leaves, run};
}

const notCompared = ['message-not-compared', 'message-not-compared'];
const present = {code: 0, copied: 0, failed: 0, alreadyPresent: 3, arrived: 3, others: 0};

const both = [
  ['source', 'says OK without it', 'OK Done'],
  ['source', 'refuses it', 'NO Failed'],
  ['destination', 'says OK without it', 'OK Done'],
  ['destination', 'refuses it', 'NO Failed'],
] as const;

it.each(both)(
  'what the %s is asked for to compare, and %s, is named until it is given, and not sent',
  async (at, _, says) => {
    const {leaves, run} = await mailbox(true);
    Object.assign(leaves, {at, says});
    for (let times = 0; times < 2; times++)
      expect(await run()).toMatchObject({code: 3, copied: 0, named: notCompared, arrived: 3});
    delete leaves.at;
    expect(await run()).toMatchObject(present);
  },
);

it.each(both)('nor is what was sent without an answer, where the %s %s', async (at, _, says) => {
  let sent = 0;
  const {leaves, run} = await mailbox(false, ({command}) =>
    command.startsWith('APPEND') && ++sent === 1 ? hangUp : undefined,
  );
  Object.assign(leaves, {at, says});
  const first = await run();
  expect(first).toMatchObject({code: 3, arrived: 3});
  expect(first.named).toContain('message-not-compared');
  delete leaves.at;
  expect(await run()).toMatchObject({code: 0, failed: 0, arrived: 3, others: 0});
});

it.each(both)('nor is what was refused and may be there, where the %s %s', async (at, _, says) => {
  let sent = 0;
  const {leaves, run} = await mailbox(false, ({command, tag}) =>
    command.startsWith('APPEND') && ++sent <= 2 ? `${tag} NO Failed\r\n` : undefined,
  );
  Object.assign(leaves, {at, says});
  for (let times = 0; times < 2; times++) expect(await run()).toMatchObject({code: 3, arrived: 3});
  delete leaves.at;
  expect(await run()).toMatchObject({code: 0, failed: 0, arrived: 3, others: 0});
});
