// A message that somebody deleted is not one that mailferry did not bring.
import type {ProblemCode} from '../engine/problems/problems.ts';

const reasons = new Set<string>(['message-vanished', 'copy-deleted'] satisfies ProblemCode[]);

/** True for the reasons of a skipped message that is gone from the source, or whose copy was deleted. */
export function isDeletedReason({code}: {readonly code: string}): boolean {
  return reasons.has(code);
}
