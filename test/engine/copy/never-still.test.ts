// Folders whose messages get another UID whenever they are looked at, or that are made anew whenever something is stored:
// a run tries so often, and not for ever.
import {expect, it} from 'vitest';
import {eventsOf, job, runEngine} from '../../helpers/engine.ts';
import {stopAfterwards} from '../../helpers/stopped.ts';
import {
  type Exchanged,
  type HostileServer,
  hangUp,
  type Lie,
  smallMail,
  startHostile,
} from '../../servers/hostile.ts';

const user = 'ann@baya.com';

/** Gives a folder's message another UID whenever its header is asked for, and shows none. */
function restless(folder: string) {
  let server: HostileServer | undefined;
  let asked = 0;
  let open = false;
  const hostility = ({command, tag}: Exchanged): Lie => {
    if (/^(SELECT|EXAMINE) /.test(command)) open = command.endsWith(`"${folder}"`);
    if (!open || !/^UID FETCH \d+ .*HEADER/.test(command)) return undefined;
    // Nobody asks so often but for ever.
    if (++asked > 1000) return hangUp;
    const messages = server?.mailbox.find(folder)?.messages ?? [];
    for (const message of messages.splice(0)) messages.push({...message, uid: message.uid + 1});
    return `${tag} OK Done\r\n`;
  };
  const at = (holder: HostileServer) => {
    server = holder;
  };
  return {hostility, at, asked: () => asked};
}

async function carry(odd: {
  readonly source?: ReturnType<typeof restless>;
  readonly destination?: ReturnType<typeof restless>;
}) {
  const honest = () => undefined;
  const folders = {Odd: [smallMail(1)], Other: [smallMail(2)]};
  const source = await startHostile(user, folders, odd.source?.hostility ?? honest);
  const there = {'Data17012018/Odd': [smallMail(3)]};
  const destination = await startHostile(user, there, odd.destination?.hostility ?? honest);
  odd.source?.at(source);
  odd.destination?.at(destination);
  return carried(source, destination);
}

async function carried(source: HostileServer, destination: HostileServer) {
  stopAfterwards(source, destination);
  return runEngine([job({server: source, user}, {server: destination, user})], {
    limits: {connections: 1, settleMs: 250},
    ports: {sleep: async () => undefined},
  });
}

it('at the destination: the folder fails by name, and another one is copied', async () => {
  const odd = restless('Data17012018/Odd');
  const run = await carry({destination: odd});
  expect(odd.asked()).toBeLessThan(1000);
  expect([run.exitCode, run.totals.copied, run.totals.failed]).toEqual([3, 1, 1]);
  expect(eventsOf(run, 'folder-state').filter(({state}) => state === 'failed')).toMatchObject([
    {problem: {code: 'headers-left-out'}},
  ]);
});

it('at the source: what cannot be compared is named, and another folder is copied', async () => {
  const odd = restless('Odd');
  const run = await carry({source: odd});
  expect(odd.asked()).toBeLessThan(1000);
  expect([run.exitCode, run.totals.copied, run.totals.failed]).toEqual([3, 1, 1]);
  expect(eventsOf(run, 'message-failed')).toMatchObject([{problem: {code: 'message-not-compared'}}]);
});

it('in a folder that is made anew, and empty, whenever a message is stored: it fails by name', async () => {
  let sent = 0;
  const source = await startHostile(user, {Odd: [smallMail(1)], Other: [smallMail(2)]}, () => undefined);
  const destination = await startHostile(user, {}, ({command}) => {
    if (!command.startsWith('APPEND "Data17012018/Odd"')) return undefined;
    // Nobody sends it so often but for ever.
    if (++sent > 100) return hangUp;
    const folder = destination.mailbox.find('Data17012018/Odd');
    folder?.messages.splice(0);
    Object.assign(folder ?? {}, {uidValidity: 1000 + sent});
    return undefined;
  });
  const run = await carried(source, destination);
  expect(sent).toBeLessThan(100);
  expect(eventsOf(run, 'folder-state').filter(({state}) => state === 'failed')).toMatchObject([
    {problem: {code: 'folder-never-same'}},
  ]);
  expect([run.exitCode, destination.mailbox.find('Data17012018/Other')?.messages.length]).toEqual([3, 1]);
});
