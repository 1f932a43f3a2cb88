// The one thing people want to know first, said once for the log, the report and the screen after the run.
import {countOf, formatCount} from '../format/count.ts';
import {requestEnded} from '../progress/counted.ts';
import {settled} from '../progress/draft.ts';
import type {Snapshot} from '../progress/snapshot.ts';

export type Verdict = {
  /** complete: every selected message is at the destination. */
  readonly kind: 'complete' | 'incomplete' | 'stopped' | 'nothing' | 'dry-run';
  /** The answer, one sentence. */
  readonly sentence: string;
  /** Where the numbers come from, or what to do: at most a few short sentences. */
  readonly details: readonly string[];
};

/** What the run comes to. Before the run has ended: as if it ended now. */
export function verdictOf(snapshot: Snapshot): Verdict {
  const {totals, requests, states} = snapshot;
  const there = totals.copied + totals.alreadyPresent;
  const missing = Math.max(0, totals.selected - there);
  const invalid = states.Invalid;
  const open = requests.filter(request => !requestEnded(request.state)).length + states.Stopped;
  const brokenFolders = requests.reduce(
    (sum, request) => sum + request.folders.filter(folder => folder.state === 'failed').length,
    0,
  );
  const details = counted(snapshot);

  if (snapshot.dryRun) {
    const left = Math.max(0, totals.selected - settled(totals));
    const sentence = `This was a dry run: nothing is copied, ${countOf(left, 'message')} would be.`;
    return {kind: 'dry-run', sentence, details};
  }
  if (snapshot.exitCode === 2 || (requests.length > 0 && invalid === requests.length)) {
    const sentence = `Nothing is copied: ${countOf(invalid, 'request')} ${invalid === 1 ? 'is' : 'are'} invalid.`;
    return {kind: 'nothing', sentence, details: ['Correct what is named below and run it again.']};
  }
  if (snapshot.exitCode === 4) {
    const sentence = 'Nothing is copied: no mailbox could be reached or signed in to.';
    return {kind: 'nothing', sentence, details: ['Correct what is named below and run it again.']};
  }
  if (open > 0 && snapshot.exitCode === undefined && snapshot.endedAt === undefined) {
    const sentence = `The run has not ended: ${formatCount(there)} of ${countOf(totals.selected, 'selected message')} ${there === 1 ? 'is' : 'are'} at the destination.`;
    return {kind: 'stopped', sentence, details: [...details, 'If it was cut off, run it again to go on.']};
  }
  if (open > 0 || snapshot.exitCode === 130) {
    const sentence = `Stopped before the end: ${formatCount(there)} of ${countOf(totals.selected, 'selected message')} ${there === 1 ? 'is' : 'are'} at the destination.`;
    return {
      kind: 'stopped',
      sentence,
      details: [...details, 'Run it again to go on; nothing is copied twice.'],
    };
  }
  const troubles = [
    ...(missing > 0 ? [`${formatCount(missing)} of ${countOf(totals.selected, 'selected message')}`] : []),
    ...(states.Failed > 0 ? [`${countOf(states.Failed, 'mailbox', 'mailboxes')} as a whole`] : []),
    ...(invalid > 0 ? [countOf(invalid, 'invalid request')] : []),
    ...(states.Failed === 0 && brokenFolders > 0 ? [`parts of ${countOf(brokenFolders, 'folder')}`] : []),
  ];
  if (troubles.length > 0) {
    const alone =
      troubles.length === 1 && (missing === 1 || (missing === 0 && states.Failed + invalid === 1));
    const sentence = `${sentenceCase(listed(troubles))} ${alone ? 'is' : 'are'} not at the destination; ${alone ? 'it is' : 'they are'} named below.`;
    return {kind: 'incomplete', sentence, details};
  }
  // Whatever the numbers say: a run that does not end well is not told as complete.
  if (snapshot.exitCode !== undefined && snapshot.exitCode !== 0) {
    const sentence = 'The run ended with an error, so it is not sure that everything is at the destination.';
    return {kind: 'incomplete', sentence, details: [...details, 'Run it again: nothing is copied twice.']};
  }
  if (totals.selected === 0) {
    return {kind: 'complete', sentence: 'There is nothing to copy: no message is selected.', details: []};
  }
  return {kind: 'complete', sentence: 'Every selected message is at the destination.', details};
}

function counted({totals, requests, dryRun}: Snapshot): readonly string[] {
  if (totals.selected === 0) return [];
  const parts = [
    ...(dryRun ? [] : [`${formatCount(totals.copied)} copied now`]),
    `${formatCount(totals.alreadyPresent)} there already`,
    ...(totals.skipped > 0 ? [`${formatCount(totals.skipped)} skipped`] : []),
    ...(totals.failed > 0 ? [`${formatCount(totals.failed)} failed`] : []),
  ];
  const left = totals.selected - settled(totals);
  if (left > 0) parts.push(`${formatCount(left)} not reached`);
  const where = countOf(requests.length, 'mailbox', 'mailboxes');
  return [`${countOf(totals.selected, 'message')} selected in ${where}: ${parts.join(', ')}.`];
}

function listed(parts: readonly string[]): string {
  const last = parts.at(-1) ?? '';
  return parts.length < 2 ? last : `${parts.slice(0, -1).join(', ')} and ${last}`;
}

function sentenceCase(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
