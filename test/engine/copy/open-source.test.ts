// A folder that is open is not taken for one of its name that was made since.
import {expect, it} from 'vitest';
import {FolderWork} from '../../../source/engine/copy/folder-work.ts';
import {openSource} from '../../../source/engine/copy/open-ends.ts';
import {connection} from '../../helpers/hand-played.ts';

it('a folder that was made anew is opened again where the one before it is still open', async () => {
  const {session, say, heard} = connection();
  const source = {name: 'A', wire: 'A', path: ['A'], delimiter: '/', flags: [], noSelect: false};
  const pair = {folder: 0, source, shown: 'A', destination: 'A', destinationStatus: undefined};
  const work = new FolderWork(0, pair, () => undefined);
  const before = session.examine('A');
  say('* 1 EXISTS\r\n* OK [UIDVALIDITY 5] Old\r\nF1 OK Done\r\n');
  await before;
  // Another lane has counted the folder that goes by the name now.
  work.sourceUidValidity = 6;
  const opened = openSource(work, {source: session, target: session});
  await Promise.race([opened, heard('F2 EXAMINE "A"')]);
  say('* 1 EXISTS\r\n* OK [UIDVALIDITY 6] New\r\nF2 OK Done\r\n');
  await opened;
  expect(session.openValidity).toBe(6);
});

it('what broke the connection, or the server, is no message of the folder that was made anew', () => {
  const source = {name: 'A', wire: 'A', path: ['A'], delimiter: '/', flags: [], noSelect: false};
  const pair = {folder: 0, source, shown: 'A', destination: 'A', destinationStatus: undefined};
  const work = new FolderWork(0, pair, () => undefined);
  for (let loss = 0; loss < 2; loss++) work.mail.suspicion.lost(new Set([7]));
  for (let failure = 0; failure < 3; failure++) work.mail.failing.failed([8], 1, failure, 'destination');
  expect([work.mail.suspicion.guilty, work.mail.failing.guilty?.uid]).toEqual([7, 8]);
  work.reopen();
  expect([work.mail.suspicion.guilty, work.mail.suspicion.cautious, work.mail.failing.guilty]).toEqual([
    undefined,
    false,
    undefined,
  ]);
});
