// Messages whose turn has come. Where a mailbox ends early the engine counts the rest of it as skipped or failed, so
// that the sums are right; a bar that showed them as done would say 100 % of a mailbox that was hardly begun.
import {settled} from './draft.ts';
import type {RequestSnapshot, Snapshot} from './snapshot.ts';

type Of = Pick<RequestSnapshot, 'state' | 'counts' | 'folders'>;

/** Selected messages of the request that were carried, found there, skipped or refused one by one. */
export function reached({state, counts, folders}: Of): number {
  if (state !== 'Stopped' && state !== 'Failed') return settled(counts);
  return Math.max(0, Math.min(settled(counts), counts.selected - openIn(folders)));
}

/** Selected messages of which the folders themselves have not told what became of them. */
export function openIn(folders: Of['folders']): number {
  return folders.reduce(
    (sum, folder) =>
      folder.selected ? sum + Math.max(0, folder.counts.selected - settled(folder.counts)) : sum,
    0,
  );
}

/** The same of the whole run. */
export function reachedTogether({totals, requests}: Pick<Snapshot, 'totals' | 'requests'>): number {
  return requests.reduce(
    (sum, request) => sum - (settled(request.counts) - reached(request)),
    settled(totals),
  );
}

/**
 * Messages that are counted as skipped only because their mailbox was stopped before their turn. What is left of a folder
 * that had failed by then counts as failed.
 */
export function stoppedBefore(requests: readonly Of[]): number {
  return requests.reduce(
    (sum, request) => (request.state === 'Stopped' ? sum + notReached(request) : sum),
    0,
  );
}

function notReached(request: Of): number {
  const open = openIn(request.folders.filter(folder => folder.state !== 'failed'));
  return Math.min(open, settled(request.counts) - reached(request));
}
