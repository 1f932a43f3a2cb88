// A run that asks for mail by its date: what comes while a folder is counted is the next run's, and comes once.
import {expect, it, onTestFinished} from 'vitest';
import {freshState, job, runEngine} from '../../helpers/engine.ts';
import {type Exchanged, type Lie, smallMail, startHostile} from '../../servers/hostile.ts';

const user = 'ann@baya.com';
const date = '17-Jul-1996 02:44:25 -0700';
type Says = (exchanged: Exchanged) => Lie;

/** Four messages in Box, all of them asked for. What the source says instead is given to each run. */
async function mailbox() {
  let lie: Says = () => undefined;
  const from = await startHostile(user, {Box: [1, 2, 3, 4].map(number => smallMail(number))}, each =>
    lie(each),
  );
  const to = await startHostile(user, {}, () => undefined);
  onTestFinished(async () => {
    await Promise.all([from, to].map(server => server.stop()));
  });
  const state = freshState();
  return {
    comes: (number: number) =>
      from.mailbox.find('Box')?.add({bytes: smallMail(number).bytes, flags: [], date}),
    there: () => to.mailbox.find('Data17012018/Box')?.messages ?? [],
    run: async (says: Says = () => undefined) => {
      lie = says;
      const {exitCode} = await runEngine(
        [job({server: from, user}, {server: to, user}, {since: '1990-01-01'})],
        {
          limits: {connections: 1, settleMs: 0},
          state,
        },
      );
      return exitCode;
    },
  };
}

it('between the search of all and that by dates, where the sizes were told in part', async () => {
  const {run, comes, there} = await mailbox();
  let all = false;
  let came = false;
  const first = await run(({command, reply}) => {
    if (command.startsWith('UID FETCH 1:*')) return reply.replace(/^\* 2 FETCH .*\r\n/m, '');
    all ||= command.startsWith('UID SEARCH ALL');
    if (came || !all || !/SEARCH .*SINCE/.test(command)) return undefined;
    came = true;
    comes(5);
    return reply.replace(/^\* SEARCH.*/m, '* SEARCH 1 2 3 4 5');
  });
  expect([first, came, await run(), there().length]).toEqual([0, true, 0, 5]);
});

it('between the sizes and the search, in a folder that has grown', async () => {
  const {run, comes, there} = await mailbox();
  await run();
  comes(5);
  let came = false;
  const second = await run(({command, tag}) => {
    if (came || !/SEARCH .*UID 5:\*/.test(command)) return undefined;
    came = true;
    comes(6);
    return `* SEARCH 5 6\r\n${tag} OK Done\r\n`;
  });
  expect([second, came, await run(), there().length]).toEqual([0, true, 0, 6]);
});
