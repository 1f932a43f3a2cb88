// The commands that only print: template, runs, report.
import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {cleanText} from '../engine/clean.ts';
import {countOf, formatCount} from '../format/count.ts';
import {formatStamp} from '../format/date.ts';
import {templateCsv} from '../request/csv-write.ts';
import {findType} from '../request/types.ts';
import type {History, RunRecord} from './history.ts';
import {UsageProblem} from './system.ts';

/** A sample CSV. @throws UsageProblem for an unknown type */
export function templateText(type: string): string {
  const found = findType(type);
  if (found === undefined) throw new UsageProblem(`There is no request type ${cleanText(type, 60)}.`);
  return templateCsv(found);
}

/** Newest first. */
export function runsText(history: History): string {
  const records = history.list();
  if (records.length === 0) return 'There is no run yet.\n';
  const width = Math.max(...records.map(record => record.run.length));
  return records
    .map(
      record =>
        `${record.run.padEnd(width)}  ${formatStamp(record.startedAt)}  ${outcomeText(record).padEnd(22)}  ${formatCount(record.processed)} of ${countOf(record.requests, 'request')} processed  ${cleanText(record.from)}\n`,
    )
    .join('');
}

function outcomeText(record: RunRecord): string {
  if (record.exitCode === undefined) return 'broken off';
  if (record.exitCode === 130) return 'stopped';
  return record.exitCode === 0 ? 'complete' : `ended with code ${record.exitCode}`;
}

/** The run's summary.json, and where the rest is. @throws UsageProblem */
export function reportText(run: string, history: History): string {
  const record = history.get(run);
  if (record === undefined)
    throw new UsageProblem(`There is no run "${cleanText(run, 80)}". "mailferry runs" lists them.`);
  if (record.reports === undefined)
    throw new UsageProblem(`The run "${run}" has no report: it could not be written.`);
  try {
    return readFileSync(join(record.reports, 'summary.json'), 'utf8');
  } catch {
    throw new UsageProblem(`The report of "${run}" is no longer in ${record.reports}.`);
  }
}
