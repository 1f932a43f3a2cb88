// What Microsoft's identity provider answers where it refuses: number, OAuth error and words.
import {randomUUID} from 'node:crypto';

type Said = readonly [oauthError: string, words: string];

/** By AADSTS number. */
const said: Readonly<Record<number, Said>> = {
  28000: [
    'invalid_request',
    'Provided value for the input parameter scope is not valid because it contains more than one resource.',
  ],
  50011: [
    'invalid_request',
    'The redirect URI specified in the request does not match the redirect URIs configured for the application.',
  ],
  50020: [
    'invalid_grant',
    'User account from identity provider does not exist in tenant and cannot access the application.',
  ],
  50034: ['invalid_grant', 'The user account does not exist in the directory.'],
  50053: [
    'invalid_grant',
    'The account is locked, you tried to sign in too many times with an incorrect user ID or password.',
  ],
  50057: ['invalid_grant', 'The user account is disabled.'],
  50076: [
    'interaction_required',
    'Due to a configuration change made by your administrator, or because you moved to a new location, you must use multi-factor authentication to access the resource.',
  ],
  50079: [
    'interaction_required',
    'Due to a configuration change made by your administrator, you must enroll in multi-factor authentication to access the resource.',
  ],
  50126: ['invalid_grant', 'Error validating credentials due to invalid username or password.'],
  53003: [
    'invalid_grant',
    'Access has been blocked by Conditional Access policies. The access policy does not allow token issuance.',
  ],
  65001: [
    'invalid_grant',
    'The user or administrator has not consented to use the application. Send an interactive authorization request for this user and resource.',
  ],
  65004: ['access_denied', 'User declined to consent to access the app.'],
  70000: [
    'invalid_grant',
    'The provided value for the input parameter is not valid. The grant is expired or revoked.',
  ],
  70011: ['invalid_scope', 'The provided value for the input parameter scope is not valid.'],
  70016: [
    'authorization_pending',
    'OAuth 2.0 device flow error. Authorization is pending. Continue polling.',
  ],
  70018: ['authorization_declined', 'User declined to authenticate.'],
  70019: ['expired_token', 'Verification code expired.'],
  700016: [
    'unauthorized_client',
    'Application with the given identifier was not found in the directory. This can happen if the application has not been installed by the administrator of the tenant.',
  ],
  700027: [
    'invalid_client',
    'The certificate with identifier used to sign the client assertion is not registered on application.',
  ],
  700082: [
    'invalid_grant',
    'The refresh token has expired due to inactivity. The token was inactive for 90 days.',
  ],
  7000215: [
    'invalid_client',
    'Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID.',
  ],
  7000218: [
    'invalid_client',
    "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.",
  ],
  7000222: ['invalid_client', 'The provided client secret keys for the application are expired.'],
  90002: [
    'invalid_request',
    'Tenant not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud.',
  ],
  90033: ['temporarily_unavailable', 'A transient error has occurred. Please try again.'],
  90100: ['slow_down', 'OAuth 2.0 device flow error. The client polls too often.'],
};

export type Answer = {readonly status: number; readonly body: object};

/** @param now ms since 1970 */
export function refusal(aadsts: number, now: number): Answer {
  const [error, words] = said[aadsts] ?? ['invalid_request', 'The request is not valid.'];
  const timestamp = `${new Date(now).toISOString().slice(0, 19).replace('T', ' ')}Z`;
  const trace = randomUUID();
  const correlation = randomUUID();
  return {
    status: error === 'invalid_client' ? 401 : error === 'temporarily_unavailable' ? 503 : 400,
    body: {
      error,
      error_description: `AADSTS${aadsts}: ${words} Trace ID: ${trace} Correlation ID: ${correlation} Timestamp: ${timestamp}`,
      error_codes: [aadsts],
      timestamp,
      trace_id: trace,
      correlation_id: correlation,
      error_uri: `https://login.microsoftonline.com/error?code=${aadsts}`,
    },
  };
}
