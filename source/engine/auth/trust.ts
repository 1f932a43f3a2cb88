// Whom a connection trusts, be it to a mail server or to an identity provider: the system's authorities and those of
// --ca. Made once and shared: to read all of them costs 16 ms of the processor, in which no mail moves (measured).
import {createSecureContext, getCACertificates, type SecureContext} from 'node:tls';

const none: readonly string[] = [];
const known = new WeakMap<readonly string[], SecureContext>();

/**
 * For TLS 1.2 or newer (RFC 8996).
 * @param ca PEM, besides the system's; the same array gives the same context
 * @throws Error where one of them is no certificate
 */
export function trusting(ca = none): SecureContext {
  const key = ca.length === 0 ? none : ca;
  const shared = known.get(key) ?? contextOf(key);
  known.set(key, shared);
  return shared;
}

function contextOf(ca: readonly string[]): SecureContext {
  // Named, Node's own would not count; unnamed, it reads them once for all contexts.
  const trusted = ca.length === 0 ? {} : {ca: [...getCACertificates('default'), ...ca]};
  return createSecureContext({minVersion: 'TLSv1.2', ...trusted});
}
