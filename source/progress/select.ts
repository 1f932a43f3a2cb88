// Which rows a face shows, and in which order. Pure, so that the grid, the summary and the report agree.
import type {RequestState} from '../engine/events.ts';
import {reached} from './reached.ts';
import type {RequestSnapshot} from './snapshot.ts';

export type SortBy = 'order' | 'name' | 'state' | 'progress' | 'failures';

/** In the order in which a key steps through them. */
export const sortOrders: readonly SortBy[] = ['order', 'name', 'state', 'progress', 'failures'];

export type RowView = {
  readonly sort: SortBy;
  /** Every word must be in the title, a login, a server, the destination folder or the state. */
  readonly filter?: string;
  readonly onlyFailures?: boolean;
};

/** What needs a person first, then what is under way, then the rest. */
const stateRank: Readonly<Record<RequestState, number>> = {
  Failed: 0,
  Invalid: 1,
  Stopped: 2,
  Processing: 3,
  Verifying: 4,
  Submitted: 5,
  Pending: 6,
  Processed: 7,
};

/** Made for the first list that is sorted by name: that takes 10 ms, and a run without screens needs none. */
let names: Intl.Collator | undefined;

/** The requests to show. Equal ones stay in the order of the run, so that rows do not jump about. */
export function selectRows(requests: readonly RequestSnapshot[], view: RowView): readonly RequestSnapshot[] {
  const words = (view.filter ?? '').toLocaleLowerCase('en').split(/\s+/).filter(Boolean);
  const shown = requests.filter(
    request => (view.onlyFailures !== true || hasFailed(request)) && matches(request, words),
  );
  if (view.sort === 'order') return shown.length === requests.length ? requests : shown;
  return shown.sort((one, other) => compare(one, other, view.sort) || one.request - other.request);
}

/** True where a person has something to look at: a failed or skipped message, a failed folder or mailbox. */
export function hasFailed(request: RequestSnapshot): boolean {
  return (
    request.state === 'Failed' ||
    request.state === 'Invalid' ||
    request.counts.failed > 0 ||
    request.folders.some(folder => folder.state === 'failed')
  );
}

/**
 * Share of the selected messages that need no more work, 0 to 100, rounded down so that 100 means all of them.
 * Undefined where nothing is selected (yet).
 */
export function percentOfMessages(reached: number, selected: number): number | undefined {
  if (selected <= 0) return undefined;
  return Math.min(100, Math.floor((reached / selected) * 100));
}

export type VisibleWindow = {
  /** First row shown, and the one after the last. */
  readonly start: number;
  readonly end: number;
  readonly above: number;
  readonly below: number;
};

/**
 * The rows that fit, with the selected one among them. `start` is where the window was before: it moves only as far
 * as it must.
 */
export function visibleWindow(count: number, height: number, selected: number, start = 0): VisibleWindow {
  const rows = Math.max(0, Math.min(Math.floor(height), count));
  const wanted = Math.max(0, Math.min(selected, count - 1));
  let first = Math.max(0, Math.min(start, count - rows));
  if (wanted < first) first = wanted;
  else if (rows > 0 && wanted >= first + rows) first = wanted - rows + 1;
  return {start: first, end: first + rows, above: first, below: count - first - rows};
}

function matches(request: RequestSnapshot, words: readonly string[]): boolean {
  if (words.length === 0) return true;
  const text = [
    request.title,
    request.source,
    request.sourceServer,
    request.destination,
    request.destinationServer,
    request.destinationFolder,
    request.state,
    // What its row says besides: that it waits, or why it has failed.
    request.waits.length > 0 ? 'waits' : '',
    request.problem?.sentence ?? '',
  ]
    .join('\n')
    .toLocaleLowerCase('en');
  return words.every(word => text.includes(word));
}

function compare(one: RequestSnapshot, other: RequestSnapshot, sort: SortBy): number {
  switch (sort) {
    case 'order':
      return 0;
    case 'name':
      names ??= new Intl.Collator('en', {numeric: true, sensitivity: 'base'});
      return names.compare(one.source, other.source);
    case 'state':
      return stateRank[one.state] - stateRank[other.state];
    case 'progress':
      return share(one) - share(other);
    case 'failures':
      return weight(other) - weight(one);
  }
}

function share(request: RequestSnapshot): number {
  return request.counts.selected === 0 ? 0 : reached(request) / request.counts.selected;
}

/** A mailbox that failed as a whole weighs more than any number of its messages. */
function weight(request: RequestSnapshot): number {
  const whole = request.state === 'Failed' || request.state === 'Invalid' ? 1e12 : 0;
  return whole + request.counts.failed + request.counts.skipped / 1e6;
}
