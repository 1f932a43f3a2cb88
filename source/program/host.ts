// A run in a process of its own, without a terminal: the screens start it and watch it as anybody else may, so that it
// goes on where they are left, closed or killed.
import {spawn} from 'node:child_process';
import type {Options} from '../command-line/option-table.ts';
import {watchRun} from '../live/client.ts';
import type {Live} from '../live/folder.ts';
import {RunGone} from '../live/run-errors.ts';
import {ReportError} from '../report/report-error.ts';
import type {Request} from '../request/schema.ts';
import type {RunHandle} from '../services.ts';
import {endOf} from './find-run.ts';
import {readRequests, writeRequests} from './hand-over.ts';
import {openHistory} from './history.ts';
import {hostWord} from './host-word.ts';
import {openSignIns} from './microsoft.ts';
import {placesOf} from './places.ts';
import {readCa} from './run-options.ts';
import {type RunParts, startRun} from './start-run.ts';
import {type System, UsageProblem} from './system.ts';

type Handed = {
  readonly requests: unknown;
  readonly from: string;
  readonly options: Options;
  readonly given: readonly (keyof Options)[];
  readonly reports: string;
  readonly retryOf?: string;
  readonly folder?: string;
  /** Sign-ins that are nowhere but in memory. */
  readonly remembered: readonly (readonly [string, string])[];
};

/** The first and only line the host says to whoever started it. */
type Answer = {readonly live: Live} | {readonly refused: string};

/** A dry run is over soon and leaves nothing behind: it needs no process of its own. */
export function startForScreens(requests: readonly Request[], from: string, parts: RunParts): RunHandle {
  return (parts.options.dryRun ? startRun : startHosted)(requests, from, parts);
}

/** Starts a run that outlives this process. `done` rejects with UsageProblem where it could not begin. */
function startHosted(requests: readonly Request[], from: string, parts: RunParts): RunHandle {
  const {system, options, given, places, signIns} = parts;
  const [program = '', ...own] = system.self;
  const child = spawn(program, [...own, hostWord], {
    cwd: system.files.workingDirectory,
    env: {...system.env},
    // A session of its own: no terminal's hang-up or Ctrl+C reaches it.
    detached: true,
    stdio: ['pipe', 'pipe', 'ignore'],
    windowsHide: true,
  });
  const handed: Handed = {
    requests: writeRequests(requests),
    ...{from, options, given: [...given], reports: places.reports},
    ...(parts.retryOf === undefined ? {} : {retryOf: parts.retryOf}),
    ...(parts.folder === undefined ? {} : {folder: parts.folder}),
    remembered: [...signIns.remembered],
  };
  child.stdin.on('error', () => undefined);
  child.stdin.end(JSON.stringify(handed));
  child.unref();
  const where = {history: parts.history, state: places.state};
  return watchRun(answerOf(child), {endOf: run => endOf(run, where), command: places.command});
}

async function answerOf(child: ReturnType<typeof spawn>): Promise<Live> {
  const gone = new RunGone('The run could not be started: its process ended at once. Try --output plain.');
  const text = await new Promise<string>((resolve, reject) => {
    let said = '';
    child.once('error', () => reject(gone));
    child.stdout?.setEncoding('utf8').on('data', (part: string) => {
      said += part;
      if (said.includes('\n')) resolve(said);
    });
    child.stdout?.once('end', () => reject(gone));
  });
  child.stdout?.destroy();
  const answer = JSON.parse(text) as Answer;
  if ('refused' in answer) throw new UsageProblem(answer.refused);
  return answer.live;
}

/** The other side: takes the run from standard input, says where it listens, and carries it out. @returns the exit code */
export async function hostRun(system: System): Promise<number> {
  const say = (answer: Answer) => system.stdout.write(`${JSON.stringify(answer)}\n`);
  const parts: Buffer[] = [];
  for await (const part of system.stdin) parts.push(Buffer.from(part));
  const handed = JSON.parse(Buffer.concat(parts).toString('utf8')) as Handed;
  const {options, from, reports} = handed;
  const places = placesOf({...options, reports}, system.files.workingDirectory);
  const handle = startRun(readRequests(handed.requests), from, {
    ...{options, given: new Set(handed.given), places, history: openHistory(places.state, places.command)},
    ...(handed.retryOf === undefined ? {} : {retryOf: handed.retryOf}),
    ...(handed.folder === undefined ? {} : {folder: handed.folder}),
    ...{system, ca: readCa(options), signIns: openSignIns(system, handed.remembered)},
  });
  const release = system.onStopSignal(signal => {
    if (signal !== 'HUP') handle.stop();
  });
  try {
    const live = await handle.listening;
    if (live === undefined) {
      handle.stop();
      say({
        refused: `Nobody could watch the run: its socket cannot be made below ${places.state}. Try another --state folder, or --output plain.`,
      });
      await handle.done;
      return 1;
    }
    say({live});
    return (await handle.done).exitCode;
  } catch (error) {
    say({refused: wordsOf(error)});
    return 1;
  } finally {
    release();
  }
}

function wordsOf(error: unknown): string {
  if (error instanceof ReportError) return `${error.message} ${error.nextStep}\nNothing was copied.`;
  return error instanceof Error ? error.message : String(error);
}
