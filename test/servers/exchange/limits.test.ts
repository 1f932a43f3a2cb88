import {describe, expect, it} from 'vitest';
import {address, simulation, xoauth2} from './simulated.ts';
import {Talk} from './talk.ts';

const start = simulation();
const message = 'Subject: one\r\n\r\nbody\r\n';
const expired = '* BYE Session invalidated - AccessTokenExpired\r\n';

async function signedIn(options?: Parameters<typeof start>[0]) {
  const simulated = await start(options);
  return {...simulated, talk: await Talk.signedIn(simulated.server, address)};
}

describe('throttling', () => {
  const quirks = {throttle: 'NO', throttleAfter: 2} as const;

  it('refuses FETCH and APPEND until the time is over, all connections of the mailbox, nobody else', async () => {
    const {talk, server, mailbox, clock} = await signedIn({quirks});
    await talk.append('INBOX', message);
    await talk.append('INBOX', message);
    expect(await talk.append('INBOX', message)).toBe(
      'ap NO Request is throttled. Suggested Backoff Time: 299609 milliseconds\r\n',
    );
    clock.advance(1000);
    const other = await Talk.signedIn(server, address);
    await other.ask('1 EXAMINE INBOX');
    expect(await other.ask('2 UID FETCH 1 (BODY.PEEK[])')).toBe(
      '2 NO Request is throttled. Suggested Backoff Time: 298609 milliseconds\r\n',
    );
    expect(await other.ask('3 UID FETCH 1 (FLAGS)')).toContain('3 OK');
    expect(mailbox.impatience).toBe(1);
    server.mailbox('ann@contoso.example');
    const ann = await Talk.signedIn(server, 'ann@contoso.example');
    expect(await ann.append('INBOX', message)).toContain('ap OK');
    clock.advance(298_608);
    expect(await talk.append('INBOX', message)).toContain('Time: 1 milliseconds');
    clock.advance(1);
    expect(await talk.append('INBOX', message)).toContain('ap OK');
    for (const each of [talk, other, ann]) each.close();
  });

  it('swallows the bytes of a literal that did not wait', async () => {
    const {talk, mailbox} = await signedIn({quirks: {throttle: 'BAD', throttleAfter: 0}});
    const long = message.repeat(5000);
    talk.send(`1 APPEND INBOX {${long.length}+}\r\n${long}\r\n2 NOOP\r\n`);
    await talk.hear(/^1 BAD Request is throttled\. .*\r\n2 OK NOOP completed\.\r\n/);
    expect(mailbox.messages('INBOX')).toEqual([]);
    talk.close();
  });

  it('may end the connection behind the line, and hold the whole tenant', async () => {
    const {talk, server} = await signedIn({
      quirks: {throttle: 'NO', throttleAfter: 1, throttleDrop: true, throttleScope: 'tenant'},
    });
    server.mailbox('ann@contoso.example');
    await talk.append('INBOX', message);
    const ann = await Talk.signedIn(server, 'ann@contoso.example');
    ann.send('1 APPEND INBOX {10}\r\n');
    expect(await ann.rest()).toMatch(/^1 NO Request is throttled\. .*\r\n\* BYE Connection closed\. 14\r\n$/);
    talk.close();
  });
});

describe('the token of a session', () => {
  /** A session with a token of 60 seconds. */
  async function withToken(options?: Parameters<typeof start>[0]) {
    const simulated = await start(options);
    const talk = await Talk.open(simulated.server);
    const answer = xoauth2(address, simulated.appToken(60));
    await talk.ask(`in AUTHENTICATE XOAUTH2 ${answer}`);
    const expireAt = (wanted: string) => {
      simulated.mailbox.watch = moment => {
        if (moment === wanted) simulated.clock.advance(60_000);
      };
    };
    return {...simulated, talk, answer, expireAt};
  }

  it('ends it between commands, and cannot be used again', async () => {
    const {talk, server, clock, answer} = await withToken();
    expect(await talk.ask('1 NOOP')).toContain('1 OK');
    clock.advance(60_000);
    talk.send('2 LIST "" "*"\r\n');
    expect(await talk.rest()).toBe(expired);
    const other = await Talk.open(server);
    expect(await other.ask(`1 AUTHENTICATE XOAUTH2 ${answer}`)).toBe('1 NO AUTHENTICATE failed.\r\n');
    expect(await other.ask('2 LIST "" "*"')).toBe('2 BAD Command received in Invalid state.\r\n');
    other.close();
  });

  it('ends it among the lines of a FETCH', async () => {
    const {talk, mailbox, expireAt} = await withToken();
    for (let count = 0; count < 3; count += 1) mailbox.add('INBOX', message);
    await talk.ask('1 EXAMINE INBOX');
    expireAt('body');
    talk.send('2 UID FETCH 1:* (BODY.PEEK[])\r\n');
    expect(await talk.rest()).toMatch(
      /^\* 1 FETCH .*\{22\}\r\nSubject[^*]*\* BYE Session invalidated - Acc.*\r\n$/s,
    );
  });

  it('ends it in place of the + of APPEND', async () => {
    const {talk, expireAt} = await withToken();
    expireAt('announced');
    talk.send('5 APPEND INBOX (\\Seen) "10-Feb-2022 10:45:34 -0500" {351553}\r\n');
    expect(await talk.rest()).toBe(expired);
  });

  it('ends it behind the literal, with the message stored or lost', async () => {
    for (const afterLiteral of ['stored', 'lost'] as const) {
      const {talk, mailbox, expireAt} = await withToken({quirks: {afterLiteral}});
      expireAt(afterLiteral === 'stored' ? 'stored' : 'received');
      talk.send(`1 APPEND INBOX {${message.length}+}\r\n${message}\r\n`);
      expect(await talk.rest()).toBe(expired);
      expect(mailbox.messages('INBOX')).toHaveLength(afterLiteral === 'stored' ? 1 : 0);
    }
  });

  it('ends it in IDLE', async () => {
    const {talk, clock} = await withToken();
    talk.send('1 IDLE\r\n');
    await talk.hear(/^\+ IDLE accepted, awaiting DONE command\.\r\n/);
    clock.advance(60_000);
    expect(await talk.rest()).toBe(expired);
  });

  it('may be made to expire at every so manieth moment, or not at all', async () => {
    const {talk, server} = await signedIn({quirks: {expireAt: 'command', expireEvery: 3}});
    await talk.ask('1 NOOP');
    await talk.ask('2 NOOP');
    talk.send('3 NOOP\r\n');
    expect(await talk.rest()).toBe(expired);
    const {talk: lasting, clock} = await withToken({quirks: {tokenExpiry: false}});
    clock.advance(60_000);
    expect(await lasting.ask('1 NOOP')).toContain('1 OK');
    lasting.close();
    expect(server.connections.alive).toBe(0);
  });
});

describe('sessions', () => {
  it('are so many at most; those that ended without LOGOUT count for a while', async () => {
    const {server, mailbox, clock} = await start({quirks: {connectionCap: 2}});
    const [one, two] = [await Talk.signedIn(server, address), await Talk.signedIn(server, address)];
    const third = await Talk.signedIn(server, address);
    expect(await third.ask('1 NAMESPACE')).toBe('1 BAD User is authenticated but not connected.\r\n');
    const gone = async (talk: Talk, end: () => void) => {
      const before = server.sessions(address);
      end();
      await talk.rest();
      while (server.sessions(address) === before) await new Promise(done => setImmediate(done));
    };
    await gone(one, () => one.send('9 LOGOUT\r\n'));
    const fourth = await Talk.signedIn(server, address);
    expect(await fourth.ask('1 NAMESPACE')).toContain('1 OK');
    await gone(two, () => two.close());
    mailbox.own.capAnswer = 'eof';
    const fifth = await Talk.open(server);
    fifth.send(`1 LOGIN ${address} pass\r\n`);
    expect(await fifth.rest()).toBe('');
    clock.advance(60_000);
    const sixth = await Talk.signedIn(server, address);
    expect(await sixth.ask('1 NAMESPACE')).toContain('1 OK');
    expect(mailbox.mostSessions).toBe(2);
    for (const talk of [third, fourth, sixth]) talk.close();
  });

  it('end after too many errors', async () => {
    const {talk} = await signedIn({quirks: {errorBudget: 3}});
    expect(await talk.ask('1 NONSENSE')).toBe('1 BAD Command Error. 10\r\n');
    await talk.ask('2 SELECT Nowhere');
    await talk.ask('3 NONSENSE');
    talk.send('4 NONSENSE\r\n');
    expect(await talk.rest()).toBe('4 BAD Command Error. 10\r\n* BYE Connection closed. 14\r\n');
  });

  it('end after a long silence', async () => {
    const {talk, clock} = await signedIn();
    clock.advance(1_799_999);
    await talk.ask('1 NOOP');
    clock.advance(1_800_000);
    expect(await talk.rest()).toBe('* BYE Connection is closed. 13\r\n');
  });

  it('may end badly after DONE', async () => {
    const {talk} = await signedIn({quirks: {idleEnd: 'unavailable'}});
    talk.send('1 IDLE\r\n');
    await talk.hear(/^\+ .*\r\n/);
    talk.send('DONE\r\n');
    expect(await talk.rest()).toBe('1 NO Server Unavailable. 15\r\n* BYE Connection closed.\r\n');
  });

  it('may be slow to begin, and in big folders', async () => {
    const {talk, mailbox, clock} = await signedIn({quirks: {slowSignInMs: 4000, slowFolderMs: 30_000}});
    for (let count = 0; count < 1001; count += 1) mailbox.add('INBOX', 'Subject: a\r\n\r\n');
    const before = clock.now();
    await talk.ask('1 EXAMINE INBOX');
    expect(clock.now() - before).toBe(30_000);
    talk.close();
  });
});

describe('the link', () => {
  it('breaks where a test plans it', async () => {
    const {server, mailbox} = await start();
    mailbox.add('INBOX', message);
    const ask = async (command: string) => {
      const talk = await Talk.signedIn(server, address);
      await talk.ask('1 EXAMINE INBOX');
      talk.send(command);
      return talk.rest();
    };
    mailbox.plan('command', 'closed-13', 1);
    expect(await ask('2 NOOP\r\n')).toBe('* BYE Connection is closed. 13\r\n');
    mailbox.plan('body', 'eof');
    expect(await ask('2 UID FETCH 1 (BODY.PEEK[])\r\n')).toMatch(/\{22\}\r\nSubject: on$/);
    mailbox.plan('literal', 'reset');
    expect(await ask(`2 APPEND INBOX {${message.length}+}\r\n${message}\r\n`)).toBe('');
    mailbox.plan('stored', 'eof');
    expect(await ask(`2 APPEND INBOX {${message.length}+}\r\n${message}\r\n`)).toBe('');
    expect(mailbox.messages('INBOX')).toHaveLength(2);
    mailbox.plan('announced', 'throttle');
    const talk = await Talk.signedIn(server, address);
    expect(await talk.append('INBOX', message)).toContain('NO Request is throttled.');
    mailbox.plan('command', 'unavailable');
    expect(await talk.ask('3 NOOP')).toBe('3 NO Server Unavailable. 15\r\n');
    talk.close();
  });

  it('goes silent and stays open', async () => {
    const {server, mailbox, talk} = await signedIn();
    mailbox.plan('command', 'silent');
    const {promise: heard, resolve} = Promise.withResolvers<void>();
    const stop = server.log.watch(({line}) => line === 'NOOP' && resolve());
    talk.send('1 NOOP\r\n');
    await heard;
    talk.send('2 NOOP\r\n');
    const other = await Talk.signedIn(server, address);
    await other.ask('1 NAMESPACE');
    expect(server.connections.alive).toBe(2);
    expect(server.log.count('NOOP')).toBe(1);
    stop();
    server.cutAll();
    expect(await talk.rest()).toBe('');
    other.close();
  });

  it('breaks every so often where the switch says so', async () => {
    const {talk} = await signedIn({quirks: {linkFault: 'eof', linkFaultEvery: 2}});
    await talk.ask('1 NOOP');
    talk.send('2 NOOP\r\n');
    expect(await talk.rest()).toBe('');
  });
});
