// How far something is, in messages.
import {settled} from '../progress/draft.ts';
import {reached, reachedTogether} from '../progress/reached.ts';
import type {RequestSnapshot, Snapshot} from '../progress/snapshot.ts';
import {share} from '../ui/bar.ts';

export function fractionOf(request: RequestSnapshot): number {
  if (request.state === 'Processed') return 1;
  return share(reached(request), request.counts.selected);
}

/**
 * The whole run, 0 to 1. While mailboxes are not listed yet their share is unknown, so that until then every
 * mailbox counts the same; a bar over known messages only would run ahead and fall back.
 */
export function overallFraction(snapshot: Snapshot): number {
  if (snapshot.counted || snapshot.requests.length === 0) {
    return share(reachedTogether(snapshot), snapshot.totals.selected);
  }
  const sum = snapshot.requests.reduce((total, request) => total + fractionOf(request), 0);
  return sum / snapshot.requests.length;
}

/** '58 %', rounded down: 100 % is said only when nothing is left. */
export function percent(fraction: number): string {
  return `${Math.floor(fraction * 100 + 1e-9)} %`;
}

/** True where the run has ended, well or not. */
export function hasEnded(snapshot: Snapshot): boolean {
  return snapshot.endedAt !== undefined || snapshot.exitCode !== undefined;
}

/** Batches are under way and none is confirmed yet: there a rate of 0 would look like a standstill. */
export function isSettingOut(request: RequestSnapshot, {paused, dryRun}: Snapshot): boolean {
  return (
    request.state === 'Processing' &&
    request.counts.copied === 0 &&
    !paused &&
    !dryRun &&
    request.folders.some(
      folder => folder.state === 'copying' && folder.counts.selected > settled(folder.counts),
    )
  );
}
