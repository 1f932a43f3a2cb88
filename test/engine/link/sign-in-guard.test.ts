import {expect, onTestFinished, test, vi} from 'vitest';
import {SignInRefused} from '../../../source/engine/auth/sign-in-refused.ts';
import {NotTried, SignInGuard} from '../../../source/engine/link/sign-in-guard.ts';
import {mostRefusals} from '../../../source/engine/link/sign-in-places.ts';
import {problem} from '../../../source/engine/problems/problems.ts';
import {Secret} from '../../../source/request/secret.ts';
import {endpoint, loginOf} from '../../check/sample.ts';

const at = loginOf('ann');
const refused = problem('sign-in-refused', at);

test("a server's own trouble is met once, and by its own address only", () => {
  const guard = new SignInGuard();
  const error = new Error('expired');
  expect(guard.before(endpoint())).toBeUndefined();
  guard.failed(endpoint(), error, problem('tls-expired', at));
  expect(guard.before(endpoint({userId: 'bob', auth: 'password'}))).toBe(error);
  expect(guard.before(endpoint({port: 143, security: 'starttls'}))).toBeUndefined();
});

/** As the identity provider refuses a token. */
const tokenRefused = (number: number) =>
  new SignInRefused({oauthError: 'invalid_client', description: `AADSTS${number}: Words of Microsoft.`});

test.each([
  ['app-secret-expired', 7000222],
  ['public-client-off', 7000218],
  ['token-refused', 7654321],
] as const)("the app's own trouble is met once for all that sign in with it (%s)", (code, number) => {
  const guard = new SignInGuard();
  const error = tokenRefused(number);
  guard.failed(endpoint(), error, problem(code, {...at, number, refusal: error.code}));
  expect(guard.before(endpoint({userId: 'bob'}))).toBe(error);
  expect(guard.before(endpoint({auth: 'password'}))).toBeUndefined();
});

test("what is wrong with an app's token is met once, what is refused for a moment or to a person is not kept", () => {
  const guard = new SignInGuard();
  guard.failed(endpoint(), tokenRefused(90033), problem('identity-provider-busy', at));
  const person = endpoint({auth: 'oauth-device'});
  guard.failed(person, tokenRefused(50057), problem('account-disabled', {...at, number: 50057}));
  expect([guard.before(endpoint()), guard.before({...person, userId: 'bob'})]).toEqual([
    undefined,
    undefined,
  ]);
  const error = new Error('AUTHENTICATE failed.');
  guard.failed(
    endpoint(),
    error,
    problem('imap-permission-missing', {...at, permission: 'IMAP.AccessAsApp'}),
  );
  expect(guard.before(endpoint({userId: 'bob'}))).toBe(error);
});

test('what one directory refuses an app says nothing of another', () => {
  const guard = new SignInGuard();
  guard.failed(endpoint(), tokenRefused(65001), problem('consent-missing', {...at, number: 65001}));
  expect(guard.before(endpoint({userId: 'bob'}))).toBeDefined();
  expect(guard.before(endpoint({domain: 'other.example'}))).toBeUndefined();
});

test('that passwords are refused counts for passwords only', () => {
  const guard = new SignInGuard();
  const error = new Error('LOGINDISABLED');
  const password = endpoint({auth: 'password'});
  guard.failed(password, error, problem('password-sign-in-off', at));
  expect(guard.before({...password, userId: 'bob'})).toBe(error);
  expect(guard.before(endpoint())).toBeUndefined();
});

test("a mailbox's own trouble is nobody else's", () => {
  const guard = new SignInGuard();
  for (const code of ['full-access-missing', 'account-disabled', 'imap-switched-off'] as const)
    for (let time = 0; time < 50; time++)
      guard.failed(endpoint(), new Error(), problem(code, {...at, number: 1}));
  expect(guard.before(endpoint())).toBeUndefined();
});

test('a wrong password is met once by its mailbox; another one is tried', () => {
  const guard = new SignInGuard();
  const secretly = (text: string) =>
    endpoint({auth: 'password', secret: {kind: 'value', secret: new Secret(text)}});
  const error = new Error('refused');
  guard.forLook().failed(secretly('wrong'), error, refused);
  expect(guard.before({...secretly('wrong'), userId: 'JOHN'})).toBe(error);
  expect(guard.before(secretly('right'))).toBeUndefined();
  expect(guard.before({...secretly('wrong'), userId: 'bob'})).toBeUndefined();
  expect(guard.before({...secretly('wrong'), port: 143})).toBeUndefined();
  guard.succeeded(secretly('wrong'));
  expect(guard.before(secretly('wrong'))).toBeUndefined();
});

test('a password that was never presented, or a server that is busy, is asked for again', () => {
  const guard = new SignInGuard();
  const password = endpoint({auth: 'password'});
  guard.failed(password, new Error(), problem('secret-missing', {...at, why: 'It is gone'}));
  guard.failed(password, new Error(), problem('too-many-connections', at));
  expect(guard.before(password)).toBeUndefined();
});

test('while one presents a password the others of its mailbox wait for what becomes of it', async () => {
  const guard = new SignInGuard();
  const password = endpoint({auth: 'password'});
  const order: string[] = [];
  const first = await guard.turn(password);
  const second = guard.turn(password).then(done => {
    order.push('second');
    done();
  });
  const other = await guard.turn({...password, userId: 'bob'});
  order.push('other');
  other();
  await Promise.resolve();
  order.push('first');
  first();
  await second;
  expect(order).toEqual(['other', 'first', 'second']);
});

test('after refusals in a row without one success the rest is not tried', () => {
  const guard = new SignInGuard();
  for (let time = 0; time < mostRefusals; time++) {
    expect(guard.before(endpoint())).toBeUndefined();
    guard.failed(endpoint(), new Error(), refused);
  }
  expect(guard.before(endpoint())).toBeInstanceOf(NotTried);
});

/** Asks for so many turns, and keeps what ends each that has come, in the order in which they came. */
function turns(guard: SignInGuard, count: number) {
  const come: (() => void)[] = [];
  for (let user = 0; user < count; user++)
    void guard.turn(endpoint({userId: `u${user}`})).then(end => come.push(end));
  const settled = async () => {
    await new Promise(setImmediate);
    return come.length;
  };
  return {come, settled};
}

test('no more are under way than may still be refused, and then all are told', async () => {
  const guard = new SignInGuard();
  const {come, settled} = turns(guard, 30);
  expect(await settled()).toBe(mostRefusals);
  for (let time = 0; time < mostRefusals - 1; time++) {
    guard.failed(endpoint(), new Error(), refused);
    come[time]?.();
    expect(await settled()).toBe(mostRefusals);
  }
  guard.failed(endpoint(), new Error(), refused);
  come[mostRefusals - 1]?.();
  expect(await settled()).toBe(30);
  expect(guard.before(endpoint())).toBeInstanceOf(NotTried);
});

test('one that has no answer holds up the others no longer than half a minute', async () => {
  vi.useFakeTimers({toFake: ['setTimeout', 'clearTimeout']});
  onTestFinished(() => {
    vi.useRealTimers();
  });
  const {come, settled} = turns(new SignInGuard(), 30);
  expect(await settled()).toBe(mostRefusals);
  vi.advanceTimersByTime(29_999);
  expect(await settled()).toBe(mostRefusals);
  vi.advanceTimersByTime(1);
  expect(await settled()).toBe(2 * mostRefusals);
  // Its place is another's by then.
  come[0]?.();
  expect(await settled()).toBe(2 * mostRefusals);
});

test('one that ends without an answer gives its place to one other, however often it says so', async () => {
  const {come, settled} = turns(new SignInGuard(), 30);
  await settled();
  come[0]?.();
  come[0]?.();
  expect(await settled()).toBe(mostRefusals + 1);
});

test('once somebody was let in nobody waits', async () => {
  const guard = new SignInGuard();
  const {settled} = turns(guard, 30);
  await settled();
  guard.succeeded(endpoint());
  expect(await settled()).toBe(30);
  expect(await turns(guard, 30).settled()).toBe(30);
});

test('one that comes again goes before those that were never tried', async () => {
  const guard = new SignInGuard();
  const {come, settled} = turns(guard, 30);
  await settled();
  let again = false;
  void guard.turn(endpoint({userId: 'again'})).then(() => {
    again = true;
  });
  await settled();
  come[0]?.();
  await settled();
  expect(again).toBe(true);
});

test('one success shows that it is not the server', () => {
  const guard = new SignInGuard();
  guard.succeeded(endpoint());
  for (let time = 0; time < 3 * mostRefusals; time++) guard.failed(endpoint(), new Error(), refused);
  expect(guard.before(endpoint())).toBeUndefined();
});

test('a server that lets somebody in is out of order for nobody any more', () => {
  const guard = new SignInGuard();
  // Two at once: one times out, then the other gets in.
  guard.failed(endpoint(), new Error('timed out'), problem('connect-timed-out', at));
  guard.succeeded(endpoint({userId: 'bob'}));
  expect(guard.before(endpoint({userId: 'cleo'}))).toBeUndefined();
});

test('of a look before the run a refusal is remembered, and nothing that may be over', () => {
  const guard = new SignInGuard();
  const look = guard.forLook();
  look.failed(endpoint(), new Error('refused'), problem('connection-refused', at));
  expect(guard.before(endpoint())).toBeUndefined();
  for (let time = 0; time < mostRefusals; time++) look.failed(endpoint(), new Error(), refused);
  expect(look.before(endpoint())).toBeInstanceOf(NotTried);
  expect(guard.before(endpoint())).toBeInstanceOf(NotTried);
});

test("a server's own trouble is met again after a minute, and never kept of one that has let somebody in", () => {
  let now = 0;
  const guard = new SignInGuard(() => now);
  const error = new Error('unreachable');
  guard.failed(endpoint(), error, problem('host-unreachable', at));
  now = 59_999;
  expect(guard.before(endpoint())).toBe(error);
  now = 60_000;
  expect(guard.before(endpoint())).toBeUndefined();
  guard.succeeded(endpoint());
  guard.failed(endpoint(), error, problem('host-unreachable', at));
  expect(guard.before(endpoint())).toBeUndefined();
});
