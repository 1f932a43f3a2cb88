// The check for the desk: check.csv, a row a mailbox and problem, and check.json with everything. Pure.
import {formatIso} from '../format/date.ts';
import {jsonPieces} from '../format/json.ts';
import {byteOrderMark, csvLine} from '../report/csv.ts';
import {type Checked, exitCodeOf, rowOf, totalsOf} from './row.ts';

export const checkColumns = [
  'request',
  'title',
  'source',
  'destination',
  'state',
  'folders',
  'folders to copy',
  'messages',
  'bytes',
  'messages that stay',
  'messages refused',
  'free bytes',
  'seconds at least',
  'seconds at most',
  'code',
  'problem',
  'next step',
  'link',
  'server says',
  'since',
  'before',
  'folders not counted',
  'folders of unknown size',
] as const;

/**
 * A mailbox without a problem has one row; one with several has one for each, the numbers in every row. Where it has dates
 * the numbers are those of the mail within them. Where folders were not counted, or their size is not known, they are the
 * least there is.
 */
export function* checkCsv(all: readonly Checked[]): Generator<string> {
  yield byteOrderMark + csvLine(checkColumns);
  for (const checked of all) {
    const row = rowOf(checked);
    const {forecast} = row;
    const about = [
      row.request + 1,
      row.title,
      row.source,
      row.destination,
      row.state,
      row.folders,
      row.selectedFolders,
      row.messages,
      row.bytes,
      row.excluded,
      row.refused,
      row.freeBytes,
      forecast === undefined ? undefined : Math.round(forecast.low / 1000),
      forecast === undefined ? undefined : Math.round(forecast.high / 1000),
    ];
    const last = [row.since, row.before, row.uncounted, row.unsized];
    if (row.problems.length === 0)
      yield csvLine([...about, undefined, undefined, undefined, undefined, undefined, ...last]);
    for (const {code, sentence, nextStep, link, detail} of row.problems)
      yield csvLine([...about, code, sentence, nextStep, link, detail, ...last]);
  }
}

const foreseenColumnNames = [
  'request',
  'title',
  'source',
  'source folder',
  'source uid',
  'date',
  'size',
  'message id',
  'subject',
  'code',
  'reason',
  'next step',
] as const;

/** check-messages.csv: a row for each message that the destination will refuse. */
export function* checkMessagesCsv(all: readonly Checked[]): Generator<string> {
  yield byteOrderMark + csvLine(foreseenColumnNames);
  for (const checked of all) {
    const {title, source} = rowOf(checked);
    for (const {folder, message, problem} of checked.inspection.foreseen ?? [])
      yield csvLine([
        checked.request + 1,
        title,
        source,
        folder,
        message.uid,
        formatIso(message.date),
        message.size,
        message.messageId,
        message.subject,
        problem.code,
        problem.sentence,
        problem.nextStep,
      ]);
  }
}

/** Levels above a folder: the file, its requests, one of them, its folders. */
const wholeFolder = 4;

/** @param checkedAt ms since 1970 */
export function* checkJson(
  all: readonly Checked[],
  about: {from: string; checkedAt: number; atOnce: number},
): Generator<string> {
  const totals = totalsOf(all.map(rowOf), about.atOnce);
  yield* jsonPieces(
    {
      version: 1,
      from: about.from,
      checkedAt: formatIso(about.checkedAt),
      exitCode: exitCodeOf(totals),
      totals,
      requests: all.map(checked => {
        const {problems: _problems, request, ...row} = rowOf(checked);
        const {failed: _failed, source, destination, ...rest} = checked.inspection;
        return {request: request + 1, ...row, found: {source, destination}, ...rest};
      }),
    },
    wholeFolder,
    2,
  );
}
