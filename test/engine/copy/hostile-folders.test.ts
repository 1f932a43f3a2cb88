// Folders that are not as the server says, and servers that change their mind about it.
import {describe, expect, it, onTestFinished} from 'vitest';
import {eventsOf, job, runEngine} from '../../helpers/engine.ts';
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
    const {run, arrived} = await carry(honest, changing(/^SELECT .*INBOX/));
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
