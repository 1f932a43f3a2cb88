// From a request's references to what the engine signs in with. Each secret is fetched once, when needed.
import type {Credentials} from '../engine/auth/credentials.ts';
import type {SignIns} from '../engine/auth/sign-ins.ts';
import {resolveSecret, type SecretSources} from '../profiles/secrets.ts';
import {loginName} from '../request/endpoint.ts';
import type {FieldRules} from '../request/field-rules.ts';
import type {Endpoint} from '../request/schema.ts';
import type {Secret} from '../request/secret.ts';

/**
 * @param ca PEM, besides the system's: for the identity provider
 * @param passwordPolicy of a mailbox's password, wherever it comes from. An application's secret is Microsoft's own, and
 * has such characters more often than not
 */
export function credentialsOf(
  endpoint: Endpoint,
  sources: SecretSources,
  signIns: Pick<SignIns, 'credentials'>,
  ca: readonly string[],
  passwordPolicy: FieldRules['passwordPolicy'],
): Credentials {
  if (endpoint.auth !== 'password') return signIns.credentials(endpoint, ca);
  let fetched: Promise<Secret> | undefined;
  return {
    kind: 'password',
    user: loginName(endpoint),
    password: async signal => {
      fetched ??= resolveSecret(endpoint.secret, sources, passwordPolicy, signal);
      try {
        return await fetched;
      } catch (error) {
        // A file mended meanwhile is read at the next try.
        fetched = undefined;
        throw error;
      }
    },
  };
}
