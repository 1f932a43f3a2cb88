// Events of one request: its state, its folders, its waits and its final count.
import type {Counts, End, PlannedFolder, RunEvent} from '../engine/events.ts';
import type {Problem} from '../engine/problems/problems.ts';
import {refreshCounted, refreshRunCounted, requestEnded} from './counted.ts';
import {type Draft, difference, type Mutable, plus, settled, zeroCounts} from './draft.ts';
import {openIn} from './reached.ts';
import type {FolderSnapshot, RequestSnapshot, Wait} from './snapshot.ts';

const mostNotes = 200;

type RequestEvent = Extract<
  RunEvent,
  {
    type:
      | 'request-state'
      | 'signed-in'
      | 'folders-planned'
      | 'note'
      | 'waiting'
      | 'wait-ended'
      | 'connection-lost'
      | 'lanes'
      | 'request-finished'
      | 'request-measured'
      | 'request-first'
      | 'request-paused'
      | 'request-resumed'
      | 'request-stopping';
  }
>;

export function foldRequestEvent(draft: Draft, event: RequestEvent): void {
  if (event.type === 'signed-in' || event.type === 'connection-lost') return;
  if (event.type === 'note') {
    foldNote(draft, event.problem, event.request, event.folder);
    return;
  }
  const request = draft.request(event.request);
  if (request === undefined) return;
  switch (event.type) {
    case 'request-state':
      changeState(draft, request, event);
      return;
    case 'folders-planned':
      // What an attempt before has brought is counted anew.
      if (request.folders.length > 0) request.notes = [];
      clearFolders(draft, request);
      request.folders = event.folders.map(planned);
      request.foldersSelected = event.folders.filter(folder => folder.selected).length;
      addToRun(draft, request, {
        ...zeroCounts,
        selected: request.folders.reduce((sum, folder) => sum + folder.counts.selected, 0),
      });
      refreshCounted(draft, event.request);
      // What was counted before these folders came is not counted any more.
      refreshRunCounted(draft);
      return;
    case 'waiting':
      setWaits(draft, request, event.end, {end: event.end, until: event.until, problem: event.problem});
      return;
    case 'wait-ended':
      setWaits(draft, request, event.end);
      return;
    case 'lanes':
      request.lanes = event.lanes;
      return;
    case 'request-measured':
      request.measured = {
        messages: event.messages,
        ...(event.bytes === undefined ? {} : {bytes: event.bytes}),
      };
      return;
    case 'request-first':
      request.first = true;
      return;
    case 'request-paused':
      request.paused = true;
      return;
    case 'request-resumed':
      delete request.paused;
      return;
    case 'request-stopping':
      request.stopping = event.how;
      return;
    case 'request-finished': {
      const delta = difference(request.counts, event.counts);
      // What was not reached is settled here too, and its bytes have not moved.
      const complete =
        settled(event.counts) >= event.counts.selected &&
        (draft.current.dryRun || openIn(request.folders.filter(brokenOff)) === 0);
      addToRun(draft, request, delta, 0, complete ? request.selectedBytes - request.doneBytes : 0);
      request.counted = true;
      refreshRunCounted(draft);
    }
  }
}

function brokenOff({state}: FolderSnapshot): boolean {
  return state === 'stopped' || state === 'failed';
}

function changeState(
  draft: Draft,
  request: Mutable<RequestSnapshot>,
  event: Extract<RunEvent, {type: 'request-state'}>,
): void {
  const ends = requestEnded(event.state);
  if (requestEnded(request.state) && !ends) reset(draft, request);
  if (request.state !== event.state) {
    const root = draft.root();
    root.states = {
      ...root.states,
      [request.state]: root.states[request.state] - 1,
      [event.state]: root.states[event.state] + 1,
    };
  }
  request.state = event.state;
  if (event.state !== 'Pending') delete request.first;
  if (event.problem !== undefined) request.problem = event.problem;
  const works = event.state === 'Verifying' || event.state === 'Processing';
  if (works && request.startedAt === undefined) request.startedAt = event.at;
  if (ends) {
    request.endedAt = event.at;
    request.lanes = 0;
    delete request.paused;
    delete request.stopping;
    clearWaits(draft, request);
  }
  refreshRunCounted(draft);
}

/** Back to the start for another attempt. What the last one has brought stays until this one plans its folders. */
function reset(draft: Draft, request: Mutable<RequestSnapshot>): void {
  clearWaits(draft, request);
  request.counted = false;
  // The rest was counted as skipped or failed only because the attempt ended: its turn is still to come.
  addToRun(draft, request, difference(request.counts, toldByFolders(request)));
  request.lanes = 0;
  delete request.problem;
  delete request.startedAt;
  delete request.endedAt;
}

/** Messages whose fate the folders themselves have told; what was selected stays as it is. */
function toldByFolders({counts, folders}: RequestSnapshot): Counts {
  const told = folders
    .filter(folder => folder.selected)
    .reduce((sum, each) => plus(sum, each.counts), zeroCounts);
  return {...told, selected: counts.selected};
}

function clearFolders(draft: Draft, request: Mutable<RequestSnapshot>): void {
  addToRun(
    draft,
    request,
    difference(request.counts, zeroCounts),
    -request.selectedBytes,
    -request.doneBytes,
    -request.deleted,
  );
  request.folders = [];
  request.foldersDone = 0;
  request.foldersSelected = 0;
  request.counted = false;
}

function planned(folder: PlannedFolder): FolderSnapshot {
  return {
    folder: folder.folder,
    source: folder.source,
    destination: folder.destination,
    selected: folder.selected,
    ...(folder.reason === undefined ? {} : {reason: folder.reason}),
    notes: folder.notes,
    messages: folder.messages,
    state: 'waiting',
    counted: false,
    counts: {...zeroCounts, selected: folder.selected ? folder.messages : 0},
    deleted: 0,
    selectedBytes: 0,
    doneBytes: 0,
    failures: [],
  };
}

function foldNote(draft: Draft, problem: Problem, requestIndex?: number, folderIndex?: number): void {
  if (requestIndex === undefined) {
    const root = draft.root();
    root.notes = noted(root.notes ?? [], problem);
    return;
  }
  const folder = folderIndex === undefined ? undefined : draft.folder(requestIndex, folderIndex);
  if (folder !== undefined) {
    const note =
      problem.nextStep === undefined ? problem.sentence : `${problem.sentence} ${problem.nextStep}`;
    if (!folder.notes.includes(note)) folder.notes = noted(folder.notes, note);
    return;
  }
  const request = draft.request(requestIndex);
  if (request !== undefined) request.notes = noted(request.notes, problem);
}

function noted<T>(notes: readonly T[], note: T): readonly T[] {
  return notes.length < mostNotes ? [...notes, note] : notes;
}

function setWaits(draft: Draft, request: Mutable<RequestSnapshot>, end: End, wait?: Wait): void {
  const others = request.waits.filter(other => other.end !== end);
  const waits = wait === undefined ? others : [...others, wait];
  const change = Number(waits.length > 0) - Number(request.waits.length > 0);
  if (change !== 0) draft.root().waiting += change;
  request.waits = waits;
}

function clearWaits(draft: Draft, request: Mutable<RequestSnapshot>): void {
  setWaits(draft, request, 'source');
  setWaits(draft, request, 'destination');
}

function addToRun(
  draft: Draft,
  request: Mutable<RequestSnapshot>,
  counts: RequestSnapshot['counts'],
  selectedBytes = 0,
  doneBytes = 0,
  deleted = 0,
): void {
  const delta = {...counts, deleted, selectedBytes, doneBytes};
  draft.add(delta, request);
  draft.addTotals(delta);
}
