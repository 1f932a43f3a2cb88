// COMPRESS=DEFLATE over the sockets that bulk work has for its own: reading and every way of storing, plain and TLS.
import {createServer, type Socket} from 'node:net';
import type {Duplex} from 'node:stream';
import {constants, deflateRawSync} from 'node:zlib';
import {afterAll, afterEach, beforeAll, describe, expect, it} from 'vitest';
import {compress} from '../../../source/engine/imap/compress.ts';
import {Wire} from '../../../source/engine/imap/wire.ts';
import {job, runEngine} from '../../helpers/engine.ts';
import {expectSameMail, fill, readMailbox} from '../../helpers/mail.ts';
import {plainMail} from '../../helpers/meddled.ts';
import {type Dovecot, type DovecotOptions, describeDovecot, startDovecot} from '../../servers/dovecot.ts';
import {type Meddler, startMeddler} from '../../servers/meddler.ts';

describeDovecot('compressed connections', () => {
  const user = 'john@baya.com';
  let source: Dovecot;
  const servers: Dovecot[] = [];
  const start = async (options: DovecotOptions) => {
    const server = await startDovecot({compress: true, ...options});
    servers.push(server);
    return server;
  };
  beforeAll(async () => {
    source = await start({});
    const large = plainMail(1, 3, 'z'.repeat(70).concat('\r\n').repeat(45_000));
    await fill(source, user, [
      {path: ['INBOX'], messages: [...plainMail(150, 1), ...large]},
      {path: ['Work'], messages: plainMail(40, 2, 'y'.repeat(9000))},
    ]);
  });
  afterAll(() => Promise.all(servers.map(server => server.stop())));

  /** Counts what passes: what is compressed is less. */
  async function counted(
    server: Dovecot,
    port = server.imapPort,
  ): Promise<{line: Meddler; said(): string; bytes(): number}> {
    let said = '';
    let bytes = 0;
    const line = await startMeddler(port, {
      down: chunk => {
        bytes += chunk.length;
        return false;
      },
      line: text => {
        bytes += text.length;
        if (/ COMPRESS /.test(text)) said += text;
        return false;
      },
    });
    return {line, said: () => said, bytes: () => bytes};
  }

  it.each<[string, readonly string[]]>([
    ['MULTIAPPEND', []],
    ['pipelined APPEND', ['MULTIAPPEND']],
    ['one APPEND after the other', ['MULTIAPPEND', 'LITERAL+']],
  ])('carry every byte with %s, in fewer bytes', async (_, hide) => {
    const destination = await start({hide});
    const [from, to] = await Promise.all([counted(source), counted(destination)]);
    const run = await runEngine(
      [job({server: from.line, user}, {server: to.line, user: 'a@vault.example'})],
      {
        compress: true,
      },
    );
    from.line.close();
    to.line.close();
    expect([run.exitCode, run.totals]).toMatchObject([0, {copied: 191, failed: 0}]);
    for (const end of [from, to]) {
      expect(end.said()).toMatch(/^C1 COMPRESS DEFLATE\r\n/);
      expect(end.bytes()).toBeLessThan(run.totals.bytes / 4);
    }
    const [there, arrived] = await Promise.all([
      readMailbox(source, user),
      readMailbox(destination, 'a@vault.example'),
    ]);
    expectSameMail(there, arrived, path => `Data17012018/${path}`);
  });

  it('carry every byte inside TLS', async () => {
    const destination = await start({});
    const [from, to] = await Promise.all([
      counted(source, source.imapsPort),
      counted(destination, destination.imapsPort),
    ]);
    const tls = ({line}: typeof from) => ({server: {...line, imapsPort: line.imapPort}, tls: true});
    const run = await runEngine([job({...tls(from), user}, {...tls(to), user: 'a@vault.example'})], {
      compress: true,
      ca: [source.ca, destination.ca],
    });
    from.line.close();
    to.line.close();
    expect([run.exitCode, run.totals]).toMatchObject([0, {copied: 191, failed: 0}]);
    for (const end of [from, to]) expect(end.bytes()).toBeLessThan(run.totals.bytes / 4);
    const [there, arrived] = await Promise.all([
      readMailbox(source, user),
      readMailbox(destination, 'a@vault.example'),
    ]);
    expectSameMail(there, arrived, path => `Data17012018/${path}`);
  });

  it('are not asked for where nobody wants them', async () => {
    const from = await counted(source);
    await runEngine([job({server: from.line, user}, {server: source, user: 'b@vault.example'})]);
    from.line.close();
    expect(from.said()).toBe('');
  });
});

describe('a server that is asked to compress', () => {
  const stops: (() => void)[] = [];
  afterEach(() => {
    for (const stop of stops.splice(0)) stop();
  });

  /** Connects to a server that `answers` the command. */
  async function asked(answers: (socket: Socket) => void) {
    const server = createServer(socket => {
      stops.push(() => socket.destroy());
      socket.on('error', () => undefined).once('data', () => answers(socket));
    });
    stops.push(() => server.close());
    await new Promise<void>(done => server.listen(0, '127.0.0.1', done));
    const {connect} = await import('node:net');
    const socket = connect((server.address() as {port: number}).port, '127.0.0.1');
    return (ms = 10_000, signal = new AbortController().signal) => compress('source', socket, ms, signal);
  }

  const deflated = (bytes: string | Buffer) =>
    deflateRawSync(bytes, {finishFlush: constants.Z_SYNC_FLUSH, level: 9});

  it('may refuse, and is served as it is', async () => {
    const open = await asked(socket => {
      socket.write('* OK there is no C1 OK here\r\nC1 NO Not today\r\n');
      socket.on('data', data => {
        if (String(data).includes('NOOP')) socket.write('F1 OK done\r\n');
      });
    });
    expect(await new Wire('source', await open(), 10_000).command('NOOP')).toBe('done');
  });

  it('may go on in the same packet', async () => {
    const open = await asked(socket =>
      socket.write(Buffer.concat([Buffer.from('* OK hm\r\nC1 OK go\r\n'), deflated('F1 OK done\r\n')])),
    );
    expect(await new Wire('source', await open(), 10_000).command('NOOP')).toBe('done');
  });

  it('and sends what cannot be inflated has lost the connection', async () => {
    const open = await asked(socket => socket.write(Buffer.from('C1 OK go\r\n\xff\xff\xff\xff', 'latin1')));
    const wire = new Wire('source', await open(), 10_000);
    await expect(wire.command('NOOP')).rejects.toMatchObject({name: 'ConnectionLost', code: 'Z_DATA_ERROR'});
  });

  it('and hangs up instead has lost the connection too', async () => {
    const open = await asked(socket => socket.end());
    await expect(open()).rejects.toMatchObject({name: 'ConnectionLost', code: 'NoConnection'});
  });

  it('and hangs up behind a whole answer has just ended', async () => {
    const open = await asked(socket =>
      socket.end(Buffer.concat([Buffer.from('C1 OK go\r\n'), deflated('F1 OK done\r\n')])),
    );
    const {readSocket} = await open();
    expect(String(Buffer.concat(await readSocket.toArray()))).toBe('F1 OK done\r\n');
  });

  it.each([
    ['answers without end', 'x'.repeat(100_000), 10_000, 'LineTooLarge'],
    ['does not answer', '* OK hm\r\n', 50, 'ETIMEOUT'],
  ])('and %s is left', async (_, says, ms, code) => {
    const left = Promise.withResolvers<void>();
    const open = await asked(socket => socket.once('close', () => left.resolve()).write(says));
    await expect(open(ms)).rejects.toMatchObject({name: 'ConnectionLost', code});
    await left.promise;
  });

  it('is left at once when nobody waits any more', async () => {
    const heard = Promise.withResolvers<void>();
    const left = Promise.withResolvers<void>();
    const open = await asked(socket => {
      socket.once('close', () => left.resolve());
      heard.resolve();
    });
    const stop = new AbortController();
    const opening = open(10_000, stop.signal);
    await heard.promise;
    stop.abort(new Error('stopped'));
    await expect(opening).rejects.toThrow('stopped');
    await left.promise;
  });

  it('fills no memory with a bomb: a line without end is given up', async () => {
    // 40 MB in 40 KB.
    const bomb = deflated(Buffer.alloc(40_000_000, 'x'));
    const open = await asked(socket => socket.write(Buffer.concat([Buffer.from('C1 OK\r\n'), bomb])));
    const wire = new Wire('source', await open(), 10_000);
    await expect(wire.command('NOOP')).rejects.toMatchObject({code: 'LineTooLarge'});
  });

  it('is inflated no faster than it is taken', async () => {
    const size = 40_000_000;
    const bomb = deflated(Buffer.alloc(size, 'x'));
    const open = await asked(socket => socket.write(Buffer.concat([Buffer.from('C1 OK\r\n'), bomb])));
    const {readSocket} = await open();
    let taken = 0;
    let most = 0;
    for await (const chunk of readSocket) {
      taken += (chunk as Buffer).length;
      most = Math.max(most, readSocket.readableLength);
      if (taken === size) break;
    }
    expect(taken).toBe(size);
    expect(most).toBeLessThan(1_000_000);
  });

  it('and taken from the line no faster either', async () => {
    const size = 20_000_000;
    const stored = deflateRawSync(Buffer.alloc(size, 'x'), {finishFlush: constants.Z_SYNC_FLUSH, level: 0});
    const open = await asked(socket => socket.write(Buffer.concat([Buffer.from('C1 OK\r\n'), stored])));
    const readSocket = (await open()).readSocket as Duplex;
    let taken = 0;
    let most = 0;
    for await (const chunk of readSocket) {
      taken += (chunk as Buffer).length;
      // Whatever has come meanwhile may come in.
      await new Promise(done => setImmediate(done));
      most = Math.max(most, readSocket.writableLength);
      if (taken === size) break;
    }
    expect(taken).toBe(size);
    expect(most).toBeLessThan(1_000_000);
  });
});
