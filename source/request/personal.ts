// Which requests a person has to sign in for at Microsoft's page. Pure.
import type {Endpoint, Request} from './schema.ts';

export function isPersonal({auth}: Pick<Endpoint, 'auth'>): boolean {
  return auth === 'oauth-device' || auth === 'oauth-browser';
}

export function needsPerson(requests: readonly Request[]): boolean {
  return requests.some(({source, destination}) => isPersonal(source) || isPersonal(destination));
}
