// Servers that mean harm while they are signed in to. The rest of the run is not to notice.
import {setTimeout as wait} from 'node:timers/promises';
import {describe, expect, it, onTestFinished, vi} from 'vitest';
import {signIn} from '../../../source/engine/imap/sign-in.ts';
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
  }: {readonly connectMs?: number; readonly inactivityMs?: number; readonly after?: Promise<unknown>} = {},
) {
  const server = await startHostile(user, {}, hostility);
  onTestFinished(() => server.stop());
  const options = {connectMs, inactivityMs, version: '1.2.3', now: Date.now, ...(after && {after})};
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
    async function* words() {
      for (;;) {
        yield '* OK still here\r\n';
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
