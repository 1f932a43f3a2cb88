// From a request's references to what the engine signs in with. Each secret is fetched once, when needed.
import type {Credentials} from '../engine/auth/credentials.ts';
import type {SignIns} from '../engine/auth/sign-ins.ts';
import {resolveSecret, type SecretSources} from '../profiles/secrets.ts';
import {loginName} from '../request/endpoint.ts';
import type {Endpoint} from '../request/schema.ts';
import type {Secret} from '../request/secret.ts';

/** @param ca PEM, besides the system's: for the identity provider */
export function credentialsOf(
  endpoint: Endpoint,
  sources: SecretSources,
  signIns: Pick<SignIns, 'credentials'>,
  ca: readonly string[],
): Credentials {
  if (endpoint.auth !== 'password') return signIns.credentials(endpoint, ca);
  let fetched: Promise<Secret> | undefined;
  return {
    kind: 'password',
    user: loginName(endpoint),
    password: async signal => {
      fetched ??= resolveSecret(endpoint.secret, sources, undefined, signal);
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
