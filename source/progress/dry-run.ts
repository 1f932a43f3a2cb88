// A dry run settles every message that it would copy as skipped, so that its counts add up. A person wants to see
// them as the work there is, not as messages left out.
import type {Counts} from '../engine/events.ts';
import type {FolderSnapshot, RequestSnapshot, Snapshot} from './snapshot.ts';

const known = new WeakMap<RequestSnapshot, RequestSnapshot>();

/** The snapshot as it is shown: in a dry run what would be copied counts as `copied`. Any other is given back as is. */
export function asShown(snapshot: Snapshot): Snapshot {
  if (!snapshot.dryRun) return snapshot;
  return {
    ...snapshot,
    totals: planned(snapshot.totals, snapshot.deleted),
    requests: snapshot.requests.map(plannedRequest),
  };
}

/** True for the reason a dry run gives for each message it would copy. */
export function isDryRunReason({code}: {readonly code: string}): boolean {
  return code === 'dry-run';
}

/** Counts as a dry run shows them. What was deleted would not be copied: it stays skipped. */
export function planned<Of extends Counts>(counts: Of, deleted: number): Of {
  return {...counts, copied: counts.copied + counts.skipped - deleted, skipped: deleted};
}

/** A request that has not changed stays the same object, so that its row is not drawn again. */
function plannedRequest(request: RequestSnapshot): RequestSnapshot {
  const before = known.get(request);
  if (before !== undefined) return before;
  const after: RequestSnapshot = {
    ...request,
    counts: planned(request.counts, request.deleted),
    folders: request.folders.map(plannedFolder),
  };
  known.set(request, after);
  return after;
}

function plannedFolder(folder: FolderSnapshot): FolderSnapshot {
  const failures = folder.failures.filter(({problem}) => !isDryRunReason(problem));
  return {...folder, counts: planned(folder.counts, folder.deleted), failures};
}
