// What the identity provider's refusals become: for the code that reads them, and for a person.
import {expect, test} from 'vitest';
import {SignInRefused, SignInUnreachable} from '../../../source/engine/auth/sign-in-refused.ts';
import {type ErrorContext, problemFromError} from '../../../source/engine/problems/from-error.ts';

const context: ErrorContext = {
  end: 'source',
  login: 'john@baya.com',
  server: 'outlook.office365.com:993',
  during: 'sign-in',
  auth: 'oauth-app',
  provider: 'o365',
};

test("Microsoft's number and words are taken from the description; ids, times and escapes are left out", () => {
  const refused = new SignInRefused({
    oauthError: 'invalid_client',
    description:
      'AADSTS7000215: Invalid client secret \u001b[31mprovided\u001b[0m. Trace ID: 1f0c Correlation ID: 9a Timestamp: 2026-01-01 00:00:00Z',
  });
  expect(refused.aadsts).toBe(7_000_215);
  expect(refused.code).toBe('AADSTS7000215');
  expect(refused.description).toBe('Invalid client secret provided.');
  expect(refused.message).toBe('AADSTS7000215: Invalid client secret provided.');
  const multiline = new SignInRefused({
    oauthError: 'invalid_grant',
    description: 'AADSTS50076: You must use multi-factor authentication.\r\nTrace ID: 1\r\nTimestamp: 2',
  });
  expect(multiline.description).toBe('You must use multi-factor authentication.');
});

test('without a number the OAuth error is the code', () => {
  const refused = new SignInRefused({oauthError: 'expired_token', description: ''});
  expect([refused.code, refused.aadsts, refused.message]).toEqual([
    'expired_token',
    undefined,
    'expired_token',
  ]);
});

test.each([
  [
    'invalid_client',
    'AADSTS7000222: The provided client secret keys are expired.',
    'app-secret-expired',
    'stop',
  ],
  ['invalid_client', 'AADSTS7999999: Something new.', 'token-refused', 'stop'],
  ['interaction_required', 'AADSTS50076: Use multi-factor authentication.', 'mfa-needed', 'stop'],
  ['interaction_required', '', 'sign-in-needed', 'stop'],
  ['temporarily_unavailable', 'AADSTS90033: A transient error.', 'identity-provider-busy', 'again'],
  ['server_error', '', 'identity-provider-busy', 'again'],
  ['authorization_declined', 'AADSTS70018: User declined.', 'sign-in-declined', 'stop'],
  ['expired_token', 'Nobody has signed in in time.', 'sign-in-late', 'stop'],
])('%s, %s is the problem %s', (oauthError, description, code, verdict) => {
  const problem = problemFromError(new SignInRefused({oauthError, description}), context);
  expect([problem.code, problem.verdict]).toEqual([code, verdict]);
  if (code === 'token-refused') expect(problem.sentence).toContain('AADSTS7999999');
});

test('an identity provider that cannot be reached is named, not the mail server', () => {
  const unreachable = new SignInUnreachable('login.microsoftonline.com', 'ENOTFOUND', 'getaddrinfo');
  expect(problemFromError(unreachable, context)).toMatchObject({
    code: 'host-unknown',
    sentence: expect.stringContaining('login.microsoftonline.com'),
  });
  const odd = new SignInUnreachable('login.microsoftonline.com', 'NotJson', 'The answer is not JSON');
  expect(problemFromError(odd, context)).toMatchObject({code: 'identity-provider-busy', verdict: 'again'});
});
