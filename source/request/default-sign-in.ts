// How Office 365 is signed in to where a request does not say: as an application, where all that needs is there. Pure.
import {answered, effective, providerAt} from './endpoint.ts';
import type {FieldRules} from './field-rules.ts';
import {type Answers, type End, keyOf} from './fields.ts';
import {providerOfServer} from './providers/catalogue.ts';
import type {Endpoint} from './schema.ts';
import {isSecretReference} from './secret-text.ts';

/** True at Microsoft's own servers, which refuse every password. A type's end may be any other host, such as a gateway. */
export function refusesPasswords(answers: Answers, end: End): boolean {
  const server = providerOfServer(effective(answers, keyOf(end, 'Server')));
  return providerAt(answers, end).id === 'o365' && server?.passwordAdvice !== undefined;
}

/**
 * App-only where Microsoft's own server is asked, no way to sign in is named, and an application's settings are given:
 * by the environment beside an empty password, or by the row itself (a client id, and where its secret is). A password
 * that is written down is meant as one.
 */
function isApplication(answers: Answers, end: End, {microsoft}: FieldRules): boolean {
  if (answered(answers, keyOf(end, 'Auth')) !== '' || !refusesPasswords(answers, end)) return false;
  const secret = answered(answers, keyOf(end, 'Secret'));
  const ownId = answered(answers, keyOf(end, 'ClientId')) !== '';
  if (secret !== '') return ownId && isSecretReference(secret);
  return microsoft?.hasProof === true && (ownId || microsoft.clientId !== undefined);
}

/**
 * What the screens begin with at Microsoft's own server, where no way to sign in is named and no password is there: never
 * the password, which is refused. Undefined anywhere else.
 */
export function modernSignIn(answers: Answers, end: End, rules: FieldRules): Endpoint['auth'] | undefined {
  const said = answered(answers, keyOf(end, 'Auth')) !== '' || answered(answers, keyOf(end, 'Secret')) !== '';
  if (said || !refusesPasswords(answers, end)) return undefined;
  return isApplication(answers, end, rules) ? 'oauth-app' : rules.personalSignIn;
}

/** The answers with the way to sign in that follows from them. */
export function withDefaultSignIn(answers: Answers, rules: FieldRules): Answers {
  const ends = (['source', 'destination'] as const).filter(end => isApplication(answers, end, rules));
  if (ends.length === 0) return answers;
  return {...answers, ...Object.fromEntries(ends.map(end => [keyOf(end, 'Auth'), 'oauth-app']))};
}
