// Folders that are not as the server says, and servers that change their mind about it.
import {describe, expect, it, onTestFinished} from 'vitest';
import {eventsOf, freshState, job, runEngine} from '../../helpers/engine.ts';
import {stopAfterwards} from '../../helpers/stopped.ts';
import {type Hostility, smallMail, startHostile} from '../../servers/hostile.ts';

const user = 'ann@baya.com';
const mail = {
  INBOX: [1, 2, 3].map(number => smallMail(number)),
  Notes2: [4, 5].map(number => smallMail(number)),
};
const honest: Hostility = () => undefined;

async function carry(source: Hostility, destination: Hostility = honest, state?: string) {
  const servers = [
    await startHostile(user, mail, source),
    await startHostile(user, {}, destination),
  ] as const;
  onTestFinished(async () => {
    await Promise.all(servers.map(server => server.stop()));
  });
  const [from, to] = servers.map(server => ({server, user}));
  if (from === undefined || to === undefined) throw new Error('no servers');
  const run = await runEngine([job(from, to)], {
    limits: {connections: 1},
    ...(state === undefined ? {} : {state}),
  });
  const arrived = servers[1].mailbox.folders.map(({name, messages}) => [
    name,
    messages.map(({bytes}) => /Subject: (.*)\r/.exec(bytes.toString())?.[1]),
  ]);
  return {run, arrived: Object.fromEntries(arrived)};
}

describe('a folder that does not hold as many messages as it says', () => {
  // Mail that comes in between is enough for it.
  it.each(['4', '2', '99999999999', 'x'])('is counted by looking into it, and no other: %s', async exists => {
    const {run, arrived} = await carry(({command, reply}) =>
      command.startsWith('EXAMINE') ? reply.replace(/\d+ EXISTS/, `${exists} EXISTS`) : undefined,
    );
    expect(run.totals).toMatchObject({selected: 5, copied: 5});
    expect(arrived).toMatchObject({
      'Data17012018/INBOX': ['m 1', 'm 2', 'm 3'],
      'Data17012018/Notes2': ['m 4', 'm 5'],
    });
  });
});

describe('a folder that has another UIDVALIDITY whenever it is opened', () => {
  const changing = (which: RegExp): Hostility => {
    let count = 0;
    return ({command, reply}) =>
      which.test(command) ? reply.replace(/UIDVALIDITY \d+/, `UIDVALIDITY ${++count + 5000}`) : undefined;
  };

  it('fails alone, and is not opened for ever', async () => {
    let opened = 0;
    const change = changing(/^SELECT .*INBOX/);
    const {run, arrived} = await carry(honest, exchanged => {
      if (/^SELECT .*INBOX/.test(exchanged.command)) opened++;
      return change(exchanged);
    });
    expect(opened).toBeLessThan(8);
    const failed = eventsOf(run, 'folder-state').filter(({state}) => state === 'failed');
    expect(failed.map(({folder, problem}) => [folder, problem?.code])).toEqual([[0, 'folder-never-same']]);
    expect(run.totals).toMatchObject({selected: 5, copied: 2, failed: 3});
    expect(arrived).toMatchObject({'Data17012018/Notes2': ['m 4', 'm 5']});
  });

  it('and one that tells none is compared anew each time, and brings nothing twice', async () => {
    const {run} = await carry(({command, reply}) =>
      /^(EXAMINE|LIST)/.test(command) ? reply.replace(/\[?UIDVALIDITY \d+\]?/g, '') : undefined,
    );
    expect(run.totals).toMatchObject({selected: 5, copied: 5});
  });
});

it('messages far larger than announced arrive whole', async () => {
  const large = 6 * 1024 * 1024;
  const servers = [
    await startHostile(
      user,
      {INBOX: [smallMail(1), smallMail(2, `X-Large: ${'x'.repeat(large)}\r\n`)]},
      ({command, reply}) =>
        /RFC822\.SIZE\)$/.test(command) ? reply.replace(/SIZE \d+/g, 'SIZE 100') : undefined,
    ),
    await startHostile(user, {}, honest),
  ] as const;
  onTestFinished(async () => {
    await Promise.all(servers.map(server => server.stop()));
  });
  const run = await runEngine([job({server: servers[0], user}, {server: servers[1], user})]);
  expect(run.totals).toMatchObject({selected: 2, copied: 2});
  const stored = servers[1].mailbox.find('Data17012018/INBOX')?.messages.map(({bytes}) => bytes.length) ?? [];
  expect(stored.toSorted((one, other) => one - other)[1]).toBeGreaterThan(large);
});

it('a message that the server says it has stored, and has not, fails by name, and the next run brings it', async () => {
  const source = await startHostile(user, {INBOX: [1, 2, 3].map(number => smallMail(number))}, honest);
  let dropped = 0;
  const destination = await startHostile(user, {}, ({command, reply}) => {
    const inbox = destination.mailbox.find('Data17012018/INBOX');
    const at = inbox?.messages.findIndex(({bytes}) => bytes.includes('Subject: m 2')) ?? -1;
    if (command.startsWith('APPEND') && at !== -1 && dropped++ === 0) inbox?.messages.splice(at, 1);
    // It names no message that it stores.
    return reply.replaceAll(' UIDPLUS', '').replaceAll(/ ?\[APPENDUID [^\]]*\]/g, '');
  });
  stopAfterwards(source, destination);
  const state = freshState();
  const run = () =>
    runEngine([job({server: source, user}, {server: destination, user})], {limits: {connections: 1}, state});
  const first = await run();
  expect([first.exitCode, first.totals]).toMatchObject([3, {copied: 2, failed: 1}]);
  expect(
    eventsOf(first, 'message-failed').map(({message, problem}) => [message.subject, problem.code]),
  ).toEqual([['m 2', 'not-found-after-append']]);
  const listed = first.rows.filter(({result}) => result === 'failed');
  expect(listed.map(({subject, code}) => [subject, code])).toEqual([['m 2', 'not-found-after-append']]);
  const second = await run();
  expect([second.exitCode, second.totals]).toMatchObject([0, {copied: 1, alreadyPresent: 2}]);
});

it('a folder that is gone when all is stored has lost its mail, and that is said', async () => {
  const source = await startHostile(user, mail, honest);
  let stored = 0;
  let gone = false;
  const destination = await startHostile(user, {}, ({command, tag}) => {
    if (/^APPEND .*Notes2/.test(command)) stored++;
    if (stored < 2 || !/^(STATUS|SELECT) .*Notes2/.test(command)) return undefined;
    if (command.startsWith('STATUS')) gone = true;
    return gone ? `${tag} NO [NONEXISTENT] There is no such folder\r\n` : undefined;
  });
  stopAfterwards(source, destination);
  const run = await runEngine([job({server: source, user}, {server: destination, user})], {
    limits: {connections: 1},
  });
  expect([gone, run.exitCode, run.totals]).toMatchObject([true, 3, {copied: 3, failed: 2}]);
  expect(eventsOf(run, 'message-failed').map(({problem}) => problem.code)).toEqual([
    'not-found-after-append',
    'not-found-after-append',
  ]);
});
