import {connect as connectTls} from 'node:tls';
import {afterAll, beforeAll, expect, it} from 'vitest';
import {ImapConnection, ImapRefusal} from '../helpers/imap.ts';
import {fill, listFolders, namespaceOf, readMailbox} from '../helpers/mail.ts';
import {bigMessage, corpus} from '../helpers/mail-corpus.ts';
import {type Dovecot, type DovecotOptions, describeDovecot, startDovecot} from './dovecot.ts';

const mail = (count: number) => corpus(count, {seed: 3});

describeDovecot('Dovecot for tests', () => {
  const servers: Dovecot[] = [];
  const start = async (options?: DovecotOptions) => {
    const server = await startDovecot(options);
    servers.push(server);
    return server;
  };
  let usual: Dovecot;

  beforeAll(async () => {
    usual = await start();
  });
  afterAll(() => Promise.all(servers.map(server => server.stop())));

  const tlsError = (server: Dovecot) => {
    const {promise, resolve} = Promise.withResolvers<string | undefined>();
    const socket = connectTls({host: 'localhost', port: server.imapsPort, ca: server.ca});
    socket.once('secureConnect', () => resolve(undefined));
    socket.once('error', error => resolve('code' in error ? String(error.code) : error.message));
    return promise.finally(() => socket.destroy());
  };

  it('offers a certificate that is right, or wrong in the way asked for', async () => {
    const [expired, elsewhere, alone] = await Promise.all(
      (['expired', 'wrong-name', 'self-signed'] as const).map(certificate => start({certificate})),
    );
    if (!expired || !elsewhere || !alone) throw new Error('not started');
    expect(await tlsError(usual)).toBeUndefined();
    expect(await tlsError(expired)).toBe('CERT_HAS_EXPIRED');
    expect(await tlsError(elsewhere)).toBe('ERR_TLS_CERT_ALTNAME_INVALID');
    expect(await tlsError(alone)).toBe('DEPTH_ZERO_SELF_SIGNED_CERT');
  });

  it('takes any user, or those it is given', async () => {
    const closed = await start({passwords: {'john@baya.com': 'p:w"\\{1}'}});
    const connection = await ImapConnection.open(closed, 'john@baya.com', {password: 'p:w"\\{1}'});
    await connection.close();
    await expect(ImapConnection.open(closed, 'ann@baya.com')).rejects.toThrow(ImapRefusal);
    const other = await ImapConnection.open(usual, 'Änne+x@baya.com');
    await other.close();
  });

  it('has the namespace asked for and hides capabilities', async () => {
    const dotted = await start({
      prefix: 'INBOX.',
      separator: '.',
      hide: ['MULTIAPPEND', 'UIDPLUS'],
      add: ['APPENDLIMIT=1000'],
    });
    const connection = await ImapConnection.open(dotted, 'john');
    expect(await namespaceOf(connection)).toEqual({prefix: 'INBOX.', separator: '.'});
    expect(connection.capabilities).toContain('LITERAL+');
    expect(connection.capabilities).toContain('APPENDLIMIT=1000');
    expect(connection.capabilities).not.toContain('MULTIAPPEND');
    expect(connection.capabilities).not.toContain('UIDPLUS');
    await connection.close();
  });

  it('keeps the other separator in names where asked to', async () => {
    const dotted = await start({separator: '.', anyName: true, specialUse: {'Deleted Items': '\\Trash'}});
    await fill(dotted, 'john', [
      {path: ['a/b'], messages: mail(1)},
      {path: ['~tilde'], messages: []},
      {path: ['Deleted Items'], messages: []},
    ]);
    const connection = await ImapConnection.open(dotted, 'john');
    const folders = await listFolders(connection);
    await connection.close();
    expect(folders.map(folder => folder.path)).toEqual(['Deleted Items', 'INBOX', 'a/b', '~tilde']);
    expect(folders[0]?.attributes).toContain('\\Trash');
  });

  it('refuses what is too large and what does not fit', async () => {
    const small = await start({largestMessage: 100_000, quotaBytes: 300_000});
    const connection = await ImapConnection.open(small, 'john');
    await expect(connection.append('INBOX', [bigMessage(200_000, 1)])).rejects.toThrow(/^APPEND "INBOX": NO/);
    await connection.append('INBOX', [bigMessage(90_000, 1), bigMessage(90_000, 2), bigMessage(90_000, 3)]);
    await expect(connection.append('INBOX', [bigMessage(90_000, 4)])).rejects.toThrow('OVERQUOTA');
    await connection.close();
  });

  it('keeps the mail over a kill', async () => {
    const server = await start();
    await fill(server, 'john', [{path: ['INBOX'], messages: mail(20)}]);
    const before = await readMailbox(server, 'john');
    await server.kill();
    await expect(ImapConnection.open(server, 'john')).rejects.toThrow(/ECONNRE(FUSED|SET)/);
    await server.restart();
    expect(await readMailbox(server, 'john')).toEqual(before);
  });

  it('lets a user hold many connections', async () => {
    const connections = await Promise.all(Array.from({length: 40}, () => ImapConnection.open(usual, 'john')));
    await Promise.all(connections.map(connection => connection.close()));
    expect(connections.length).toBe(40);
  });
});
