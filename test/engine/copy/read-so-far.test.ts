// What was read to compare mail, while an end of it may change.
import {expect, it} from 'vitest';
import type {Text} from '../../../source/engine/copy/compare-contents.ts';
import {FolderMail} from '../../../source/engine/copy/folder-mail.ts';
import type {Look} from '../../../source/engine/copy/looks.ts';
import {ReadSoFar} from '../../../source/engine/copy/read-so-far.ts';
import type {Session} from '../../../source/engine/imap/session.ts';

const look = (uid: number): Look => ({uid, flags: [], about: {}, key: `${uid}`, strong: false});
const text: Text = {exact: 'e', content: 'c', loose: 'l', anew: false};

it('of the source only what is there still counts as read', async () => {
  const read = new ReadSoFar();
  expect(read.hasSource).toBe(false);
  for (const end of ['source', 'destination'] as const)
    for (const uid of [5, 4, 9]) {
      read.headers[end].set(uid, look(uid));
      read.texts[end].set(uid, text);
    }
  const asked: unknown[] = [];
  const session = {
    // What went a moment ago is told of first.
    wire: {command: async (name: string) => asked.push(name)},
    search: async (about: unknown) => {
      asked.push(about);
      return [4, 9];
    },
  };
  await read.forgetGone(session as unknown as Session);
  expect(asked).toEqual(['NOOP', {uids: '4:5,9'}]);
  const uids = (known: ReadonlyMap<number, unknown>) => [...known.keys()].sort();
  expect(uids(read.headers.source)).toEqual([4, 9]);
  expect(uids(read.texts.source)).toEqual([4, 9]);
  // There it is listed anew in any case.
  expect(uids(read.texts.destination)).toEqual([4, 5, 9]);
  expect(read.size).toBe(10);
});

it('who compares goes on with what it has read, and keeps nothing of it once it is done', () => {
  const mail = new FolderMail();
  mail.readFor('settle').headers.source.set(1, look(1));
  mail.readFor('settle').texts.source.set(1, text);
  expect(mail.readFor('settle').hasSource).toBe(true);
  expect(mail.read).toBe(2);
  mail.compared('settle');
  expect(mail.readFor('settle').hasSource).toBe(false);
  expect(mail.read).toBe(0);
});
