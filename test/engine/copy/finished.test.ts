// What is written down of a folder that is done: the next run asks for nothing in it, so nothing may be left in it to do.
import {expect, it, onTestFinished} from 'vitest';
import {type EngineOptions, eventsOf, freshState, job, runEngine} from '../../helpers/engine.ts';
import {type Hostility, smallMail, startHostile} from '../../servers/hostile.ts';

const user = 'ann@baya.com';
const name = 'Data17012018/INBOX';
const honest: Hostility = () => undefined;

async function mailbox(source: Hostility, destination: Hostility = honest, since?: string) {
  const from = await startHostile(user, {INBOX: [1, 2, 3].map(number => smallMail(number))}, source);
  const to = await startHostile(user, {}, destination);
  onTestFinished(async () => {
    await Promise.all([from, to].map(server => server.stop()));
  });
  const state = freshState();
  return {
    from,
    to,
    run: (options: EngineOptions = {}) =>
      runEngine([job({server: from, user}, {server: to, user}, since === undefined ? {} : {since})], {
        ...options,
        limits: {connections: 1},
        state,
      }),
    arrived: () =>
      to.mailbox.find(name)?.messages.map(({bytes}) => /Subject: (.*)\r/.exec(bytes.toString())?.[1]),
  };
}

it('a folder is not done where a message was said to be gone: it comes with the next run', async () => {
  let hidden = true;
  let missed = false;
  const {run, arrived} = await mailbox(({command, reply}) => {
    if (!hidden) return undefined;
    if (command.includes('BODY.PEEK[]')) {
      missed = true;
      return reply
        .split(/(?=^\* \d+ FETCH |^\w+ OK\b)/m)
        .filter(part => !part.includes('Subject: m 2\r'))
        .join('');
    }
    return missed
      ? reply.replace(/^\* 3 EXISTS/m, '* 2 EXISTS').replace(/^(\* SEARCH.*) 2\b/m, '$1')
      : undefined;
  });
  expect((await run()).totals).toMatchObject({selected: 3, copied: 2, skipped: 1, failed: 0});
  hidden = false;
  expect((await run()).totals).toMatchObject({selected: 3, copied: 1, alreadyPresent: 2});
  expect(arrived()).toEqual(['m 1', 'm 3', 'm 2']);
});

it('nor where a copy was deleted while it was copied: the next run counts anew', async () => {
  let deleted = false;
  const {from, to, run, arrived} = await mailbox(honest, ({command, reply}) => {
    if (!deleted && / m 4\b/.test(arrived()?.join(' ') ?? '') && command.startsWith('APPEND')) {
      deleted = true;
      to.mailbox.find(name)?.messages.splice(0, 1);
    }
    return reply;
  });
  await run();
  from.mailbox.find('INBOX')?.add({bytes: smallMail(4).bytes, flags: [], date: '17-Jul-1996 02:44:25 -0700'});
  expect([(await run()).totals.copied, deleted]).toEqual([1, true]);
  const last = await run();
  expect(last.totals).toMatchObject({selected: 4, alreadyPresent: 3, skipped: 1});
  const [counted] = eventsOf(last, 'folder-counted');
  expect(counted?.alreadyPresentBytes).toBe(((counted?.selectedBytes ?? 0) / 4) * 3);
});

it('mail that comes while a folder is counted is the next run’s, and comes once', async () => {
  let came = false;
  const {from, run, arrived} = await mailbox(
    ({command, reply}) => {
      if (came || !command.startsWith('UID SEARCH SINCE')) return undefined;
      came = true;
      from.mailbox
        .find('INBOX')
        ?.add({bytes: smallMail(4).bytes, flags: [], date: '17-Jul-1996 02:44:25 -0700'});
      return reply.replace(/^\* SEARCH .*$/m, '* SEARCH 1 2 3 4');
    },
    honest,
    '1990-01-01',
  );
  expect([(await run()).totals.copied, came]).toEqual([3, true]);
  expect((await run()).totals).toMatchObject({selected: 4, copied: 1, alreadyPresent: 3});
  expect(arrived()).toEqual(['m 1', 'm 2', 'm 3', 'm 4']);
});

it('a message that is gone is missed also where somebody else has brought another meanwhile', async () => {
  let swapped = false;
  const {to, run, arrived} = await mailbox(honest, ({command, reply}) => {
    const folder = to.mailbox.find(name);
    if (swapped || !command.startsWith('STATUS') || folder?.messages.length !== 3) return reply;
    swapped = true;
    folder.messages.splice(1, 1);
    folder.add({bytes: smallMail(9).bytes, flags: [], date: '17-Jul-1996 02:44:25 -0700'});
    return reply.replace(/UIDNEXT \d+/, `UIDNEXT ${folder.uidNext}`);
  });
  const done = await run();
  expect([swapped, done.exitCode, done.totals]).toMatchObject([true, 3, {copied: 2, failed: 1}]);
  expect(eventsOf(done, 'message-failed').map(({message}) => message.subject)).toEqual(['m 2']);
  expect(arrived()).toEqual(['m 1', 'm 3', 'm 9']);
  expect((await run()).totals).toMatchObject({copied: 1, alreadyPresent: 2});
});

it('a run that is stopped before the destination was asked whether it holds what it took has not carried it out', async () => {
  let loses = true;
  const {to, run, arrived} = await mailbox(honest, ({command}) => {
    if (loses && command.startsWith('APPEND')) to.mailbox.find(name)?.messages.splice(0);
    return undefined;
  });
  const first = await run({
    on: (event, handle) => {
      if (event.type === 'messages-copied') handle.stop();
    },
  });
  expect([first.exitCode, arrived()]).toEqual([130, []]);
  expect(eventsOf(first, 'request-state').at(-1)?.state).toBe('Stopped');
  expect(eventsOf(first, 'folder-state').at(-1)?.state).toBe('stopped');
  // Nobody has seen them there, so nobody can have deleted them.
  loses = false;
  expect((await run()).totals).toMatchObject({copied: 3, alreadyPresent: 0, skipped: 0});
  expect(arrived()).toEqual(['m 1', 'm 2', 'm 3']);
});
