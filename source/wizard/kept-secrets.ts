// Passwords that were typed, as entries of the system's keychain. Pure.
import {answered, effective, loginName} from '../request/endpoint.ts';
import {type Answers, keyOf} from '../request/fields.ts';
import {isSecretReference, secretReferenceOf, secretReferenceRule} from '../request/secret-text.ts';

export type KeptSecret = {readonly name: string; readonly secret: string};

/** The passwords in the answers, and the answers with where they will be in their place. */
export function keptSecrets(answers: Answers): {
  readonly secrets: readonly KeptSecret[];
  readonly answers: Answers;
} {
  const secrets: KeptSecret[] = [];
  let named = answers;
  for (const end of ['source', 'destination'] as const) {
    const key = keyOf(end, 'Secret');
    const secret = answered(answers, key);
    if (
      secret === '' ||
      isSecretReference(secret) ||
      secretReferenceRule(secretReferenceOf(secret)) !== undefined
    )
      continue;
    if (effective(answers, keyOf(end, 'Auth')) !== 'password') continue;
    const login = loginName({
      userId: answered(answers, keyOf(end, 'UserId')),
      domain: answered(answers, keyOf(end, 'Domain')),
    });
    const name = `${login} at ${effective(answers, keyOf(end, 'Server'))}`.slice(0, 100).trim();
    secrets.push({name, secret});
    named = {...named, [key]: `keychain:${name}`};
  }
  return {secrets, answers: named};
}
