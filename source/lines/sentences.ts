// Events in words, one line each. Pure; plain.ts puts time and mailbox in front.
import type {MessageName, PlannedFolder, RunEvent} from '../engine/events.ts';
import type {Problem} from '../engine/problems/problems.ts';
import {formatByteRate, formatBytes} from '../format/bytes.ts';
import {countOf, formatCount, formatRate} from '../format/count.ts';
import {formatDay, formatStamp} from '../format/date.ts';
import {formatDuration, formatRange} from '../format/duration.ts';
import {requestEnded} from '../progress/counted.ts';
import {isDeletedReason} from '../progress/deleted.ts';
import {arrived} from '../progress/draft.ts';
import {asShown} from '../progress/dry-run.ts';
import {hasUnnamed} from '../progress/fold-folder.ts';
import {reachedTogether, stoppedBefore} from '../progress/reached.ts';
import {percentOfMessages} from '../progress/select.ts';
import type {FolderSnapshot, RequestSnapshot, Snapshot} from '../progress/snapshot.ts';
import {missingOf, skippedWords} from '../report/verdict.ts';

/** Different reasons named for one folder at the end. */
const mostReasons = 3;

/** What is wrong, the server's own words, what to do, and where more is written. */
export function problemText(problem: Problem, withStep = true): string {
  const detail = problem.detail === undefined ? '' : ` (${problem.detail})`;
  const step = withStep && problem.nextStep !== undefined ? ` ${problem.nextStep}` : '';
  const link = withStep && problem.link !== undefined ? ` See ${problem.link}` : '';
  return `${problem.sentence}${detail}${step}${link}`;
}

export function signedInLine(event: Extract<RunEvent, {type: 'signed-in'}>): string {
  const free = event.freeBytes === undefined ? '' : `, ${formatBytes(event.freeBytes)} free`;
  return `signed in at the ${event.end} as ${event.login} at ${event.server}${free}`;
}

/** The plan: how much is copied, then each folder with where it goes or why it stays. */
export function folderLines(folders: readonly PlannedFolder[]): readonly string[] {
  const selected = folders.filter(folder => folder.selected);
  const messages = selected.reduce((sum, folder) => sum + folder.messages, 0);
  return [
    `${countOf(selected.length, 'folder')} with ${countOf(messages, 'message')} to look at, ${formatCount(folders.length - selected.length)} left out`,
    ...folders.map(folder => {
      const size = `${folder.source} (${countOf(folder.messages, 'message')})`;
      const notes = folder.notes.map(note => `. ${note}`).join('');
      return folder.selected
        ? `folder ${size} goes to ${folder.destination}${notes}`
        : `folder ${size} is left out: ${folder.reason ?? 'not selected'}${notes}`;
    }),
  ];
}

export function messageLine(
  event: Extract<RunEvent, {type: 'message-failed' | 'message-skipped'}>,
  folder: string,
  withStep: boolean,
): string {
  const kind = event.type === 'message-failed' ? 'failed' : 'skipped';
  return `${kind}  ${folder}: ${messageText(event.message)}: ${problemText(event.problem, withStep)}`;
}

export function foundLine(event: Extract<RunEvent, {type: 'message-found'}>, folder: string): string {
  return `found  ${folder}: ${messageText(event.message)}: it was refused, and is at the destination all the same; it counts as copied`;
}

function messageText({uid, subject, messageId, date, size}: MessageName): string {
  const about = [
    ...(date === undefined ? [] : [formatDay(date)]),
    ...(size === undefined ? [] : [formatBytes(size)]),
    `uid ${uid}`,
    ...(messageId === undefined ? [] : [messageId]),
  ].join(', ');
  // Of one that is gone only its UID is known.
  const name =
    subject === undefined ? 'message' : subject === '' ? 'message without subject' : `"${subject}"`;
  return `${name} (${about})`;
}

/** @param withReason false where the line before has given it */
export function waitLine(event: Extract<RunEvent, {type: 'waiting'}>, withReason = true): string {
  const ms = event.until - event.at;
  const long = ms < 1_000 ? 'less than a second' : formatDuration(ms);
  const why = withReason ? `: ${problemText(event.problem, false)}` : '';
  return `waits ${long}, until ${formatStamp(event.until)}, for the ${event.end}${why}`;
}

/** What a lost connection is, and which in a row it is; the sentence names the end. */
export function lostLine({attempt, problem}: Extract<RunEvent, {type: 'connection-lost'}>): string {
  return `${attempt > 1 ? `again (${formatCount(attempt)} in a row): ` : ''}${problemText(problem)}`;
}

/** Where the run is: '12 of 40 mailboxes done, 58 %, 61,204 of 105,310 messages, …', the latter at the destination. */
export function totalsLine(
  snapshot: Snapshot,
  rate: {readonly messagesPerSecond: number; readonly bytesPerSecond: number},
  eta?: {readonly low: number; readonly high: number},
): string {
  const {totals, requests, waiting} = snapshot;
  const done = requests.filter(({state}) => requestEnded(state) && state !== 'Stopped').length;
  const unreached = stoppedBefore(requests);
  const percent = snapshot.counted
    ? percentOfMessages(reachedTogether(snapshot), totals.selected)
    : undefined;
  const there = arrived(asShown(snapshot).totals);
  return [
    `${formatCount(done)} of ${countOf(requests.length, 'mailbox', 'mailboxes')} done`,
    ...(percent === undefined ? [] : [`${percent} %`]),
    `${formatCount(there)} of ${countOf(totals.selected, 'message')}`,
    ...(snapshot.selectedBytes > 0
      ? [`${formatBytes(snapshot.doneBytes)} of ${formatBytes(snapshot.selectedBytes)}`]
      : []),
    `${formatCount(totals.copied)} copied`,
    ...(rate.messagesPerSecond > 0
      ? [`${formatRate(rate.messagesPerSecond)} msg/s`, formatByteRate(rate.bytesPerSecond)]
      : []),
    ...(eta === undefined ? [] : [`${formatRange(eta.low, eta.high)} left`]),
    `${formatCount(totals.failed)} failed`,
    ...skippedWords(snapshot),
    ...(unreached > 0 ? [`${formatCount(unreached)} not reached`] : []),
    ...(waiting > 0 ? [`${countOf(waiting, 'mailbox waits', 'mailboxes wait')} for the server`] : []),
  ].join(', ');
}

/** True where nothing else is known of why a mailbox was not carried than that the user stopped. */
export function wasOnlyStopped({problem}: {readonly problem?: Problem | undefined}): boolean {
  return problem === undefined || problem.code === 'stopped-by-user';
}

/**
 * How a request ended (`name`: names.ts), with what is missing of it, folder by folder. Of a dry run as it is shown
 * (progress/dry-run.ts).
 * @param steps what is to be done about single messages, as far as it was told: each is told once, and added
 */
export function requestEndLines(
  request: RequestSnapshot,
  name: string,
  dryRun: boolean,
  steps: Set<string>,
): readonly string[] {
  const {counts, deleted} = request;
  const unreached = stoppedBefore([request]);
  const numbers = [
    `${formatCount(counts.selected)} selected`,
    `${formatCount(counts.copied)} ${dryRun ? 'would be copied' : 'copied'}`,
    `${formatCount(counts.alreadyPresent)} there already`,
    ...(deleted > 0 ? [`${formatCount(deleted)} deleted meanwhile`] : []),
    `${formatCount(counts.skipped - deleted - unreached)} skipped`,
    ...(unreached > 0 ? [`${formatCount(unreached)} not reached`] : []),
    `${formatCount(counts.failed)} failed`,
  ].join(', ');
  const why = request.problem === undefined ? '' : `: ${problemText(request.problem)}`;
  // Of one that was never opened nothing is known: '0 failed' would look like an answer.
  const isKnown = request.state === 'Processed' || request.folders.length > 0 || counts.selected > 0;
  return [
    `${name}  ${request.state}${isKnown ? `  ${numbers}` : ''}${why}`,
    ...request.folders
      .filter(folder => folder.selected)
      .flatMap(folder => folderEndLines(folder, request.problem?.code, steps)),
  ];
}

/** @param told the problem of the mailbox, whose details and next step stand in the line above */
function folderEndLines(
  folder: FolderSnapshot,
  told: string | undefined,
  steps: Set<string>,
): readonly string[] {
  const {counts, deleted, source, problem} = folder;
  const missing = missingOf({totals: counts, deleted});
  const why =
    problem !== undefined && problem.code === told ? `: ${problem.sentence}` : folderReason(folder, steps);
  return [
    ...(missing > 0 ? [`  ${source}: ${countOf(missing, 'message')} not copied${why}`] : []),
    ...(missing === 0 && folder.state === 'failed' ? [`  ${source}: not finished${why}`] : []),
    ...(deleted > 0 ? [`  ${source}: ${countOf(deleted, 'message')} deleted meanwhile`] : []),
  ];
}

/** Behind 'not copied': the folder's problem, else those of its messages, the most frequent first: of each kind one that stands for all. */
function folderReason(folder: FolderSnapshot, steps: Set<string>): string {
  const {problem, failures, state} = folder;
  if (problem !== undefined) return `: ${problemText(problem)}`;
  const kinds = new Map<string, {readonly first: Problem; count: number; varied: boolean}>();
  for (const failure of failures) {
    if (isDeletedReason(failure.problem)) continue;
    const {code, sentence} = failure.problem;
    const kind = kinds.get(code) ?? {first: failure.problem, count: 0, varied: false};
    kinds.set(code, kind);
    kind.count++;
    kind.varied ||= kind.first.sentence !== sentence;
  }
  const atLeast = hasUnnamed(folder) ? 'at least ' : '';
  const frequent = [...kinds.values()]
    .sort((one, other) => other.count - one.count)
    .slice(0, mostReasons)
    .map(({first, count, varied}) => {
      const said = `${varied ? ', such as: ' : ': '}${first.sentence}${stepOnce(first, steps)}`;
      return kinds.size === 1 ? said : `${atLeast}${formatCount(count)}${said}`;
    });
  if (frequent.length === 0) return state === 'failed' ? ': see above.' : ': not reached.';
  const more = kinds.size > mostReasons ? ' And other reasons: messages.csv names all.' : '';
  return `${kinds.size === 1 ? '' : ': '}${frequent.join(' ')}${more}`;
}

/** What to do about it, and where more is written, the first time only. */
function stepOnce({nextStep, link}: Problem, steps: Set<string>): string {
  const step = `${nextStep === undefined ? '' : ` ${nextStep}`}${link === undefined ? '' : ` See ${link}`}`;
  if (steps.has(step)) return '';
  steps.add(step);
  return step;
}
