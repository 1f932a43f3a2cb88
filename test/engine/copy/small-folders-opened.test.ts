// Folders whose commands travel together, from servers that refuse, make anew or hold back: each message in its own folder.
import {expect, it} from 'vitest';
import {job, runEngine} from '../../helpers/engine.ts';
import {stopAfterwards} from '../../helpers/stopped.ts';
import {type Hostility, hangUp, smallMail, startHostile} from '../../servers/hostile.ts';

it('behind an EXAMINE that was refused, FETCH reads the folder that was open before: none of it is stored as another’s', async () => {
  const user = 'ann@baya.com';
  const folders = Object.fromEntries(['A', 'B', 'C'].map((name, at) => [name, [smallMail(at)]]));
  const times = new Map<string, number>();
  let refused = '';
  let again = 0;
  let before = '';
  let misread = false;
  const source = await startHostile(user, folders, ({command, reply, tag}) => {
    const name = /^EXAMINE "?(\w+)/.exec(command)?.[1];
    if (name !== undefined) {
      times.set(name, (times.get(name) ?? 0) + 1);
      // They were opened to be counted. The first of them to be copied is let pass.
      if (name === 'INBOX' || refused !== '' || times.get(name) !== 2 || ++again !== 2) return undefined;
      refused = name;
      return `${tag} NO [INUSE] Not now\r\n`;
    }
    if (!command.includes('BODY.PEEK[]')) return undefined;
    if (refused !== '' && !misread) {
      misread = true;
      return before.replace(/^\w+ OK/m, `${tag} OK`);
    }
    before = reply;
    return undefined;
  });
  const destination = await startHostile(user, {}, () => undefined);
  stopAfterwards(source, destination);
  const run = await runEngine([job({server: source, user}, {server: destination, user})], {
    limits: {connections: 1},
  });
  expect([run.exitCode, run.totals.copied, misread, times.get(refused)]).toEqual([0, 3, true, 3]);
  const arrived = destination.mailbox.folders.map(({name, messages}) => [
    name.replace('Data17012018/', ''),
    messages.map(({bytes}) => /Subject: m (\d)\r/.exec(bytes.toString())?.[1]),
  ]);
  expect(Object.fromEntries(arrived)).toMatchObject({A: ['0'], B: ['1'], C: ['2']});
});

it.each([
  ['source', /^EXAMINE "?C/],
  ['destination', /^SELECT .*C/],
] as const)(
  'a folder that was made anew at the %s is noticed also where it stays open',
  async (end, opens) => {
    const user = 'ann@baya.com';
    // The last of those that go together: it is the one that is open when it goes alone.
    const folders = {A: [1, 2, 3], B: [4, 5], C: [6]};
    const mail = (numbers: readonly number[]) => numbers.map(number => smallMail(number));
    let opened = 0;
    let before: number | undefined;
    const renewing: Hostility = ({command, reply}) => {
      // At the source it was opened to be counted, at the destination it is opened for the first time.
      if (opens.test(command) && ++opened === (end === 'source' ? 2 : 1)) {
        const {mailbox} = end === 'source' ? source : destination;
        const folder = mailbox.folders.find(({name}) => name.endsWith('C'));
        before = folder?.uidValidity;
        folder?.messages.splice(0);
        if (end === 'source') for (const {bytes} of mail([7, 8, 9])) folder?.add({bytes, flags: [], date});
      }
      return before === undefined ? undefined : reply.replaceAll(new RegExp(`\\b${before}\\b`, 'g'), '7777');
    };
    const date = '17-Jul-1996 02:44:25 -0700';
    const honest: Hostility = () => undefined;
    const source = await startHostile(
      user,
      Object.fromEntries(Object.entries(folders).map(([name, numbers]) => [name, mail(numbers)])),
      end === 'source' ? renewing : honest,
    );
    const destination = await startHostile(user, {}, end === 'source' ? honest : renewing);
    stopAfterwards(source, destination);
    const run = await runEngine([job({server: source, user}, {server: destination, user})], {
      limits: {connections: 1},
    });
    expect([run.exitCode, before === undefined]).toEqual([0, false]);
    const arrived = destination.mailbox.folders.map(({name, messages}) => [
      name.replace('Data17012018/', ''),
      messages.map(({bytes}) => /Subject: m (\d)\r/.exec(bytes.toString())?.[1]),
    ]);
    expect(Object.fromEntries(arrived)).toMatchObject({
      A: ['1', '2', '3'],
      B: ['4', '5'],
      C: end === 'source' ? ['7', '8', '9'] : ['6'],
    });
  },
);

it('a folder that is open while others are still to be opened behind it is opened again', async () => {
  const user = 'ann@baya.com';
  const held = Promise.withResolvers<void>();
  let lost = false;
  let opened = 0;
  let asked = 0;
  const source = await startHostile(
    user,
    {A: [smallMail(1)], B: [smallMail(2)], C: [smallMail(3)]},
    ({command, reply}) => {
      // Whatever is asked for behind the three FETCHes has the other folders' answers before it.
      if (asked === 3) held.resolve();
      if (command.includes('BODY.PEEK[]')) asked++;
      if (!/^EXAMINE "?B/.test(command) || ++opened !== 2) return undefined;
      return (async function* () {
        await held.promise;
        yield reply;
      })();
    },
  );
  const destination = await startHostile(user, {}, ({command}) => {
    if (lost || !/^SELECT .*B"$/.test(command)) return undefined;
    lost = true;
    return hangUp;
  });
  stopAfterwards(source, destination);
  const run = await runEngine([job({server: source, user}, {server: destination, user})], {
    limits: {connections: 1, settleMs: 0},
  });
  expect([run.exitCode, run.totals.selected, lost]).toEqual([0, 3, true]);
  const arrived = destination.mailbox.folders.map(({name, messages}) => [
    name.replace('Data17012018/', ''),
    messages.map(({bytes}) => /Subject: m (\d)\r/.exec(bytes.toString())?.[1]),
  ]);
  expect(Object.fromEntries(arrived)).toMatchObject({A: ['1'], B: ['2'], C: ['3']});
});
