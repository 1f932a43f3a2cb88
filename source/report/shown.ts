// Counts as the page shows them: what a dry run would copy is the work there is, and what a stop left has not been
// skipped by anybody. The files for programs keep the plain sums.
import type {Counts} from '../engine/events.ts';
import {planned} from '../progress/dry-run.ts';
import type {ReportRequest} from './data.ts';

export type Shown = Counts & {readonly deleted: number; readonly notReached: number};

/** Here `copied` is what a dry run would copy, and `skipped` is without what was not reached. */
export function shownOf(of: Shown, dryRun: boolean): Shown {
  if (dryRun) return {...planned(of, of.deleted), notReached: 0};
  return {...of, skipped: of.skipped - of.notReached};
}

/** Of a mailbox that was never opened nothing is known: 0 would look like an answer. */
export function isKnown({
  state,
  folders,
  selected,
}: Pick<ReportRequest, 'state' | 'folders' | 'selected'>): boolean {
  return state === 'Processed' || folders.length > 0 || selected > 0;
}
