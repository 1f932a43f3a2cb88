// Where the guided check's "mend it" leads at an end that did not open: the field that the problem is about.
import type {ProblemCode} from '../engine/problems/problems.ts';
import {type End, type FieldKey, keyOf} from '../request/fields.ts';

const server = new Set<string>([
  'host-unknown',
  'name-lookup-failed',
  'host-unreachable',
  'server-too-old',
  'not-imap',
  'tls-wrong-name',
] satisfies ProblemCode[]);

const port = new Set<string>(['connection-refused', 'connect-timed-out'] satisfies ProblemCode[]);

/** The field to look at first; without a better one whoever signs in: `password` or not. */
export function fieldToMend(end: End, code: string | undefined, password: boolean): FieldKey {
  if (code !== undefined) {
    if (server.has(code)) return keyOf(end, 'Server');
    if (port.has(code)) return keyOf(end, 'Port');
    if (code.startsWith('tls-') || code.startsWith('starttls-')) return keyOf(end, 'Security');
  }
  return keyOf(end, password ? 'Secret' : 'UserId');
}
