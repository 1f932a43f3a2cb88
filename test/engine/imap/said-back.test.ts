// What a mailbox is signed in to with, where its server says it back: the server's other words are told, it is not.
import {expect, it, onTestFinished} from 'vitest';
import {Mailbox} from '../../../source/demo/server/store.ts';
import {signIn} from '../../../source/engine/imap/sign-in.ts';
import {problemFromError} from '../../../source/engine/problems/from-error.ts';
import {mask, Secret} from '../../../source/request/secret.ts';
import {marked, marksIn} from '../../cli/marked-secrets.ts';
import {type Hostility, hangUp, type Lie, startHostile} from '../../servers/hostile.ts';

const user = 'ann@baya.com';
const secret = marked('right');
const base64 = (text: string) => Buffer.from(text).toString('base64');

async function enter(kind: 'password' | 'token', hostility: Hostility) {
  const server = await startHostile(user, {}, hostility, new Mailbox(secret));
  onTestFinished(() => server.stop());
  const credentials =
    kind === 'password'
      ? {kind, user, password: async () => new Secret(secret)}
      : {kind, user, accessToken: async () => ({secret: new Secret(secret)}), tokenExpired: () => undefined};
  const endpoint = {
    ...({provider: 'imap', userId: 'ann', domain: 'baya.com', server: server.host} as const),
    ...({port: server.imapPort, security: 'none', auth: 'password', secret: {kind: 'ask'}} as const),
  };
  const options = {connectMs: 60_000, inactivityMs: 60_000, version: '1.2.3', now: Date.now};
  return signIn('source', endpoint, credentials, options, new AbortController().signal);
}

const thrownBy = (work: Promise<unknown>) =>
  work.then(
    () => expect.fail('it was taken'),
    (error: unknown) => error,
  );

/** All that an error holds, and the words that become of it. */
function saidOf(error: unknown): {everything: string; detail: string} {
  const {detail = ''} = problemFromError(error, {end: 'source', login: user, server: 's', during: 'sign-in'});
  const texts = Object.getOwnPropertyNames(error).map(name =>
    JSON.stringify(Reflect.get(error as object, name)),
  );
  return {everything: texts.join('\n') + detail, detail};
}

it.each<[string, 'password' | 'token', string, (tag: string) => Lie]>([
  ['a BAD', 'password', '', tag => `${tag} BAD Unknown: LOGIN ${user} ${secret}\r\n`],
  ['a NO with a code', 'password', '', tag => `${tag} NO [${base64(secret)}] Unknown: ${secret}\r\n`],
  ['a goodbye', 'password', '', () => [`* BYE Unknown: ${secret}\r\n`, hangUp]],
  [
    'the answer of PLAIN',
    'password',
    'AUTH=PLAIN SASL-IR',
    tag => `${tag} NO Unknown: ${base64(`\0${user}\0${secret}`)}\r\n`,
  ],
  ['the token', 'token', 'AUTH=XOAUTH2 SASL-IR', tag => `${tag} NO Unknown: ${secret}\r\n`],
  [
    'the answer of XOAUTH2',
    'token',
    'AUTH=XOAUTH2 SASL-IR',
    tag => `${tag} NO Unknown: ${base64(`user=${user}\u0001auth=Bearer ${secret}\u0001\u0001`)}\r\n`,
  ],
])('is not told where it is said in answer to the sign-in: %s', async (_, kind, offered, said) => {
  const error = await thrownBy(
    enter(kind, ({command, reply, tag}) => {
      if (command === '') return reply.replace('* OK', `* OK [CAPABILITY IMAP4rev1 ${offered}]`);
      return /^(LOGIN|AUTHENTICATE)/.test(command) ? said(tag) : undefined;
    }),
  );
  const {everything, detail} = saidOf(error);
  expect(marksIn(Buffer.from(everything))).toEqual([]);
  expect(detail).toContain('Unknown: ');
  expect(detail).toContain(mask);
});

it.each<[string, (tag: string) => Lie]>([
  ['a refusal', tag => `${tag} NO Unknown: ${secret}\r\n`],
  ['a goodbye', () => [`* BYE Unknown: ${secret}\r\n`, hangUp]],
  ['an answer that nobody asked for', () => `X1 OK Unknown: ${secret}\r\n`],
])('is not told where it is said later: %s', async (_, said) => {
  const {wire} = await enter('password', ({command, tag}) => (command === 'CHECK' ? said(tag) : undefined));
  onTestFinished(() => wire.destroy());
  const {everything, detail} = saidOf(await thrownBy(wire.command('CHECK')));
  expect(marksIn(Buffer.from(everything))).toEqual([]);
  expect(detail).toContain(`Unknown: ${mask}`);
});

it('is not told where it is said among the capabilities', async () => {
  const {wire, capabilities} = await enter('password', ({command, reply}) =>
    command.startsWith('LOGIN') ? reply.replace(']', ` ${base64(secret)}]`) : undefined,
  );
  onTestFinished(() => wire.destroy());
  expect([...capabilities].join(' ')).not.toContain(base64(secret).toUpperCase());
  expect(capabilities.has('LITERAL+')).toBe(true);
});
