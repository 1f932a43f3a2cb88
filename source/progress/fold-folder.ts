// Events of one folder: its state, its count, and what becomes of its messages.
import type {RunEvent} from '../engine/events.ts';
import {folderEnded, refreshCounted} from './counted.ts';
import {isDeletedReason} from './deleted.ts';
import {type Delta, type Draft, difference, type Mutable, zeroCounts} from './draft.ts';
import type {Failure, FolderSnapshot} from './snapshot.ts';

/** Failures kept for a folder on screen. The report's messages.csv has all of them. */
export const mostFailures = 50;

/** More have failed or were skipped than the snapshot names, for the same reasons or for others. */
export function hasUnnamed({counts, failures}: FolderSnapshot): boolean {
  return counts.failed + counts.skipped > failures.length;
}

type FolderEvent = Extract<
  RunEvent,
  {
    type:
      | 'folder-renamed'
      | 'folder-state'
      | 'folder-counted'
      | 'messages-copied'
      | 'message-skipped'
      | 'message-failed'
      | 'message-found';
  }
>;

export function foldFolderEvent(draft: Draft, event: FolderEvent): void {
  const folder = draft.folder(event.request, event.folder);
  if (folder === undefined) return;
  switch (event.type) {
    case 'folder-renamed':
      folder.destination = event.destination;
      return;
    case 'folder-state':
      changeState(draft, folder, event);
      return;
    case 'folder-counted': {
      // A second count starts afresh, and tells what the first one has led to.
      const {selected, alreadyPresent, copied = 0, copiedBytes: bytes = 0} = event;
      const present = event.alreadyPresentBytes + bytes;
      add(draft, event.request, folder, {
        ...difference(folder.counts, {...zeroCounts, selected, alreadyPresent, copied, bytes}),
        deleted: -folder.deleted,
        selectedBytes: event.selectedBytes - folder.selectedBytes,
        doneBytes: Math.min(present, event.selectedBytes) - folder.doneBytes,
      });
      folder.counted = true;
      folder.failures = [];
      refreshCounted(draft, event.request);
      return;
    }
    case 'messages-copied':
      add(draft, event.request, folder, {
        copied: event.messages,
        bytes: event.bytes,
        doneBytes: within(folder, event.bytes),
      });
      return;
    case 'message-skipped':
      leaveOut(draft, folder, event, 'skipped');
      return;
    case 'message-failed':
      leaveOut(draft, folder, event, 'failed');
      return;
    case 'message-found': {
      if (folder.counts.failed === 0) return;
      const {uid, size = 0} = event.message;
      folder.failures = folder.failures.filter(({message, kind}) => kind !== 'failed' || message.uid !== uid);
      add(draft, event.request, folder, {failed: -1, copied: 1, bytes: size});
    }
  }
}

function changeState(
  draft: Draft,
  folder: Mutable<FolderSnapshot>,
  event: Extract<FolderEvent, {type: 'folder-state'}>,
): void {
  const before = folderEnded(folder.state);
  const after = folderEnded(event.state);
  folder.state = event.state;
  if (event.problem !== undefined) folder.problem = event.problem;
  else if (!after) delete folder.problem;
  // Sizes are the source's estimates (Exchange), so copied bytes need not add up; a folder that is done is full.
  if (event.state === 'done') {
    add(draft, event.request, folder, {doneBytes: folder.selectedBytes - folder.doneBytes});
  }
  if (before === after || !folder.selected) return;
  const request = draft.request(event.request);
  if (request !== undefined) request.foldersDone += after ? 1 : -1;
  refreshCounted(draft, event.request);
}

function leaveOut(
  draft: Draft,
  folder: Mutable<FolderSnapshot>,
  event: Extract<FolderEvent, {type: 'message-skipped' | 'message-failed'}>,
  kind: Failure['kind'],
): void {
  const failures = draft.list(folder.failures);
  failures.push({message: event.message, problem: event.problem, kind});
  if (failures.length > mostFailures) failures.shift();
  folder.failures = failures;
  const wasPresent = event.type === 'message-skipped' && event.wasPresent === true;
  add(draft, event.request, folder, {
    [kind]: 1,
    alreadyPresent: wasPresent ? -1 : 0,
    deleted: kind === 'skipped' && isDeletedReason(event.problem) ? 1 : 0,
    // Its bytes are done already.
    doneBytes: wasPresent ? 0 : within(folder, event.message.size ?? 0),
  });
}

/** As many of the bytes as the folder has left to do: a bar never runs over its end. */
function within(folder: FolderSnapshot, bytes: number): number {
  return Math.max(0, Math.min(bytes, folder.selectedBytes - folder.doneBytes));
}

function add(draft: Draft, index: number, folder: Mutable<FolderSnapshot>, delta: Delta): void {
  const request = draft.request(index);
  if (request === undefined) return;
  draft.add(delta, folder, request);
  draft.addTotals(delta);
}
