// What there is to say of a try at a line that breaks: what its run may not do, and whether the fault that was planned came
// about, since a try at a line that never broke has tried nothing. Pure.
import {type EngineRun, eventsOf} from './engine.ts';
import type {NetworkCase, Outcome} from './network-room.ts';

/** Faults that were planned and did not come about, in words. */
export function missed(
  {faults = [], closedFor = 0, unnamed}: Pick<NetworkCase, 'faults' | 'closedFor' | 'unnamed'>,
  {faults: happened, unfound, told}: Pick<Outcome, 'faults' | 'unfound' | 'told'>,
): string[] {
  const isClosed = closedFor > 0 || faults.some(fault => (fault.closedFor ?? 0) > 0);
  return [
    ...(happened < faults.length ? [`${happened} of ${faults.length} faults came about`] : []),
    // A listener that is gone sees nobody: only who knocked can tell.
    ...(isClosed && !told.includes('connection-refused') ? ['nobody came to the closed port'] : []),
    ...(unnamed !== undefined && unfound === 0 ? ['nobody looked the name up'] : []),
  ];
}

export type Strikes = {readonly tried: number; readonly missed: number};

/** Of fewer tries a few that missed by chance would be too large a share. */
const enough = 40;

/**
 * Of a kind's tries so large a share may miss. What comes is never quite what was recorded, since answers tell times and
 * how long they took: no try of the kinds with one fault was seen to miss, but one may. Of two faults in a row ten of 300
 * did: a line that is cut near its end, where all is done, is not opened again, so that nothing is left for the second.
 */
const mayMiss = (kind: string) => (kind === 'twice in a row' ? 0.1 : 0.03);

/** So many of a kind's tries tried nothing that the kind as good as was not tried. */
export function missesTooOften(kind: string, {tried, missed: none}: Strikes): boolean {
  return tried > 0 && (none === tried || (tried >= enough && none / tried > mayMiss(kind)));
}

/** What a run with a fault may not do. */
export function wrongIn(run: EngineRun, messages: number): string[] {
  const {copied, failed} = run.totals;
  const state = eventsOf(run, 'request-state').at(-1);
  const wrong: string[] = [];
  if (![0, 3, 4].includes(run.exitCode)) wrong.push(`exit code ${run.exitCode}`);
  if (run.exitCode === 0 && copied !== messages)
    wrong.push(`exit code 0 with ${copied} of ${messages} copied`);
  if (run.exitCode === 4 && copied > 0) wrong.push(`exit code 4 with ${copied} copied`);
  if (run.exitCode !== 0 && state?.problem === undefined) wrong.push('it ended without a reason');
  if (failed > 0 && run.exitCode !== 3) wrong.push(`exit code ${run.exitCode} with ${failed} failed`);
  for (const {problem} of eventsOf(run, 'message-failed')) wrong.push(`a message is blamed: ${problem.code}`);
  if (toldBy(run).includes('internal-error')) wrong.push('an internal error');
  return wrong;
}

/** Codes of what it told. */
export function toldBy(run: EngineRun): string[] {
  return run.events.flatMap(event =>
    'problem' in event && event.problem !== undefined ? [event.problem.code] : [],
  );
}
