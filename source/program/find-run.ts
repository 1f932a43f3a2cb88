// A run by its name: its record, and where it listens while it is at work.
import {existsSync} from 'node:fs';
import {cleanText} from '../format/clean.ts';
import {isAlive} from '../live/client.ts';
import {type Live, readLive, runFolder} from '../live/folder.ts';
import {readJournal} from '../live/journal.ts';
import type {Snapshot} from '../progress/snapshot.ts';
import {nearest} from '../request/nearest.ts';
import type {RunOutcome} from '../services.ts';
import type {History, RunRecord} from './history.ts';
import {UsageProblem} from './system.ts';

/** @throws UsageProblem naming the nearest where there is none of that name */
export function recordOf(run: string, history: History): RunRecord {
  const record = history.get(run);
  if (record !== undefined) return record;
  const there = `There is no run "${cleanText(run, 80)}".`;
  const others = history.list().map(each => each.run);
  if (others.length === 0) throw new UsageProblem(`${there} ${noRunIn(history.state)}`);
  const near = nearest(run, others);
  const hint = near === undefined ? '' : ` Did you mean ${near}?`;
  throw new UsageProblem(`${there}${hint} "${history.command('runs')}" lists them.`);
}

/** That none was ever kept there, and where: the wrong folder looks like an empty one. */
export function noRunIn(state: string): string {
  const where = cleanText(state, 500);
  return existsSync(state)
    ? `No run is kept in ${where} yet.`
    : `No run is kept yet: ${where} does not exist; the first run makes it.`;
}

/** Where the run listens; undefined where it has ended or its process was killed. */
export async function liveOf(run: string, state: string): Promise<Live | undefined> {
  const live = readLive(runFolder(state, run));
  return live !== undefined && (await isAlive(live)) ? live : undefined;
}

/** The run has ended, and its journal does not know: the disk was full then, or somebody killed it just there. */
export function isCut(snapshot: Snapshot, record: RunRecord): boolean {
  return record.exitCode !== undefined && snapshot.exitCode === undefined;
}

/** How the run ended, with what it looked like then; undefined where it has not, or where only its report is left. */
export function endOf(
  run: string,
  {history, state}: {readonly history: History; readonly state: string},
): RunOutcome | undefined {
  const record = history.get(run);
  if (record?.exitCode === undefined) return undefined;
  const snapshot = readJournal(runFolder(state, run));
  if (snapshot === undefined) return undefined;
  const {exitCode, reports} = record;
  return {exitCode, snapshot, ...(reports === undefined ? {} : {reports})};
}
