// One mailbox of the check in numbers and words, for the table, the files and JSON lines alike. Pure.

import type {Inspection} from '../engine/look/inspection.ts';
import type {Problem} from '../engine/problems/problems.ts';
import {countOf} from '../format/count.ts';
import {loginName} from '../request/endpoint.ts';
import {type Forecast, forecastOf, forecastTogether} from '../request/forecast.ts';
import type {Request} from '../request/schema.ts';
import {addedUp, isDated, type Sum, totalOf} from './asked.ts';
import {type CheckState, stateOf} from './may-copy.ts';

export type Checked = {
  /** Index in the list, from 0. */
  readonly request: number;
  readonly what: Request;
  readonly inspection: Inspection;
};

/** The sum: of the selected folders, within the dates; a folder that cannot be searched by them is a problem. */
export type CheckRow = Sum & {
  readonly request: number;
  readonly title: string;
  readonly source: string;
  readonly destination: string;
  readonly state: CheckState;
  /** All folders of the source, and those that are copied. */
  readonly folders: number;
  readonly selectedFolders: number;
  /** Of the request: only what arrived between them is asked for. */
  readonly since?: string;
  readonly before?: string;
  /** Messages in folders that stay behind. */
  readonly excluded: number;
  /** Messages that the destination will refuse, as far as can be known. */
  readonly refused: number;
  readonly freeBytes?: number;
  /** Absent where it cannot be copied. */
  readonly forecast?: Forecast;
  /** The worst first; what is told once for all mailboxes is not among them. */
  readonly problems: readonly Problem[];
};

export function rowOf({request, what, inspection}: Checked): CheckRow {
  const {folders, destination, foreseen, foreseenInAll} = inspection;
  const {folders: selectedFolders, ...asked} = totalOf(folders, ({selected}) => selected, what);
  const state = stateOf(inspection);
  return {
    request,
    title: what.title,
    source: loginName(what.source),
    destination: loginName(what.destination),
    state,
    folders: folders.length,
    selectedFolders,
    ...(what.since === undefined ? {} : {since: what.since}),
    ...(what.before === undefined ? {} : {before: what.before}),
    ...asked,
    excluded: folders.reduce((all, {selected, messages}) => all + (selected ? 0 : messages), 0),
    refused: foreseenInAll ?? foreseen?.length ?? 0,
    ...(destination?.freeBytes === undefined ? {} : {freeBytes: destination.freeBytes}),
    ...(state === 'ready' ? {forecast: whole(forecastOf(what, asked))} : {}),
    problems: [...inspection.problems]
      .filter(each => each.scope !== 'run')
      .sort((one, other) => rank(one) - rank(other)),
  };
}

/** What is said once for all of them. A step that names a mailbox names the first; how many others it is for is added. */
export function adviceOf(all: readonly Checked[]): readonly Problem[] {
  const advice = new Map<string, {readonly problem: Problem; readonly steps: Set<string>}>();
  for (const {inspection} of all)
    for (const problem of inspection.problems) {
      if (problem.scope !== 'run') continue;
      const {steps} = advice.get(problem.code) ?? {steps: new Set()};
      if (steps.size === 0) advice.set(problem.code, {problem, steps});
      steps.add(problem.nextStep ?? '');
    }
  return [...advice.values()].map(({problem, steps}) =>
    steps.size === 1
      ? problem
      : {
          ...problem,
          nextStep: `${problem.nextStep ?? ''} The same for ${countOf(steps.size - 1, 'other mailbox', 'other mailboxes')} of this list.`,
        },
  );
}

function rank({verdict}: Problem): number {
  return verdict === 'stop' ? 0 : 1;
}

/** Milliseconds without a fraction, which would only look exact. */
function whole({low, high}: Forecast): Forecast {
  return {low: Math.round(low), high: Math.round(high)};
}

/** The sum: of the ready ones. */
export type CheckTotals = Sum & {
  readonly requests: number;
  readonly ready: number;
  readonly stopped: number;
  readonly unreached: number;
  /** Ready ones of which only what lies within dates is asked for; absent where there are none. */
  readonly dated?: number;
  readonly forecast?: Forecast;
};

/** @param atOnce mailboxes copied side by side */
export function totalsOf(rows: readonly CheckRow[], atOnce: number): CheckTotals {
  const ready = rows.filter(row => row.state === 'ready');
  const dated = ready.filter(isDated).length;
  const forecasts = ready.flatMap(({forecast}) => (forecast === undefined ? [] : [forecast]));
  return {
    requests: rows.length,
    ready: ready.length,
    stopped: rows.filter(row => row.state === 'stopped').length,
    unreached: rows.filter(row => row.state === 'unreached').length,
    ...(dated === 0 ? {} : {dated}),
    ...addedUp(ready),
    ...(forecasts.length === 0 ? {} : {forecast: whole(forecastTogether(forecasts, atOnce))}),
  };
}

/** The exit codes of the outside contract: 0 all can start, 2 all are invalid, 3 some cannot, 4 none is reached. */
export function exitCodeOf({requests, ready, unreached}: CheckTotals): number {
  if (ready === requests) return 0;
  if (unreached === requests) return 4;
  return ready === 0 && unreached === 0 ? 2 : 3;
}
