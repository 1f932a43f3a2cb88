// The next run does not look into a folder that is written down as finished, so nothing may be open in it.
import {expect, it, onTestFinished} from 'vitest';
import type {MailboxContext} from '../../../source/engine/copy/context.ts';
import {verify} from '../../../source/engine/copy/finish.ts';
import {FolderWork} from '../../../source/engine/copy/folder-work.ts';
import {FolderReplaced} from '../../../source/engine/copy/open-ends.ts';
import {Ledger} from '../../../source/engine/ledger/ledger.ts';
import {job} from '../../helpers/engine.ts';
import {connection} from '../../helpers/hand-played.ts';

const end = {server: {host: '127.0.0.1', imapPort: 143}, user: 'ann@baya.com'};

/** A folder of `selected` messages of which `copied` count as copied; one is known. Its verification has begun. */
async function verifying(selected: number, copied = 1) {
  const {session, say, heard} = connection();
  const ledger = Ledger.open(':memory:', 'pair');
  const folder = ledger.resetFolder({
    source: '["A"]',
    destination: 'A',
    sourceUidValidity: 1,
    destinationUidValidity: 5,
  });
  ledger.put(folder.id, {uid: 1, state: 'stored', destinationUid: 1, strong: false, run: 'run'});
  const source = {name: 'A', wire: 'A', path: ['A'], delimiter: '/', flags: [], noSelect: false};
  const pair = {folder: 0, source, shown: 'A', destination: 'A', destinationStatus: undefined};
  const work = new FolderWork(0, pair, () => undefined);
  work.ledgerFolder = folder;
  work.tally.counted(selected, selected * 100, 0, 0);
  work.tally.copied(copied, copied * 100);
  const context = {ledger, job: job(end, end), ports: {}} as unknown as MailboxContext;
  const done = verify([work], {source: session, target: session}, context).next();
  await heard('STATUS "A"');
  return {done, say, heard, folder: () => ledger.folder(folder.source)};
}

/** The same, when its destination has told of one. */
async function verified(selected: number, copied = 1) {
  const {done, say, folder} = await verifying(selected, copied);
  say('* STATUS "A" (MESSAGES 1 UIDNEXT 2 UIDVALIDITY 5)\r\nF1 OK\r\n');
  await done;
  return folder();
}

it('a folder whose messages are all stored is finished', async () => {
  expect(await verified(1)).toMatchObject({destinationSeen: 2, finished: {selected: 1}});
});

it('a folder in which something is open is not: the next run looks into it', async () => {
  const folder = await verified(2);
  expect(folder?.destinationSeen).toBe(2);
  expect(folder?.finished).toBeUndefined();
});

it('what counts as copied and is not known to be there is no success, and the next run looks for it', async () => {
  await expect(verified(2, 2)).rejects.toThrow('Of A 2 messages count as stored, and 1 are known');
});

it('a folder that is made anew between two questions has other messages', async () => {
  const {done, say, heard} = await verifying(1);
  say('F1 NO [NONEXISTENT] There is none\r\n');
  await heard('SELECT "A"');
  say('* 1 EXISTS\r\n* OK [UIDVALIDITY 6] New\r\nF2 OK Done\r\n');
  expect((await done).value?.[1]).toEqual(new FolderReplaced('destination'));
});

it('where counting fails nobody is left who waits for the destination', async () => {
  const unhandled: unknown[] = [];
  const note = (error: unknown) => void unhandled.push(error);
  process.on('unhandledRejection', note);
  onTestFinished(() => void process.off('unhandledRejection', note));
  const {session, heard, hangUp} = connection();
  const ledger = {
    count: () => {
      throw new Error('disk I/O error');
    },
  };
  const work = {pair: {destination: 'A'}, ledgerFolder: {id: 1, destinationSeen: 1}} as unknown as FolderWork;
  const context = {ledger, job: job(end, end), ports: {}} as unknown as MailboxContext;
  await expect(verify([work], {source: session, target: session}, context).next()).rejects.toThrow('I/O');
  await heard('STATUS "A"');
  hangUp();
  await new Promise(setImmediate);
  expect(unhandled).toEqual([]);
});
