// Node as its user may have set it for some other program: it takes any certificate, and speaks TLS of the last century.
import tls from 'node:tls';
import {onTestFinished, vi} from 'vitest';

/** Until the test has ended. As NODE_TLS_REJECT_UNAUTHORIZED, --tls-min-v1.0 and --tls-cipher-list leave it. */
export function laxNode(): void {
  const {DEFAULT_MIN_VERSION, DEFAULT_CIPHERS} = tls;
  vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
  Object.assign(tls, {DEFAULT_MIN_VERSION: 'TLSv1', DEFAULT_CIPHERS: 'DEFAULT@SECLEVEL=0'});
  onTestFinished(() => {
    vi.unstubAllEnvs();
    Object.assign(tls, {DEFAULT_MIN_VERSION, DEFAULT_CIPHERS});
  });
}
