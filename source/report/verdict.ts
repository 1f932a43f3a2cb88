// The one thing people want to know first, said once for the log, the report and the screen after the run.
import {countOf, formatCount} from '../format/count.ts';
import {requestEnded} from '../progress/counted.ts';
import {arrived, settled} from '../progress/draft.ts';
import {stoppedBefore} from '../progress/reached.ts';
import type {RequestSnapshot, Snapshot} from '../progress/snapshot.ts';

export type Verdict = {
  /** complete: every selected message is at the destination, but those that somebody deleted (tone warn). */
  readonly kind: 'complete' | 'incomplete' | 'stopped' | 'nothing' | 'dry-run';
  /** How it looks; the sentence alone says it all. */
  readonly tone: 'ok' | 'warn' | 'fail';
  /** The answer, one sentence. */
  readonly sentence: string;
  /** Where the numbers come from, or what to do: at most a few short sentences. */
  readonly details: readonly string[];
};

const here = 'What is missing is named below, with the reason.';
const deletedHere = 'What was deleted is named below: nothing of it is brought back.';
const again = 'Run it again to go on; nothing is copied twice.';

/** What the run comes to. Before the run has ended: as if it ended now. */
export function verdictOf(snapshot: Snapshot): Verdict {
  const {totals, deleted, requests, states, exitCode} = snapshot;
  const there = arrived(totals);
  const missing = missingOf(snapshot);
  const open = requests.filter(request => !requestEnded(request.state)).length + states.Stopped;
  const details = counted(snapshot);
  const ended = exitCode !== undefined || snapshot.endedAt !== undefined;

  if (requests.length === 0 && exitCode === 0)
    return {kind: 'complete', tone: 'ok', sentence: 'There was nothing to do.', details: []};
  if (exitCode === 2 || (requests.length > 0 && states.Invalid === requests.length)) {
    const sentence = `Nothing was copied: ${countOf(states.Invalid, 'request')} ${states.Invalid === 1 ? 'is' : 'are'} invalid.`;
    return {
      kind: 'nothing',
      tone: 'fail',
      sentence,
      details: ['Correct what is named below and run it again.'],
    };
  }
  if (exitCode === 4) {
    const sentence = 'Nothing was copied: no mailbox could be reached or signed in to.';
    return {
      kind: 'nothing',
      tone: 'fail',
      sentence,
      details: ['Correct what is named below and run it again.'],
    };
  }
  if (open > 0 || exitCode === 130) {
    const sofar = `${formatCount(there)} of ${countOf(totals.selected, 'selected message')} ${there === 1 ? 'is' : 'are'} at the destination`;
    if (!ended) {
      const sentence = `The run has not ended: ${sofar}.`;
      return {
        kind: 'stopped',
        tone: 'warn',
        sentence,
        details: [...details, `If it was cut off: ${lowerCase(again)}`],
      };
    }
    const waiting = notBegun(snapshot);
    if (totals.selected === 0) {
      const next = waiting === '' ? again : `${waiting}. ${again}`;
      const sentence = 'Stopped before anything was copied.';
      return {kind: 'stopped', tone: 'warn', sentence, details: [...details, next]};
    }
    // By itself '516 of 520' would look like nearly all of it, where most mailboxes have not had their turn.
    const others = there === totals.selected ? '' : `; of the others ${sofar}`;
    const far = waiting === '' ? sofar : `${waiting}${others}`;
    const sentence = `Stopped before the end: ${far}.`;
    return {kind: 'stopped', tone: 'warn', sentence, details: [...details, again]};
  }
  if (snapshot.dryRun) return dryRun(snapshot, details);
  const wholes = requests.filter(({state, counts}) => state === 'Failed' && counts.selected === 0).length;
  const troubles = [
    ...(missing > 0 ? [`${formatCount(missing)} of ${countOf(totals.selected, 'selected message')}`] : []),
    ...(wholes > 0 ? [mailboxesLost(wholes, requests.length, missing)] : []),
    ...(states.Invalid > 0 ? [countOf(states.Invalid, 'invalid request')] : []),
    ...(missing === 0 ? brokenParts(snapshot) : []),
  ];
  if (troubles.length > 0) {
    const alone =
      troubles.length === 1 && (missing === 1 || (missing === 0 && wholes + states.Invalid === 1));
    const also =
      deleted === 0
        ? ''
        : `; ${countOf(deleted, 'message')} ${deleted === 1 ? 'was' : 'were'} deleted meanwhile`;
    const sentence = `${sentenceCase(listed(troubles))} ${alone ? 'is' : 'are'} not at the destination${also}.`;
    return {kind: 'incomplete', tone: 'fail', sentence, details: [...details, here]};
  }
  // Whatever the numbers say: a run that does not end well is not told as complete.
  if ((exitCode !== undefined && exitCode !== 0) || states.Failed > 0) {
    const sentence = 'The run ended with an error, so it is not sure that everything is at the destination.';
    return {
      kind: 'incomplete',
      tone: 'fail',
      sentence,
      details: [...details, 'Run it again: nothing is copied twice.'],
    };
  }
  if (totals.selected === 0) {
    const sentence = 'There was nothing to copy: no message is selected.';
    return {kind: 'complete', tone: 'ok', sentence, details: []};
  }
  if (deleted > 0) {
    const were = deleted === 1 ? 'was' : 'were';
    const sentence =
      there === 0
        ? `Nothing was left to copy: ${countOf(deleted, 'selected message')} ${were} deleted meanwhile.`
        : `Every selected message is at the destination, but ${formatCount(deleted)} that ${were} deleted meanwhile.`;
    return {kind: 'complete', tone: 'warn', sentence, details: [...details, deletedHere]};
  }
  return {kind: 'complete', tone: 'ok', sentence: 'Every selected message is at the destination.', details};
}

/** True of a mailbox whose folders were not listed when the run ended, or was stopped. */
export function isNotBegun({state, folders, counts}: RequestSnapshot): boolean {
  return (state === 'Pending' || state === 'Stopped') && folders.length === 0 && counts.selected === 0;
}

/** '18 of 20 mailboxes were not begun': they have no messages in the sums, which could look complete. */
function notBegun({requests}: Snapshot): string {
  const waiting = requests.filter(isNotBegun).length;
  if (waiting === 0) return '';
  const were = waiting === 1 ? 'was' : 'were';
  return `${formatCount(waiting)} of ${countOf(requests.length, 'mailbox', 'mailboxes')} ${were} not begun`;
}

/** Selected messages that are not at the destination though nobody deleted them. */
export function missingOf({totals, deleted}: Pick<Snapshot, 'totals' | 'deleted'>): number {
  return Math.max(0, totals.selected - totals.copied - totals.alreadyPresent - deleted);
}

/** Messages that a run without --dry-run would copy. The engine settles them as skipped. */
export function wouldBeCopied({totals, deleted}: Pick<Snapshot, 'totals' | 'deleted'>): number {
  return Math.max(0, totals.selected - totals.alreadyPresent - totals.failed - deleted);
}

function dryRun(snapshot: Snapshot, details: readonly string[]): Verdict {
  const left = wouldBeCopied(snapshot);
  const unchecked = snapshot.states.Failed + snapshot.states.Invalid;
  const todo =
    left > 0
      ? `${countOf(left, 'message')} would be copied`
      : snapshot.totals.selected > 0
        ? 'every selected message is there already'
        : 'no message is selected';
  const also = unchecked === 0 ? '' : `; ${countOf(unchecked, 'mailbox', 'mailboxes')} could not be checked`;
  return {
    kind: 'dry-run',
    tone: unchecked > 0 || snapshot.totals.failed > 0 ? 'fail' : 'ok',
    sentence: `Dry run, nothing was copied: ${todo}${also}.`,
    details,
  };
}

function counted(snapshot: Snapshot): readonly string[] {
  const {totals, requests, dryRun} = snapshot;
  if (totals.selected === 0) return [];
  const parts = [
    dryRun
      ? `${formatCount(wouldBeCopied(snapshot))} would be copied`
      : `${formatCount(totals.copied)} copied now`,
    `${formatCount(totals.alreadyPresent)} there already`,
    ...skippedWords(snapshot),
    ...(totals.failed > 0 ? [`${formatCount(totals.failed)} failed`] : []),
  ];
  const left = totals.selected - settled(totals) + stoppedBefore(requests);
  if (left > 0 && !dryRun) parts.push(`${formatCount(left)} not reached`);
  const where = countOf(requests.length, 'mailbox', 'mailboxes');
  return [`${countOf(totals.selected, 'message')} selected in ${where}: ${parts.join(', ')}.`];
}

/** What was skipped, told apart: '2 deleted meanwhile', '5 skipped'. A dry run skips what it would copy. */
export function skippedWords({
  totals,
  deleted,
  dryRun,
  requests,
}: Pick<Snapshot, 'totals' | 'deleted' | 'dryRun' | 'requests'>) {
  const others = dryRun ? 0 : totals.skipped - deleted - stoppedBefore(requests);
  return [
    ...(deleted > 0 ? [`${formatCount(deleted)} deleted meanwhile`] : []),
    ...(others > 0 ? [`${formatCount(others)} skipped`] : []),
  ];
}

/** Folders that were not finished though no message is known to be missing. */
function brokenParts({requests}: Snapshot): readonly string[] {
  const folders = requests.reduce(
    (sum, {state, counts, folders: all}) =>
      state === 'Failed' && counts.selected === 0
        ? sum
        : sum + all.filter(folder => folder.state === 'failed').length,
    0,
  );
  return folders === 0 ? [] : [`parts of ${countOf(folders, 'folder')}`];
}

/** Beside missing messages of other mailboxes, those of which nothing is known are an amount of their own. */
function mailboxesLost(failed: number, all: number, missing: number): string {
  if (missing > 0) return `${countOf(failed, 'mailbox', 'mailboxes')} as a whole`;
  return `${formatCount(failed)} of ${countOf(all, 'mailbox', 'mailboxes')}`;
}

function listed(parts: readonly string[]): string {
  const last = parts.at(-1) ?? '';
  return parts.length < 2 ? last : `${parts.slice(0, -1).join(', ')} and ${last}`;
}

function lowerCase(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

function sentenceCase(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
