// What is made of copies that are not where they were stored, and of a server that does not say whether they are.
import {expect, it, onTestFinished} from 'vitest';
import {emptySnapshot, reduce} from '../../../source/progress/reduce.ts';
import {
  type EngineOptions,
  type EngineRun,
  eventsOf,
  freshState,
  job,
  runEngine,
} from '../../helpers/engine.ts';
import {type Exchanged, type HostileServer, smallMail, startHostile} from '../../servers/hostile.ts';

const user = 'ann@baya.com';
const box = 'Data17012018/Box';
const date = '17-Jul-1996 02:44:25 -0700';

/** Four messages in Box, two in Other. */
async function mailbox() {
  let meddle: (exchanged: Exchanged) => string | undefined = () => undefined;
  const mail = (...numbers: readonly number[]) => numbers.map(number => smallMail(number));
  const from = await startHostile(user, {Box: mail(1, 2, 3, 4), Other: mail(5, 6)}, () => undefined);
  const to = await startHostile(user, {}, exchanged => meddle(exchanged));
  onTestFinished(async () => {
    await Promise.all([from, to].map(server => server.stop()));
  });
  const state = freshState();
  const come = (server: HostileServer, folder: string, number: number) =>
    server.mailbox.find(folder)?.add({bytes: smallMail(number).bytes, flags: [], date});
  return {
    /** One more in the source's Box. */
    grows: (number: number) => come(from, 'Box', number),
    /** One that somebody else puts into the destination's. */
    strangerComes: () => come(to, box, 99),
    goes: (first: number, count: number) => to.mailbox.find(box)?.messages.splice(first, count),
    there: () => to.mailbox.find(box)?.messages.length,
    run: (
      answers: typeof meddle = () => undefined,
      options: EngineOptions = {},
      ...others: readonly string[]
    ) => {
      meddle = answers;
      const jobs = [undefined, ...others].map((destinationFolder, request) =>
        job(
          {server: from, user},
          {server: to, user},
          {
            request,
            ...(destinationFolder === undefined ? {} : {destinationFolder}),
          },
        ),
      );
      return runEngine(jobs, {
        ...options,
        state,
        limits: {connections: 1, settleMs: 250},
      });
    },
  };
}

/** Says so at the `nth` command of this kind, and at those that come after it, so many `times`. */
function refuse(pattern: RegExp, says: string, nth = 1, times = 1) {
  let seen = 0;
  return {
    answers: ({command, tag}: Exchanged) => {
      if (!pattern.test(command)) return undefined;
      seen++;
      return seen >= nth && seen < nth + times ? `${tag} ${says}\r\n` : undefined;
    },
    done: () => seen >= nth + times - 1,
  };
}

const resultsOf = ({rows}: EngineRun) =>
  Object.fromEntries([...Map.groupBy(rows, row => row.result)].map(([result, all]) => [result, all.length]));
const folderProblems = (run: EngineRun) =>
  eventsOf(run, 'folder-state').flatMap(({problem}) => (problem === undefined ? [] : [problem.code]));

const select = /^SELECT "?Data17012018\/Box/;

it.each([
  ['SELECT', '[UNAVAILABLE] Later', 2],
  ['SELECT', 'Not now', 2],
  ['UID SEARCH ALL', '[UNAVAILABLE] Later', 1],
  ['UID SEARCH ALL', 'Request is throttled. Suggested Backoff Time: 100 milliseconds', 1],
])('a %s that is refused (%s) while a folder is looked at deletes nothing', async (command, says, nth) => {
  const {run, strangerComes, goes, there} = await mailbox();
  expect((await run()).totals).toMatchObject({copied: 6});
  strangerComes();
  goes(0, 1);
  const refused = refuse(command === 'SELECT' ? select : new RegExp(`^${command}`), `NO ${says}`, nth);
  const second = await run(refused.answers);
  expect(refused.done()).toBe(true);
  // A refusal without a reason is taken at its word: that run ends there.
  if (says !== 'Not now')
    expect([second.exitCode, second.totals]).toMatchObject([0, {alreadyPresent: 5, skipped: 1}]);
  const third = await run();
  expect([third.exitCode, third.totals]).toMatchObject([0, {copied: 0, alreadyPresent: 5, skipped: 1}]);
  expect(there()).toBe(4);
});

/** Calls `then` when Box has taken its mail. */
function afterAppend(then: () => void) {
  let taken = false;
  return ({command}: Exchanged) => {
    if (!taken && /^APPEND "?Data17012018\/Box/.test(command)) {
      taken = true;
      then();
    }
    return taken;
  };
}

it('nor does one while a folder is verified: it is looked at when the server has waited enough, however often it asks', async () => {
  const {run, strangerComes, goes} = await mailbox();
  const taken = afterAppend(() => {
    strangerComes();
    goes(0, 1);
  });
  const refused = refuse(
    /^UID SEARCH ALL/,
    'NO Request is throttled. Suggested Backoff Time: 20 milliseconds',
    1,
    4,
  );
  const first = await run(exchanged => (taken(exchanged) ? refused.answers(exchanged) : undefined));
  expect(refused.done()).toBe(true);
  expect([first.exitCode, first.totals]).toMatchObject([3, {copied: 5, failed: 1}]);
  expect((await run()).totals).toMatchObject({copied: 1, alreadyPresent: 5});
});

it.each(['[UNAVAILABLE] Later', 'Not for you'])(
  'a folder that can never be verified (%s) fails by name, and no other with it',
  async says => {
    const {run, strangerComes, goes} = await mailbox();
    const taken = afterAppend(() => {
      strangerComes();
      goes(0, 1);
    });
    const first = await run(
      exchanged =>
        taken(exchanged) && /^UID SEARCH ALL/.test(exchanged.command)
          ? `${exchanged.tag} NO ${says}\r\n`
          : undefined,
      {ports: {sleep: async () => undefined}},
    );
    expect([first.exitCode, first.totals, folderProblems(first)]).toMatchObject([
      3,
      {copied: 6, failed: 0},
      ['folder-unverified'],
    ]);
    expect(eventsOf(first, 'request-state').at(-1)).toMatchObject({state: 'Failed'});
    const second = await run();
    expect([second.exitCode, second.totals]).toMatchObject([0, {copied: 1, alreadyPresent: 5}]);
  },
);

it('copies of an earlier run that go while a later one is at work are deleted in all its numbers', async () => {
  const {run, grows, goes} = await mailbox();
  await run();
  grows(7);
  const gone = afterAppend(() => goes(0, 2));
  const second = await run(exchanged => {
    gone(exchanged);
    return undefined;
  });
  expect([second.exitCode, second.totals]).toMatchObject([
    0,
    {selected: 7, copied: 1, alreadyPresent: 4, skipped: 2},
  ]);
  expect(resultsOf(second)).toMatchObject({copied: 1, 'already present': 4, skipped: 2});
  const shown = second.events
    .reduce(reduce, emptySnapshot)
    .requests[0]?.folders.find(({source}) => source === 'Box');
  expect(shown?.counts).toMatchObject({selected: 5, copied: 1, alreadyPresent: 2, skipped: 2});
  expect([shown?.deleted, shown?.doneBytes]).toEqual([2, shown?.selectedBytes]);
  expect((await run()).totals).toMatchObject({copied: 0, alreadyPresent: 5, skipped: 2});
});

it('copies of this run that go in its second attempt are missed where they were counted', async () => {
  const {run, goes} = await mailbox();
  let attempts = 0;
  const first = afterAppend(() => goes(3, 1));
  const second = afterAppend(() => goes(0, 2));
  const got = await run(
    exchanged => {
      (attempts === 0 ? first : second)(exchanged);
      return undefined;
    },
    {
      mailboxes: 1,
      on: (event, handle) => {
        if (event.type === 'run-started') handle.pause(1);
        if (event.type !== 'request-finished' || event.request !== 0) return;
        attempts++;
        setImmediate(() => (attempts === 1 ? handle.retryFailed(0) : handle.resume(1)));
      },
    },
    'Elsewhere',
  );
  const counts = eventsOf(got, 'request-finished').flatMap(({request, counts}) =>
    request === 0 ? [counts] : [],
  );
  expect(counts).toMatchObject([
    {copied: 5, alreadyPresent: 0, failed: 1},
    {copied: 4, alreadyPresent: 0, failed: 2},
  ]);
});
