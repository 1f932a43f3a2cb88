// The tables of the report as RFC 4180 files that Excel opens as they are: a BOM, so that it reads UTF-8, and no
// cell that a spreadsheet would take for a formula, for subjects and folder names are written by strangers.

import type {MessageRow} from '../engine/look/listing.ts';
import {cleanText} from '../format/clean.ts';
import {formatIso} from '../format/date.ts';
import type {Report} from './data.ts';
import {isKnown, type Shown, shownOf} from './shown.ts';

export type Cell = string | number | undefined;

/** Once, at the start of a file. */
export const byteOrderMark = '\ufeff';

const longestCell = 2000;
// Full-width twins are formulas too in East Asian locales.
const formula = /^\s*[=+\-@＝＋－＠]|^[\t\r\n]/;
// Where the list separator is a semicolon, as in most of Europe, a spreadsheet splits at each, quoted or not.
const formulaBehindSemicolon = /;(?=[\s"]*[=+\-@＝＋－＠])/g;

export const messageColumns = [
  'request',
  'title',
  'result',
  'run',
  'source folder',
  'source uid',
  'destination folder',
  'destination uid',
  'date',
  'size',
  'message id',
  'from',
  'subject',
  'code',
  'reason',
] as const;

/** One line with its CRLF. */
export function csvLine(cells: readonly Cell[]): string {
  let line = '';
  let separator = '';
  for (const cell of cells) {
    line += separator + cellText(cell);
    separator = ',';
  }
  return `${line}\r\n`;
}

/** A line of messages.csv. */
export function messageLine(row: MessageRow, title: string, run: string): string {
  return csvLine([
    row.request + 1,
    title,
    row.result,
    row.run ?? (row.result === 'copied' ? run : undefined),
    row.sourceFolder,
    row.sourceUid,
    row.destinationFolder,
    row.destinationUid,
    formatIso(row.date),
    row.size,
    row.messageId,
    row.from,
    row.subject,
    row.code,
    row.reason,
  ]);
}

/** The numbers of requests.csv and folders.csv. What is skipped is what adds up to selected; `apart` tells it apart. */
const counted = ['selected', 'copied', 'already present', 'skipped', 'failed', 'bytes'] as const;
/** Of those skipped: what a dry run would copy, what somebody has deleted, what a stop left. */
const apart = ['dry run', 'to copy', 'deleted meanwhile', 'not reached'] as const;

/** Under `counted`. A number that is not known is not 0. */
function countedCells(of: Shown, known = true): readonly Cell[] {
  const {selected, copied, alreadyPresent, skipped, failed, bytes} = of;
  const cells = [selected, copied, alreadyPresent, skipped, failed, bytes];
  return known ? cells : cells.map(() => undefined);
}

/** Under `apart`. */
function apartCells(of: Shown, dryRun: boolean, known = true): readonly Cell[] {
  const {copied, deleted, notReached} = shownOf(of, dryRun);
  const numbers = [dryRun ? copied : undefined, deleted, notReached];
  return [dryRun ? 'yes' : 'no', ...(known ? numbers : numbers.map(() => undefined))];
}

/** The lines of requests.csv. */
export function* requestsCsv(report: Report): Generator<string> {
  yield byteOrderMark +
    csvLine([
      'request',
      'title',
      'type',
      'source',
      'source server',
      'destination',
      'destination server',
      'destination folder',
      'state',
      ...counted,
      'started',
      'ended',
      'code',
      'problem',
      'next step',
      'link',
      ...apart,
    ]);
  for (const request of report.requests) {
    const known = isKnown(request);
    yield csvLine([
      request.request,
      request.title,
      request.type,
      request.source,
      request.sourceServer,
      request.destination,
      request.destinationServer,
      request.destinationFolder,
      request.state,
      ...countedCells(request, known),
      formatIso(request.startedAt),
      formatIso(request.endedAt),
      request.problem?.code,
      request.problem?.sentence,
      request.problem?.nextStep,
      request.problem?.link,
      ...apartCells(request, report.dryRun, known),
    ]);
  }
}

/** The lines of folders.csv. */
export function* foldersCsv(report: Report): Generator<string> {
  yield byteOrderMark +
    csvLine([
      'request',
      'title',
      'source',
      'source folder',
      'destination folder',
      'included',
      'reason',
      'state',
      'messages at source',
      ...counted,
      'code',
      'problem',
      'notes',
      ...apart,
    ]);
  for (const request of report.requests) {
    for (const folder of request.folders) {
      yield csvLine([
        request.request,
        request.title,
        request.source,
        folder.source,
        folder.destination,
        folder.included ? 'yes' : 'no',
        folder.reason,
        folder.state,
        folder.messages,
        ...countedCells(folder),
        folder.problem?.code,
        folder.problem?.sentence,
        folder.notes.join('; '),
        ...apartCells(folder, report.dryRun),
      ]);
    }
  }
}

/** Most cells: nothing to clean, to quote or to take for a formula. */
const plain = /^[!#-*./0-:<>?A-~][ !#-+\--:<-~]*$/;
const quoted = /[",\r\n]/;

function cellText(cell: Cell): string {
  if (cell === undefined) return '';
  if (typeof cell === 'number') return String(cell);
  if (cell.length <= longestCell && plain.test(cell)) return cell;
  const clean = cleanText(cell, longestCell);
  const begun = formula.test(cell) || (clean !== cell && formula.test(clean)) ? `'${clean}` : clean;
  const safe = begun.replace(formulaBehindSemicolon, ";'");
  return quoted.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
