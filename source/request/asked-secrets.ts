// The passwords a batch still needs, each asked for once. Pure.
import {loginName, mailboxKey} from './endpoint.ts';
import type {End} from './fields.ts';
import type {Endpoint, Request} from './schema.ts';
import {secretReferenceOf} from './secret-text.ts';

/** One mailbox whose password is not given. */
export type Ask = {readonly id: string; readonly login: string; readonly server: string; readonly end: End};

function isAsked({auth, secret}: Endpoint): boolean {
  return auth === 'password' && secret.kind === 'ask';
}

const ends = ['source', 'destination'] as const;

/** In the order of the requests; the same mailbox at the same server once. */
export function asksOf(requests: readonly Request[]): readonly Ask[] {
  const asks = new Map<string, Ask>();
  for (const request of requests) {
    for (const end of ends) {
      const endpoint = request[end];
      const id = mailboxKey(endpoint);
      if (isAsked(endpoint) && !asks.has(id))
        asks.set(id, {id, end, login: loginName(endpoint), server: endpoint.server});
    }
  }
  return [...asks.values()];
}

/** The requests with the given texts (or references to them) as their secrets. */
export function withSecrets(requests: readonly Request[], given: ReadonlyMap<string, string>): Request[] {
  const filled = (endpoint: Endpoint): Endpoint => {
    const text = isAsked(endpoint) ? given.get(mailboxKey(endpoint)) : undefined;
    return text === undefined ? endpoint : {...endpoint, secret: secretReferenceOf(text)};
  };
  return requests.map(request => ({
    ...request,
    source: filled(request.source),
    destination: filled(request.destination),
  }));
}
