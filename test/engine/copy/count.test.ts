// A source folder is counted as it stands: one that is another when it is looked at again is not mixed with the first.
import {expect, it} from 'vitest';
import {countFolder} from '../../../source/engine/copy/count.ts';
import {FolderWork} from '../../../source/engine/copy/folder-work.ts';
import {job, limits} from '../../helpers/engine.ts';
import {connection} from '../../helpers/hand-played.ts';

const end = {server: {host: '127.0.0.1', imapPort: 143}, user: 'ann@baya.com'};
const context = {
  job: job(end, end),
  settings: {
    run: 'run',
    version: '0.0.0',
    dryRun: false,
    disarmReceipts: false,
    ca: [],
    limits,
    ledgerFile: () => '',
  },
};

function folder(): FolderWork {
  const source = {name: 'A', wire: 'A', path: ['A'], delimiter: '/', flags: [], noSelect: false};
  const pair = {folder: 0, source, shown: 'A', destination: 'A', destinationStatus: undefined};
  return new FolderWork(0, pair, () => undefined);
}

it('a folder that was numbered anew before it is looked into is begun anew', async () => {
  const {session, say, heard} = connection();
  const counted = countFolder(folder(), session, context, undefined);
  await heard('UID FETCH 1:*');
  say('* 2 EXISTS\r\n* OK [UIDVALIDITY 5]\r\n* OK [UIDNEXT 2]\r\nF1 OK\r\n');
  say('* 1 FETCH (UID 1 RFC822.SIZE 100)\r\nF2 OK\r\n');
  await heard('UID SEARCH ALL');
  say('* 2 EXISTS\r\n* OK [UIDVALIDITY 6]\r\n* OK [UIDNEXT 9]\r\nF3 OK\r\n* SEARCH 7 8\r\nF4 OK\r\n');
  await expect(counted).rejects.toThrow('The source folder was replaced');
});

it('what is new is asked for from where the last run ended, and nothing below it counts', async () => {
  const {session, say, heard} = connection();
  const work = folder();
  const mark = {
    filter: '',
    sourceUidNext: 5,
    sourceMessages: 2,
    destinationUidNext: 3,
    destinationMessages: 2,
    selected: 2,
    selectedBytes: 200,
    deletedBytes: 0,
  };
  const since = {...context, job: job(end, end, {since: '2020-01-01'})};
  const counted = countFolder(work, session, since, mark);
  await heard('UID SEARCH UID 5:*');
  say('* 3 EXISTS\r\n* OK [UIDVALIDITY 5]\r\n* OK [UIDNEXT 6]\r\nF1 OK\r\n');
  say('* 2 FETCH (UID 4 RFC822.SIZE 100)\r\n* 3 FETCH (UID 5 RFC822.SIZE 100)\r\nF2 OK\r\n');
  // 'n:*' names the last message, whatever its UID.
  say('* SEARCH 4 5\r\nF3 OK\r\n');
  await counted;
  expect(work.grownFrom).toBe(mark);
  expect(work.selected).toEqual([5]);
  expect(work.sourceStands).toMatchObject({messages: 3, uidNext: 6});
});

it('a message that is left out is missed also where just as many have come meanwhile', async () => {
  const {session, say, heard} = connection();
  const work = folder();
  const counted = countFolder(work, session, context, undefined);
  await heard('UID FETCH 1:*');
  say('* 3 EXISTS\r\n* OK [UIDVALIDITY 5]\r\n* OK [UIDNEXT 4]\r\nF1 OK\r\n');
  for (const uid of [1, 3, 4]) say(`* ${uid} FETCH (UID ${uid} RFC822.SIZE 100)\r\n`);
  say('F2 OK\r\n');
  await Promise.race([counted, heard('UID SEARCH ALL')]);
  say('* 4 EXISTS\r\n* OK [UIDVALIDITY 5]\r\n* OK [UIDNEXT 5]\r\nF3 OK\r\n* SEARCH 1 2 3 4\r\nF4 OK\r\n');
  await counted;
  expect(work.selected).toEqual([1, 2, 3, 4]);
});
