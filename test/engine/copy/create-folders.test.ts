// A folder that nobody subscribes to is in no list of many mail programs: whoever creates one sees to that, also where an
// earlier run was killed before it could.
import {afterAll, beforeAll, expect, it} from 'vitest';
import {createByAnyName, createFolders} from '../../../source/engine/copy/create-folders.ts';
import type {Elsewhere} from '../../../source/engine/copy/folder-pair.ts';
import {FolderWork} from '../../../source/engine/copy/folder-work.ts';
import {problem} from '../../../source/engine/problems/problems.ts';
import {freshState, job, runEngine} from '../../helpers/engine.ts';
import {connection} from '../../helpers/hand-played.ts';
import {ImapConnection} from '../../helpers/imap.ts';
import {fill} from '../../helpers/mail.ts';
import {corpus} from '../../helpers/mail-corpus.ts';
import {type Dovecot, describeDovecot, startDovecot} from '../../servers/dovecot.ts';

const [from, to] = ['john@baya.com', 'john@vault.example'];

describeDovecot('folders at the destination', () => {
  let source: Dovecot;
  let destination: Dovecot;

  beforeAll(async () => {
    [source, destination] = await Promise.all([startDovecot(), startDovecot()]);
  });
  afterAll(async () => {
    await Promise.all([source, destination].map(server => server?.stop()));
  });

  async function ask(...commands: readonly string[]): Promise<readonly string[]> {
    const connection = await ImapConnection.open(destination, to);
    for (const command of commands) await connection.command(command);
    const listed = await connection.command('LSUB "" "*"');
    await connection.close();
    return listed.map(([, , , name]) => String(name)).toSorted();
  }

  it('are subscribed to: what was only created is not forgotten, what somebody unsubscribed stays so', async () => {
    await fill(source, from, [
      {path: ['Offers'], messages: corpus(2, {seed: 5})},
      {path: ['Plans'], messages: corpus(2, {seed: 6})},
    ]);
    // The run that created this one was killed at once.
    expect(await ask('CREATE Data17012018/Offers')).toEqual([]);
    const state = freshState();
    const carry = () =>
      runEngine([job({server: source, user: from}, {server: destination, user: to})], {state});
    expect((await carry()).totals).toMatchObject({copied: 4, failed: 0});
    expect(await ask()).toEqual(['Data17012018/INBOX', 'Data17012018/Offers', 'Data17012018/Plans']);
    await ask('UNSUBSCRIBE Data17012018/Plans');
    await fill(source, from, [{path: ['Plans'], messages: corpus(2, {seed: 7})}]);
    expect((await carry()).totals).toMatchObject({copied: 2, failed: 0});
    expect(await ask()).toEqual(['Data17012018/INBOX', 'Data17012018/Offers']);
  });
});

function folder(name: string, there: boolean, elsewhere: readonly Elsewhere[] = []): FolderWork {
  const destinationStatus = there ? {messages: 0, uidNext: 1, uidValidity: 5} : undefined;
  const source = {name, wire: name, path: [name], delimiter: '/', flags: [], noSelect: false};
  return new FolderWork(
    0,
    {folder: 0, source, shown: name, destination: name, destinationStatus, elsewhere: () => elsewhere},
    () => undefined,
  );
}

it('Exchange, which takes one command at a time, is asked to create a folder once it has subscribed to another', async () => {
  const greeting = 'The Microsoft Exchange IMAP4 service is ready.';
  const {session, say, heard, everything} = connection({greeting});
  const [there, missing] = [folder('There', true), folder('Missing', false)];
  const refused = createFolders([there, missing], session, () => true);
  await heard('SUBSCRIBE "There"\r\n');
  expect(everything()).not.toContain('CREATE');
  say('F1 OK\r\n');
  await heard('CREATE "Missing"\r\n');
  expect(everything()).not.toContain('SUBSCRIBE "Missing"');
  say('F2 OK\r\n');
  await heard('SUBSCRIBE "Missing"\r\n');
  say('F3 OK\r\n');
  await heard('STATUS "Missing"');
  say('* STATUS "Missing" (MESSAGES 0 UIDNEXT 1 UIDVALIDITY 7)\r\nF4 OK\r\n');
  expect(await refused).toEqual([]);
  expect(missing.destinationStatus?.uidValidity).toBe(7);
});

it.each([
  ['nothing is missing', 0],
  ['others are created', 1],
])('people see a folder before the run goes on, where %s', async (_, missing) => {
  const {session, say, heard} = connection();
  const works = [folder('There', true), ...(missing === 0 ? [] : [folder('Missing', false)])];
  let done = false;
  const created = createFolders(works, session, () => true).then(() => {
    done = true;
  });
  await heard('SUBSCRIBE "There"');
  if (missing > 0) {
    await heard('STATUS "Missing"');
    say('* STATUS "Missing" (MESSAGES 0 UIDNEXT 1 UIDVALIDITY 7)\r\nF2 OK\r\nF3 OK\r\nF4 OK\r\n');
  }
  // What hung on the other answers is done by then.
  await new Promise(resolve => setImmediate(resolve));
  expect(done).toBe(false);
  say('F1 OK\r\n');
  await created;
});

it('a folder that stands under its plainer name is ready at once, and stays so where the connection goes', async () => {
  const {session, say, heard, hangUp} = connection();
  const note = problem('name-character', {from: 'A|b', to: 'A_b'});
  const stands = {messages: 3, uidNext: 4, uidValidity: 5};
  const work = folder('A|b', false, [{destination: 'A_b', destinationStatus: stands, note}]);
  const ready: string[] = [];
  const isReady = (each: FolderWork) => ready.push(each.pair.destination);
  const created = createByAnyName(
    [work],
    session,
    () => true,
    isReady,
    () => true,
  );
  await heard('STATUS "A|b"');
  say('F1 NO Invalid name\r\nF2 NO Invalid name\r\nF3 NO Invalid name\r\n');
  await heard('SUBSCRIBE "A_b"\r\n');
  expect(ready).toEqual(['A_b']);
  hangUp();
  await created.catch(() => undefined);
  expect(work.pair.destination).toBe('A_b');
});
