// The words that a problem brings from elsewhere, and whose they are.
import type {Problem} from './problems.ts';

/** This computer's or the line's, not a server's. */
const ours =
  /^(ledger-.+|disk-full|file-not-allowed|out-of-memory|internal-error|host-.+|name-lookup-failed|connect.+|tls-.+|proxy-failed)$/;

/** 'The server says: NO …'; undefined where nothing was said. */
export function detailWords({code, detail}: Pick<Problem, 'code' | 'detail'>): string | undefined {
  if (detail === undefined) return undefined;
  return `${ours.test(code) ? 'In detail' : 'The server says'}: ${detail}`;
}
