// When the work is known: a request once each selected folder is counted or will not be, the run once each request
// is. Only then may a face speak of time left.
import type {FolderState, RequestState} from '../engine/events.ts';
import type {Draft} from './draft.ts';

/** True where the request has ended: only a retry brings it back. */
export function requestEnded(state: RequestState): boolean {
  return state === 'Invalid' || state === 'Processed' || state === 'Failed' || state === 'Stopped';
}

/** True where nothing more happens to the folder in this attempt. */
export function folderEnded(state: FolderState): boolean {
  return state === 'done' || state === 'failed' || state === 'stopped';
}

/** Sets `counted` of the request, and of the run, after a folder was counted or has ended. */
export function refreshCounted(draft: Draft, index: number): void {
  const request = draft.request(index);
  if (request === undefined) return;
  const counted = request.folders.every(
    folder => !folder.selected || folder.counted || folderEnded(folder.state),
  );
  if (counted === request.counted) return;
  request.counted = counted;
  refreshRunCounted(draft);
}

export function refreshRunCounted(draft: Draft): void {
  const {requests, counted} = draft.current;
  const now =
    requests.length > 0 && requests.every(request => request.counted || requestEnded(request.state));
  if (now !== counted) draft.root().counted = now;
}
