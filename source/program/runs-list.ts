// `mailferry runs`: every run with its state, counts and time, newest first.
import {cleanText} from '../engine/clean.ts';
import {countOf, formatCount} from '../format/count.ts';
import {formatStamp} from '../format/date.ts';
import {watchRun} from '../live/client.ts';
import {type Live, runFolder} from '../live/folder.ts';
import {readJournal} from '../live/journal.ts';
import {hasFailed} from '../progress/select.ts';
import type {Snapshot} from '../progress/snapshot.ts';
import {liveOf} from './find-run.ts';
import type {History, RunRecord} from './history.ts';

type Row = {
  readonly state: string;
  readonly processed: number;
  readonly counts?: RunRecord['counts'];
};

/** Runs under way are asked; of those that were broken off the journal tells. */
export async function runsText(history: History, state: string): Promise<string> {
  const records = history.list();
  if (records.length === 0) return 'There is no run yet.\n';
  const rows = await Promise.all(
    records.map(async record => {
      const {state: word, processed, counts} = await rowOf(record, state);
      return [
        record.run,
        formatStamp(record.startedAt).slice(0, 16),
        word,
        `${formatCount(processed)} of ${formatCount(record.requests)}`,
        counts === undefined ? '' : `${formatCount(counts.arrived)} of ${formatCount(counts.selected)}`,
        cleanText(record.from),
      ];
    }),
  );
  return tableText([['RUN', 'STARTED', 'STATE', 'MAILBOXES', 'MESSAGES', 'FROM'], ...rows]);
}

async function rowOf(record: RunRecord, state: string): Promise<Row> {
  const {run, exitCode, processed, counts, failed = 0} = record;
  if (exitCode !== undefined)
    return {
      state: endedText(exitCode, failed),
      processed,
      ...(counts === undefined ? {} : {counts}),
    };
  const live = await liveOf(run, state);
  const snapshot = live === undefined ? readJournal(runFolder(state, run)) : await firstLook(live);
  const seen = snapshot === undefined ? {processed} : countsOf(snapshot);
  if (live === undefined) return {state: 'broken off', ...seen};
  return {state: runningText(snapshot), ...seen};
}

function endedText(exitCode: number, failed: number): string {
  if (exitCode === 0) return 'complete';
  if (exitCode === 130) return 'stopped';
  if (failed > 0) return `${countOf(failed, 'mailbox', 'mailboxes')} failed`;
  return `ended with code ${exitCode}`;
}

function runningText(snapshot: Snapshot | undefined): string {
  if (snapshot?.stopping !== undefined) return 'stopping';
  if (snapshot?.paused) return 'paused';
  const failed = snapshot?.requests.filter(hasFailed).length ?? 0;
  return failed === 0 ? 'running' : `running, ${formatCount(failed)} failed`;
}

function countsOf({states, totals}: Snapshot): Pick<Row, 'processed' | 'counts'> {
  const {selected, copied, alreadyPresent, failed} = totals;
  return {processed: states.Processed, counts: {selected, arrived: copied + alreadyPresent, failed}};
}

/** How it stands now; undefined where it is over before it has said so. */
export async function firstLook(live: Live): Promise<Snapshot | undefined> {
  const handle = watchRun(live);
  const {promise, resolve} = Promise.withResolvers<Snapshot | undefined>();
  handle.store.subscribe(() => resolve(handle.store.getSnapshot()));
  handle.done.then(
    outcome => resolve(outcome.snapshot),
    () => resolve(undefined),
  );
  try {
    return await promise;
  } finally {
    handle.detach?.();
  }
}

/** The last column is as wide as it is; the others hold no wide characters. */
function tableText(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map(row => (row[column] ?? '').length)));
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  return rows.map(row => `${line(row)}\n`).join('');
}
