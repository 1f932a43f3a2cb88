// A destination whose answers name fewer messages than it says it holds: what they leave out is neither gone nor missing.
import {expect, it, onTestFinished} from 'vitest';
import {eventsOf, freshState, job, runEngine} from '../../helpers/engine.ts';
import {type Exchanged, hangUp, type Lie, smallMail, startHostile} from '../../servers/hostile.ts';

const user = 'ann@baya.com';
const box = 'Data17012018/Box';

/** Four messages in Box. What the destination says instead is given to each run. */
async function mailbox() {
  let lie: (exchanged: Exchanged) => Lie = () => undefined;
  const numbers = [1, 2, 3, 4];
  const from = await startHostile(user, {Box: numbers.map(number => smallMail(number))}, () => undefined);
  const to = await startHostile(user, {}, exchanged => lie(exchanged));
  onTestFinished(async () => {
    await Promise.all([from, to].map(server => server.stop()));
  });
  const state = freshState();
  const there = () => to.mailbox.find(box)?.messages ?? [];
  return {
    there,
    strangerComes: () =>
      to.mailbox.find(box)?.add({bytes: smallMail(99).bytes, flags: [], date: '17-Jul-1996 02:44:25 -0700'}),
    goes: (count: number) => to.mailbox.find(box)?.messages.splice(0, count),
    run: async (says: typeof lie = () => undefined) => {
      lie = says;
      const done = await runEngine([job({server: from, user}, {server: to, user})], {
        limits: {connections: 1, settleMs: 0},
        ports: {sleep: async () => undefined},
        state,
      });
      const why = eventsOf(done, 'folder-state').flatMap(({problem}) => problem?.code ?? []);
      return {...done.totals, code: done.exitCode, why};
    },
  };
}

const nothingFound = ({command, tag}: Exchanged) =>
  command.startsWith('UID SEARCH') ? `* SEARCH\r\n${tag} OK Done\r\n` : undefined;
const extended = ({command, tag}: Exchanged) =>
  command.startsWith('UID SEARCH') ? `* ESEARCH (TAG "${tag}") UID\r\n${tag} OK Done\r\n` : undefined;
const oneLess = ({command, reply}: Exchanged) =>
  command.startsWith('UID SEARCH') ? reply.replace(/^(\* SEARCH) \d+/m, '$1') : undefined;
/** Nor does it list any. */
const nothingAtAll = (exchanged: Exchanged) =>
  exchanged.command.startsWith('UID FETCH 1:*') ? `${exchanged.tag} OK Done\r\n` : nothingFound(exchanged);

it.each([
  ['nothing', nothingFound],
  ['an answer of IMAP4rev2 without a list', extended],
  ['one message less', oneLess],
])('a search that names %s where a folder is looked at deletes no copy', async (_, says) => {
  const {run, strangerComes, there} = await mailbox();
  expect(await run()).toMatchObject({copied: 4});
  strangerComes();
  expect(await run(says)).toMatchObject({code: 0, copied: 0, alreadyPresent: 4, skipped: 0});
  expect(there()).toHaveLength(5);
});

const knowsNoNext = ({command, reply}: Exchanged) =>
  /^(SELECT|EXAMINE)/.test(command) ? reply.replace(/UIDNEXT \d+/, 'UIDNEXT 2') : undefined;

it.each([
  ['a stranger has brought mail', false],
  ['an answer was lost', true],
])(
  'a destination that does not know which UID comes next is believed where it names all, when %s',
  async (_, loses) => {
    const {run, there, strangerComes} = await mailbox();
    const lost = losesAnswer();
    expect(await run(each => (loses ? lost(each) : undefined) ?? knowsNoNext(each))).toMatchObject({
      code: 0,
      copied: 4,
    });
    strangerComes();
    expect(await run(knowsNoNext)).toMatchObject({code: 0, copied: 0, alreadyPresent: 4});
    expect(there()).toHaveLength(5);
  },
);

it('nor does one of a folder in which copies were deleted hide which ones', async () => {
  const {run, goes} = await mailbox();
  await run();
  goes(1);
  expect(await run(nothingFound)).toMatchObject({code: 0, alreadyPresent: 3, skipped: 1});
});

it('where no answer names what is there, the folder fails until one does, and no copy counts as deleted', async () => {
  const {run, strangerComes, there} = await mailbox();
  await run();
  strangerComes();
  expect(await run(nothingAtAll)).toMatchObject({code: 3, copied: 0, why: ['folder-incomplete']});
  expect(await run()).toMatchObject({code: 0, copied: 0, alreadyPresent: 4, skipped: 0});
  expect(there()).toHaveLength(5);
});

it('nor do those that are missed when all is stored: the folder is not done', async () => {
  const {run, strangerComes, goes, there} = await mailbox();
  let stored = 0;
  const first = await run(exchanged => {
    if (exchanged.command.startsWith('APPEND') && ++stored === 4) {
      strangerComes();
      goes(1);
    }
    return stored < 4 ? undefined : nothingAtAll(exchanged);
  });
  expect(first).toMatchObject({code: 3, copied: 4, failed: 0, why: ['folder-incomplete']});
  expect(await run()).toMatchObject({code: 0, copied: 1, alreadyPresent: 3});
  expect(there()).toHaveLength(5);
});

/** Stores the first message that it is sent, and hangs up instead of saying so. */
function losesAnswer() {
  let lost = false;
  return ({command}: Exchanged) => {
    if (lost || !command.startsWith('APPEND')) return undefined;
    lost = true;
    return hangUp;
  };
}

it('what was sent without an answer is not sent again because a search names nothing', async () => {
  const {run, there} = await mailbox();
  const loses = losesAnswer();
  expect(await run(exchanged => loses(exchanged) ?? nothingFound(exchanged))).toMatchObject({
    code: 0,
    copied: 4,
  });
  expect(there()).toHaveLength(4);
});

it('nor where no answer names it: the folder fails until one does', async () => {
  const {run, there} = await mailbox();
  const loses = losesAnswer();
  const first = await run(exchanged => loses(exchanged) ?? nothingAtAll(exchanged));
  expect(first).toMatchObject({code: 3, why: ['folder-incomplete']});
  expect(await run()).toMatchObject({code: 0});
  expect(there()).toHaveLength(4);
});

it('a header that is left out is not gone because a search leaves it out too', async () => {
  const {run, there} = await mailbox();
  const loses = losesAnswer();
  const leavesOut = ({command, reply, tag}: Exchanged) => {
    if (/^UID FETCH \S+ \(UID FLAGS INTERNALDATE RFC822\.SIZE BODY/.test(command))
      return `${tag} OK Done\r\n`;
    // That of all that has come names it.
    return /^UID SEARCH UID (?!\d+:\*)/.test(command) ? `* SEARCH\r\n${tag} OK Done\r\n` : reply;
  };
  const first = await run(exchanged => loses(exchanged) ?? leavesOut(exchanged));
  expect(first).toMatchObject({code: 3, why: ['headers-left-out']});
  expect(await run()).toMatchObject({code: 0});
  expect(there()).toHaveLength(4);
});
