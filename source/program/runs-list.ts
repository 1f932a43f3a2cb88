// `mailferry runs`: every run with its state, counts and time, newest first.

import {eventVersion} from '../engine/events.ts';
import {cleanText} from '../format/clean.ts';
import {countOf, formatCount} from '../format/count.ts';
import {formatStamp} from '../format/date.ts';
import {jsonText} from '../format/json.ts';
import type {RunLine} from '../lines/runs-schema.ts';
import type {Patience} from '../live/client.ts';
import {arrived} from '../progress/draft.ts';
import {hasFailed} from '../progress/select.ts';
import type {Snapshot} from '../progress/snapshot.ts';
import {noRunIn} from './find-run.ts';
import {standingOf} from './first-look.ts';
import type {History, RunRecord} from './history.ts';

type Schedule = Patience['schedule'];

type Standing = Pick<RunLine, 'state' | 'processed' | 'failed'> & {readonly counts?: RunRecord['counts']};

/**
 * Runs under way are asked; of those that were broken off, or do not answer, the journal tells.
 * @param columns of the terminal that it is for: names of runs are whole all the same, since they are typed
 */
export async function runsText(
  history: History,
  state: string,
  schedule: Schedule,
  columns?: number,
): Promise<string> {
  const records = history.list();
  if (records.length === 0) return `${noRunIn(state)}\n`;
  const rows = await Promise.all(
    records.map(async record => {
      const standing = await seenOf(record, state, schedule);
      const {processed, counts} = standing;
      return [
        record.run,
        formatStamp(record.startedAt).slice(0, 16),
        wordsOf(standing, record),
        `${formatCount(processed)} of ${formatCount(record.requests)}`,
        counts === undefined ? '' : messagesText(counts),
        cleanText(record.from),
      ];
    }),
  );
  const table = [['RUN', 'STARTED', 'STATE', 'MAILBOXES', 'MESSAGES', 'FROM'], ...rows];
  if (columns === undefined) return tableText(table);
  // What measures text is a package, and a pipe needs none.
  const {fitRuns} = await import('./fit-runs.ts');
  return fitRuns(table, columns);
}

/** The same for programs, a line a run; nothing where there is none. */
export async function runsLines(history: History, state: string, schedule: Schedule): Promise<string> {
  const lines = await Promise.all(
    history.list().map(async (record): Promise<RunLine> => {
      const {run, from, startedAt, endedAt, exitCode, requests, reports, retryOf} = record;
      const {counts, state: stands, processed, failed} = await seenOf(record, state, schedule);
      return {
        ...{version: eventVersion, type: 'run', run, from, state: stands, startedAt},
        ...(endedAt === undefined ? {} : {endedAt}),
        ...(exitCode === undefined ? {} : {exitCode}),
        ...{requests, processed, failed},
        ...(counts === undefined ? {} : {messages: counts}),
        ...(reports === undefined ? {} : {reports}),
        ...(retryOf === undefined ? {} : {retryOf}),
      };
    }),
  );
  return lines.map(line => `${jsonText(line)}\n`).join('');
}

async function seenOf(record: RunRecord, folder: string, schedule: Schedule): Promise<Standing> {
  const {run, exitCode, processed, counts, failed = 0} = record;
  if (exitCode !== undefined) {
    const state = exitCode === 0 ? 'complete' : exitCode === 130 ? 'stopped' : 'failed';
    return {state, processed, failed, ...(counts === undefined ? {} : {counts})};
  }
  const {live, snapshot} = await standingOf(run, folder, schedule);
  const seen = snapshot === undefined ? {processed, failed} : countsOf(snapshot);
  if (live === undefined) return {state: 'broken-off', ...seen};
  const paused = snapshot?.paused === true ? 'paused' : 'running';
  return {state: snapshot?.stopping === undefined ? paused : 'stopping', ...seen};
}

/** As in the grid: what is at the destination, of all that was selected; what was refused is told apart. */
function messagesText({arrived: there, selected, failed}: NonNullable<Standing['counts']>): string {
  const apart = failed === 0 ? '' : `, ${formatCount(failed)} failed`;
  return `${formatCount(there)} of ${formatCount(selected)}${apart}`;
}

function wordsOf({state, processed, failed, counts}: Standing, {exitCode, requests}: RunRecord): string {
  if (state === 'broken-off') return 'broken off';
  if (state === 'running' && failed > 0)
    return `running, ${countOf(failed, 'mailbox', 'mailboxes')} with failures`;
  if (state !== 'failed') return state;
  if (failed === 0) return `ended with code ${exitCode}`;
  const broken = Math.min(failed, requests - processed);
  if (broken > 0) return `${countOf(broken, 'mailbox', 'mailboxes')} failed`;
  // Every mailbox got to its end: what failed are messages.
  const messages = counts?.failed ?? 0;
  return messages > 0
    ? `${countOf(messages, 'message')} failed`
    : `${countOf(failed, 'mailbox', 'mailboxes')} failed`;
}

function countsOf({states, totals, requests}: Snapshot): Omit<Standing, 'state'> {
  const {selected, failed} = totals;
  return {
    processed: states.Processed,
    failed: requests.filter(hasFailed).length,
    counts: {selected, arrived: arrived(totals), failed},
  };
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
