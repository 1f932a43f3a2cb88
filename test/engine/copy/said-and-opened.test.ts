// What is said of a folder in a list, and what it says of itself when it is opened: neither hides mail that is there.
import {expect, it, onTestFinished, vi} from 'vitest';
import {Session} from '../../../source/engine/imap/session.ts';
import {eventsOf, freshState, job, runEngine} from '../../helpers/engine.ts';
import {type Exchanged, hangUp, type Lie, smallMail, startHostile} from '../../servers/hostile.ts';

const user = 'ann@baya.com';
const place = (name: string) => `Data17012018/${name}`;
type Says = (exchanged: Exchanged) => Lie;
const honest: Says = () => undefined;
const date = '17-Jul-1996 02:44:25 -0700';

/**
 * So many messages in each folder of the source, the first of them in those of the destination too, and no ledger knows.
 * What the servers say instead is given to each run.
 */
async function mailbox(folders: Readonly<Record<string, number>>, held: Readonly<Record<string, number>>) {
  let lies = {from: honest, to: honest};
  const filled = (counts: Readonly<Record<string, number>>, name: (name: string) => string) =>
    Object.fromEntries(
      Object.entries(counts).map(([folder, count]) => [
        name(folder),
        Array.from({length: count}, (_, index) => smallMail(index + 1)),
      ]),
    );
  const from = await startHostile(
    user,
    filled(folders, name => name),
    each => lies.from(each),
  );
  const to = await startHostile(user, filled(held, place), each => lies.to(each));
  onTestFinished(async () => {
    await Promise.all([from, to].map(server => server.stop()));
  });
  const state = freshState();
  const comesTo = (server: typeof from, name: string, number: number) =>
    server.mailbox.find(name)?.add({bytes: smallMail(number).bytes, flags: [], date});
  return {
    arrived: () =>
      Object.fromEntries(
        to.mailbox.folders
          .filter(({messages}) => messages.length > 0)
          .map(({name, messages}) => [
            name,
            messages.map(({bytes}) => Number(/Subject: m (\d+)/.exec(bytes.toString())?.[1])),
          ]),
      ),
    comes: (name: string, number: number) => comesTo(from, name, number),
    brought: (number: number) => comesTo(to, place('Box'), number),
    goes: (count: number) => to.mailbox.find(place('Box'))?.messages.splice(0, count),
    run: async (
      says: {readonly from?: Says; readonly to?: Says} = {},
      sleep: () => Promise<void> = async () => undefined,
    ) => {
      lies = {from: honest, to: honest, ...says};
      const done = await runEngine([job({server: from, user}, {server: to, user})], {
        limits: {connections: 1, settleMs: 0},
        ports: {sleep},
        state,
      });
      const why = eventsOf(done, 'folder-state').flatMap(({problem}) => problem?.code ?? []);
      const details = eventsOf(done, 'folder-state').flatMap(({problem}) => problem?.detail ?? []);
      const notes = eventsOf(done, 'note').map(({problem}) => problem.code);
      return {...done.totals, code: done.exitCode, why, details, notes};
    },
  };
}

/** As a server that counts what has come only later. */
const listsNone = ({command, reply}: Exchanged) =>
  command.startsWith('LIST ') ? reply.replace(/(MESSAGES|SIZE) \d+/g, '$1 0') : undefined;

it('mail that the destination counts late is not sent again', async () => {
  const {run, arrived} = await mailbox({Box: 4}, {Box: 2});
  expect(await run({to: listsNone})).toMatchObject({code: 0, copied: 2, alreadyPresent: 2});
  expect(arrived()[place('Box')]).toEqual([1, 2, 3, 4]);
  expect(await run()).toMatchObject({code: 0, copied: 0, alreadyPresent: 4});
});

it.each<[string, Says]>([
  ['goes', () => hangUp],
  ['is refused', ({tag}: Exchanged) => `${tag} NO [UNAVAILABLE] Try later\r\n`],
  ['comes without a count', ({reply}: Exchanged) => reply.replace(/\* \d+ EXISTS\r\n/, '')],
])('nor where the connection or answer %s when its folder is opened first', async (_, answers) => {
  for (const names of [['Box'], ['Box', 'Two', 'Three']]) {
    const all = (count: number) => Object.fromEntries(names.map(name => [name, count]));
    const {run, arrived} = await mailbox(all(4), all(2));
    let opened = 0;
    const to = (each: Exchanged) =>
      /^SELECT "Data17012018\/Box"/.test(each.command) && opened++ === 0 ? answers(each) : listsNone(each);
    expect(await run({to})).toMatchObject({
      code: 0,
      copied: 2 * names.length,
      alreadyPresent: 2 * names.length,
    });
    expect(arrived()).toEqual(Object.fromEntries(names.map(name => [place(name), [1, 2, 3, 4]])));
    expect(opened).toBeGreaterThan(1);
  }
});

it('nor where the source refuses to open its folder meanwhile', async () => {
  const counted = 25;
  const {run, arrived} = await mailbox({Large: 40, Box: counted}, {Box: 12});
  let examined = 0;
  const opened = Promise.withResolvers<void>();
  const refused = Promise.withResolvers<void>();
  const {select} = Session.prototype;
  vi.spyOn(Session.prototype, 'select').mockImplementation(async function (this: Session, name) {
    const box = await select.call(this, name);
    if (name === place('Box')) setImmediate(opened.resolve);
    return box;
  });
  onTestFinished(() => {
    vi.restoreAllMocks();
  });
  const from = ({command, tag}: Exchanged) => {
    // The first time it is counted.
    if (!command.startsWith('EXAMINE "Box"') || examined++ !== 1) return undefined;
    refused.resolve();
    return `${tag} NO [UNAVAILABLE] Try later\r\n`;
  };
  async function* afterwards(reply: string) {
    await refused.promise;
    yield reply;
  }
  // Where a server has no UNSELECT a folder stays open.
  const to = (each: Exchanged) =>
    each.command.startsWith('SELECT "Data17012018/Box"') && examined < 3
      ? afterwards(each.reply)
      : (listsNone(each) ?? each.reply.replaceAll(' UNSELECT', ''));
  expect(await run({from, to}, () => opened.promise)).toMatchObject({
    code: 0,
    copied: 53,
    alreadyPresent: 12,
  });
  expect(arrived()[place('Box')]?.toSorted((one, other) => one - other)).toEqual(
    Array.from({length: counted}, (_, index) => index + 1),
  );
});

it.each([
  ['', {}],
  [', which goes together with others', {Other: 3, Third: 3}],
  [', which is opened last of those that go together', {Other: 9, Third: 9}],
])('nor is new mail of a folder that was finished%s', async (_, others) => {
  const {run, comes, brought, arrived} = await mailbox({Box: 4, ...others}, {});
  expect(await run()).toMatchObject({code: 0});
  comes('Box', 5);
  comes('Box', 6);
  for (const name of Object.keys(others)) comes(name, 15);
  brought(6);
  const late = ({command, reply}: Exchanged) =>
    command.startsWith('LIST ')
      ? reply.replace(/MESSAGES 5\b/, 'MESSAGES 4').replace(/UIDNEXT 6\b/, 'UIDNEXT 5')
      : undefined;
  const counts = Object.values(others);
  const before = counts.reduce((all, count) => all + count, 0);
  expect(await run({to: late})).toMatchObject({
    ...{code: 0, copied: 1 + counts.length, alreadyPresent: 5 + before, notes: []},
  });
  expect(arrived()[place('Box')]).toEqual([1, 2, 3, 4, 6, 5]);
});

it.each([
  ['mail of others', 9],
  ['what is about to be sent', 3],
])('%s that comes between the list and the opening keeps nothing from arriving', async (_, number) => {
  const {run, brought, arrived} = await mailbox({Box: 4}, {Box: 0});
  let came = false;
  const listens = ({command}: Exchanged) => {
    if (!came && command.startsWith('LIST ')) brought(number);
    came ||= command.startsWith('LIST ');
    return undefined;
  };
  const present = number === 3 ? 1 : 0;
  expect(await run({to: listens})).toMatchObject({
    code: 0,
    copied: 4 - present,
    alreadyPresent: present,
    notes: [],
  });
  expect(new Set(arrived()[place('Box')])).toEqual(new Set([1, 2, 3, 4, number]));
  expect(arrived()[place('Box')]).toHaveLength(number === 3 ? 4 : 5);
});

const opensEmpty = ({command, reply}: Exchanged) =>
  command.startsWith('SELECT ') ? reply.replace(/\* \d+ EXISTS/, '* 0 EXISTS') : undefined;

it('mail that the destination holds by its list, and not when it is opened, is not sent again', async () => {
  const {run, arrived} = await mailbox({Box: 4}, {Box: 2});
  expect(await run({to: opensEmpty})).toMatchObject({code: 0, copied: 2, alreadyPresent: 2});
  expect(arrived()[place('Box')]).toEqual([1, 2, 3, 4]);
});

it('what goes between the list and the opening is sent again where no run has seen it', async () => {
  const {run, goes, arrived} = await mailbox({Box: 4}, {Box: 2});
  let gone = false;
  const loses = ({command}: Exchanged) => {
    if (!gone && command.startsWith('LIST ')) goes(1);
    gone ||= command.startsWith('LIST ');
    return undefined;
  };
  expect(await run({to: loses})).toMatchObject({code: 0, copied: 3, alreadyPresent: 1, notes: []});
  expect(new Set(arrived()[place('Box')])).toEqual(new Set([1, 2, 3, 4]));
});

const saysNothing =
  (asked: RegExp, times: number): Says =>
  ({command, tag}) =>
    asked.test(command) && times-- > 0 ? `${tag} OK Done\r\n` : undefined;

it.each([
  ['source', {from: /^EXAMINE "Box"/}],
  ['destination', {to: /^SELECT "Data17012018\/Box"/}],
] as const)('a folder of the %s that is opened without a count is not empty', async (_, ends) => {
  const {run, arrived} = await mailbox({Box: 4}, {Box: 2});
  const says = (times: number) =>
    Object.fromEntries(Object.entries(ends).map(([end, asked]) => [end, saysNothing(asked, times)]));
  const never = await run(says(Number.POSITIVE_INFINITY));
  expect(never).toMatchObject({code: 3, copied: 0, why: ['folder-closes-connection']});
  expect(never.details).toEqual([expect.stringContaining('without saying how many messages')]);
  expect(arrived()[place('Box')]).toEqual([1, 2]);
  expect(await run(says(1))).toMatchObject({code: 0, copied: 2, alreadyPresent: 2});
  expect(arrived()[place('Box')]).toEqual([1, 2, 3, 4]);
});

it('a UIDVALIDITY of more than 32 bits is the same wherever the server tells it', async () => {
  const {run, arrived} = await mailbox({Box: 4}, {Box: 2});
  const numbered = (told: number) => {
    const says = ({reply}: Exchanged) => reply.replaceAll(/(UIDVALIDITY|APPENDUID) \d+/g, `$1 ${told}`);
    return {from: says, to: says};
  };
  const before = numbered(1_713_632_002_544);
  expect(await run(before)).toMatchObject({code: 0, copied: 2, alreadyPresent: 2, notes: []});
  expect(await run(before)).toMatchObject({code: 0, copied: 0, alreadyPresent: 4, notes: []});
  expect(await run(numbered(1_713_632_002_545))).toMatchObject({
    ...{code: 0, copied: 0, alreadyPresent: 4},
    notes: ['uidvalidity-changed', 'uidvalidity-changed'],
  });
  expect(arrived()[place('Box')]).toEqual([1, 2, 3, 4]);
});
