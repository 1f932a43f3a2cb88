// How a batch ended, and how its requests are named.

import type {RequestSummary} from './events.ts';
import type {Job} from './ports.ts';
import {problemFromError} from './problems/from-error.ts';
import {noCounts, type RequestOutcome} from './request.ts';

/**
 * The exit codes of the outside contract, but 1 (a bug).
 * @param byUser it was the user who stopped it, if it was stopped
 */
export function exitCodeOf(outcomes: readonly RequestOutcome[], byUser = true): number {
  const is = (state: RequestOutcome['state']) => outcomes.some(outcome => outcome.state === state);
  if (is('Stopped')) return byUser ? 130 : 3;
  if (!byUser) return 3;
  if (outcomes.every(outcome => outcome.state === 'Invalid')) return 2;
  if (outcomes.every(outcome => !outcome.reached)) return 4;
  if (is('Failed') || is('Invalid') || outcomes.some(outcome => outcome.counts.failed > 0)) return 3;
  return 0;
}

/** Of a request that nobody can account for. */
export function lost(): RequestOutcome {
  const why = problemFromError(new Error('A request ended without an outcome'), {
    end: 'source',
    login: '',
    server: '',
    during: 'other',
  });
  return {state: 'Failed', counts: noCounts, reached: false, problem: why};
}

/** The request as faces and reports name it. */
export function summaryOf(job: Job): RequestSummary {
  const {what, request, credentials} = job;
  return {
    request,
    title: what.title,
    type: what.type,
    source: credentials.source.user,
    sourceServer: `${what.source.server}:${what.source.port}`,
    destination: credentials.destination.user,
    destinationServer: `${what.destination.server}:${what.destination.port}`,
    destinationFolder: what.destinationFolder,
  };
}
