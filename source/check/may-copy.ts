// Whether a mailbox can be copied as it was found: decided once, for every face of the check. Pure.
import type {Inspection} from '../engine/look/inspection.ts';
import type {Problem} from '../engine/problems/problems.ts';

type Found = Pick<Inspection, 'source' | 'destination' | 'problems'>;

/** ready: can be copied. stopped: can be signed in to, but not copied as it is. unreached: not signed in to. */
export type CheckState = 'ready' | 'stopped' | 'unreached';

/** Whether both ends were signed in to. */
export function isReached({source, destination}: Pick<Inspection, 'source' | 'destination'>): boolean {
  return source !== undefined && destination !== undefined;
}

export function stateOf(found: Found): CheckState {
  if (!isReached(found)) return 'unreached';
  return found.problems.some(({verdict}) => verdict === 'stop') ? 'stopped' : 'ready';
}

/** What keeps it from being copied; undefined where nothing does, or where an end is not open and nobody says why. */
export function stopOf(found: Found): Problem | undefined {
  const stop = found.problems.find(({verdict}) => verdict === 'stop');
  return stop ?? (isReached(found) ? undefined : found.problems[0]);
}
