// The one thing people want to know first, in a sentence.
import {countOf, formatCount} from '../format/count.ts';
import type {RequestSnapshot, Snapshot} from '../progress/snapshot.ts';

export type Verdict = {readonly sentence: string; readonly role: 'ok' | 'warn' | 'fail'};

/** Selected messages that are not at the destination. */
export function missingOf(snapshot: Snapshot): number {
  const {selected, copied, alreadyPresent} = snapshot.totals;
  return Math.max(0, selected - copied - alreadyPresent);
}

const lost = (request: RequestSnapshot) => request.state === 'Failed' || request.state === 'Invalid';

/** How the run ended. Says the worst thing that is true. */
export function verdict(snapshot: Snapshot): Verdict {
  const {requests, states, totals, dryRun, exitCode} = snapshot;
  if (requests.length === 0) return {sentence: 'There was nothing to do.', role: 'warn'};
  const mailboxes = (count: number) => countOf(count, 'mailbox', 'mailboxes');
  if (
    exitCode === 4 ||
    requests.every(request => request.state === 'Failed' && request.folders.length === 0)
  ) {
    return {sentence: 'No mailbox could be reached or signed in to; nothing was copied.', role: 'fail'};
  }
  if (exitCode === 2 || states.Invalid === requests.length) {
    const which =
      requests.length === 1
        ? 'The request is'
        : `${formatCount(states.Invalid)} of ${formatCount(requests.length)} requests are`;
    return {sentence: `${which} not valid; nothing was copied.`, role: 'fail'};
  }
  const missing = missingOf(snapshot);
  const there = totals.selected - missing;
  if (exitCode === 130 || snapshot.stopping !== undefined || states.Stopped > 0) {
    const sofar =
      totals.selected === 0
        ? 'before anything was copied'
        : `with ${formatCount(there)} of ${countOf(totals.selected, 'message')} at the destination`;
    return {sentence: `Stopped ${sofar}; run it again to go on.`, role: 'warn'};
  }
  const failed = requests.filter(lost);
  if (dryRun) {
    const also = failed.length > 0 ? ` ${mailboxes(failed.length)} could not be checked.` : '';
    const todo =
      missing === 0
        ? 'every selected message is there already'
        : `${countOf(missing, 'message')} would be copied`;
    return {
      sentence: `Dry run: nothing was copied; ${todo}.${also}`,
      role: failed.length > 0 ? 'fail' : 'ok',
    };
  }
  if (missing === 0 && failed.length === 0) {
    if (totals.selected === 0)
      return {sentence: 'No message was selected, so there was nothing to copy.', role: 'ok'};
    return {sentence: 'Every selected message is at the destination.', role: 'ok'};
  }
  if (missing === 0) {
    const verb = failed.length === 1 ? 'was' : 'were';
    return {
      sentence: `${mailboxes(failed.length)} of ${formatCount(requests.length)} ${verb} not copied, here ${failed.length === 1 ? 'it is' : 'they are'}.`,
      role: 'fail',
    };
  }
  const one = missing === 1;
  const which = `${formatCount(missing)} of ${countOf(totals.selected, 'message')} ${one ? 'is' : 'are'} not at the destination`;
  const also = failed.length > 0 ? `, and ${mailboxes(failed.length)} failed` : '';
  return {
    sentence: `${which}${also}; here ${one && failed.length === 0 ? 'it is' : 'they are'}.`,
    role: 'fail',
  };
}
