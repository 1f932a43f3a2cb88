// Servers whose lists and namespaces are unusual: no folder is passed over, and none goes into another.
import {expect, it, onTestFinished} from 'vitest';
import {eventsOf, type JobOptions, job, runEngine} from '../../helpers/engine.ts';
import {type HostileMessage, type Hostility, smallMail, startHostile} from '../../servers/hostile.ts';

type End = {
  /** Numbers of the messages in each folder. */
  readonly mail?: Readonly<Record<string, readonly number[]>>;
  readonly lies?: Hostility;
};

async function carry(from: End, to: End, options: JobOptions = {}) {
  const start = ({mail = {}, lies = () => undefined}: End, user: string) => {
    const folders = Object.entries(mail).map(([name, numbers]): [string, readonly HostileMessage[]] => [
      name,
      numbers.map(number => smallMail(number)),
    ]);
    return startHostile(user, Object.fromEntries(folders), lies);
  };
  const [one, other] = ['ann@baya.com', 'bob@vault.example'];
  const [source, destination] = [await start(from, one), await start(to, other)];
  onTestFinished(async () => {
    await Promise.all([source.stop(), destination.stop()]);
  });
  const run = await runEngine(
    [job({server: source, user: one, provider: 'imap'}, {server: destination, user: other}, options)],
    {limits: {connections: 1}},
  );
  const arrived: Record<string, string> = {};
  for (const {name, messages} of destination.mailbox.folders)
    if (messages.length > 0)
      arrived[name] = messages.map(({bytes}) => /Subject: m (\d+)/.exec(bytes.toString())?.[1]).join(' ');
  const planned = eventsOf(run, 'folders-planned').flatMap(({folders}) => folders);
  return {exitCode: run.exitCode, arrived, planned};
}

/** A server with mailboxes of others, where folders named Sent are flagged, everybody's. */
const others =
  (prefix: string): Hostility =>
  ({command, reply}) => {
    if (command === 'NAMESPACE') return reply.replace('NIL NIL', `((${JSON.stringify(prefix)} "/")) NIL`);
    return command.startsWith('LIST ')
      ? reply.replace(/\([^)]*\)( "\/" "?(?:Others\/bob\/)?Sent)/g, '(\\Sent)$1')
      : undefined;
  };

it.each([
  [
    'somebody else has at the destination',
    {mail: {Sent: [1]}},
    {mail: {'Others/bob/Sent': [], Sent: []}, lies: others('Others/')},
  ],
  [
    'somebody else has at the source',
    {mail: {Sent: [1], 'Others/bob/Sent': [2]}, lies: others('Others/')},
    {mail: {Sent: []}},
  ],
])('no sent mail goes by the flag of a folder that %s', async (_, from, to) => {
  const {exitCode, arrived} = await carry(from, to, {destinationFolder: ''});
  expect([exitCode, arrived]).toEqual([0, {Sent: '1'}]);
});

it('a folder that has the name of the place where the destination keeps those of others does not go there', async () => {
  const to = {mail: {'Others/bob': []}, lies: others('Others/')};
  const {exitCode, arrived} = await carry({mail: {'Others/bob': [1]}}, to, {destinationFolder: ''});
  expect([exitCode, Object.keys(arrived)]).toEqual([0, [expect.stringMatching(/^Others \(\d+\)\/bob$/)]]);
});

it('a folder whose name only begins like the place of others is one of the mailbox', async () => {
  const from = {mail: {Publications: [1], 'Public/News': [2]}, lies: others('Public')};
  expect(await carry(from, {})).toMatchObject({
    exitCode: 0,
    arrived: {'Data17012018/Publications': '1'},
    planned: expect.arrayContaining([expect.objectContaining({source: 'Public/News', selected: false})]),
  });
});

it.each([
  ['the source folder', {sourceFolder: 'Others/Team'}],
  ['one that is included', {include: ['Others/Team']}],
])('a shared folder is copied where it is named: as %s', async (_, options) => {
  const from = {mail: {'Others/Team': [2], 'Others/More': [3]}, lies: others('Others/')};
  const {exitCode, arrived} = await carry(from, {}, options);
  expect([exitCode, arrived]).toEqual([0, {'Data17012018/Others/Team': '2'}]);
});

it('INBOX is copied also where the list leaves it out', async () => {
  const lies: Hostility = ({command, reply}) =>
    command.startsWith('LIST ') ? reply.replaceAll(/\* (?:LIST|STATUS) .*INBOX.*\r\n/g, '') : undefined;
  const {exitCode, arrived} = await carry({mail: {INBOX: [1], Notes: [2]}, lies}, {});
  expect([exitCode, arrived]).toEqual([0, {'Data17012018/INBOX': '1', 'Data17012018/Notes': '2'}]);
});

it.each([
  [
    'refuses to tell of its namespaces',
    (reply: string) => reply.replace(/^\*.*\r\n/, '').replace(' OK', ' NO'),
  ],
  ['has none of its own', (reply: string) => reply.replace('(("" "/"))', 'NIL')],
])('levels are separated as the list says where the destination %s', async (_, namespaces) => {
  const lies: Hostility = ({command, reply}) => {
    if (command === 'NAMESPACE') return namespaces(reply);
    return command.startsWith('LIST ') ? reply.replaceAll('"/"', '"."') : undefined;
  };
  const {exitCode, arrived} = await carry({mail: {'A/B': [1]}}, {lies});
  expect([exitCode, arrived]).toEqual([0, {'Data17012018.A.B': '1'}]);
});

it.each([
  [
    'with different separators',
    {'a/b': [1], 'a.b': [2, 3]},
    /"\/" ("?a\.b)/g,
    '"." $1',
    {a_b: '1', 'a/b': '2 3'},
  ],
  [
    'without quotes, with a blank in its name',
    {Foo: [1], 'Foo Bar': [2]},
    /"Foo Bar"/,
    'Foo Bar',
    {Foo: '1', 'Foo Bar': '2'},
  ],
])('a folder that is listed like another is one of its own: %s', async (_, mail, wanted, said, arrived) => {
  const lies: Hostility = ({command, reply}) =>
    command.startsWith('LIST ') ? reply.replace(wanted, said) : undefined;
  const got = await carry({mail, lies}, {});
  const below = Object.entries(arrived).map(([name, numbers]) => [`Data17012018/${name}`, numbers]);
  expect([got.exitCode, got.arrived]).toEqual([0, Object.fromEntries(below)]);
});

it('two mailboxes of one user that look alike are two where the mail goes to the top', async () => {
  const user = 'ann@baya.com';
  const [source, destination] = [
    await startHostile(user, {Work: [smallMail(1)]}, () => undefined),
    await startHostile(user, {Plans: []}, () => undefined),
  ];
  onTestFinished(async () => {
    await Promise.all([source.stop(), destination.stop()]);
  });
  const what = job(
    {server: source, user, provider: 'imap'},
    {server: destination, user},
    {destinationFolder: ''},
  );
  const {exitCode, totals} = await runEngine([what], {limits: {connections: 1}});
  expect([exitCode, totals.copied]).toEqual([0, 1]);
});

it.each([
  ['in its answers', /(?<=^\* STATUS "?)INBOX/gm],
  ['everywhere', /(?<=^\* (?:STATUS|LIST \(.*\) "\/") "?)INBOX/gm],
])('INBOX is found at a destination that spells it otherwise %s', async (_, inbox) => {
  const asked: string[] = [];
  const lies: Hostility = ({command, reply}) => {
    asked.push(command);
    return /^(LIST|STATUS) /.test(command)
      ? reply.replaceAll(inbox, found => found.replace('INBOX', 'Inbox'))
      : undefined;
  };
  const to = {mail: {INBOX: [9]}, lies};
  const {exitCode, arrived} = await carry({mail: {INBOX: [1]}}, to, {destinationFolder: ''});
  expect([exitCode, arrived]).toEqual([0, {INBOX: '9 1'}]);
  expect(asked.filter(command => command.startsWith('CREATE'))).toEqual([]);
});
