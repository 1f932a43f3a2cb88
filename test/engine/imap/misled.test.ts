// Answers that could mislead: taken for another message's, for more than was asked, or sent on as a command.
import {describe, expect, it} from 'vitest';
import {append, appendEach, appendStream} from '../../../source/engine/imap/append.ts';
import {KeptBodies} from '../../../source/engine/imap/kept-bodies.ts';
import {Literal} from '../../../source/engine/imap/literal.ts';
import {decodeMailbox} from '../../../source/engine/imap/modified-utf7.ts';
import type {StreamedMessage} from '../../../source/engine/imap/responses.ts';
import {connection, fetched} from '../../helpers/hand-played.ts';

const message = (text: string, internalDate = '17-Jul-1996 02:44:25 -0700') => ({
  flags: [],
  internalDate,
  body: new Literal([Buffer.from(text)]),
});

describe('of what is stored', () => {
  it('no UID is believed where there are not as many as messages', async () => {
    const {session, say, heard} = connection();
    const sending = await append(session, {name: 'A'}, [message('one'), message('two')], 'multiappend');
    await heard('two\r\n');
    say('F1 OK [APPENDUID 5 7:9] done\r\n');
    expect(await sending.results).toEqual([{stored: true}, {stored: true}]);
  });

  it('a batch is not refused where the connection has gone', async () => {
    const {session, hangUp, heard} = connection();
    const sending = await append(session, {name: 'A'}, [message('one'), message('two')], 'multiappend');
    await heard('two\r\n');
    hangUp();
    await expect(sending.results).rejects.toMatchObject({name: 'ConnectionLost'});
  });

  it('a date is sent on only where it is one', async () => {
    const {session, everything} = connection();
    await append(session, {name: 'A'}, [message('one', '"\r\nF9 DELETE "INBOX')], 'pipelined');
    expect(everything()).toBe('F1 APPEND "A" () {3+}\r\none\r\n');
  });

  it('a message goes nowhere where the server has answered before it asked for it', async () => {
    const {session, say, heard, everything} = connection({capabilities: []});
    const stored = appendEach(session, {name: 'A'}, [message('F9 DELETE "INBOX"')]);
    await heard('{17}\r\n');
    say('F1 OK done\r\n');
    await stored;
    expect(everything()).not.toContain('DELETE');
  });

  it('nothing follows a large message that was refused before its bytes were asked for', async () => {
    const {session, say, heard, everything} = connection({capabilities: []});
    const large = {flags: [], internalDate: '', size: 30};
    const {sink, result} = appendStream(session, {name: 'A'}, large, 'single');
    await heard('{30}\r\n');
    say('F1 NO too large\r\n');
    expect(await result).toMatchObject({stored: false});
    expect(sink.write(Buffer.from('F9 DELETE "INBOX"\r\n'), () => undefined)).toBe(true);
    sink.end();
    expect(everything()).toMatch(/\{30\}\r\n$/);
  });

  it('nor one that is answered with OK in place of being asked for', async () => {
    const {session, say, heard, everything} = connection({capabilities: []});
    const large = {flags: [], internalDate: '', size: 30};
    const {sink, result} = appendStream(session, {name: 'A'}, large, 'single');
    await heard('{30}\r\n');
    expect(sink.write(Buffer.from('F8 DELETE "INBOX"\r\n'), () => undefined)).toBe(false);
    say('F1 OK done\r\n');
    await result;
    expect(sink.write(Buffer.from('F9 DELETE "INBOX"\r\n'), () => undefined)).toBe(true);
    sink.end();
    expect(everything()).toMatch(/\{30\}\r\n$/);
  });

  it('a literal goes unasked only as far as the server takes it so', async () => {
    for (const [bytes, capability, unasked] of [
      [4096, 'LITERAL-', '+'],
      [4097, 'LITERAL-', ''],
      [4096, 'X', ''],
    ] as const) {
      const {session, say, heard} = connection({capabilities: [capability]});
      const stored = appendEach(session, {name: 'A'}, [message('x'.repeat(bytes))]);
      await heard(`{${bytes}${unasked}}\r\n`);
      if (unasked === '') say('+ go\r\n');
      say('F1 OK done\r\n');
      await stored;
    }
  });
});

describe('of what is fetched', () => {
  function stream(uid: number) {
    const server = connection();
    const begun: StreamedMessage[] = [];
    let text = '';
    const done = server.session.stream(uid, about => {
      begun.push(about);
      return {
        write: chunk => {
          text += chunk.toString();
          return true;
        },
        end: () => undefined,
      };
    });
    return {...server, begun, done, text: () => text};
  }

  it('another message is not taken for the one that streams', async () => {
    const {say, done, begun} = stream(9);
    say(`${fetched(8, 'other')}F1 OK\r\n`);
    expect(await done).toBe(false);
    expect(begun).toEqual([]);
  });

  it('nor one without a UID where other commands are under way', async () => {
    const {session, say, done, begun} = stream(9);
    const others = session.messages([1]);
    say('* 1 FETCH (FLAGS () INTERNALDATE "17-Jul-1996 02:44:25 -0700" BODY[] {5}\r\nother UID 1)\r\n');
    say('F1 OK\r\nF2 OK\r\n');
    expect(await done).toBe(false);
    expect(begun).toEqual([]);
    expect((await others)[0]?.body?.bytes.toString()).toBe('other');
  });

  it('a message that comes twice streams once', async () => {
    const {say, done, begun, text} = stream(9);
    say(`${fetched(9, 'first')}${fetched(9, 'again')}F1 OK\r\n`);
    expect(await done).toBe(true);
    expect([begun.length, text()]).toEqual([1, 'first']);
  });

  it('flags that changed meanwhile are no message', async () => {
    const {session, say} = connection();
    const messages = session.messages([1, 2]);
    say(
      `${fetched(1, 'one')}* 1 FETCH (UID 1 FLAGS (\\Seen))\r\n* 2 FETCH (UID 2 FLAGS (\\Seen))\r\nF1 OK\r\n`,
    );
    expect((await messages).map(({body}) => body?.bytes.toString())).toEqual(['one']);
  });

  it('a message goes to the command that asked for it, also where its UID stands behind it', async () => {
    const {session, say} = connection();
    const [one, other] = [session.messages([1]), session.messages([2])];
    say('* 2 FETCH (FLAGS () INTERNALDATE "x" BODY[] {5}\r\nother UID 2)\r\n');
    say(`${fetched(3, 'third')}${fetched(1, 'one')}F1 OK\r\nF2 OK\r\n`);
    expect((await one).map(({uid}) => uid)).toEqual([1]);
    expect((await other).map(({uid}) => uid)).toEqual([2]);
  });

  it('words are no message with a size', async () => {
    const {session, say} = connection();
    const sizes = session.sizes();
    say(
      '* 1 EXISTS\r\n* OK Looking for (UID 7 RFC822.SIZE 5)\r\n* 1 FETCH (UID 1 RFC822.SIZE 3)\r\nF1 OK\r\n',
    );
    expect(await sizes).toEqual(new Map([[1, 3]]));
  });

  it.each([
    ['as they stand', 2, [2, 3, 7], [2, 3, 7]],
    ['out of order', 1, [3, 1, 2], [1, 2, 3]],
    ['out of order at the end', 1, [1, 3, 2], [1, 2, 3]],
    ['twice', 1, [1, 2, 1, 3, 3], [1, 2, 3]],
    ['below those asked for', 5, [4, 5], [5]],
    ['the last one, as n:* does, with none to tell', 5, [4], []],
  ])('sizes are told ascending, whatever the server names: %s', async (_, from, named, told) => {
    const {session, say} = connection();
    const sizes = session.sizes(from);
    say(`${named.map(uid => `* ${uid} FETCH (UID ${uid} RFC822.SIZE ${uid}0)\r\n`).join('')}F1 OK\r\n`);
    expect([...(await sizes)]).toEqual(told.map(uid => [uid, uid * 10]));
  });

  it('a UID that is found twice is one, in whatever order they come', async () => {
    const {session, say} = connection();
    const found = session.search({});
    say('* SEARCH 3 1\r\n* SEARCH 2 3\r\nF1 OK\r\n');
    expect(await found).toEqual([1, 2, 3]);
  });

  it('no more is kept in memory than was announced, and of a header its beginning', () => {
    const before = '* 1 FETCH (UID 1 BODY[] {60}';
    const whole = new KeptBodies(new Set([1]), {all: 100});
    // Many that nobody has taken are another command's.
    for (let times = 0; times < 9; times++) expect(whole.sink(60, before, true)).toBeUndefined();
    whole.took({lines: [], literals: [new Literal([Buffer.alloc(60)])]});
    expect(whole.sink(60, before, true)).toBeDefined();
    // Another command's is that one's.
    expect(whole.sink(60, '* 2 FETCH (UID 2 BODY[] {60}', true)).toBeUndefined();
    expect(whole.sink(60, '* 2 FETCH (BODY[] {60}', false)).toBeUndefined();
    const begun = new KeptBodies(new Set([1]), {all: 100, beginning: 10});
    const sink = begun.sink(60, before, true);
    sink?.write(Buffer.alloc(60, 'x'), () => undefined);
    expect(begun.takeCut()?.length).toBe(10);
    expect(begun.takeCut()).toBeUndefined();
  });
});

it('what one command was sent beyond its bound is not taken off what another may be sent', async () => {
  const {session, say} = connection();
  const body = 'x'.repeat(1_900_000);
  const sent = (uid: number) =>
    say(`* ${uid} FETCH (UID ${uid} FLAGS () BODY[] {${body.length}}\r\n${body})\r\n`);
  const asked = [session.messages([1, 2, 3]), session.messages([4, 5, 6])];
  for (const uid of [1, 2, 3]) sent(uid);
  say('F1 OK\r\n');
  for (const uid of [4, 5, 6]) sent(uid);
  say('F2 OK\r\n');
  const whole = (await Promise.all(asked)).map(of => of.map(({oversize}) => oversize !== true));
  expect(whole).toEqual([
    [true, true, false],
    [true, true, false],
  ]);
});

const large = 'x'.repeat(3_000_000);

it.each([
  [
    'of which it says only behind the body whose it is',
    (uid: number) => `FLAGS () BODY[] {${large.length}}\r\n${large} UID ${uid}`,
  ],
  [
    'behind another one’s number',
    (uid: number) => `X {1}\r\nx UID 999 FLAGS () BODY[] {${large.length}}\r\n${large} UID ${uid}`,
  ],
  ['in quotes', (uid: number) => `UID ${uid} FLAGS () BODY[] "${large}"`],
  ['with flags without end', (uid: number) => `UID ${uid} FLAGS (${large}) BODY[] {1}\r\nx`],
])('no more of messages is kept than was announced where a server sends them %s', async (_, told) => {
  const {session, say} = connection();
  const uids = [1, 2, 3, 4];
  // With others under way, as they are mostly.
  const asked = session.messages(uids, 1000);
  const other = session.messages([9], 1000);
  for (const uid of uids) say(`* ${uid} FETCH (${told(uid)})\r\n`);
  say('F1 OK\r\nF2 OK\r\n');
  const bytes = (await asked).map(({body, flags}) => (body?.length ?? 0) + flags.join('').length);
  expect(bytes.reduce((all, each) => all + each, 0)).toBeLessThan(4.5 * 1024 * 1024);
  expect((await asked).filter(({oversize}) => oversize === true).length).toBeGreaterThan(1);
  expect(await other).toEqual([]);
});

it('a folder that could not be opened is not open, nor is the one before it', async () => {
  const {session, say} = connection();
  const first = session.examine('A');
  say('* 1 EXISTS\r\nF1 OK\r\n');
  await first;
  expect(session.openName).toBe('A');
  const second = session.examine('B');
  expect(session.openName).toBeUndefined();
  say('F2 NO gone\r\n');
  await expect(second).rejects.toThrow('gone');
  expect(session.openName).toBeUndefined();
});

it('nor is one that was opened while it was asked for', async () => {
  const {session, say} = connection();
  const [first, second] = [session.examine('A'), session.examine('B')];
  say('* 1 EXISTS\r\nF1 OK\r\nF2 NO gone\r\n');
  await first;
  await expect(second).rejects.toThrow('gone');
  expect(session.openName).toBeUndefined();
});

it('who leaves while a message is being written says no goodbye, which would be part of it', async () => {
  const {session, wire, everything} = connection();
  appendStream(session, {name: 'A'}, {flags: [], internalDate: '', size: 30}, 'pipelined');
  wire.leave();
  expect(wire.closed).toBe(true);
  expect(everything()).not.toContain('LOGOUT');
});

it('an answer that is neither OK nor NO is a refusal of the command, not of what it is about', async () => {
  const {wire, say} = connection();
  const asked = wire.command('NOOP');
  say('F1 PERHAPS\r\n');
  await expect(asked).rejects.toMatchObject({responseStatus: 'BAD', responseText: 'PERHAPS'});
});

it('a name with half a character in it stays as it was sent', () => {
  expect(decodeMailbox('&AOkA-')).toBe('&AOkA-');
  expect(decodeMailbox('caf\xc3\xa9')).toBe('café');
});
