// From a request's secret references to what the engine signs in with. Each secret is fetched once, when needed.
import type {Credentials} from '../engine/auth/credentials.ts';
import {resolveSecret, type SecretSources} from '../profiles/secrets.ts';
import {loginName} from '../request/endpoint.ts';
import type {Endpoint} from '../request/schema.ts';
import type {Secret} from '../request/secret.ts';

export function credentialsOf(endpoint: Endpoint, sources: SecretSources): Credentials {
  const user = loginName(endpoint);
  let fetched: Promise<Secret> | undefined;
  return {
    kind: 'password',
    user,
    password: async signal => {
      if (endpoint.auth !== 'password')
        throw new Error(
          `The sign-in ${endpoint.auth} is not in this version of mailferry. Choose "password" where the server takes one.`,
        );
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
