// How a run came out, in lines: the verdict first, then each mailbox with what is missing of it, then where the report is.
import {cleanText} from '../engine/clean.ts';
import {asShown} from '../progress/dry-run.ts';
import type {Snapshot} from '../progress/snapshot.ts';
import {verdictOf} from '../report/verdict.ts';
import {requestEndLines} from './sentences.ts';

const longestLine = 2000;

/** @param reports the folder of the reports, where they were written */
export function endingLines(snapshot: Snapshot, reports?: string): readonly string[] {
  const {requests, dryRun} = asShown(snapshot);
  const verdict = verdictOf(snapshot);
  return [
    ...[verdict.sentence, ...verdict.details],
    ...requests.flatMap(request => requestEndLines(request, dryRun)).map(text => `  ${text}`),
    ...(reports === undefined ? [] : [`Report: ${reports}`]),
  ].map(text => cleanText(text, longestLine));
}
