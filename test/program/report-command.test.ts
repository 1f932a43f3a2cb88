import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {expect, onTestFinished, test} from 'vitest';
import {ratesLine, totalsLine} from '../../source/dashboard/header-lines.ts';
import {cellWidth} from '../../source/format/fit.ts';
import {totalsLine as logLine} from '../../source/lines/sentences.ts';
import {openRun} from '../../source/program/attach.ts';
import {openHistory, type RunRecord} from '../../source/program/history.ts';
import {reportLines, reportText} from '../../source/program/report-command.ts';
import {runsText} from '../../source/program/runs-list.ts';
import {outcomeOf} from '../../source/program/start-run.ts';
import {verdictOf} from '../../source/report/verdict.ts';
import {lineText} from '../../source/ui/cells.ts';
import {events, info, snapshotOf} from '../report/sample.ts';

/** No run is at work here that would have to be waited for. */
const never = () => () => undefined;

function stateWith(...records: readonly RunRecord[]) {
  const state = mkdtempSync(join(tmpdir(), 'mf-report-'));
  onTestFinished(() => rmSync(state, {recursive: true, force: true}));
  const history = openHistory(state);
  for (const record of records) history.write(record);
  return {state, history};
}

const ended: RunRecord = {
  ...{version: 1, run: 'one', from: '/users.csv', startedAt: 1000, endedAt: 2000, exitCode: 3},
  ...{requests: 5, processed: 5, failed: 2, counts: {selected: 792, arrived: 775, failed: 17}},
};

test('a report that was damaged is not printed as if it were whole', () => {
  const reports = mkdtempSync(join(tmpdir(), 'mf-damaged-'));
  onTestFinished(() => rmSync(reports, {recursive: true, force: true}));
  const {state, history} = stateWith({...ended, reports});
  expect(() => reportText('one', history)).toThrow(/no longer in/);
  for (const text of ['{bad', '']) {
    writeFileSync(join(reports, 'summary.json'), text);
    expect(() => reportText('one', history)).toThrow(/is damaged: its summary\.json cannot be read/);
  }
  writeFileSync(join(reports, 'summary.json'), '{"version":1}\n');
  expect(reportText('one', history)).toBe('{"version":1}\n');
  // Where the events are gone, or say nothing, this is all that is known.
  expect(reportLines('one', history, state)).toBe('{"version":1}\n');
  mkdirSync(join(state, 'runs', 'one'));
  writeFileSync(join(state, 'runs', 'one', 'snapshot.json'), 'garbage');
  expect(reportLines('one', history, state)).toBe('{"version":1}\n');
});

test('as a line of JSON a report is one line', () => {
  const reports = mkdtempSync(join(tmpdir(), 'mf-line-'));
  onTestFinished(() => rmSync(reports, {recursive: true, force: true}));
  const {history} = stateWith({...ended, reports});
  const text = '{\n  "run": "one"\n}\n';
  writeFileSync(join(reports, 'summary.json'), text);
  expect(reportText('one', history, true)).toBe('{"run":"one"}\n');
  expect(reportText('one', history)).toBe(text);
});

test('the list says messages where every mailbox got to its end, and mailboxes where one did not', async () => {
  const {state, history} = stateWith(
    ended,
    {...ended, run: 'two', processed: 4, startedAt: 900},
    {...ended, run: 'three', failed: 0, startedAt: 800},
  );
  const [, ...rows] = (await runsText(history, state, never)).split('\n');
  expect(rows.map(row => row.split(/ {2,}/)[2])).toEqual([
    '17 messages failed',
    '1 mailbox failed',
    'ended with code 3',
    undefined,
  ]);
});

test('in a terminal the list keeps to its width: names of runs are whole, what they say already goes first', async () => {
  const run = (name: string, from: string): RunRecord => ({
    ...ended,
    run: `2026-11-27-1119-${name}`,
    from,
  });
  const {state, history} = stateWith(
    run('big', '/home/john/Umzug/Größe/日本語/users-of-the-company.csv'),
    run('second', 'guided'),
  );
  const whole = await runsText(history, state, never);
  expect(whole).toMatch(/^RUN +STARTED +STATE +MAILBOXES +MESSAGES +FROM\n/);
  expect(whole).toContain('/home/john/Umzug/Größe/日本語/users-of-the-company.csv\n');
  const at = async (columns: number) =>
    (await runsText(history, state, never, columns)).trimEnd().split('\n');
  for (const columns of [60, 70, 80, 90, 100, 120, 200]) {
    const lines = await at(columns);
    expect(Math.max(...lines.map(cellWidth)), lines.join('\n')).toBeLessThanOrEqual(columns);
    expect(lines.join('\n')).toMatch(/^2026-11-27-1119-second /m);
  }
  expect((await at(200)).join('\n')).toBe(whole.trimEnd());
  expect((await at(120))[1]).toMatch(/ \/home\/\S*…\S*\.csv$/);
  expect((await at(100))[0]).toMatch(/^RUN +STATE +MAILBOXES +MESSAGES +FROM$/);
  expect((await at(80))[0]).toMatch(/^RUN +STATE +MAILBOXES +MESSAGES$/);
  expect((await at(60))[0]).toMatch(/^RUN +STATE +MAILBOXES$/);
  // A long name costs the others nothing: it has a line of its own.
  const long = '2026-11-27-1129-john-smith-baya-com-to-john-smith-vault-example';
  history.write({...ended, run: long, from: 'guided'});
  const lines = await at(80);
  expect(lines[0]).toMatch(/^RUN +STATE +MAILBOXES +MESSAGES$/);
  expect(lines[lines.indexOf(long) + 1]).toMatch(/^ +17 messages failed +5 of 5 +775 of 792/);
  expect(Math.max(...lines.map(cellWidth))).toBeLessThanOrEqual(80);
});

test('the list, the grid, the log and the verdict tell one number of messages, and what failed apart', async () => {
  const snapshot = snapshotOf(events);
  const {state, history} = stateWith({...ended, ...outcomeOf(snapshot)});
  const there = '5,226 of 5,228';
  expect((await runsText(history, state, never)).split('\n')[1]?.split(/ {2,}/)[4]).toBe(
    `${there}, 1 failed`,
  );
  expect(lineText(totalsLine(snapshot, 120))).toContain(`100 %  ${there} messages`);
  expect(lineText(ratesLine(snapshot, snapshot.endedAt ?? 0, 120))).toMatch(/1 failed.* 1 skipped/);
  const log = logLine(snapshot, {messagesPerSecond: 0, bytesPerSecond: 0});
  expect(log).toMatch(new RegExp(`100 %, ${there} messages, .*1 failed, 1 skipped`));
  expect(verdictOf(snapshot).sentence).toMatch(/^2 of 5,228 selected messages/);
});

test('of a run that was broken off a person reads how far it came, not its unfinished summary.json', () => {
  const {exitCode: _, endedAt: __, ...begun} = ended;
  const {state, history} = stateWith({...begun, run: info.run, reports: '/reports/one'});
  const cut = events.filter(
    event => event.type !== 'run-finished' && !('state' in event && event.state === 'Failed'),
  );
  mkdirSync(join(state, 'runs', info.run));
  writeFileSync(
    join(state, 'runs', info.run, 'snapshot.json'),
    JSON.stringify({version: 1, upTo: cut.length, snapshot: snapshotOf(cut)}),
  );
  const text = reportLines(info.run, history, state);
  expect(text).toMatch(/^The run has not ended: /);
  expect(text).toContain('run it again to go on; nothing is copied twice.');
});

test('a terminal gets lines that fit it, broken between words, and the path of the report whole', () => {
  const reports = `/${'deep/'.repeat(30)}one`;
  const {state, history} = stateWith({...ended, run: info.run, reports});
  mkdirSync(join(state, 'runs', info.run));
  writeFileSync(
    join(state, 'runs', info.run, 'snapshot.json'),
    JSON.stringify({version: 1, upTo: events.length, snapshot: snapshotOf(events)}),
  );
  const wide = reportLines(info.run, history, state);
  const narrow = reportLines(info.run, history, state, 60);
  expect(wide).toMatch(/^2 of 5,228 selected messages and 1 mailbox as a whole are not/);
  expect(narrow.split(/\s+/)).toEqual(wide.split(/\s+/));
  const lines = narrow.trimEnd().split('\n');
  expect(lines.pop()).toBe(`Report: ${reports}`);
  expect(Math.max(...lines.map(line => line.length))).toBeLessThanOrEqual(60);
});

test('of a run that has ended, and whose journal does not know, its summary.json tells, and no grid is shown', async () => {
  const reports = mkdtempSync(join(tmpdir(), 'mf-cut-'));
  onTestFinished(() => rmSync(reports, {recursive: true, force: true}));
  writeFileSync(join(reports, 'summary.json'), '{"version":1}\n');
  const {state, history} = stateWith({...ended, run: info.run, reports});
  mkdirSync(join(state, 'runs', info.run));
  const cut = events.filter(event => event.type !== 'run-finished');
  writeFileSync(
    join(state, 'runs', info.run, 'snapshot.json'),
    JSON.stringify({version: 1, upTo: cut.length, snapshot: snapshotOf(cut)}),
  );
  expect(reportLines(info.run, history, state)).toBe('{"version":1}\n');
  await expect(openRun(info.run, {history, state, schedule: never})).rejects.toThrow(
    'only its report is left',
  );
});
