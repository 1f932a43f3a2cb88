// Servers that mean harm while they are signed in to. The rest of the run is not to notice.
import {setTimeout as wait} from 'node:timers/promises';
import {describe, expect, it, onTestFinished, vi} from 'vitest';
import {type SignInOptions, signIn} from '../../../source/engine/imap/sign-in.ts';
import {Secret} from '../../../source/request/secret.ts';
import {type Hostility, hangUp, startHostile} from '../../servers/hostile.ts';
import {acts, utf8} from '../../servers/hostile-text.ts';

const user = 'ann@baya.com';

async function enter(
  hostility: Hostility,
  {
    connectMs = 60_000,
    inactivityMs = 60_000,
    after,
    compress = false,
  }: Partial<Pick<SignInOptions, 'connectMs' | 'inactivityMs' | 'after' | 'compress'>> = {},
) {
  const server = await startHostile(user, {}, hostility);
  onTestFinished(() => server.stop());
  const options = {connectMs, inactivityMs, version: '1.2.3', now: Date.now, compress, ...(after && {after})};
  const endpoint = {
    ...({
      provider: 'imap',
      userId: 'ann',
      domain: 'baya.com',
      server: server.host,
      port: server.imapPort,
    } as const),
    ...({security: 'none', auth: 'password', secret: {kind: 'ask'}} as const),
  };
  const password = async () => new Secret('pass');
  const entered = signIn(
    'source',
    endpoint,
    {kind: 'password', user, password},
    options,
    new AbortController().signal,
  );
  return {entered};
}

function* endless(piece: string): Generator<string> {
  for (;;) yield piece;
}

describe('a server that never lets anybody in', () => {
  const sasl =
    (instead: () => Iterable<string>): Hostility =>
    ({command, reply}) => {
      if (command === '') return reply.replace('* OK', '* OK [CAPABILITY IMAP4rev1 AUTH=LOGIN]');
      return command.startsWith('AUTHENTICATE') ? instead() : undefined;
    };
  const on =
    (which: RegExp, lie: () => Iterable<string>): Hostility =>
    ({command}) =>
      which.test(command) ? lie() : undefined;

  it.each<[string, Hostility, string]>([
    ['challenges without end', sasl(() => endless('+ UGFzc3dvcmQ6\r\n'.repeat(100))), 'TooManyResponses'],
    [
      'untagged lines without end',
      on(/^LOGIN/, () => endless('* OK still here\r\n'.repeat(100))),
      'TooManyResponses',
    ],
    ['a greeting without end', on(/^$/, () => endless('x'.repeat(60_000))), 'LineTooLarge'],
    [
      'a hundred thousand capabilities',
      on(/^LOGIN/, () => [`* CAPABILITY${' X'.repeat(100_000)}\r\n`]),
      'LineTooLarge',
    ],
    [
      'many capabilities in a line that is not too long',
      on(/^LOGIN/, () => [`* CAPABILITY${' X'.repeat(25_000)}\r\n`]),
      'TooManyTokens',
    ],
    [
      'literals that are small, and many in one response',
      on(/^LOGIN/, () => ['* LIST () "/"', ...Array<string>(3).fill(` {60000}\r\n${'x'.repeat(60_000)}`)]),
      'ResponseTooLarge',
    ],
    [
      'lists in lists',
      on(/^LOGIN/, () => [`* LIST ${'('.repeat(20_000)}\r\n`, ...Array(300).fill('* OK\r\n')]),
      'TooManyResponses',
    ],
    ['a literal of gigabytes', on(/^LOGIN/, () => ['* LIST () "/" {1073741824}\r\n']), 'LiteralTooLarge'],
  ])('is left: %s', async (_, hostility, code) => {
    const {entered} = await enter(hostility);
    await expect(entered).rejects.toMatchObject({code});
  });

  it('is left when its time is over, though it is never silent', async () => {
    // Of one response only, so that it is not their number that ends it.
    async function* words() {
      yield '* OK still here';
      for (;;) {
        yield '.';
        await wait(50, undefined, {ref: false});
      }
    }
    const {entered} = await enter(({command}) => (command.startsWith('LOGIN') ? words() : undefined), {
      connectMs: 300,
      inactivityMs: 300,
    });
    await expect(entered).rejects.toMatchObject({code: 'ETIMEOUT', name: 'SignInTimedOut'});
  });
});

it('a server is asked to compress only where it offers that', async () => {
  const commands: string[] = [];
  const {entered} = await enter(({command}) => void commands.push(command), {compress: true});
  const {wire, distance} = await entered;
  await distance();
  wire.destroy();
  expect(commands.join('\n')).toMatch(/LOGIN/);
  expect(commands.join('\n')).not.toMatch(/COMPRESS/);
});

it('waiting for its turn to be named is not the server’s doing', async () => {
  vi.useFakeTimers({toFake: ['setTimeout', 'clearTimeout']});
  onTestFinished(() => void vi.useRealTimers());
  const turn = Promise.withResolvers<void>();
  const asked = Promise.withResolvers<void>();
  const {entered} = await enter(({command}) => void (command === 'CAPABILITY' && asked.resolve()), {
    after: turn.promise,
  });
  await asked.promise;
  // Its turn is next, and then no clock runs. The server is in this process, so that a few rounds do; what it has to
  // wait for itself is over in them.
  for (let round = 0; round < 10_000 && vi.getTimerCount() > 0; round++) {
    await new Promise(done => setImmediate(done));
    vi.advanceTimersByTime(1);
  }
  expect(vi.getTimerCount()).toBe(0);
  turn.resolve();
  (await entered).wire.destroy();
});

it('capabilities that are none are not told of', async () => {
  const {entered} = await enter(({command, tag}) =>
    command.startsWith('LOGIN')
      ? `${tag} OK [CAPABILITY IMAP4rev1 ID X${utf8(acts.replaceAll(/[\r\n\]\s]/g, ''))} ${'Y'.repeat(500)}] in\r\n`
      : undefined,
  );
  const {capabilities, wire} = await entered;
  expect([...capabilities]).toEqual(['IMAP4REV1', 'ID']);
  wire.destroy();
});

it('a connection that goes before anybody is named on it leaves no timer behind, whenever its turn comes', async () => {
  vi.useFakeTimers({toFake: ['setTimeout', 'clearTimeout']});
  onTestFinished(() => void vi.useRealTimers());
  const turn = Promise.withResolvers<void>();
  const {entered} = await enter(
    ({command, reply}) => (command.startsWith('CAPABILITY') ? [reply, hangUp] : undefined),
    {after: turn.promise},
  );
  await expect(entered).rejects.toThrow();
  const timers = vi.getTimerCount();
  turn.resolve();
  await new Promise(done => setImmediate(done));
  expect(vi.getTimerCount()).toBe(timers);
});
