// A source whose answers name fewer messages than it says it holds: what they leave out has neither gone nor arrived.
import {expect, it, onTestFinished} from 'vitest';
import {eventsOf, freshState, job, runEngine} from '../../helpers/engine.ts';
import {type Exchanged, type Lie, smallMail, startHostile} from '../../servers/hostile.ts';

const user = 'ann@baya.com';
const box = 'Data17012018/Box';
type Says = (exchanged: Exchanged) => Lie;
type Asked = {readonly dryRun?: boolean; readonly since?: string};

/** So many messages in Box. What the source says instead is given to each run. */
async function mailbox(messages = 4) {
  let lie: Says = () => undefined;
  const numbers = Array.from({length: messages}, (_, index) => index + 1);
  const from = await startHostile(user, {Box: numbers.map(number => smallMail(number))}, each => lie(each));
  const to = await startHostile(user, {}, () => undefined);
  onTestFinished(async () => {
    await Promise.all([from, to].map(server => server.stop()));
  });
  const state = freshState();
  const source = () => from.mailbox.find('Box');
  return {
    from,
    goes: (number: number) => source()?.messages.splice(number - 1, 1),
    comes: (number: number) =>
      source()?.add({bytes: smallMail(number).bytes, flags: [], date: '17-Jul-1996 02:44:25 -0700'}),
    there: () => to.mailbox.find(box)?.messages ?? [],
    run: async (says: Says = () => undefined, {since, dryRun = false}: Asked = {}) => {
      lie = says;
      const done = await runEngine([job({server: from, user}, {server: to, user}, {since})], {
        limits: {connections: 1, settleMs: 0},
        ports: {sleep: async () => undefined},
        state,
        dryRun,
      });
      const why = eventsOf(done, 'folder-state').flatMap(({problem}) => problem?.code ?? []);
      const notes = eventsOf(done, 'note').map(({problem}) => problem.code);
      const named = eventsOf(done, 'message-failed').map(({problem}) => problem.code);
      return {...done.totals, code: done.exitCode, why, notes, named};
    },
  };
}

/** The second message is in no answer but the count. */
const hidesSecond = ({command, reply}: Exchanged) =>
  command.startsWith('UID SEARCH')
    ? reply.replace(/^(\* SEARCH.*) 2\b/m, '$1')
    : command.startsWith('UID FETCH 1:*')
      ? reply.replace(/^\* 2 FETCH .*\r\n/m, '')
      : undefined;
/** It is in a search of all there is. */
const hidesOnce = (exchanged: Exchanged) =>
  exchanged.command.startsWith('UID SEARCH ALL') ? undefined : hidesSecond(exchanged);
/** It is in the list of sizes only from the second time on. */
function listsLate(): Says {
  let listed = 0;
  return exchanged =>
    exchanged.command.startsWith('UID FETCH 1:*') && ++listed > 1 ? undefined : hidesSecond(exchanged);
}

it('what the source names is copied, and the folder fails until it names all that it holds', async () => {
  const {run, there} = await mailbox();
  expect(await run(hidesSecond)).toMatchObject({code: 3, copied: 3, failed: 0, why: ['folder-incomplete']});
  expect(await run(hidesSecond)).toMatchObject({code: 3, copied: 0, why: ['folder-incomplete']});
  expect(await run()).toMatchObject({code: 0, copied: 1, alreadyPresent: 3, why: []});
  expect(there()).toHaveLength(4);
});

it.each([
  ['goes', false],
  ['goes and another one comes', true],
])(
  'nor does that count as all of it once a message %s, so that as many are there as were named',
  async (_, more) => {
    const {run, goes, comes, there} = await mailbox();
    await run(hidesSecond);
    goes(3);
    if (more) comes(5);
    expect(await run(hidesSecond)).toMatchObject({code: 3, why: ['folder-incomplete']});
    expect(await run()).toMatchObject({code: 0, copied: 1});
    expect(there()).toHaveLength(more ? 5 : 4);
  },
);

it('a message that comes while it is counted makes up for none that is hidden', async () => {
  const {run, comes} = await mailbox();
  let came = false;
  const first = await run(exchanged => {
    const {command, reply} = exchanged;
    if (came || !command.startsWith('UID SEARCH ALL')) return hidesSecond(exchanged);
    came = true;
    comes(5);
    return reply.replace(/^\* SEARCH.*/m, '* SEARCH 1 3 4 5');
  });
  expect(first).toMatchObject({code: 3, why: ['folder-incomplete']});
  expect(await run()).toMatchObject({code: 0, copied: 1});
});

it('a dry run says so', async () => {
  const {run} = await mailbox();
  expect(await run(hidesSecond, {dryRun: true})).toMatchObject({notes: ['folder-incomplete']});
});

it('what a search leaves out is taken from the list of sizes', async () => {
  const {run, there} = await mailbox();
  expect(await run(listsLate())).toMatchObject({code: 0, copied: 4, why: []});
  expect(there()).toHaveLength(4);
});

it('but not where the search is to tell what is asked for', async () => {
  const {run, there} = await mailbox();
  const since = '1990-01-01';
  expect(await run(listsLate(), {since})).toMatchObject({code: 3, copied: 3, why: ['folder-incomplete']});
  expect(await run(undefined, {since})).toMatchObject({code: 0, copied: 1});
  expect(there()).toHaveLength(4);
});

it('and is asked once more what it is to tell', async () => {
  const {run, there} = await mailbox();
  let asked = 0;
  const first = await run(
    each => (/SEARCH .*SINCE/.test(each.command) && ++asked > 1 ? undefined : hidesOnce(each)),
    {since: '1990-01-01'},
  );
  expect(first).toMatchObject({code: 0, copied: 4});
  expect(there()).toHaveLength(4);
});

const sendsNoSecond = ({command, tag}: Exchanged) =>
  /^UID FETCH (2|1:4) \(.*BODY/.test(command) ? `${tag} OK Done\r\n` : undefined;

it.each([
  ['names it', ({command}: Exchanged) => command === 'UID SEARCH UID 2'],
  ['names too few', ({command}: Exchanged) => command.startsWith('UID SEARCH')],
])('a message that is not sent has not gone for a search without it, where a list %s', async (_, lies) => {
  const {run, there} = await mailbox();
  // Only when it has been missed: it was counted.
  let missed = false;
  const first = await run(exchanged => {
    const nothing = sendsNoSecond(exchanged);
    missed ||= nothing !== undefined && exchanged.command.startsWith('UID FETCH 2 ');
    const unlisted = missed && exchanged.command.startsWith('UID FETCH 1:*');
    return nothing ?? (missed && (lies(exchanged) || unlisted) ? hidesSecond(exchanged) : undefined);
  });
  expect(first).toMatchObject({code: 3, copied: 3, failed: 1, skipped: 0, named: ['message-without-data']});
  expect(await run()).toMatchObject({code: 0, copied: 1});
  expect(there()).toHaveLength(4);
});

it('one list tells of all that have gone together', async () => {
  const {from, run, there} = await mailbox();
  let lists = 0;
  const first = await run(({command, tag}) => {
    if (command.startsWith('UID SEARCH ALL')) lists++;
    if (!/^UID FETCH \S+ \(.*BODY/.test(command)) return undefined;
    const messages = from.mailbox.find('Box')?.messages ?? [];
    if (messages.length < 4) return undefined;
    messages.splice(1, 2);
    return `${tag} OK Done\r\n`;
  });
  expect(first).toMatchObject({code: 0, skipped: 2});
  expect([lists, there().length]).toEqual([1, 2]);
});

it('a message that comes meanwhile makes up for none that is missed', async () => {
  const {run, comes} = await mailbox();
  let missed = false;
  let came = false;
  const first = await run(exchanged => {
    const nothing = sendsNoSecond(exchanged);
    missed ||= nothing !== undefined && exchanged.command.startsWith('UID FETCH 2 ');
    if (nothing !== undefined || !missed) return nothing;
    if (came || !exchanged.command.startsWith('UID SEARCH ALL')) return hidesSecond(exchanged);
    came = true;
    comes(5);
    return exchanged.reply.replace(/^\* SEARCH.*/m, '* SEARCH 1 3 4 5');
  });
  expect(first).toMatchObject({code: 3, failed: 1, skipped: 0, named: ['message-without-data']});
});

it('nor is a list that is in part asked for again with each message', async () => {
  const {run} = await mailbox(20);
  let lists = 0;
  let missed = false;
  const first = await run(({command, tag}) => {
    missed ||= /^UID FETCH \S+ \(.*BODY/.test(command);
    if (!missed || !/^UID (FETCH|SEARCH)/.test(command)) return undefined;
    if (command.startsWith('UID SEARCH ALL')) lists++;
    return `${tag} OK Done\r\n`;
  });
  expect(first).toMatchObject({code: 3, failed: 20});
  expect(lists).toBe(3);
});

it.each([['EXAMINE'], ['UID SEARCH UID 2']])(
  'a source that does not send a message, and refuses %s for now whenever it is missed, is given up',
  async refused => {
    const {run} = await mailbox();
    let missed = false;
    const says: Says = exchanged => {
      const {command, tag} = exchanged;
      if (command === '') missed = false;
      if (/^UID FETCH \S+ \(.*BODY/.test(command)) {
        missed = true;
        return /^UID FETCH [1-4:,]*[12]/.test(command) ? `${tag} OK Done\r\n` : undefined;
      }
      if (!missed) return undefined;
      return command.startsWith(refused) ? `${tag} NO [UNAVAILABLE] Not now\r\n` : hidesSecond(exchanged);
    };
    expect(await run(says)).toMatchObject({code: 3});
  },
);

it('nor is one asked without end that sends empty mail, and refuses what is asked of it then', async () => {
  const {run} = await mailbox();
  const empty = [1, 2, 3, 4]
    .map(
      uid => `* ${uid} FETCH (UID ${uid} FLAGS () INTERNALDATE "17-Jul-1996 02:44:25 -0700" BODY[] "")\r\n`,
    )
    .join('');
  const says: Says = ({command, tag}) => {
    if (/^UID FETCH \S+ \(.*BODY/.test(command)) return `${empty}${tag} OK Done\r\n`;
    return command.startsWith('UID SEARCH UID') ? `${tag} NO [UNAVAILABLE] Not now\r\n` : undefined;
  };
  expect(await run(says)).toMatchObject({code: 3, copied: 0});
});

const knowsNoNext = ({command, reply}: Exchanged) =>
  command.startsWith('EXAMINE') ? reply.replace(/UIDNEXT \d+/, 'UIDNEXT 2') : undefined;

it('a source that does not know which UID comes next is believed where it names all', async () => {
  const {run} = await mailbox();
  expect(await run(knowsNoNext)).toMatchObject({code: 0, copied: 4, why: []});
});

it('and where it names all but what has gone', async () => {
  const {run, goes} = await mailbox();
  let gone = false;
  const first = await run(exchanged => {
    if (gone || !/^UID FETCH \S+ \(.*BODY/.test(exchanged.command)) return knowsNoNext(exchanged);
    gone = true;
    goes(2);
    return `${exchanged.tag} OK Done\r\n`;
  });
  expect(first).toMatchObject({code: 0, copied: 3, skipped: 1, failed: 0});
});
