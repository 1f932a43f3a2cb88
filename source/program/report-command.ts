// The command `report`: what a run did, told again.
import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {cleanText} from '../format/clean.ts';
import {jsonText} from '../format/json.ts';
import {endingLines} from '../lines/ending.ts';
import {runFolder} from '../live/folder.ts';
import {readJournal} from '../live/journal.ts';
import {breakLine} from '../ui/cells.ts';
import {isCut, recordOf} from './find-run.ts';
import type {History} from './history.ts';
import {UsageProblem} from './system.ts';

/**
 * What a run did, in lines for a person; of one whose events are gone, or end before it does, its summary.json.
 * @param columns of the terminal; lines that are longer are broken between words, but not the path of the report
 * @throws UsageProblem where neither is there
 */
export function reportLines(
  run: string,
  history: History,
  state: string,
  columns = Number.POSITIVE_INFINITY,
): string {
  const record = recordOf(run, history);
  const snapshot = readJournal(runFolder(state, record.run));
  if (snapshot === undefined || isCut(snapshot, record)) return reportText(run, history);
  const path = record.reports === undefined ? [] : [`Report: ${cleanText(record.reports, 2000)}`];
  return [...endingLines(snapshot).flatMap(line => breakLine(line, columns)), ...path]
    .map(line => `${line}\n`)
    .join('');
}

/** The run's summary.json; as one line of JSON where asked for so. @throws UsageProblem where it is not there, or is damaged */
export function reportText(run: string, history: History, isLine = false): string {
  const record = recordOf(run, history);
  if (record.reports === undefined)
    throw new UsageProblem(`The run "${record.run}" has no report: it could not be written.`);
  const where = cleanText(record.reports, 500);
  let text: string;
  try {
    text = readFileSync(join(record.reports, 'summary.json'), 'utf8');
  } catch {
    throw new UsageProblem(`The report of "${record.run}" is no longer in ${where}.`);
  }
  if (isWhole(text)) return isLine ? `${jsonText(JSON.parse(text))}\n` : text;
  throw new UsageProblem(
    `The report of "${record.run}" in ${where} is damaged: its summary.json cannot be read. "${history.command(`report ${record.run} --output plain`)}" tells what is known without it.`,
  );
}

function isWhole(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
