// What a server may say in answer to a command, and what ends the connection.
import {afterEach, beforeEach, describe, expect, it, vi} from 'vitest';
import {ListBounds} from '../../../source/engine/imap/list-bounds.ts';
import {structuresOf} from '../../../source/engine/imap/structures.ts';
import {connection, fetched} from '../../helpers/hand-played.ts';

const megabyte = 1024 * 1024;
const endless = {name: 'ConnectionLost', code: 'TooManyResponses'};

describe('answers that come to no end', () => {
  it('are given up by their number, whatever was asked', async () => {
    const {session, say} = connection();
    const examined = session.examine('INBOX');
    say('* 1 EXISTS\r\n'.repeat(10_001));
    await expect(examined).rejects.toMatchObject(endless);
  });

  it('are given up also where no command takes them', async () => {
    const {wire, say} = connection();
    const asked = wire.command('NOOP');
    const lines = '* 1 EXISTS\r\n'.repeat(50_000);
    for (let times = 0; times < 21; times++) say(lines);
    await expect(asked).rejects.toMatchObject(endless);
  });

  describe('by the clock', () => {
    beforeEach(() => {
      vi.useFakeTimers({toFake: ['setTimeout', 'clearTimeout']});
    });
    afterEach(() => {
      vi.useRealTimers();
    });
    /** Says the piece every 10 ms of the clock, for so long. */
    const every10 = async (say: (text: string) => void, pieces: Iterable<string>) => {
      for (const piece of pieces) {
        say(piece);
        await new Promise(said => setImmediate(said));
        vi.advanceTimersByTime(10);
      }
    };

    it('are given up where they are a word now and then, though it is never silent', async () => {
      const {wire, say} = connection({inactivityMs: 40});
      const asked = wire.command('NOOP');
      await every10(say, Array(20).fill('* OK still here\r\n'));
      await expect(asked).rejects.toMatchObject({
        code: 'ETIMEOUT',
        message: expect.stringContaining('talks'),
      });
    });

    it('are given up where they are a byte now and then, for however long', async () => {
      const {wire, say} = connection({inactivityMs: 60_000});
      const asked = wire.command('NOOP');
      const given = expect(asked).rejects.toMatchObject({message: expect.stringContaining('talks')});
      // 25 bytes a second, a second at a time.
      for (let second = 0; second < 250; second++) {
        say('x'.repeat(25));
        await new Promise(said => setImmediate(said));
        vi.advanceTimersByTime(1000);
      }
      await new Promise(said => setImmediate(said));
      await given;
    });

    it('are waited for where they come slowly, and come', async () => {
      const {session, say} = connection({inactivityMs: 40});
      const asked = session.messages([1], 5000);
      const whole = `${fetched(1, 'x'.repeat(5000))}F1 OK\r\n`;
      await every10(say, whole.match(/[\s\S]{1,100}/g) ?? []);
      expect((await asked)[0]?.body?.length).toBe(5000);
    });
  });

  afterEach(() => {
    vi.useRealTimers();
  });

  it.each([
    ['an answer', 'F1 OK done\r\n', ''],
    ['a part of one', '* OK still here\r\n', 'F1 OK done\r\n'],
  ])(
    '%s that came while the computer slept is read before the silence counts',
    async (_, meanwhile, afterwards) => {
      vi.useFakeTimers({toFake: ['setTimeout', 'clearTimeout']});
      const {wire, say} = connection({inactivityMs: 40});
      const asked = wire.command('NOOP');
      // Timers come first when it wakes up, then what lies in the socket.
      vi.advanceTimersByTime(50);
      say(meanwhile);
      await new Promise(read => setImmediate(read));
      if (afterwards !== '') say(afterwards);
      await expect(asked).resolves.toBe('done');
    },
  );

  it('are given up where a folder lists far more messages than it says it holds', async () => {
    const {session, say} = connection();
    const [opened, sizes] = [session.examine('INBOX'), session.sizes()];
    say('* 3 EXISTS\r\nF1 OK\r\n');
    const line = (uid: number) => `* 1 FETCH (UID ${uid} RFC822.SIZE 5)\r\n`;
    say(Array.from({length: 100_007}, (_, uid) => line(uid + 1)).join(''));
    await expect(sizes).rejects.toMatchObject({...endless, message: expect.stringContaining('folder of 3')});
    expect((await opened).exists).toBe(3);
  });

  it('are given up where a search finds more messages than a folder can hold', async () => {
    const {session, say} = connection();
    const found = session.search({});
    const given = expect(found).rejects.toMatchObject(endless);
    const lines = `* SEARCH${' 7'.repeat(250_000)}\r\n`;
    for (let times = 0; times < 21; times++) {
      say(lines);
      await new Promise(said => setImmediate(said));
    }
    say('F1 OK\r\n');
    await given;
  });

  it('end the connection also after the goodbye', async () => {
    const {wire, say, socket} = connection({inactivityMs: 20});
    wire.leave();
    const talk = setInterval(() => say('* 1 EXISTS\r\n'), 2);
    await new Promise(closed => socket.once('close', closed));
    clearInterval(talk);
    expect(socket.destroyed).toBe(true);
  });

  it('nothing waits for the end of a connection that has ended after the goodbye', async () => {
    vi.useFakeTimers({toFake: ['setTimeout', 'clearTimeout']});
    const {wire, socket} = connection();
    wire.leave();
    expect(vi.getTimerCount()).toBe(1);
    const gone = new Promise(closed => socket.once('close', closed));
    socket.destroy();
    await gone;
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('a list of folders', () => {
  const list = async (lines: string) => {
    const {session, say, heard} = connection();
    const listed = session.list();
    await heard('LIST');
    say(lines);
    return listed;
  };

  it('is refused where a name is longer or deeper than any server has', async () => {
    await expect(list(`* LIST () "/" "${'x'.repeat(9000)}"\r\n`)).rejects.toMatchObject({
      code: 'LineTooLarge',
    });
    await expect(list(`* LIST () "/" "${'a/'.repeat(301)}"\r\n`)).rejects.toMatchObject({
      code: 'TooManyTokens',
    });
  });

  it('is refused where it is more than memory is for', async () => {
    const deep = `* LIST () "/" "${'a/'.repeat(299)}a"\r\n`.repeat(300);
    await expect(list(deep)).rejects.toMatchObject(endless);
  });

  it.each([
    ['folders', 'x', 200_000],
    ['bytes of names', 'x'.repeat(8192), 4096],
  ])('bounds all %s together', (_, name, most) => {
    const bounds = new ListBounds('source');
    for (let folders = 0; folders < most; folders++) bounds.add(name, '/');
    expect(() => bounds.add(name, '/')).toThrow(`more than ${most} folders`);
  });

  it('is read at the destination below whatever a source may have', () => {
    const deepest = `${'a/'.repeat(299)}a`;
    const longest = 'x'.repeat(8192);
    const [source, destination] = [new ListBounds('source'), new ListBounds('destination')];
    for (const name of [...Array<string>(220).fill(deepest), longest]) {
      source.add(name, '/');
      destination.add(`Data17012018/${name}`, '/');
    }
    expect(() => destination.add('a/'.repeat(600), '/')).toThrow('601 levels deep');
    expect(() => destination.add('x'.repeat(16_385), '/')).toThrow('16385 bytes');
  });

  it('never becomes another command, whatever stands in a name', async () => {
    const {session, say, heard} = connection();
    const opened = session.examine('x', 'x"\r\nF9 DELETE "INBOX\0');
    expect(await heard('EXAMINE')).toBe('F1 EXAMINE "x\\"??F9 DELETE \\"INBOX?"\r\n');
    say('F1 NO no such folder\r\n');
    await expect(opened).rejects.toMatchObject({name: 'ServerRefused'});
  });
});

describe('numbers', () => {
  it.each(['0', '4294967296', '99999999999999999999'])(
    'UID %s is no message that could be passed over',
    async uid => {
      for (const [ask, answer] of [
        ['search', `* SEARCH 1 ${uid}\r\n`],
        ['sizes', `* 1 FETCH (UID ${uid} RFC822.SIZE 5)\r\n`],
      ] as const) {
        const {session, say} = connection();
        const asked = ask === 'search' ? session.search({}) : session.sizes();
        say(answer);
        await expect(asked).rejects.toMatchObject({code: 'InvalidResponse'});
      }
    },
  );

  it('UIDs that are named twice are one message', async () => {
    const {session, say} = connection();
    const found = session.search({});
    say('* SEARCH 7 3 7\r\n* SEARCH 3\r\nF1 OK\r\n');
    expect(await found).toEqual([3, 7]);
  });

  it('sizes and counts stay within 32 bits', async () => {
    const {session, say} = connection();
    const [sizes, statuses] = [session.sizes(), session.statuses(['INBOX'])];
    say('* 1 FETCH (UID 1 RFC822.SIZE 99999999999999999999)\r\nF1 OK\r\n');
    say('* STATUS INBOX (MESSAGES 9007199254740991 UIDNEXT -1 UIDVALIDITY 4294967296)\r\n');
    say('* STATUS Sent (UIDNEXT 4294967297 SIZE 9007199254740991)\r\nF2 OK\r\n');
    expect(await sizes).toEqual(new Map([[1, 4_294_967_295]]));
    expect((await statuses).get('INBOX')).toEqual({
      messages: 4_294_967_295,
      uidNext: 0,
      // Its lowest 32 bits, and never 0, which stands for none.
      uidValidity: 1,
    });
    // So many bytes that those of all folders can be added up.
    expect((await statuses).get('Sent')).toEqual({
      messages: 0,
      uidNext: 4_294_967_295,
      uidValidity: 0,
      bytes: 2 ** 40,
    });
    const read = session.headers([1], ['SUBJECT']);
    say('* 1 FETCH (UID 1 FLAGS () RFC822.SIZE 4294967296 BODY[HEADER.FIELDS (SUBJECT)] "x")\r\nF3 OK\r\n');
    expect((await read)[0]?.size).toBe(4_294_967_295);
  });

  it.each([
    ['MESSAGE 5 1 STORAGE 10 7', 0],
    ['STORAGE 0 9007199254740991', Number.MAX_SAFE_INTEGER],
    ['STORAGE 1 4 STORAGE 1 3 MESSAGE 1 2', 2048],
  ])('what is free by a quota of %s is %s bytes', async (resources, free) => {
    const {session, say} = connection({capabilities: ['QUOTA']});
    const asked = session.freeBytes();
    say(`* QUOTA "" (${resources})\r\nF1 OK\r\n`);
    expect(await asked).toBe(free);
  });

  it('a literal of more than 32 bits ends the connection, also one that streams', async () => {
    for (const size of ['4294967296', '999999999999999999999']) {
      const {session, say, heard} = connection();
      const streamed = session.stream(1, () => ({write: () => true, end: () => undefined}));
      await heard('F1');
      say(`* 1 FETCH (UID 1 FLAGS () INTERNALDATE "x" BODY[] {${size}}\r\n`);
      await expect(streamed).rejects.toMatchObject({code: 'LiteralTooLarge'});
    }
  });
});

it('words are no message of which the structure is known', async () => {
  const {session, say} = connection();
  const asked = structuresOf(session, [7]);
  const structure = '("text" "plain" NIL NIL NIL "7bit" 12 1)';
  say(`* OK (UID 7 BODYSTRUCTURE ${structure})\r\nF1 OK\r\n`);
  expect(await asked).toEqual(new Map());
});

describe('bodies', () => {
  it('that are NIL are not there, which is no empty message', async () => {
    const {session, say} = connection();
    const asked = session.messages([1, 2], 100);
    say(`* 1 FETCH (UID 1 FLAGS (NIL) BODY[] NIL)\r\n${fetched(2, 'small').replace('()', '(NIL)')}F1 OK\r\n`);
    expect((await asked).map(({uid, flags}) => [uid, flags])).toEqual([[2, ['NIL']]]);
  });

  it('that are far larger than announced are not kept, and are named for streaming', async () => {
    const {session, say} = connection();
    const asked = session.messages([1, 2], 100);
    say(fetched(1, 'x'.repeat(5 * megabyte)) + fetched(2, 'small'));
    say('F1 OK\r\n');
    expect((await asked).map(({uid, oversize, body}) => [uid, oversize, body?.length])).toEqual([
      [1, true, 0],
      [2, undefined, 5],
    ]);
  });

  it('of headers are cut where nobody reads on', async () => {
    const {session, say} = connection();
    const asked = session.headers([1], ['SUBJECT']);
    const header = `Subject: ${'x'.repeat(megabyte)}\r\n\r\n`;
    say(
      `* 1 FETCH (UID 1 FLAGS () RFC822.SIZE 9 BODY[HEADER.FIELDS (SUBJECT)] {${header.length}}\r\n${header})\r\nF1 OK\r\n`,
    );
    expect((await asked)[0]?.body?.length).toBe(256 * 1024);
  });

  it('of which the beginning is asked for are no more than that', async () => {
    const {session, say} = connection();
    const asked = session.beginning(1, 1000);
    say(`${fetched(1, 'x'.repeat(3000)).replace('BODY[]', 'BODY[]<0>')}F1 OK\r\n`);
    expect((await asked)?.body?.length).toBe(1000);
  });
});
