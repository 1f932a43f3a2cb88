// The commands that only print: template, report.
import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {cleanText} from '../engine/clean.ts';
import {templateCsv} from '../request/csv-write.ts';
import {findType} from '../request/types.ts';
import {recordOf} from './find-run.ts';
import type {History} from './history.ts';
import {UsageProblem} from './system.ts';

/** A sample CSV. @throws UsageProblem for an unknown type */
export function templateText(type: string): string {
  const found = findType(type);
  if (found === undefined) throw new UsageProblem(`There is no request type ${cleanText(type, 60)}.`);
  return templateCsv(found);
}

/** The run's summary.json, and where the rest is. @throws UsageProblem */
export function reportText(run: string, history: History): string {
  const record = recordOf(run, history);
  if (record.reports === undefined)
    throw new UsageProblem(`The run "${record.run}" has no report: it could not be written.`);
  try {
    return readFileSync(join(record.reports, 'summary.json'), 'utf8');
  } catch {
    throw new UsageProblem(
      `The report of "${record.run}" is no longer in ${cleanText(record.reports, 500)}.`,
    );
  }
}
