// The wire against a server that is played by hand, line by line.
import {describe, expect, it} from 'vitest';
import {
  type AppendStrategy,
  append,
  appendEach,
  appendStream,
  chooseStrategy,
} from '../../../source/engine/imap/append.ts';
import {ServerRefused} from '../../../source/engine/imap/errors.ts';
import {Literal} from '../../../source/engine/imap/literal.ts';
import {connection, fetched} from '../../helpers/hand-played.ts';

describe('commands under way at the same time', () => {
  it('get their own answers, in whatever order the server gives them (Dovecot interleaves FETCH)', async () => {
    const {session, say, heard} = connection();
    const first = session.messages([1, 2]);
    const second = session.messages([3, 4]);
    await heard('F2 UID FETCH 3:4');
    say(fetched(3, 'three') + fetched(1, 'one') + fetched(4, 'four'));
    say('F2 OK done\r\n* 2 FETCH (FLAGS (\\Seen))\r\n');
    expect((await second).map(message => message.body?.bytes.toString())).toEqual(['three', 'four']);
    say(`${fetched(2, 'two')}F1 OK done\r\n`);
    expect((await first).map(message => message.body?.bytes.toString())).toEqual(['one', 'two']);
  });

  it('a streamed message takes only its own literal', async () => {
    const {session, say, heard} = connection();
    const batch = session.messages([1]);
    const chunks: string[] = [];
    const stream = session.stream(9, message => {
      chunks.push(`size ${message.size}`);
      return {
        write: chunk => {
          chunks.push(chunk.toString());
          return true;
        },
        end: () => chunks.push('end'),
      };
    });
    await heard('F2 UID FETCH 9 (UID FLAGS INTERNALDATE BODY.PEEK[])');
    say(`${fetched(1, 'small')}${fetched(9, 'large')}F1 OK\r\nF2 OK\r\n`);
    expect(await stream).toBe(true);
    expect(chunks).toEqual(['size 5', 'large', 'end']);
    expect((await batch)[0]?.body?.bytes.toString()).toBe('small');
  });
});

it('a server that names the body first is asked for flags and date apart', async () => {
  const {session, say, heard} = connection();
  const begun: unknown[] = [];
  const stream = session.stream(9, message => {
    begun.push(message);
    return {write: () => true, end: () => undefined};
  });
  await heard('F1 UID FETCH 9');
  say('* 3 FETCH (BODY[] {5}\r\nlarge UID 9 FLAGS (\\Seen) INTERNALDATE "x")\r\nF1 OK\r\n');
  await heard('F2 UID FETCH 9 (UID FLAGS INTERNALDATE)');
  say('* 3 FETCH (UID 9 FLAGS (\\Seen) INTERNALDATE "17-Jul-1996 02:44:25 -0700")\r\nF2 OK\r\n');
  await heard('F3 UID FETCH 9 (UID BODY.PEEK[])');
  say('* 3 FETCH (BODY[] {5}\r\nlarge UID 9)\r\nF3 OK\r\n');
  expect(await stream).toBe(true);
  expect(begun).toEqual([{uid: 9, flags: ['\\Seen'], internalDate: '17-Jul-1996 02:44:25 -0700', size: 5}]);
});

describe('the end of a connection', () => {
  it('rejects all that is under way with what the server said last', async () => {
    const {wire, say, hangUp} = connection();
    const first = wire.command('NOOP');
    const second = wire.command('NOOP');
    say('* BYE Session invalidated - AccessTokenExpired\r\n');
    hangUp();
    await expect(first).rejects.toMatchObject({
      name: 'ConnectionLost',
      end: 'source',
      reason: 'Session invalidated - AccessTokenExpired',
    });
    await expect(second).rejects.toMatchObject({name: 'ConnectionLost'});
    await expect(wire.command('NOOP')).rejects.toMatchObject({name: 'ConnectionLost'});
  });

  it('meets a message that is begun afterwards once, and leaves no rejection that nobody sees', async () => {
    const unseen: unknown[] = [];
    const see = (reason: unknown) => unseen.push(reason);
    process.on('unhandledRejection', see);
    const {session, wire, hangUp} = connection({capabilities: []});
    hangUp();
    await new Promise(done => wire.gone.addEventListener('abort', done));
    const message = {flags: [], internalDate: '', body: new Literal([Buffer.from('x')])};
    await expect(appendEach(session, {name: 'INBOX'}, [message])).rejects.toThrow(
      'The server closed the connection',
    );
    await new Promise(done => setImmediate(done));
    process.off('unhandledRejection', see);
    expect(unseen).toEqual([]);
  });

  it('comes when the server is silent for too long', async () => {
    const {wire} = connection({inactivityMs: 20});
    await expect(wire.command('NOOP')).rejects.toMatchObject({code: 'ETIMEOUT'});
  });

  it('does not come while answers are left where they are: that silence is not the server', async () => {
    const {wire, say, heard} = connection({inactivityMs: 20});
    const asked = wire.command('NOOP');
    await heard('NOOP');
    wire.rest();
    say('F1 OK done\r\n');
    await expect(asked).resolves.toBe('done');
  });

  it('comes when the server answers what nobody asked', async () => {
    const {wire, say} = connection();
    const asked = wire.command('NOOP');
    say('X99 OK\r\n');
    await expect(asked).rejects.toMatchObject({code: 'UnexpectedTag'});
  });

  it('comes when the answer cannot be read, and the program lives', async () => {
    const {session, say} = connection();
    const asked = session.messages([1]);
    say(`* 1 FETCH ${'('.repeat(200)}\r\n`);
    await expect(asked).rejects.toMatchObject({code: 'InvalidResponse'});
  });
});

const mail = (text: string) => ({
  flags: ['\\Seen', 'bad flag', '\\Recent'],
  internalDate: '',
  body: new Literal([Buffer.from(text)]),
});

describe('appending', () => {
  it('sends a batch in one command and gives each message its UID', async () => {
    const {session, say, heard} = connection();
    const sending = await append(session, {name: 'Ünread'}, [mail('one'), mail('two!')], 'multiappend');
    expect(await heard('two!')).toBe('F1 APPEND "&ANw-nread" (\\Seen) {3+}\r\none (\\Seen) {4+}\r\ntwo!\r\n');
    say('F1 OK [APPENDUID 7 40:41] done\r\n');
    expect(await sending.results).toEqual([
      {stored: true, uid: 40},
      {stored: true, uid: 41},
    ]);
  });

  it('says that a batch is refused as a whole, and one by one which message is to blame', async () => {
    const {session, say, heard} = connection({capabilities: ['MULTIAPPEND', 'LITERAL+']});
    const messages = [mail('one'), mail('two')];
    const sending = await append(session, {name: 'X'}, messages, 'multiappend');
    say('F1 NO [TOOBIG] no\r\n');
    expect(await sending.results).toBeInstanceOf(ServerRefused);
    const each = appendEach(session, {name: 'X'}, messages);
    await heard('F2 APPEND');
    say('F2 OK [APPENDUID 7 50] done\r\n');
    await heard('F3 APPEND');
    say('F3 NO [TOOBIG] no\r\n');
    expect(await each).toMatchObject([
      {stored: true, uid: 50},
      {stored: false, error: {serverResponseCode: 'TOOBIG'}},
    ]);
  });

  it('asks before it sends where there is no LITERAL+, and sends nothing after a NO', async () => {
    const {session, say, heard} = connection({capabilities: []});
    const sending = append(session, {name: 'X'}, [mail('secret body'), mail('second')], 'single');
    await heard('F1 APPEND "X" (\\Seen) {11}\r\n');
    say('F1 NO [TOOBIG] no\r\n');
    const sent = await heard('F2 APPEND "X" (\\Seen) {6}\r\n');
    expect(sent).not.toContain('secret body');
    say('+ go on\r\n');
    await heard('second\r\n');
    say('F2 OK done\r\n');
    expect(await (await sending).results).toMatchObject([
      {stored: false, error: {serverResponseCode: 'TOOBIG'}},
      {stored: true},
    ]);
  });

  it('stops at the first line that asks to wait: what comes behind it is not sent', async () => {
    for (const strategy of ['single', 'overlapped'] as const) {
      const {session, say, heard, everything} = connection({capabilities: []});
      const sending = append(session, {name: 'X'}, [mail('first'), mail('second'), mail('third')], strategy);
      await heard('F1 APPEND "X" (\\Seen) {5}\r\n');
      say('F1 NO Request is throttled. Suggested Backoff Time: 299609 milliseconds\r\n');
      expect(await (await sending).results).toMatchObject([{stored: false, error: {throttleReset: 299_609}}]);
      expect(everything()).not.toContain('F2');
    }
  });

  it('stops at the first answer in doubt: what comes behind it is not sent, nor asked for', async () => {
    const doubt = 'F1 NO [SERVERBUG] Internal error occurred.\r\n';
    for (const strategy of ['single', 'overlapped'] as const) {
      const {session, say, heard, everything} = connection({capabilities: []});
      const sending = append(session, {name: 'X'}, [mail('first'), mail('second'), mail('third')], strategy);
      await heard('F1 APPEND "X" (\\Seen) {5}\r\n');
      say('+ go on\r\n');
      await heard('first\r\n');
      if (strategy === 'single') {
        say(doubt);
        expect(await (await sending).results).toMatchObject([{stored: false, error: {inDoubt: true}}]);
        expect(everything()).not.toContain('F2');
        continue;
      }
      // It was asked for before the answer came, and its bytes are awaited.
      await heard('F2 APPEND');
      say(`${doubt}+ go on\r\n`);
      await heard('second\r\n');
      say('F2 OK [APPENDUID 7 50] done\r\n');
      expect(await (await sending).results).toMatchObject([{stored: false}, {stored: true, uid: 50}]);
      expect(everything()).not.toContain('F3');
    }
  });

  it('sends nothing more over a session in which Exchange has refused nearly as much as it allows', async () => {
    const {session, say, heard, everything} = connection({
      capabilities: [],
      greeting: 'The Microsoft Exchange IMAP4 service is ready.',
    });
    const all = Array.from({length: 12}, (_, at) => mail(`message ${at}`));
    const sending = append(session, {name: 'X'}, all, 'single');
    for (let at = 1; at <= 8; at++) {
      await heard(`F${at} APPEND`);
      say(`F${at} BAD Command Argument Error. 11\r\n`);
    }
    expect(await (await sending).results).toHaveLength(8);
    expect(everything()).not.toContain('F9');
  });

  it('lets the next command travel with the bytes before it, and matches each answer', async () => {
    const {session, say, heard, everything} = connection({capabilities: []});
    const sending = append(
      session,
      {name: 'X'},
      [mail('first'), mail('second'), mail('third')],
      'overlapped',
    );
    await heard('F1 APPEND "X" (\\Seen) {5}\r\n');
    expect(everything()).not.toContain('F2');
    say('+ go on\r\n');
    await heard('first\r\nF2 APPEND "X" (\\Seen) {6}\r\n');
    expect(everything()).not.toContain('second');
    say('F1 OK [APPENDUID 7 50] done\r\nF2 NO [TOOBIG] no\r\n');
    await heard('F3 APPEND "X" (\\Seen) {5}\r\n');
    expect(everything()).not.toContain('second');
    say('+ go on\r\n');
    await heard('third\r\n');
    say('F3 OK [APPENDUID 7 51] done\r\n');
    expect(await (await sending).results).toMatchObject([
      {stored: true, uid: 50},
      {stored: false, error: {serverResponseCode: 'TOOBIG'}},
      {stored: true, uid: 51},
    ]);
  });

  it('asks also for a small literal that comes behind another message', async () => {
    const {session, say, heard, everything} = connection({capabilities: ['LITERAL-']});
    const sending = append(session, {name: 'X'}, [mail('first'), mail('second')], 'overlapped');
    await heard('F1 APPEND "X" (\\Seen) {5+}\r\nfirst\r\nF2 APPEND "X" (\\Seen) {6}\r\n');
    say('F1 OK done\r\n');
    expect(everything()).not.toContain('second');
    say('+ go on\r\n');
    await heard('second\r\n');
    say('F2 OK done\r\n');
    expect(await (await sending).results).toMatchObject([{stored: true}, {stored: true}]);
  });

  it('sends all of a batch before the first answer where literals go unasked', async () => {
    const {session, say, heard} = connection({capabilities: ['LITERAL+']});
    const sending = await append(session, {name: 'X'}, [mail('first'), mail('second')], 'pipelined');
    await heard('F2 APPEND "X" (\\Seen) {6+}\r\nsecond\r\n');
    say('F1 NO [TOOBIG] no\r\nF2 OK [APPENDUID 7 9] done\r\n');
    expect(await sending.results).toMatchObject([
      {stored: false, error: {serverResponseCode: 'TOOBIG'}},
      {stored: true, uid: 9},
    ]);
  });

  it.each<[readonly string[], string, readonly AppendStrategy[], AppendStrategy]>([
    [['LITERAL+', 'MULTIAPPEND'], 'Dovecot ready.', [], 'multiappend'],
    [['LITERAL+', 'MULTIAPPEND'], 'Dovecot ready.', ['multiappend'], 'pipelined'],
    [['LITERAL+'], 'Dovecot ready.', [], 'pipelined'],
    [['LITERAL+'], 'Dovecot ready.', ['pipelined', 'overlapped'], 'single'],
    [['LITERAL-', 'MULTIAPPEND'], 'Dovecot ready.', [], 'overlapped'],
    // It may take the next command for a part of the message (hMailServer).
    [['MULTIAPPEND'], 'IMAPrev1', [], 'single'],
    [['LITERAL+', 'MULTIAPPEND'], 'The Microsoft Exchange IMAP4 service is ready.', [], 'single'],
  ])(
    'a server with %j that greets with %j and minds %j is served by %s',
    (capabilities, greeting, minds, best) => {
      expect(chooseStrategy(connection({capabilities, greeting}).session, new Set(minds))).toBe(best);
    },
  );

  it('swallows the rest of a large message that the destination refuses', async () => {
    const {session, say, heard} = connection();
    const {sink, result} = appendStream(
      session,
      {name: 'X'},
      {flags: [], internalDate: '', size: 12},
      'single',
    );
    await heard('{12}\r\n');
    let resumed = 0;
    expect(sink.write(Buffer.from('first '), () => resumed++)).toBe(false);
    say('F1 NO Maximum size of appendable message has been exceeded\r\n');
    expect(await result).toMatchObject({stored: false});
    expect(resumed).toBe(1);
    expect(sink.write(Buffer.from('second'), () => resumed++)).toBe(true);
    sink.end();
    expect(await heard('F1')).not.toContain('first');
  });
});
