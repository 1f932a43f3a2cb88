// Which of a destination's messages are the source's, by what both ends give of them: each case in which a step that looks
// right would send again what is there, hold back what is not, or ask again for what is not given.
import {setImmediate} from 'node:timers/promises';
import {expect, it} from 'vitest';
import type {KeptTexts} from '../../../source/engine/copy/compare-contents.ts';
import type {MailboxContext} from '../../../source/engine/copy/context.ts';
import type {FolderWork} from '../../../source/engine/copy/folder-work.ts';
import type {Look} from '../../../source/engine/copy/looks.ts';
import type {Sessions} from '../../../source/engine/copy/open-ends.ts';
import {asKnown, pairLooks} from '../../../source/engine/copy/pair-looks.ts';
import {ConnectionLost} from '../../../source/engine/imap/errors.ts';
import {contentDigests, exactDigest} from '../../../source/engine/messages/content.ts';
import {parseHeaders} from '../../../source/engine/messages/headers.ts';
import {headerKey} from '../../../source/engine/messages/identity.ts';

type Mail = {
  readonly id?: string;
  /** Minute of its Date; undefined for no Date. */
  readonly at?: number;
  readonly from?: string;
  readonly html?: true;
  readonly body: string;
  /** The server does not send it. */
  readonly held?: true;
};

function bytesOf({id, at, from = 'ann@example.org', html, body}: Mail): Buffer {
  const lines = [
    `From: ${from}`,
    'Subject: S',
    ...(at === undefined ? [] : [`Date: Fri, 14 Jul 2017 02:${at}:00 +0000`]),
    ...(id === undefined ? [] : [`Message-ID: <${id}@example.org>`]),
    ...(html ? ['Content-Type: text/html; charset=utf-8'] : []),
  ];
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n${body}\r\n`);
}

/** Numbered from 1 at both ends. */
async function paired(
  source: readonly Mail[],
  destination: readonly Mail[],
  provider: 'imap' | 'o365' = 'imap',
  {asked = [], kept, lost}: {asked?: string[]; kept?: KeptTexts; lost?: 'source'} = {},
) {
  const look = (mail: Mail, index: number): Look => {
    const bytes = bytesOf(mail);
    const about = {date: 1, size: bytes.length};
    return {uid: index + 1, flags: [], about, size: bytes.length, ...headerKey(parseHeaders(bytes), true)};
  };
  const session = (all: readonly Mail[], end: string) => ({
    exchange: provider === 'o365',
    openName: 'A',
    openValidity: 1,
    beginning: async (uid: number) => {
      asked.push(`${end} ${uid}`);
      if (end === lost) throw new ConnectionLost(lost, 'ECONNRESET', 'Gone');
      const mail = all[uid - 1];
      return mail === undefined || mail.held ? undefined : {uid, body: {bytes: bytesOf(mail)}};
    },
  });
  const sizes = new Map(source.map((mail, index) => [index + 1, bytesOf(mail).length]));
  const pair = {source: {name: 'A'}, destination: 'A'};
  const work = {sizes, pair, sourceUidValidity: 1, mail: {unlike: new Set()}, note: () => undefined};
  const sessions = {source: session(source, 'source'), target: session(destination, 'destination')};
  const {pairs, doubts} = await pairLooks(
    {source: source.map(look), digests: new Map(), dates: new Map()},
    destination.map(look),
    work as unknown as FolderWork,
    sessions as unknown as Sessions,
    {job: {what: {destination: {provider}}}} as unknown as MailboxContext,
    kept,
  );
  return {pairs: pairs.toSorted(([one], [other]) => one - other), doubts: [...doubts.keys()], asked};
}

it('of one content, what was sent at the same time belongs together before what has no time', async () => {
  const {pairs} = await paired(
    [
      {id: 'm', body: 'B'},
      {id: 'm', at: 41, from: 'bob@example.org', body: 'B'},
    ],
    [
      {id: 'm', at: 41, from: 'list-bob@example.org', body: 'B'},
      {id: 'm', at: 45, from: 'list-ann@example.org', body: 'B'},
    ],
  );
  expect(pairs).toEqual([
    [1, 2],
    [2, 1],
  ]);
});

it('a copy that was sent at another time, and cannot be read, is no reason to hold a message back', async () => {
  const {pairs, doubts} = await paired(
    [
      {id: 'm', at: 41, body: 'One'},
      {id: 'm', body: 'Two'},
    ],
    [
      {id: 'm', at: 42, body: 'One', held: true},
      {id: 'm', from: 'bob@example.org', body: 'Other'},
    ],
  );
  expect({pairs, doubts}).toEqual({pairs: [], doubts: [2]});
});

it('where one of two with a key is found otherwise, the other is compared by number once more', async () => {
  const {pairs} = await paired(
    [
      {id: 'm', at: 41, body: 'One'},
      {id: 'm', at: 41, body: 'Two'},
    ],
    [
      {id: 'm', at: 41, body: '<p>Two and more</p>', html: true},
      {id: 'm', at: 41, from: 'bob@example.org', body: 'One'},
    ],
    'o365',
  );
  expect(pairs).toEqual([
    [1, 2],
    [2, 1],
  ]);
});

it('what a server does not send is asked for as often as in one comparison, however many there are', async () => {
  const twins = (held?: true) =>
    Array.from({length: 9}, (_, index): Mail => ({body: `${index}`, ...(held && {held})}));
  const {asked} = await paired(twins(), twins(true));
  const times = Map.groupBy(asked, each => each);
  // Together with others, and alone.
  expect(Math.max(...[...times.values()].map(each => each.length))).toBe(2);
});

it('a row that knows no more of a message than its key is found by that', () => {
  const {source} = asKnown([{uid: 1, state: 'stored', key: 'k', strong: false, run: 'r'}]);
  expect(source).toEqual([{uid: 1, key: 'k', strong: false}]);
});

it('neither end is read on when the other has gone: another folder is open there soon', async () => {
  const mail = Array.from({length: 50}, (_, index): Mail => ({body: `${index}`}));
  const asked: string[] = [];
  await expect(paired(mail, mail, 'o365', {asked, lost: 'source'})).rejects.toThrow(ConnectionLost);
  const before = asked.length;
  await setImmediate();
  expect(asked).toHaveLength(before);
  expect(before).toBeLessThan(10);
});

it('what was read before is not read again, unless more is to be known of it', async () => {
  const mine: Mail = {id: 'm', at: 41, body: 'One'};
  const theirs: Mail = {id: 'm', at: 41, body: 'Quite another'};
  const kept = (anew: boolean): KeptTexts => {
    const textOf = (mail: Mail) => {
      const bytes = bytesOf(mail);
      return {exact: exactDigest(bytes), ...contentDigests(bytes), anew};
    };
    return {source: new Map([[1, textOf(mine)]]), destination: new Map([[1, textOf(theirs)]])};
  };
  expect((await paired([mine], [theirs], 'imap', {kept: kept(true)})).asked).toEqual([]);
  // The same key and another size: what there is to read tells that they are two.
  const {pairs, asked} = await paired([mine], [theirs], 'imap', {kept: kept(false)});
  expect({pairs, asked}).toEqual({pairs: [], asked: ['source 1', 'destination 1']});
});
