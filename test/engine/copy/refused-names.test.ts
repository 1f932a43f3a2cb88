// Destinations that refuse a folder for its name: Cyrus takes none of ! " % & / ; < > \ ` { | }, older ones no ( ) * ? [ ] ^
// either, older Apache James no &.
import {expect, it} from 'vitest';
import {
  type EngineOptions,
  eventsOf,
  freshState,
  type JobOptions,
  job,
  runEngine,
} from '../../helpers/engine.ts';
import {stopAfterwards} from '../../helpers/stopped.ts';
import {type Exchanged, type Lie, smallMail, startHostile} from '../../servers/hostile.ts';

const user = 'ann@baya.com';
const minded = {
  'Cyrus 3': /[!%;<>\\`{|}]|&-/,
  'Cyrus 2.5': /[!%;<>\\`{|}()*?[\]^]|&-/,
  nothing: /^never$/,
};

/** @param folders names as on the wire, each with the number of its message */
async function carried(
  folders: Readonly<Record<string, number>>,
  minds: keyof typeof minded,
  refuses: (name: string, asked: Exchanged) => Lie = () => undefined,
) {
  const mail = Object.entries(folders).map(([name, number]) => [name, [smallMail(number)]] as const);
  const source = await startHostile(user, Object.fromEntries(mail), () => undefined);
  const created: string[] = [];
  const isMinded = (name: string) => minded[minds].test(name);
  const destination = await startHostile(user, {}, asked => {
    const {command, reply, tag} = asked;
    // The server behind this one takes any name: what it makes of these is not to be seen.
    if (command.startsWith('LIST'))
      return reply.replaceAll(/^\* (?:LIST .* |STATUS )"([^"]*)".*\r\n/gm, (line, name) =>
        isMinded(name) ? '' : line,
      );
    const [, what, name = ''] = /^(CREATE|STATUS|SELECT|APPEND) "([^"]*)"/.exec(command) ?? [];
    if (what === 'CREATE') created.push(name.replace(/^Data17012018\//, ''));
    return isMinded(name) ? `${tag} NO Invalid mailbox name\r\n` : refuses(name, asked);
  });
  stopAfterwards(source, destination);
  return {
    created,
    run: (options: EngineOptions & JobOptions = {}) => {
      const {include = [], exclude = [], ...rest} = options;
      created.length = 0;
      return runEngine([job({server: source, user}, {server: destination, user}, {include, exclude})], {
        limits: {connections: 1},
        ...rest,
      });
    },
    arrived: () =>
      Object.fromEntries(
        destination.mailbox.folders.flatMap(({name, messages}) =>
          messages.length === 0
            ? []
            : [[name.replace(/^Data17012018\//, ''), messages.map(({bytes}) => numberOf(bytes)).join(' ')]],
        ),
      ),
  };
}

const numberOf = (bytes: Buffer) => /Subject: m (.*)\r/.exec(bytes.toString())?.[1];
const notesOf = (run: Parameters<typeof eventsOf>[0]) =>
  eventsOf(run, 'note').map(({problem}) => problem.sentence);
const cannotHold = 'the destination cannot hold the name as it is.';

it('a folder whose name is refused is created by a plainer one, and that is told', async () => {
  const {run, arrived, created} = await carried(
    {
      'Offers; 2019': 1,
      'A | B': 2,
      'A | B/Q&-A, &AMk-t&AOk-': 3,
      'A | B/C': 4,
      "John's, old/x|y.z": 5,
      "John's, old": 6,
    },
    'Cyrus 3',
  );
  const state = freshState();
  const first = await run({state});
  expect([first.exitCode, first.totals]).toMatchObject([0, {selected: 6, copied: 6}]);
  const places = {
    'Offers_ 2019': '1',
    'A _ B': '2',
    'A _ B/Q_A_ &AMk-t&AOk-': '3',
    'A _ B/C': '4',
    // Only what is minded is changed.
    "John's, old/x_y.z": '5',
    "John's, old": '6',
  };
  expect(arrived()).toEqual(places);
  expect(notesOf(first).toSorted()).toEqual([
    `"A | B" becomes "A _ B": ${cannotHold}`,
    `"A | B" becomes "A _ B": ${cannotHold}`,
    `"A | B/Q&A, Été" becomes "A _ B/Q_A_ Été": ${cannotHold}`,
    `"Offers; 2019" becomes "Offers_ 2019": ${cannotHold}`,
    `"x|y.z" becomes "x_y.z": ${cannotHold}`,
  ]);
  const renamed = eventsOf(first, 'folder-renamed').map(({destination}) => destination);
  expect(renamed).toContain('Data17012018/A _ B/Q_A_ Été');
  expect(new Set(first.rows.map(({destinationFolder}) => destinationFolder))).toContain(
    'Data17012018/A _ B/C',
  );
  const again = await run({state});
  expect([again.exitCode, again.totals]).toMatchObject([0, {copied: 0, alreadyPresent: 6}]);
  expect(created).toEqual([]);
  const forgetful = await run();
  expect([forgetful.exitCode, forgetful.totals]).toMatchObject([0, {copied: 0, alreadyPresent: 6}]);
  // What is there under the plainer name is not made anew.
  expect(created.filter(name => !minded['Cyrus 3'].test(name))).toEqual([]);
  expect(arrived()).toEqual(places);
});

it('no two folders meet in a plainer name, with the ledger and without', async () => {
  const {run, arrived} = await carried(
    {'A ; B': 1, 'A _ B': 2, 'A | B': 3, 'A | B/C': 4, 'D|': 5},
    'Cyrus 3',
  );
  const state = freshState();
  expect((await run({state})).totals).toMatchObject({copied: 5, failed: 0});
  const places = arrived();
  expect(Object.values(places).toSorted()).toEqual(['1', '2', '3', '4', '5']);
  expect(places).toMatchObject({'A _ B': '2', D_: '5'});
  const plain = Object.keys(places).filter(name => /^A _ B \d{3}(\/C)?$/.test(name));
  expect(plain.length).toBe(3);
  for (const options of [{state}, {}])
    expect((await run(options)).totals).toMatchObject({copied: 0, alreadyPresent: 5, failed: 0});
  expect(arrived()).toEqual(places);
});

it('a name that gave way to another is made plainer too', async () => {
  const {run, arrived} = await carried({'a%b': 1, a_b: 2, 'Project (old)': 3}, 'Cyrus 2.5');
  for (const copied of [3, 0]) expect((await run()).totals).toMatchObject({copied, failed: 0});
  expect(arrived()).toMatchObject({a_b: '2', 'Project _old_': '3'});
  expect(Object.keys(arrived()).filter(name => /^a_b _\d{3}_$/.test(name)).length).toBe(1);
});

it('a folder goes to the same place whether the folder above it goes too or not', async () => {
  const {run, arrived} = await carried(
    {'A | B': 1, 'A | B/x, y': 2, 'c, d': 3, 'c, d/e|f/g, h': 4},
    'Cyrus 3',
  );
  const below = ['A | B/x, y', 'c, d/e|f/g, h'];
  expect((await run({include: below, exclude: ['A | B', 'c, d']})).totals).toMatchObject({copied: 2});
  expect((await run()).totals).toMatchObject({copied: 2, alreadyPresent: 2});
  expect(arrived()).toEqual({'A _ B': '1', 'A _ B/x_ y': '2', 'c, d': '3', 'c, d/e_f/g_ h': '4'});
});

it.each([
  '[OVERQUOTA] Too many folders',
  '[NOPERM] No',
  '[LIMIT] Too many folders',
  'Permission denied',
  'Quota exceeded',
  '[ALREADYEXISTS] It is there',
])('a folder that is refused for another reason is tried by no other name: %s', async why => {
  const {run, arrived, created} = await carried({'A | B': 1}, 'nothing', (name, {tag}) =>
    name.includes('|') ? `${tag} NO ${why}\r\n` : undefined,
  );
  const {exitCode} = await run({exclude: ['INBOX'], limits: {connections: 1, reconnects: 0}});
  expect([exitCode, created.filter(name => name.includes('_')), arrived()]).toEqual([3, [], {}]);
});

it('nor one that is said to be created, and is not there', async () => {
  const {run, created} = await carried({'A | B': 1}, 'nothing', (name, {command, tag}) =>
    name.includes('|') && command.startsWith('STATUS') ? `${tag} NO No such folder\r\n` : undefined,
  );
  expect((await run({exclude: ['INBOX']})).exitCode).toBe(3);
  expect(created).toEqual(['A | B']);
});

it('where the plainer name is refused too, the folder fails by its own', async () => {
  const {run, created} = await carried({'A | B': 1, C: 2}, 'Cyrus 3', (name, {tag}) =>
    name.endsWith('A _ B') ? `${tag} NO Not this either\r\n` : undefined,
  );
  const done = await run();
  expect([done.exitCode, done.totals]).toMatchObject([3, {copied: 1, failed: 1}]);
  expect(created).toContain('A _ B');
  const failed = eventsOf(done, 'folder-state').flatMap(({problem}) => problem ?? []);
  expect(failed.map(({code, sentence}) => [code, sentence])).toEqual([
    ['folder-not-created', 'The destination does not create the folder Data17012018/A | B.'],
  ]);
  expect([notesOf(done), eventsOf(done, 'folder-renamed')]).toEqual([[], []]);
});

it('a server that asks to wait before it creates the plainer name is waited for', async () => {
  let asked = 0;
  const {run, arrived} = await carried({'A | B': 1}, 'Cyrus 3', (name, {command, tag}) => {
    if (!name.endsWith('A _ B') || command.startsWith('APPEND') || asked++ > 1) return undefined;
    return command.startsWith('CREATE')
      ? `${tag} NO Request is throttled. Suggested Backoff Time: 30 milliseconds\r\n`
      : `${tag} NO No such folder\r\n`;
  });
  const done = await run();
  expect([done.exitCode, done.totals, asked > 1]).toMatchObject([0, {copied: 1}, true]);
  expect(arrived()).toEqual({'A _ B': '1'});
  expect(notesOf(done)).toEqual([`"A | B" becomes "A _ B": ${cannotHold}`]);
});
