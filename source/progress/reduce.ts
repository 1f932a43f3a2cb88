// What is true now, from what has happened: a pure fold of events. Totals are kept up as deltas, never summed
// again, so an event costs the same with one mailbox and with a thousand.
import type {RequestState, RequestSummary, RunEvent} from '../engine/events.ts';
import {Draft, zeroCounts} from './draft.ts';
import {foldFolderEvent} from './fold-folder.ts';
import {foldRequestEvent} from './fold-request.ts';
import type {RequestSnapshot, Snapshot} from './snapshot.ts';

const noStates: Readonly<Record<RequestState, number>> = {
  Pending: 0,
  Verifying: 0,
  Invalid: 0,
  Submitted: 0,
  Processing: 0,
  Processed: 0,
  Failed: 0,
  Stopped: 0,
};

/** Before anything has happened. */
export const emptySnapshot: Snapshot = {
  run: '',
  dryRun: false,
  startedAt: 0,
  requests: [],
  totals: zeroCounts,
  deleted: 0,
  selectedBytes: 0,
  doneBytes: 0,
  counted: false,
  states: noStates,
  waiting: 0,
  rate: {messagesPerSecond: 0, bytesPerSecond: 0, history: []},
  notes: [],
  paused: false,
};

/**
 * The snapshot after one more event; everything the event does not touch is shared with the one before. An event
 * about a request or folder that does not exist changes nothing. `rate`, `eta` and `timeline` need a clock and are
 * the store's.
 */
export function reduce(snapshot: Snapshot, event: RunEvent): Snapshot {
  const draft = new Draft(snapshot);
  fold(draft, event);
  return draft.publish();
}

/** Folds an event into a draft in place: the way to take many events at the cost of one snapshot. */
export function fold(draft: Draft, event: RunEvent): void {
  switch (event.type) {
    case 'run-started':
      draft.replace(started(event));
      return;
    case 'paused':
    case 'resumed':
      draft.root().paused = event.type === 'paused';
      return;
    case 'stopping':
      draft.root().stopping = event.how;
      return;
    case 'mailboxes-changed':
      draft.root().mailboxes = event.mailboxes;
      return;
    case 'run-finished': {
      const root = draft.root();
      root.endedAt = event.at;
      root.exitCode = event.exitCode;
      root.paused = false;
      if (event.reports !== undefined) root.reports = event.reports;
      return;
    }
    case 'folder-renamed':
    case 'folder-state':
    case 'folder-counted':
    case 'messages-copied':
    case 'message-skipped':
    case 'message-failed':
    case 'message-found':
      foldFolderEvent(draft, event);
      return;
    default:
      foldRequestEvent(draft, event);
  }
}

function started(event: Extract<RunEvent, {type: 'run-started'}>): Snapshot {
  return {
    ...emptySnapshot,
    run: event.run,
    dryRun: event.dryRun,
    startedAt: event.at,
    ...(event.mailboxes === undefined ? {} : {mailboxes: event.mailboxes}),
    requests: event.requests.map(pending),
    states: {...noStates, Pending: event.requests.length},
  };
}

function pending(summary: RequestSummary): RequestSnapshot {
  return {
    ...summary,
    state: 'Pending',
    notes: [],
    folders: [],
    counts: zeroCounts,
    deleted: 0,
    selectedBytes: 0,
    doneBytes: 0,
    counted: false,
    foldersDone: 0,
    foldersSelected: 0,
    lanes: 0,
    waits: [],
  };
}
