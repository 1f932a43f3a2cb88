// The causes of a refused sign-in at Microsoft and Exchange, told from what little they say.
import {expect, test} from 'vitest';
import {SignInRefused} from '../../../source/engine/auth/sign-in-refused.ts';
import type {TokenClaims} from '../../../source/engine/auth/token-claims.ts';
import {type ErrorContext, problemFromError} from '../../../source/engine/problems/from-error.ts';
import {problem, problemCodes} from '../../../source/engine/problems/problems.ts';

const context: ErrorContext = {
  end: 'source',
  login: 'john@baya.com',
  server: 'outlook.office365.com:993',
  during: 'sign-in',
  auth: 'oauth-app',
  provider: 'o365',
  now: 1_000_000,
};
const app: TokenClaims = {
  audience: 'https://outlook.office365.com',
  roles: ['IMAP.AccessAsApp'],
  scopes: [],
  appOnly: true,
  expires: 2_000_000,
  appId: 'app-1',
  objectId: 'object-1',
};
const user: TokenClaims = {
  audience: 'https://outlook.office.com',
  roles: [],
  scopes: ['IMAP.AccessAsUser.All'],
  appOnly: false,
  user: 'ann@baya.com',
};

function refused(claims: TokenClaims | undefined, more: Partial<ErrorContext> = {}) {
  const error = Object.assign(new Error('Command failed'), {
    authenticationFailed: true,
    responseStatus: 'NO',
    responseText: 'AUTHENTICATE failed.',
    tokenClaims: claims,
  });
  return problemFromError(error, {...context, ...more});
}

test('the words are found where imapflow puts them, without the tag too', () => {
  const error = Object.assign(new Error('Authentication failed'), {
    authenticationFailed: true,
    response: 'User is authenticated but not connected.',
  });
  expect(problemFromError(error, context).code).toBe('mailbox-not-connected');
});

function unopened(claims: TokenClaims | undefined, more: Partial<ErrorContext> = {}) {
  const error = Object.assign(new Error('Command failed'), {
    responseStatus: 'BAD',
    responseText: 'User is authenticated but not connected.',
    tokenClaims: claims,
  });
  return problemFromError(error, {...context, ...more});
}

test.each([
  [7000222, 'app-secret-expired'],
  [7000215, 'app-secret-wrong'],
  [700016, 'app-not-in-tenant'],
  [90002, 'tenant-unknown'],
  [65001, 'consent-missing'],
  [65004, 'consent-declined'],
  [53003, 'conditional-access'],
  [50076, 'mfa-needed'],
  [50053, 'account-locked'],
  [50057, 'account-disabled'],
  [50126, 'microsoft-password-wrong'],
  [50034, 'user-not-found'],
  [50020, 'user-of-other-tenant'],
  [700082, 'sign-in-too-old'],
  [7000218, 'public-client-off'],
  [50011, 'redirect-mismatch'],
  [28000, 'permission-not-offered'],
])('AADSTS%i is %s, with what to do and Microsoft’s page of that number', (number, code) => {
  const said = problemFromError(
    new SignInRefused({oauthError: 'invalid_grant', description: `AADSTS${number}: Words of Microsoft.`}),
    context,
  );
  expect(said).toMatchObject({
    code,
    verdict: 'stop',
    detail: 'Words of Microsoft.',
    link: `https://login.microsoftonline.com/error?code=${number}`,
  });
  expect(said.nextStep).toMatch(/\.$/);
});

test('Conditional Access against a device code is told as that', () => {
  const error = new SignInRefused({oauthError: 'access_denied', description: 'AADSTS53003: Blocked.'});
  expect(problemFromError(error, {...context, auth: 'oauth-device'}).code).toBe('device-flow-blocked');
});

test('a number nobody knows is given with its page', () => {
  const error = new SignInRefused({oauthError: 'invalid_grant', description: 'AADSTS7654321: New.'});
  const said = problemFromError(error, context);
  expect(said).toMatchObject({
    code: 'token-refused',
    link: 'https://login.microsoftonline.com/error?code=7654321',
  });
});

test('a token that says itself why it is refused makes the cause certain', () => {
  expect(refused({...app, audience: 'https://graph.microsoft.com'})).toMatchObject({
    code: 'token-for-other-resource',
    sentence: expect.stringContaining('https://graph.microsoft.com'),
  });
  expect(refused({...app, roles: ['Mail.Read']})).toMatchObject({
    code: 'imap-permission-missing',
    sentence: expect.stringContaining('IMAP.AccessAsApp'),
  });
  expect(refused({...user, scopes: []})).toMatchObject({
    code: 'imap-permission-missing',
    sentence: expect.stringContaining('IMAP.AccessAsUser.All'),
  });
  expect(refused({...app, expires: 999_999})).toMatchObject({code: 'token-expired', verdict: 'again'});
  expect(refused(app, {login: 'BAYA\\john'}).code).toBe('address-form');
});

test('of a mailbox that was opened before, what the token tells is so, and nothing else is missing', () => {
  const opened = {opened: true};
  for (const said of [
    refused(app, opened),
    refused(undefined, opened),
    refused(user, {login: 'ann@baya.com', auth: 'oauth-device', ...opened}),
  ])
    expect(said).toMatchObject({code: 'token-refused-anew', verdict: 'again'});
  expect(refused({...app, roles: ['Mail.Read']}, opened).code).toBe('imap-permission-missing');
  expect(refused({...app, expires: 999_999}, opened).code).toBe('token-expired');
});

test('where nothing tells, the likely causes come in their order with the real ids and address', () => {
  const said = refused(app);
  expect(said.code).toBe('microsoft-token-refused');
  const at = [
    'New-ServicePrincipal -AppId app-1 -ObjectId object-1',
    "Set-CASMailbox -Identity 'john@baya.com' -ImapEnabled $true",
    "Get-EXOMailbox -Identity 'john@baya.com'",
  ].map(step => said.nextStep?.indexOf(step) ?? -1);
  expect(at).not.toContain(-1);
  expect(at).toEqual([...at].sort((one, other) => one - other));
  // A user who is signed in needs no service principal.
  expect(refused(user, {login: 'ann@baya.com', auth: 'oauth-device'})).toMatchObject({
    code: 'own-mailbox-refused',
    nextStep: expect.not.stringContaining('New-ServicePrincipal'),
  });
  expect(refused(undefined).nextStep).toContain('New-ServicePrincipal -AppId APPLICATION_ID');
});

test('a mailbox that does not open is tried again before it is called a missing right', () => {
  expect(unopened(app)).toMatchObject({code: 'mailbox-not-connected', verdict: 'slower'});
  expect(unopened(app, {staysSo: true})).toMatchObject({
    code: 'full-access-missing',
    verdict: 'stop',
    nextStep: expect.stringContaining(
      "Add-MailboxPermission -Identity 'john@baya.com' -User object-1 -AccessRights FullAccess",
    ),
  });
  // The delegate of a shared mailbox, by name.
  expect(unopened(user, {staysSo: true, auth: 'oauth-device'}).nextStep).toContain(
    "Add-MailboxPermission -Identity 'john@baya.com' -User 'ann@baya.com'",
  );
  // Nobody needs a right for the own mailbox.
  expect(unopened(user, {staysSo: true, auth: 'oauth-device', login: 'Ann@baya.com'})).toMatchObject({
    code: 'mailbox-missing',
    nextStep: expect.stringContaining('Licenses and apps'),
  });
});

test('an address cannot break out of the PowerShell line', () => {
  const said = refused(app, {login: "o'neil\u2019@baya.com"});
  expect(said.nextStep).toContain("'o''neil\u2019\u2019@baya.com'");
});

test('every page is of Microsoft, and every cause of a refusal has one', () => {
  const anything = {
    end: 'source',
    server: 'outlook.office365.com:993',
    login: 'a@b.c',
    number: 50076,
    folder: 'INBOX',
  } as never;
  for (const code of problemCodes) {
    const {link} = problem(code, {
      ...(anything as object),
      near: [],
      examples: [],
      keywords: [],
      uids: [1],
      refusal: 'AADSTS1234',
    } as never);
    if (link !== undefined)
      expect(link, code).toMatch(/^https:\/\/(learn|login)\.microsoft(online)?\.com\/[\x21-\x7e]+$/);
  }
});
