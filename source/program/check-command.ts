// `mailferry check`: signs in at both ends of every request, lists, counts, says what stands in the way. Copies and
// creates nothing at the servers.

import {join} from 'node:path';
import PQueue from 'p-queue';
import {looksAtOnce} from '../check/at-once.ts';
import {causesOf} from '../check/causes.ts';
import {detailLines} from '../check/details.ts';
import {checkCsv, checkJson, checkMessagesCsv} from '../check/files.ts';
import {unbroken} from '../check/one-line.ts';
import {adviceOf, type Checked, exitCodeOf, rowOf, totalsOf} from '../check/row.ts';
import {adviceLines, causeLines, closingLines, tableLines} from '../check/table.ts';
import {Servers} from '../engine/link/servers.ts';
import {SignInGuard} from '../engine/link/sign-in-guard.ts';
import {diagnose} from '../engine/look/diagnose.ts';
import {inspect} from '../engine/look/inspect.ts';
import {makeFolder} from '../files/make-folder.ts';
import type {Chunks} from '../files/whole-file.ts';
import {jsonPieces} from '../format/json.ts';
import type {CheckLine} from '../lines/check-schema.ts';
import {inputProblemLine} from '../lines/jsonl.ts';
import {nodeDisk} from '../report/disk.ts';
import {ReportError} from '../report/report-error.ts';
import {loginName} from '../request/endpoint.ts';
import {askSecrets} from './ask.ts';
import {showProgress} from './check-progress.ts';
import type {LineOutput} from './face.ts';
import type {Loaded} from './load.ts';
import {signInPeople} from './sign-in-people.ts';
import {engineSettings, jobsOf, type RunParts} from './start-run.ts';
import {Cancelled} from './system.ts';
import {tellPerson} from './tell-person.ts';

/**
 * @returns the exit code: 0 all can start, 2 a request is invalid, 3 some cannot, 4 none can be signed in to
 * @throws Cancelled where the user stopped it
 */
export async function checkCommand(loaded: Loaded, output: LineOutput, parts: RunParts): Promise<number> {
  const {system, options} = parts;
  if (output !== 'quiet') for (const line of loaded.advice) tellPerson(line, system);
  const say = (line: CheckLine) => {
    if (output !== 'jsonl') return;
    for (const piece of jsonPieces(line, wholeFolder)) system.stdout.write(piece);
  };
  const tellNotes = () => {
    for (const note of loaded.notes) say(inputProblemLine(note, system.now()));
  };
  const ask = async () => {
    const asked = await askSecrets(loaded.requests, system, options);
    await signInPeople(asked, parts);
    return asked;
  };
  const requests = await ask().catch((error: unknown) => {
    tellNotes();
    throw error;
  });
  // Heard before the first line is out: whoever reads it may stop the check at once.
  const stop = new AbortController();
  const release = system.onStopSignal(() => stop.abort());
  say({
    version: 1,
    type: 'check-started',
    at: system.now(),
    from: loaded.from,
    requests: requests.length,
  });
  tellNotes();
  const tell = (checked: Checked) => say(checkedLine(checked, system.now()));
  const found = await lookAtAll(requests, parts, output, stop, tell).finally(release);
  if (found === undefined) throw new Cancelled('Stopped; nothing was copied.');
  for (const checked of found.held) say(checkedLine(checked, system.now()));
  const {all} = found;
  const totals = totalsOf(all.map(rowOf), options.mailboxes);
  if (output === 'plain') system.stdout.write(textOf(all, parts));
  const files = await writeFiles(all, loaded.from, parts);
  if (files.length > 0 && output === 'plain')
    system.stdout.write(`Details:\n${files.map(file => `  ${file}\n`).join('')}`);
  // What was found is told; what could not be written is the file for the desk.
  const isWhole = files.length === fileNames.length;
  const exitCode = isWhole ? exitCodeOf(totals) : Math.max(3, exitCodeOf(totals));
  say({
    version: 1,
    type: 'check-finished',
    at: system.now(),
    exitCode,
    totals,
    ...(files.length === 0 ? {} : {files}),
  });
  return exitCode;
}

/** Levels above a folder: a line and its folders. */
const wholeFolder = 2;

type Found = {
  /** In the order of the list. */
  readonly all: readonly Checked[];
  /** Those whose cause only all of them together could tell: not told yet. */
  readonly held: readonly Checked[];
};

/** @param tell called for each mailbox whose cause needs no other to be known. Undefined where the user stopped it */
async function lookAtAll(
  requests: Loaded['requests'],
  parts: RunParts,
  output: string,
  stop: AbortController,
  tell: (checked: Checked) => void,
): Promise<Found | undefined> {
  const {system, options, given} = parts;
  const jobs = jobsOf(requests, parts);
  const queue = new PQueue({concurrency: given.has('mailboxes') ? options.mailboxes : looksAtOnce});
  const guard = new SignInGuard();
  const servers = new Servers();
  const settings = engineSettings(parts, 'check');
  const {sleep, now, elapsed, random} = system;
  const nothing = async () => undefined;
  const ports = {sleep, now, elapsed, random, takeRows: nothing, restartRows: nothing};
  const progress = showProgress(jobs.length, system, output === 'quiet' || jobs.length === 1);
  const looks = new Map<number, Checked & {readonly told: boolean}>();
  try {
    await Promise.all(
      jobs.map(job =>
        queue.add(async () => {
          const mailbox = loginName(job.what.source);
          progress.started(mailbox);
          const inspection = await inspect(job, settings, ports, stop.signal, guard, servers);
          const checked = {request: job.request, what: job.what, inspection};
          progress.ended(mailbox, rowOf(checked).state === 'ready');
          const told = !inspection.problems.some(each => each.code === 'microsoft-token-refused');
          looks.set(job.request, {...checked, told});
          if (told) tell(checked);
        }),
      ),
    );
  } catch (error) {
    if (!stop.signal.aborted) throw error;
    queue.clear();
    return undefined;
  } finally {
    progress.close();
  }
  const sorted = [...looks.values()].sort((one, other) => one.request - other.request);
  const all = diagnose(sorted);
  return {all, held: all.filter(({told}) => !told)};
}

function checkedLine({request, what, inspection}: Checked, at: number): CheckLine {
  const {source, destination, folders, problems, foreseen, foreseenInAll} = inspection;
  const row = rowOf({request, what, inspection});
  const {state, since, before, messages, bytes, uncounted, unsized, excluded, refused, forecast} = row;
  return {
    version: 1,
    type: 'checked',
    at,
    request,
    title: what.title,
    state,
    ...(since === undefined ? {} : {since}),
    ...(before === undefined ? {} : {before}),
    messages,
    bytes,
    ...(uncounted === undefined ? {} : {uncounted}),
    ...(unsized === undefined ? {} : {unsized}),
    excluded,
    refused,
    ...(forecast === undefined ? {} : {forecast}),
    ...(source === undefined ? {} : {source}),
    ...(destination === undefined ? {} : {destination}),
    folders,
    problems,
    ...(foreseen === undefined ? {} : {foreseen: [...foreseen]}),
    ...(foreseenInAll === undefined ? {} : {foreseenInAll}),
  };
}

/** One mailbox with all its folders; of many a table and what stands in the way. */
function textOf(all: readonly Checked[], {system, options}: RunParts): string {
  const width = system.stdout.isTTY ? Math.max(40, system.stdout.columns ?? 80) : unbroken;
  const rows = all.map(rowOf);
  const closing = closingLines(totalsOf(rows, options.mailboxes), options.mailboxes, width);
  const [only] = all;
  if (only !== undefined && all.length === 1)
    return `${[...detailLines(only, width), '', ...closing].join('\n')}\n`;
  const causes = causesOf(rows);
  const blocks = [
    tableLines(rows, width),
    ...adviceOf(all).map(problem => adviceLines({problem}, width)),
    ...causes.filter(({stops}) => !stops).map(cause => causeLines(cause, width)),
    ...causes.filter(({stops}) => stops).map(cause => causeLines(cause, width)),
    closing,
  ];
  return `${blocks.map(lines => lines.join('\n')).join('\n\n')}\n`;
}

const fileNames = ['check.csv', 'check.json', 'check-messages.csv'] as const;

/**
 * These for the desk. What the disk does not take is told, once for each reason: one
 * that a spreadsheet has open keeps none of the others back.
 * @returns the paths of those that were written
 */
async function writeFiles(
  all: readonly Checked[],
  from: string,
  {places, system, options}: RunParts,
): Promise<readonly string[]> {
  const about = {from, checkedAt: system.now(), atOnce: options.mailboxes};
  const contents: Readonly<Record<(typeof fileNames)[number], () => Chunks>> = {
    'check.csv': () => checkCsv(all),
    'check.json': () => checkJson(all, about),
    'check-messages.csv': () => checkMessagesCsv(all),
  };
  const written: string[] = [];
  const told = new Set<string>();
  for (const name of fileNames) {
    const path = join(places.reports, name);
    try {
      makeFolder(places.reports);
      await nodeDisk.replace(path, contents[name]());
      written.push(path);
    } catch (error) {
      const why = new ReportError(path, error);
      if (!told.has(why.code)) tellPerson(`${why.message} ${why.nextStep}`, system);
      told.add(why.code);
    }
  }
  return written;
}
