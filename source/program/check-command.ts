// `mailferry check`: signs in at both ends of every request, lists, counts, says what stands in the way. Copies and
// creates nothing.
import PQueue from 'p-queue';
import {cleanText} from '../engine/clean.ts';
import {inspect} from '../engine/inspect.ts';
import type {Inspection} from '../engine/inspection.ts';
import {formatBytes} from '../format/bytes.ts';
import {countOf, formatCount} from '../format/count.ts';
import {formatForecast} from '../format/duration.ts';
import {jsonText} from '../format/json.ts';
import {forecastOf, forecastTogether} from '../request/forecast.ts';
import type {Request} from '../request/schema.ts';
import {askSecrets} from './ask.ts';
import type {Loaded} from './load.ts';
import {engineSettings, jobsOf, type RunParts} from './start-run.ts';

/** One line of `check --output jsonl`. */
export type CheckLine = {
  readonly version: 1;
  readonly type: 'checked';
  readonly request: number;
  readonly title: string;
} & Inspection;

/** @returns the exit code: 0 all can start, 2 a request is invalid, 3 some cannot, 4 none can be signed in to */
export async function checkCommand(
  loaded: Loaded,
  output: 'plain' | 'jsonl' | 'quiet',
  parts: RunParts,
): Promise<number> {
  const {system, options} = parts;
  for (const line of loaded.advice) system.stderr.write(`${line}\n`);
  const requests = await askSecrets(loaded.requests, system, options.noInput);
  const jobs = jobsOf(requests, system);
  const stop = new AbortController();
  const release = system.onStopSignal(() => stop.abort());
  const queue = new PQueue({concurrency: options.mailboxes});
  const {sleep, now, random} = system;
  const ports = {sleep, now, random, takeRows: async () => undefined, restartRows: async () => undefined};
  const results = new Map<number, {readonly request: Request; readonly inspection: Inspection}>();
  try {
    await Promise.all(
      jobs.map(job =>
        queue.add(async () => {
          const inspection = await inspect(job, engineSettings(parts, 'check'), ports, stop.signal);
          results.set(job.request, {request: job.what, inspection});
          if (output === 'jsonl') {
            const line: CheckLine = {
              version: 1,
              type: 'checked',
              request: job.request,
              title: job.what.title,
              ...inspection,
            };
            system.stdout.write(`${jsonText(line)}\n`);
          } else if (output === 'plain')
            system.stdout.write(`${checkText(job.what, inspection, jobs.length === 1)}\n`);
        }),
      ),
    );
  } catch (error) {
    if (!stop.signal.aborted) throw error;
    queue.clear();
    system.stderr.write('Stopped; nothing was copied.\n');
    return 130;
  } finally {
    release();
  }
  const all = [...results.values()];
  const exitCode = exitCodeOf(all.map(({inspection}) => inspection));
  if (output === 'plain') system.stdout.write(closing(all, options.mailboxes));
  return exitCode;
}

const stops = (inspection: Inspection) => inspection.problems.filter(each => each.verdict === 'stop');
const reached = (inspection: Inspection) =>
  inspection.source !== undefined && inspection.destination !== undefined;

function exitCodeOf(all: readonly Inspection[]): number {
  const bad = all.filter(each => !reached(each) || stops(each).length > 0);
  if (bad.length === 0) return 0;
  if (all.every(each => !reached(each))) return 4;
  return bad.length === all.length ? 2 : 3;
}

/** One mailbox as text; with every folder where there is only one. */
export function checkText(request: Request, inspection: Inspection, withFolders: boolean): string {
  const {source, destination, folders, problems} = inspection;
  const selected = folders.filter(folder => folder.selected);
  const messages = selected.reduce((all, folder) => all + folder.messages, 0);
  const bytes = selected.reduce((all, folder) => all + (folder.bytes ?? 0), 0);
  const lines = [
    `${reached(inspection) && stops(inspection).length === 0 ? 'ok  ' : 'FAIL'}  ${cleanText(request.title)}`,
  ];
  if (source !== undefined)
    lines.push(
      `      source       ${source.login} at ${source.server}: ${countOf(source.folders, 'folder')}, ${countOf(source.messages, 'message')}`,
    );
  if (destination !== undefined) {
    const free = destination.freeBytes === undefined ? '' : `, ${formatBytes(destination.freeBytes)} free`;
    lines.push(`      destination  ${destination.login} at ${destination.server}${free}`);
  }
  if (reached(inspection))
    lines.push(
      `      to copy      ${countOf(messages, 'message')}, ${formatBytes(bytes)}, from ${formatCount(selected.length)} of ${countOf(folders.length, 'folder')}`,
      `      time         ${timeText([{request, inspection}], 1)}`,
    );
  if (withFolders)
    for (const folder of folders) {
      const size = folder.bytes === undefined ? '' : formatBytes(folder.bytes);
      const what = folder.selected ? `→ ${folder.destination}` : folder.reason;
      lines.push(
        `      ${folder.selected ? '[x]' : '[ ]'} ${cleanText(folder.source).padEnd(28)} ${formatCount(folder.messages).padStart(8)} ${size.padStart(9)}  ${cleanText(what ?? '')}`,
      );
      for (const note of folder.notes) lines.push(`          ${note}`);
    }
  for (const each of problems) {
    lines.push(`      ${each.verdict === 'stop' ? 'problem' : 'note'}: ${each.sentence}`);
    if (each.nextStep !== undefined) lines.push(`        ${each.nextStep}`);
    if (each.detail !== undefined) lines.push(`        (${each.detail})`);
  }
  return lines.join('\n');
}

type Result = {readonly request: Request; readonly inspection: Inspection};

function closing(all: readonly Result[], atOnce: number): string {
  const good = all.filter(({inspection}) => reached(inspection) && stops(inspection).length === 0);
  const bad = all.length - good.length;
  const nothing = 'Nothing was copied or created.\n';
  const can = `${countOf(good.length, 'mailbox', 'mailboxes')} can be copied`;
  const time = good.length > 1 ? `, all of them in ${timeText(good, atOnce)}` : '';
  return bad === 0
    ? `${can}${time}. ${nothing}`
    : `${can}${time}, ${formatCount(bad)} cannot: see above. ${nothing}`;
}

/** About how long the selected folders take, before what is already there is known. */
function timeText(all: readonly Result[], atOnce: number): string {
  const each = all.map(({request, inspection}) => {
    const selected = inspection.folders.filter(folder => folder.selected);
    return forecastOf(request, {
      messages: selected.reduce((sum, folder) => sum + folder.messages, 0),
      bytes: selected.reduce((sum, folder) => sum + (folder.bytes ?? 0), 0),
    });
  });
  const {low, high} = forecastTogether(each, atOnce);
  return formatForecast(low, high);
}
