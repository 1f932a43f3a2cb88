// Problems of getting a token from Microsoft, and which of them an answer of the identity provider is. Catalogue data.
import type {End} from '../events.ts';
import {entry} from './entry.ts';

type Login = {readonly end: End; readonly login: string};

export const signInProblems = {
  'token-refused': entry<Login & {readonly refusal: string}>(
    'mailbox',
    'stop',
    p => `Microsoft refuses the sign-in for ${p.login} (${p.end}): ${p.refusal}.`,
    () => 'Read what Microsoft says, mend that, then run it again.',
    p => {
      const number = /^AADSTS(\d{4,8})$/.exec(p.refusal)?.[1];
      return number === undefined ? undefined : `https://login.microsoftonline.com/error?code=${number}`;
    },
  ),
  'sign-in-needed': entry<Login>(
    'mailbox',
    'stop',
    p => `Somebody has to sign in to Microsoft for ${p.login} (${p.end}).`,
    () => 'Run it again where a person can sign in, with device code or browser.',
  ),
  'sign-in-declined': entry<Login>(
    'mailbox',
    'stop',
    p => `The sign-in for ${p.login} (${p.end}) was declined on Microsoft's page.`,
    () => 'Try again and accept it there.',
  ),
  'sign-in-late': entry<Login>(
    'mailbox',
    'stop',
    p => `Nobody has signed in for ${p.login} (${p.end}) in time.`,
    () => 'Try again: there are 15 minutes for it.',
  ),
  'identity-provider-busy': entry<Login>(
    'mailbox',
    'again',
    p => `Microsoft cannot sign ${p.login} (${p.end}) in at the moment.`,
    () => 'mailferry tries again.',
  ),
};

/** By OAuth error, where Microsoft's number tells nothing more: RFC 6749 section 5.2, OpenID Connect Core 3.1.2.6. */
const byOAuthError: Readonly<Record<string, keyof typeof signInProblems>> = {
  interaction_required: 'sign-in-needed',
  login_required: 'sign-in-needed',
  authorization_declined: 'sign-in-declined',
  expired_token: 'sign-in-late',
  consent_required: 'token-refused',
  temporarily_unavailable: 'identity-provider-busy',
  server_error: 'identity-provider-busy',
};

/** Microsoft's numbers for its own troubles: they pass. */
const passing = new Set([50196, 90006, 90025, 90033, 90055]);

/** Which problem a refused token is. */
export function problemOfRefusal(
  oauthError: string,
  aadsts: number | undefined,
): keyof typeof signInProblems {
  if (aadsts !== undefined && passing.has(aadsts)) return 'identity-provider-busy';
  return Object.hasOwn(byOAuthError, oauthError)
    ? (byOAuthError[oauthError] ?? 'token-refused')
    : 'token-refused';
}
