import {connect} from 'node:net';
import {afterEach, expect, it} from 'vitest';
import {type ImapServer, startImapServer} from '../../../source/demo/server/server.ts';
import {Mailbox} from '../../../source/demo/server/store.ts';
import {ImapConnection} from '../../helpers/imap.ts';
import {expectSameMail, fill, listFolders, readMailbox} from '../../helpers/mail.ts';
import {corpus} from '../../helpers/mail-corpus.ts';
import {fillTree, germanTree, oddNames} from '../../helpers/mail-folders.ts';

const servers: ImapServer[] = [];
afterEach(() => Promise.all(servers.splice(0).map(server => server.stop())));

async function start(options: {largestMessage?: number} = {}) {
  const mailbox = new Mailbox('pass');
  const server = await startImapServer({mailboxes: new Map([['john', mailbox]]), now: () => 0, ...options});
  servers.push(server);
  return {mailbox, server: {host: server.host, imapPort: server.port}};
}

it('keeps every kind of mail byte for byte, with flags and date, in nested folders of any name', async () => {
  const {server} = await start();
  const odd = oddNames.filter(path => !path.join('').includes('/'));
  const folders = fillTree([...germanTree, ...odd], {seed: 5, messages: 200});
  await fill(server, 'john', folders);
  const mailbox = await readMailbox(server, 'john', {wholeBytes: true});
  const wanted = new Map(
    folders.map(({path, messages}) => [
      path.join('/'),
      messages.map(({bytes, flags}) => ({bytes, flags: [...flags].sort()})),
    ]),
  );
  const found = new Map(
    [...mailbox].map(([path, messages]) => [path, messages.map(({bytes, flags}) => ({bytes, flags}))]),
  );
  for (const [path, messages] of wanted) expect(found.get(path), path).toEqual(messages);
  const dates = [...(mailbox.get('INBOX') ?? [])].map(message => message.internalDate);
  expect(dates).toEqual(folders[0]?.messages.map(message => message.date));
  expectSameMail(mailbox, await readMailbox(server, 'john'), path => path);
});

it('tells special use, status and children in one LIST', async () => {
  const {server, mailbox} = await start();
  mailbox.create('Gel&APY-schte Elemente', '\\Trash');
  mailbox.create('Gel&APY-schte Elemente/Alt').add({flags: [], date: '', bytes: Buffer.alloc(7)});
  const connection = await ImapConnection.open(server, 'john');
  const answers = await connection.command(
    'LIST "" "*" RETURN (STATUS (MESSAGES UIDNEXT SIZE) CHILDREN SPECIAL-USE)',
  );
  expect(answers).toContainEqual(['LIST', ['\\HasChildren', '\\Trash'], '/', 'Gel&APY-schte Elemente']);
  expect(answers).toContainEqual([
    'STATUS',
    'Gel&APY-schte Elemente/Alt',
    ['MESSAGES', '1', 'UIDNEXT', '2', 'SIZE', '7'],
  ]);
  expect((await listFolders(connection)).map(folder => folder.path)).toContain('Gelöschte Elemente/Alt');
  await connection.close();
});

it('fetches headers and parts and searches by date, UID and header', async () => {
  const {server, mailbox} = await start();
  const inbox = mailbox.create('INBOX');
  const add = (date: string, text: string) => inbox.add({flags: ['\\Seen'], date, bytes: Buffer.from(text)});
  add('01-Feb-2020 23:30:00 -0800', 'Message-ID: <1@example.org>\r\nSubject: a\r\n b\r\nX: y\r\n\r\nbody');
  add(' 2-Feb-2020 00:00:00 +0000', 'Message-ID: <2@example.org>\r\n\r\n');
  add('03-Feb-2021 00:00:00 +0000', 'no header');
  const connection = await ImapConnection.open(server, 'john');
  await connection.command('EXAMINE INBOX');
  const [one] = await connection.command('UID FETCH 1 (RFC822.SIZE BODY.PEEK[HEADER.FIELDS (SUBJECT Date)])');
  expect(one?.[2]).toEqual([
    'UID',
    '1',
    'RFC822.SIZE',
    '57',
    'BODY[HEADER.FIELDS (SUBJECT Date)]',
    Buffer.from('Subject: a\r\n b\r\n\r\n'),
  ]);
  const [part] = await connection.command('FETCH 1 (BODY.PEEK[TEXT] BODY.PEEK[]<0.7>)');
  expect(part?.[2]).toEqual(['BODY[TEXT]', Buffer.from('body'), 'BODY[]<0>', Buffer.from('Message')]);
  const found = async (keys: string) => (await connection.command(`UID SEARCH ${keys}`))[0]?.slice(1);
  expect(await found('ALL')).toEqual(['1', '2', '3']);
  expect(await found('SINCE 2-Feb-2020 BEFORE 3-Feb-2021')).toEqual(['2']);
  expect(await found('UID 2:*')).toEqual(['2', '3']);
  expect(await found('HEADER Message-ID "<1@example.org>"')).toEqual(['1']);
  await connection.close();
});

it('changes nothing but by CREATE and APPEND, and refuses what it must', async () => {
  const {server} = await start({largestMessage: 5_000});
  const connection = await ImapConnection.open(server, 'john');
  expect(connection.capabilities).toContain('APPENDLIMIT=5000');
  await connection.append('INBOX', corpus(3, {seed: 1, kinds: ['tiny']}));
  const large = {bytes: Buffer.alloc(6_000, 'x')};
  await expect(connection.append('INBOX', [large])).rejects.toThrow('NO [TOOBIG]');
  connection.capabilities = new Set();
  await expect(connection.append('INBOX', [large])).rejects.toThrow('NO [TOOBIG]');
  await expect(connection.append('Nowhere', [{bytes: Buffer.from('x')}])).rejects.toThrow('NO [TRYCREATE]');
  await expect(connection.command('CREATE inbox')).rejects.toThrow('NO [ALREADYEXISTS]');
  await connection.command('SELECT INBOX');
  for (const command of [
    'UID STORE 1 +FLAGS (\\Deleted)',
    'EXPUNGE',
    'DELETE INBOX',
    'UID FETCH 1 (ENVELOPE)',
  ])
    await expect(connection.command(command), command).rejects.toThrow('BAD');
  await connection.close();
  expect((await readMailbox(server, 'john')).get('INBOX')?.length).toBe(3);
  await expect(ImapConnection.open(server, 'john', {password: 'no'})).rejects.toThrow('AUTHENTICATIONFAILED');
});

it('answers commands sent together in order, and outlives clients that break off', async () => {
  const {server} = await start();
  const socket = connect({host: server.host, port: server.imapPort});
  socket.write(
    `1 LOGIN john pass\r\n2 APPEND INBOX {5+}\r\nA: b\n\r\n3 STATUS INBOX (MESSAGES)\r\n4 APPEND INBOX {99+}\r\nhalf`,
  );
  let answers = '';
  for await (const chunk of socket) {
    answers += chunk;
    if (answers.includes('3 OK')) break;
  }
  expect(answers).toMatch(/1 OK[\s\S]*2 OK \[APPENDUID 1001 1\][\s\S]*MESSAGES 1[\s\S]*3 OK/);
  socket.destroy();
  const mailbox = await readMailbox(server, 'john');
  expect(mailbox.get('INBOX')?.length).toBe(1);
});
