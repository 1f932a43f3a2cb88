// The words that a problem brings from elsewhere, and whose they are.
import type {Problem, ProblemCode} from './problems.ts';

/** This computer's or the line's, not a server's. */
const ours = new Set<string>([
  'ledger-damaged',
  'ledger-other-pair',
  'ledger-older',
  'ledger-set-aside',
  'ledger-newer',
  'ledger-locked',
  'ledger-unwritable',
  'disk-full',
  'file-not-allowed',
  'out-of-memory',
  'internal-error',
  'host-unknown',
  'host-unreachable',
  'name-lookup-failed',
  'connection-refused',
  'connect-timed-out',
  'connection-lost',
  'tls-expired',
  'tls-not-yet-valid',
  'tls-revoked',
  'tls-wrong-name',
  'tls-self-signed',
  'tls-unknown-issuer',
  'tls-weak',
  'tls-untrusted',
  'tls-too-old',
  'tls-not-spoken',
  'tls-failed',
  'proxy-failed',
] satisfies ProblemCode[]);

/** 'The server says: NO …'; undefined where nothing was said. */
export function detailWords({code, detail}: Pick<Problem, 'code' | 'detail'>): string | undefined {
  if (detail === undefined) return undefined;
  return `${ours.has(code) ? 'In detail' : 'The server says'}: ${detail}`;
}
