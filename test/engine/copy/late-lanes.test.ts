// Connections beside the first one that a server accepts and never answers.
import {expect, it} from 'vitest';
import {job, runEngine} from '../../helpers/engine.ts';
import {stopAfterwards} from '../../helpers/stopped.ts';
import {fallSilent, smallMail, startHostile} from '../../servers/hostile.ts';

const user = 'ann@baya.com';

it.each([
  ['greeted', ''],
  ['let in', 'LOGIN'],
])('are not waited for when all is copied, where they are not %s', async (_, when) => {
  let times = 0;
  const folders = {INBOX: [smallMail(1)], Other: [smallMail(2)]};
  const source = await startHostile(user, folders, ({command}) =>
    command.split(' ')[0] === when && ++times > 1 ? fallSilent : undefined,
  );
  const destination = await startHostile(user, {}, () => undefined);
  stopAfterwards(source, destination);
  const run = await runEngine([job({server: source, user}, {server: destination, user})], {
    // Longer than this test may take.
    limits: {connections: 3, connectMs: 600_000, inactivityMs: 600_000},
  });
  expect(times).toBeGreaterThan(1);
  expect([run.exitCode, run.totals.copied]).toEqual([0, 2]);
});
