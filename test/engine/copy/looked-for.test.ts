// What was sent without an answer is looked for: long enough, only where it can be, and before anything is said of it.
import {beforeEach, expect, it} from 'vitest';
import type {NewMessage} from '../../../source/demo/server/store.ts';
import type {EnginePorts} from '../../../source/engine/ports.ts';
import {type EngineOptions, eventsOf, freshState, job, runEngine} from '../../helpers/engine.ts';
import {stopAfterwards} from '../../helpers/stopped.ts';
import {type Hostility, hangUp, type Lie, smallMail, startHostile} from '../../servers/hostile.ts';

const user = 'ann@baya.com';
const name = 'Data17012018/INBOX';
const date = '17-Jul-1996 02:44:25 -0700';
const honest: Hostility = () => undefined;

/** A mailbox with these messages in INBOX; `run` carries it over one connection to each end, waiting for nothing. */
async function mailbox(numbers: readonly number[], hostility: Hostility, there = {}) {
  const source = await startHostile(user, {INBOX: numbers.map(number => smallMail(number))}, honest);
  const destination = await startHostile(user, there, hostility);
  stopAfterwards(source, destination);
  const state = freshState();
  const run = (ports: Partial<EnginePorts> = {}, on: EngineOptions['on'] = () => undefined) =>
    runEngine([job({server: source, user}, {server: destination, user})], {
      limits: {connections: 1, reconnects: 8},
      ports: {sleep: async () => undefined, ...ports},
      state,
      on,
    });
  const stored = () => destination.mailbox.find(name)?.messages ?? [];
  const arrived = () => stored().map(({bytes}) => /Subject: (.*)\r/.exec(bytes.toString())?.[1]);
  return {source, destination, run, stored, arrived};
}

it.each([
  ['and the clock is right', '', 0],
  ['though the clock is set forward as it goes', 'APPEND', 600_000],
  ['though the clock is set forward before it is back', 'SELECT', 600_000],
  ['though the clock is set back before it is back', 'SELECT', -600_000],
])(
  'a server that stores it a while after the line has gone is waited for, and has it once, %s',
  async (_, during, by) => {
    let late: {readonly bytes: Buffer}[] = [];
    let [looks, sent, jump] = [0, 0, 0];
    const {destination, run, stored, arrived} = await mailbox([1, 2], ({command}) => {
      if (sent > 0 && during !== '' && command.startsWith(during)) jump = by;
      if (command.startsWith('APPEND')) {
        // What came over the line has been read, and is in the folder only later.
        if (++sent === 1) return '';
        if (sent > 2) return undefined;
        late = stored().splice(0);
        return hangUp;
      }
      if (late.length > 0 && command.startsWith('SELECT') && ++looks === 3)
        for (const {bytes} of late.splice(0)) destination.mailbox.find(name)?.add({bytes, flags: [], date});
      return undefined;
    });
    const {exitCode, totals} = await run({now: () => Date.now() + jump});
    expect([exitCode, totals.copied, looks, jump]).toEqual([0, 2, 3, by]);
    expect(arrived()).toEqual(['m 1', 'm 2']);
  },
);

it('a message that was stored when the line went for it is not blamed for that', async () => {
  let times = 0;
  const {run, stored, arrived} = await mailbox([1], ({command}) => {
    if (!command.startsWith('APPEND') || ++times > 2) return undefined;
    // Twice is enough to be blamed; the second time it goes when all but the answer has come.
    if (times === 1) stored().splice(0);
    return hangUp;
  });
  const done = await run();
  expect([done.exitCode, done.totals, times]).toMatchObject([0, {copied: 1, failed: 0}, 2]);
  expect(eventsOf(done, 'message-failed')).toEqual([]);
  expect(arrived()).toEqual(['m 1']);
});

it('mail that others brought before is not taken for what was sent, also where it is the last of the folder', async () => {
  let lose = false;
  const {source, destination, run, stored, arrived} = await mailbox([1], ({command}) => {
    if (!lose || !command.startsWith('APPEND')) return undefined;
    lose = false;
    stored().pop();
    return hangUp;
  });
  const add = (server: typeof source, folder: string, number: number) =>
    server.mailbox.find(folder)?.add({bytes: smallMail(number).bytes, flags: [], date});
  expect((await run()).exitCode).toBe(0);
  add(destination, name, 2);
  // It is seen, and is nothing that the source has.
  expect((await run()).totals).toMatchObject({selected: 1, alreadyPresent: 1});
  add(source, 'INBOX', 2);
  lose = true;
  expect([(await run()).totals.copied, lose]).toEqual([1, false]);
  expect(arrived()).toEqual(['m 1', 'm 2', 'm 2']);
});

/** The destination stores messages one by one and never says under which UID. */
const unnamed =
  (answer: (append: {readonly number: number; readonly tag: string}) => Lie): Hostility =>
  ({tag, command, reply}) => {
    if (!command.startsWith('APPEND')) return reply.replaceAll(/ (?:UIDPLUS|MULTIAPPEND)\b/g, '');
    appends++;
    return answer({number: appends, tag}) ?? `${tag} OK APPEND completed\r\n`;
  };
let appends = 0;
beforeEach(() => {
  appends = 0;
});

it('what is there is the message that the destination said it stored, not its twin that it refused', async () => {
  const {run, stored, arrived} = await mailbox(
    [1, 1, 1],
    unnamed(({number, tag}) => {
      if (number !== 1) return undefined;
      stored().shift();
      return `${tag} NO [UNAVAILABLE] Later\r\n`;
    }),
  );
  const {exitCode, totals} = await run();
  expect([exitCode, totals]).toMatchObject([0, {copied: 3, failed: 0}]);
  expect(arrived()).toEqual(['m 1', 'm 1', 'm 1']);
});

it('a message that the destination said it stored, and has not when it is looked at, is missed', async () => {
  const {run, stored, arrived} = await mailbox(
    [1, 2, 3],
    unnamed(({number, tag}) => {
      if (number === 1) stored().shift();
      return number === 3 ? `${tag} NO [UNAVAILABLE] Later\r\n` : undefined;
    }),
  );
  const done = await run();
  const {exitCode, totals} = done;
  expect([exitCode, totals]).toMatchObject([3, {copied: 2, failed: 1}]);
  expect(eventsOf(done, 'message-failed').map(({message}) => message.subject)).toEqual(['m 1']);
  expect((await run()).totals).toMatchObject({copied: 1, alreadyPresent: 2, failed: 0});
  expect(arrived().toSorted()).toEqual(['m 1', 'm 2', 'm 3']);
});

it('a message that gets another UID while its copy is looked for does not come twice', async () => {
  let moved = false;
  const inbox: Hostility = ({command, reply}) => {
    const folder = source.mailbox.find('INBOX');
    const [message] = folder?.messages.slice(1, 2) ?? [];
    if (moved || folder === undefined || message === undefined || !/^UID FETCH 1:\* /.test(command))
      return reply;
    moved = true;
    folder.messages.splice(1, 1);
    folder.add(message);
    return reply;
  };
  const source = await startHostile(user, {INBOX: [1, 2, 3].map(number => smallMail(number))}, inbox);
  const copies = {Data17012018: [], [name]: [1, 2, 3].map(number => smallMail(number))};
  const destination = await startHostile(user, copies, honest);
  stopAfterwards(source, destination);
  const state = freshState();
  const run = () => runEngine([job({server: source, user}, {server: destination, user})], {state});
  const first = await run();
  expect(first.totals).toMatchObject({selected: 3, copied: 0, alreadyPresent: 2, skipped: 1});
  // Its copy is not taken for a stranger's meanwhile.
  expect(first.rows.filter(({result}) => result === 'other')).toEqual([]);
  expect(moved).toBe(true);
  expect((await run()).totals).toMatchObject({selected: 3, copied: 0, alreadyPresent: 3});
  expect(destination.mailbox.find(name)?.messages.length).toBe(3);
});

/** Two messages that only their text tells apart, and one more. */
const alike = [smallMail(1), {bytes: Buffer.from(smallMail(1).bytes.toString().replace('body 1', 'body 9'))}];
const headerFetch = /^UID FETCH .*HEADER/;

it.each([
  ['at the source', 'source', headerFetch],
  ['at the destination', 'destination', headerFetch],
  ['at the destination before its header is read', 'destination', /^UID SEARCH/],
] as const)('a message of two alike that gets another UID %s comes once', async (_, end, before) => {
  let moved = false;
  let looks = 0;
  const meddling: (at: typeof end) => Hostility =
    at =>
    ({command, reply}) => {
      if (at === 'destination' && headerFetch.test(command)) looks++;
      if (moved || at !== end || !before.test(command)) return reply;
      const folder = (at === 'source' ? source : destination).mailbox.find(at === 'source' ? 'INBOX' : name);
      const [message] = folder?.messages.splice(0, 1) ?? [];
      if (message !== undefined) folder?.add(message);
      moved = true;
      return reply;
    };
  const all = [...alike, smallMail(3)];
  const source = await startHostile(user, {INBOX: all}, meddling('source'));
  const copies = {Data17012018: [], [name]: all};
  const destination = await startHostile(user, copies, meddling('destination'));
  stopAfterwards(source, destination);
  const state = freshState();
  const run = () => runEngine([job({server: source, user}, {server: destination, user})], {state});
  expect((await run()).totals).toMatchObject({selected: 3, copied: 0, failed: 0});
  expect(moved).toBe(true);
  looks = 0;
  expect((await run()).totals).toMatchObject({selected: 3, copied: 0, alreadyPresent: 3});
  // The first run has found all of it.
  expect(looks).toBe(0);
  expect(destination.mailbox.find(name)?.messages.length).toBe(3);
});

type Answer = (append: {
  readonly number: number;
  readonly tag: string;
  readonly folder: {readonly messages: unknown[]; readonly uidValidity: number};
}) => Lie;

it.each<[string, Answer]>([
  [
    'under a UID that was looked at before',
    ({number, tag, folder}) => {
      if (number === 1) return hangUp;
      folder.messages.pop();
      return `${tag} OK [APPENDUID ${folder.uidValidity} 1] Done\r\n`;
    },
  ],
  [
    'under the UID of another',
    ({number, tag, folder}) => {
      if (number === 1) return undefined;
      folder.messages.pop();
      return `${tag} OK [APPENDUID ${folder.uidValidity} 1] Done\r\n`;
    },
  ],
  [
    'and gone when its folder was looked at',
    ({number, folder}) => {
      if (number === 1) return undefined;
      folder.messages.shift();
      return hangUp;
    },
  ],
])('what was said to be stored, %s, was deleted by nobody: it comes with the next run', async (_, answer) => {
  let number = 0;
  const {destination, run, arrived} = await mailbox(
    [1, 2],
    ({command, tag}) => {
      const folder = destination.mailbox.find(name);
      return command.startsWith('APPEND') && ++number <= 2 && folder !== undefined
        ? answer({number, tag, folder})
        : undefined;
    },
    {[name]: []},
  );
  // Before anything is verified.
  const first = await run({}, (event, handle) => {
    if (event.type === 'messages-copied' && number === 2) handle.stop();
  });
  expect([first.exitCode, number]).toEqual([130, 2]);
  const second = await run();
  expect([second.exitCode, second.totals]).toMatchObject([0, {copied: 1, alreadyPresent: 1, skipped: 0}]);
  expect(arrived()?.sort()).toEqual(['m 1', 'm 2']);
});

it.each([
  ['before its header is read', 'is done', /^UID FETCH 1:\* /],
  ['before its text is read', 'is done', headerFetch],
  ['before its text is read', 'is stopped', headerFetch],
] as const)('a message that is away %s and back when the run %s comes once', async (_, end, before) => {
  const away: NewMessage[] = [];
  let looks = 0;
  const all = [...alike, smallMail(3)];
  const source = await startHostile(user, {INBOX: all}, ({command, reply}) => {
    if (away.length === 0 && before.test(command))
      away.push(...(source.mailbox.find('INBOX')?.messages.splice(0, 1) ?? []));
    return reply;
  });
  const copies = {Data17012018: [], [name]: [...all, smallMail(8)]};
  const destination = await startHostile(user, copies, ({command}) => {
    if (headerFetch.test(command)) looks++;
    return undefined;
  });
  stopAfterwards(source, destination);
  const state = freshState();
  const run = (options: EngineOptions = {}) =>
    runEngine([job({server: source, user}, {server: destination, user})], {state, ...options});
  const first = await run({
    on: (event, handle) => {
      if (end === 'is stopped' && event.type === 'folder-counted') handle.stop();
    },
  });
  expect(first.totals).toMatchObject({selected: 3, copied: 0, skipped: 1});
  const comes = async (message: NewMessage) => {
    source.mailbox.find('INBOX')?.add(message);
    looks = 0;
    const {copied, alreadyPresent} = (await run()).totals;
    return {copied, alreadyPresent, looks};
  };
  for (const message of away) expect(await comes(message)).toEqual({copied: 0, alreadyPresent: 3, looks: 1});
  // What others brought is looked at once for it, also where the folder has not only grown since.
  source.mailbox.find('INBOX')?.messages.shift();
  expect(await comes({...smallMail(4), flags: [], date})).toEqual({copied: 1, alreadyPresent: 2, looks: 0});
  expect(destination.mailbox.find(name)?.messages.length).toBe(5);
});
