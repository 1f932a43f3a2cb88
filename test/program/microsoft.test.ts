// What the environment says of Microsoft sign-ins, and how people are told to sign in outside the screens.
import {expect, test} from 'vitest';
import {defaultsOf, microsoftRules} from '../../source/program/microsoft-environment.ts';
import {openerOf, openPage} from '../../source/program/open-page.ts';
import {promptText} from '../../source/program/sign-in-people.ts';
import {UsageProblem} from '../../source/program/system.ts';

test('the rules know what the environment gives, and that a secret is there, not the secret', () => {
  expect(microsoftRules({MAILFERRY_CLIENT_ID: ' '})).toEqual({});
  expect(microsoftRules({MAILFERRY_TENANT: 'baya.com', MAILFERRY_CLIENT_SECRET: 'Qx8~clear'})).toEqual({
    microsoft: {tenant: 'baya.com', hasProof: true},
  });
  expect(microsoftRules({MAILFERRY_CLIENT_CERTIFICATE: 'app.pem'}).microsoft?.hasProof).toBe(true);
});

test('an authority that is no secure address is refused before anything runs', () => {
  expect(defaultsOf({MAILFERRY_AUTHORITY: 'https://login.example'})).toEqual({
    authority: 'https://login.example',
  });
  for (const authority of ['login.example', 'http://login.example'])
    expect(() => defaultsOf({MAILFERRY_AUTHORITY: authority})).toThrow(UsageProblem);
});

test.each([
  ['linux', {}, undefined],
  ['linux', {DISPLAY: ':0'}, 'xdg-open'],
  ['linux', {WAYLAND_DISPLAY: 'wayland-0'}, 'xdg-open'],
  ['linux', {DISPLAY: ':0', SSH_CONNECTION: '1 2 3 4'}, undefined],
  ['darwin', {}, 'open'],
  ['darwin', {SSH_TTY: '/dev/ttys001'}, undefined],
  ['win32', {}, 'rundll32'],
])('a page opens on %s with %o by %s', (platform, env, program) => {
  expect(openerOf(platform, env)?.[0]).toBe(program);
});

test('what a person has to do, whose mailboxes it is for, and no control character of either', () => {
  const user = 'ann@baya.com';
  const device = {
    kind: 'device',
    code: 'BCDFG7QRS',
    address: 'https://microsoft.com/devicelogin',
    expires: 900_000,
  } as const;
  expect(promptText({user, mailboxes: [user]}, device, false, 0)).toBe(
    'Sign in to Microsoft as ann@baya.com:\n  open https://microsoft.com/devicelogin in any browser and type the code BCDFG7QRS\nWaiting for up to 15 min; Ctrl+C calls it off.\n',
  );
  const browser = {
    kind: 'browser',
    address: 'https://login.example/x',
    short: 'http://localhost:5000/sign-in',
    expires: 900_000,
  } as const;
  const names = ['info\u001b[31m@baya.com', ...Array.from({length: 9}, (_, index) => `box${index}@baya.com`)];
  const said = promptText({user, mailboxes: names}, browser, true, 0);
  expect(said).toContain(
    'for info@baya.com, box0@baya.com, box1@baya.com, box2@baya.com, box3@baya.com and others',
  );
  expect(said).toContain('your browser opens\n  http://localhost:5000/sign-in');
  expect(said).not.toContain('\u001b');
});

test.each(['http://login.example', 'file:///etc/passwd', '--help', 'https:login'])(
  'nothing is opened that is no secure page: %s',
  address => {
    expect(openPage(address, 'linux', {DISPLAY: ':0'})).toBe(false);
  },
);
