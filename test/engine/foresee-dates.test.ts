// What a check counts where only mail within dates is asked for: what the run would take, and whether that fits.
import {expect, test} from 'vitest';
import {ServerRefused} from '../../source/engine/imap/errors.ts';
import type {SearchCriteria} from '../../source/engine/imap/search.ts';
import type {Session} from '../../source/engine/imap/session.ts';
import type {Link} from '../../source/engine/link/link.ts';
import {foresee} from '../../source/engine/look/foresee.ts';
import type {Survey} from '../../source/engine/look/survey.ts';
import {problem} from '../../source/engine/problems/problems.ts';
import {request} from '../check/sample.ts';

type Mail = {readonly uid: number; readonly day: string; readonly size: number};

const mail: Readonly<Record<string, readonly Mail[]>> = {
  INBOX: [
    {uid: 3, day: '2018-05-01', size: 900},
    {uid: 4, day: '2020-02-01', size: 100},
    {uid: 7, day: '2019-03-01', size: 700},
    {uid: 9, day: '2020-06-01', size: 50},
  ],
  Old: [{uid: 1, day: '2001-01-01', size: 5000}],
  Empty: [],
};

/** A look at these folders. @param tellsBytes STATUS=SIZE @param refused folder that the server does not search */
function look(
  dates: {readonly since?: string; readonly before?: string},
  {tellsBytes = true, freeBytes = 1_000_000, refused = '', renamed = ''} = {},
) {
  const asked: string[] = [];
  let [opened, open]: [string, readonly Mail[]] = ['', []];
  const source = {
    exchange: false,
    examine: async (name: string) => {
      [opened, open] = [name, mail[name] ?? []];
      asked.push(`EXAMINE ${name}`);
      return {flags: []};
    },
    search: async ({since = '', before = '9999'}: SearchCriteria) => {
      asked.push('SEARCH');
      if (opened === refused) throw new ServerRefused('source', 'NO', 'No such search', 'UID');
      return open.filter(({day}) => day >= since && day < before).map(({uid}) => uid);
    },
    sizes: async (from = 1) => {
      asked.push(`SIZES ${from}`);
      return new Map(open.filter(({uid}) => uid >= from).map(({uid, size}) => [uid, size]));
    },
  };
  const target = {exchange: false, signedIn: {}, examine: async () => ({permanentFlags: ['\\*'], flags: []})};
  const names = Object.keys(mail);
  const bytesOf = (name: string) => (mail[name] ?? []).reduce((all, {size}) => all + size, 0);
  const planned = names.map((name, folder) => ({
    folder,
    source: name,
    destination: `Data/${name}`,
    selected: true,
    messages: mail[name]?.length ?? 0,
    ...(tellsBytes ? {bytes: bytesOf(name)} : {}),
    notes: name === renamed ? ['its name is cut'] : [],
  }));
  const found = {
    sessions: {source, target} as unknown as {source: Session; target: Session},
    planned,
    pairs: names.map((name, folder) => ({
      folder,
      source: {name, wire: name, status: {messages: mail[name]?.length ?? 0}},
      shown: name,
    })),
    freeBytes,
  } as unknown as Survey;
  const link = {
    login: 'ann@baya.com',
    problem: (_: unknown, __: unknown, {folder}: {folder: string}) =>
      problem('source-folder-not-found', {folder, near: []}),
  } as unknown as Link;
  const what = {...request('ann'), ...dates};
  return foresee(found, what, {source: link, target: link}, () => 0).then(told => ({...told, asked}));
}

test.each([true, false])(
  'mail within the dates is counted with its sizes, STATUS tells bytes: %s',
  async tellsBytes => {
    const {folders} = await look({since: '2019-03-01', before: '2020-06-01'}, {tellsBytes});
    expect(folders.map(({source, messages, bytes, inDates}) => [source, messages, bytes, inDates])).toEqual([
      ['INBOX', 4, 1750, {messages: 2, bytes: 800}],
      ['Old', 1, 5000, {messages: 0, bytes: 0}],
      ['Empty', 0, 0, {messages: 0, bytes: 0}],
    ]);
  },
);

test('one search a folder, and of the sizes only those from the first message on that is wanted', async () => {
  const {asked} = await look({since: '2019-01-01'});
  expect(asked).toEqual(['EXAMINE INBOX', 'SEARCH', 'SIZES 4', 'EXAMINE Old', 'SEARCH']);
});

test('without dates nothing is counted anew', async () => {
  const {asked, folders} = await look({});
  expect(asked).toEqual([]);
  expect(folders.filter(folder => 'inDates' in folder)).toEqual([]);
});

test('whether it fits goes by what is within the dates', async () => {
  const small = (told: Awaited<ReturnType<typeof look>>) =>
    told.problems.find(({code}) => code === 'destination-too-small')?.sentence;
  expect(small(await look({}, {freeBytes: 849}))).toContain('6.8 kB');
  expect(small(await look({since: '2019-01-01'}, {freeBytes: 849}))).toContain('850 B are to be copied');
  expect(small(await look({since: '2019-01-01'}, {freeBytes: 850}))).toBeUndefined();
});

test('a folder that the server does not search is a problem, and no number is made up for it', async () => {
  const {folders, problems} = await look({since: '2019-01-01'}, {refused: 'INBOX'});
  expect(folders[0]).not.toHaveProperty('inDates');
  expect(problems.map(({code, verdict}) => [code, verdict])).toEqual([['source-folder-not-found', 'skip']]);
});

test('a folder that gets another name is told in characters that every terminal has', async () => {
  const {problems} = await look({}, {renamed: 'INBOX'});
  expect(problems.map(({sentence}) => sentence)).toEqual([
    '1 folder gets another name at the destination: INBOX -> Data/INBOX.',
  ]);
});
