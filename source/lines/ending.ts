// How a run came out, in lines: the verdict first, then each mailbox with what is missing of it, then where the report is.
import {cleanText} from '../engine/clean.ts';
import {formatCount} from '../format/count.ts';
import {asShown} from '../progress/dry-run.ts';
import type {Snapshot} from '../progress/snapshot.ts';
import {isNotBegun, verdictOf} from '../report/verdict.ts';
import {namesOf} from './names.ts';
import {requestEndLines, wasOnlyStopped} from './sentences.ts';

const longestLine = 2000;
/** Mailboxes that were not begun named one by one; of more only the number is told. requests.csv names all. */
const mostNotBegun = 10;

/** @param reports the folder of the reports, where they were written */
export function endingLines(snapshot: Snapshot, reports?: string): readonly string[] {
  const {requests, dryRun} = asShown(snapshot);
  const names = namesOf(requests);
  const verdict = verdictOf(snapshot);
  const waiting = requests.filter(request => isNotBegun(request) && wasOnlyStopped(request));
  const untold = new Set(waiting.length > mostNotBegun ? waiting : []);
  const told = requests.filter(request => !untold.has(request));
  return [
    ...[verdict.sentence, ...verdict.details],
    ...told
      .flatMap(request => requestEndLines(request, names[request.request] ?? '', dryRun))
      .map(text => `  ${text}`),
    ...(untold.size === 0
      ? []
      : [`  ${formatCount(untold.size)} mailboxes were not begun: see requests.csv`]),
    ...(reports === undefined ? [] : [`Report: ${reports}`]),
  ].map(text => cleanText(text, longestLine));
}
