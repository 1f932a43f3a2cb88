// summary.json: the report for programs. Its fields are part of the outside contract; `version` rises when one
// changes its meaning or goes away.
import {readPath} from '../engine/folders/path.ts';
import {formatIso} from '../format/date.ts';
import {jsonText} from '../format/json.ts';
import type {Report} from './data.ts';

const summaryVersion = 1;

/** The text of summary.json. Dates are ISO 8601 in UTC; `exitCode` is null until the run has ended. */
export function summaryJson(report: Report): string {
  const summary = {
    version: summaryVersion,
    run: report.run,
    from: report.from,
    program: `mailferry ${report.program}`,
    dryRun: report.dryRun,
    startedAt: formatIso(report.startedAt),
    ...(report.endedAt === undefined ? {} : {endedAt: formatIso(report.endedAt)}),
    exitCode: report.exitCode,
    verdict: report.verdict,
    totals: report.totals,
    requests: report.requests.map(({startedAt, endedAt, folders, ...request}) => ({
      ...request,
      ...(startedAt === undefined ? {} : {startedAt: formatIso(startedAt)}),
      ...(endedAt === undefined ? {} : {endedAt: formatIso(endedAt)}),
      // The names themselves beside the path that can be typed back, in which a '/' of a name is escaped.
      folders: folders.map(({source, ...folder}) => ({source, levels: readPath(source), ...folder})),
    })),
    notes: report.notes,
  };
  return `${jsonText(summary, 2)}\n`;
}
