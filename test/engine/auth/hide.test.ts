// No secret of a sign-in is left in what a server or an identity provider says, in no form in which it was sent; and the
// other words are.

import {readFileSync} from 'node:fs';
import {createServer} from 'node:https';
import type {AddressInfo} from 'node:net';
import {afterAll, describe, expect, it, onTestFinished, test} from 'vitest';
import {hideIn, hiding} from '../../../source/engine/auth/hide.ts';
import {IdentityNetwork} from '../../../source/engine/auth/identity-network.ts';
import {SignIns} from '../../../source/engine/auth/sign-ins.ts';
import {mask, Secret} from '../../../source/request/secret.ts';
import {appId, makeIdentityPlace, officeEnd} from '../../servers/identity/place.ts';

const base64 = (text: string) => Buffer.from(text).toString('base64');
const password = 'Qz7f "MARK\\k3W/ü?~?';
const token = `eyJ0eXAiOiJKV1Qi.${'aB3-_'.repeat(300)}.c2lnbmF0dXJl`;
const hide = hiding([password, undefined, token]);

test.each<[string, string]>([
  ['as it is', password],
  ['in upper case', password.toUpperCase()],
  ['quoted, as LOGIN sends it', '"Qz7f \\"MARK\\\\k3W/ü?~?"'],
  ['as UTF-8 that was read byte by byte', Buffer.from(password).toString('latin1')],
  ['encoded for a URL', encodeURIComponent(password)],
  ['encoded as a form', new URLSearchParams({password}).toString()],
  ['in base64', base64(password)],
  ['in base64 in lower case', base64(password).toLowerCase()],
  ['in base64 for URLs', Buffer.from(password).toString('base64url')],
  ['in PLAIN', base64(`\0ann@baya.com\0${password}`)],
  ['in PLAIN of a longer name', base64(`\0anna@baya.com\0${password}`)],
  ['in PLAIN of one that is longer still', base64(`\0annab@baya.com\0${password}`)],
  ['the token', token],
  ['in XOAUTH2', base64(`user=ann@baya.com\u0001auth=Bearer ${token}\u0001\u0001`)],
  ['in OAUTHBEARER', base64(`n,a=ann@baya.com,\u0001auth=Bearer ${token}\u0001\u0001`)],
])('a secret is hidden %s, and the words around it are kept', (_, said) => {
  const [before = '', after = ''] = hide(`Unknown: (${said}) or so`).split(mask);
  expect(before).toMatch(/^Unknown: \("?(password=)?$/);
  expect(after).toMatch(/^"?\) or so$/);
});

test.each<[string, string]>([
  ['as it is', password.slice(0, -3)],
  ['with dots behind it', `${password.slice(0, 9)}...`],
  ['in PLAIN', base64(`\0ann@baya.com\0${password}`).slice(0, -9)],
  ['the token', token.slice(0, 900)],
])('what a server cuts off is hidden too: %s', (_, said) => {
  expect(hide(`Too long: ${said}`)).toMatch(/^Too long: •+\.{0,3}$/u);
});

test('a secret that is shorter than any word hides nothing, a short one no part of a word', () => {
  expect(hiding(['no', '', 'in'])('no, not in here')).toBe('no, not in here');
  expect(hiding([undefined])('all of it')).toBe('all of it');
  expect(hiding(['pass'])('wrong password: pass')).toBe(`wrong password: ${mask}`);
  expect(hiding(['pass'])(base64('\0ann@baya.com\0pass'))).toBe(mask);
});

test('other words stay as they are', () => {
  const said =
    '[AUTHENTICATIONFAILED] Invalid credentials (Failure) for ann@baya.com; see https://example.org/a-b_c+d==';
  expect(hide(said)).toBe(said);
});

test('what is very long is looked through in no time, and cut where nobody reads', () => {
  for (const piece of ['x', 'Qz7f ', base64(password).slice(0, 9), '"\\'])
    expect(hide(piece.repeat(1_000_000)).length).toBeLessThanOrEqual(8000);
});

test('a word of the server is no secret that was cut off, unless it stands where the secret was said', () => {
  const known = hiding(['Password123']);
  expect(known('Invalid user name or password.')).toBe('Invalid user name or password.');
  expect(known('Too long: LOGIN "ann" "Password')).toBe(`Too long: LOGIN "ann" "${mask}`);
  expect(known('Too long: Password1')).toBe(`Too long: ${mask}`);
});

// A look from each of its places would take most of a minute.
test('the end of a text is looked for from one place only', () => {
  const said = `a${'-'.repeat(7998)}a`;
  for (let times = 0; times < 1000; times++) expect(hide(said)).toBe(said);
}, 10_000);

test('an error is cleared in every text, down to what it came from', () => {
  const sure = Object.assign(new Error(`Command failed: ${password}`), {
    response: `3 NO ${password}`,
    serverResponseCode: password.toUpperCase(),
    answer: {attributes: [{value: `said ${password}`}]},
    cause: new AggregateError([new Error(password)], 'none'),
    count: 3,
  });
  Object.assign(sure, {_err: sure});
  hideIn(sure, hide);
  expect([sure.message, sure.response, sure.serverResponseCode, sure.count]).toEqual([
    `Command failed: ${mask}`,
    `3 NO ${mask}`,
    mask,
    3,
  ]);
  expect(sure.stack).not.toContain('MARK');
  expect(sure.answer.attributes).toEqual([{value: `said ${mask}`}]);
  expect(String((sure.cause as AggregateError).errors[0])).toBe(`Error: ${mask}`);
  hideIn(undefined, hide);
});

describe('an identity provider', () => {
  const place = makeIdentityPlace();
  afterAll(() => place.remove());
  const ca = [place.certificates.ca];
  const sleep = async () => undefined;

  /** Answers each POST with this. */
  async function provider(said: object): Promise<string> {
    const {certificateFile, keyFile} = place.certificates;
    const files = {cert: readFileSync(certificateFile), key: readFileSync(keyFile)};
    const server = createServer(files, ({method}, answer) => {
      answer.statusCode = method === 'POST' ? 401 : 200;
      const about = {
        issuer: origin,
        authorization_endpoint: `${origin}/authorize`,
        token_endpoint: `${origin}/token`,
        jwks_uri: `${origin}/keys`,
      };
      answer.end(JSON.stringify(method === 'POST' ? said : about));
    });
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    const origin = `https://localhost:${(server.address() as AddressInfo).port}`;
    return origin;
  }

  it.each(['client_secret', 'client_assertion', 'refresh_token', 'device_code', 'code', 'code_verifier'])(
    'that says the %s back is not quoted with it',
    async field => {
      const said = {error: `bad ${password}`, error_description: `AADSTS7: ${password} is wrong`};
      const network = new IdentityNetwork({ca, sleep});
      const body = new URLSearchParams({grant_type: 'client_credentials', [field]: password}).toString();
      await network.sendPostRequestAsync(`${await provider(said)}/token`, {body});
      expect(network.refusal).toEqual({oauthError: `bad ${mask}`, description: `AADSTS7: ${mask} is wrong`});
    },
  );

  it('nor where it gives its error no name, and MSAL says what is wrong', async () => {
    const signIns = new SignIns({
      now: Date.now,
      sleep,
      defaults: {
        authority: await provider({suberror: 'basic_action', error_description: `${password} is wrong`}),
      },
      proofOf: async () => ({kind: 'secret', value: new Secret(password)}),
      storeFor: () => ({read: async () => '', write: async () => undefined}),
    });
    const credentials = signIns.credentials(officeEnd({clientId: appId}), ca);
    if (credentials.kind !== 'token') throw new Error('a token was expected');
    const error: unknown = await credentials.accessToken().catch((refused: unknown) => refused);
    expect(error).toMatchObject({
      name: 'SignInRefused',
      description: expect.stringContaining(`${mask} is wrong`),
    });
    expect(String(error)).not.toContain('MARK');
  });
});
