// `mailferry run` without the screens: plain lines, JSON lines, or nothing but the exit code.

import {countOf} from '../format/count.ts';
import {createJsonl, type JsonLines} from '../lines/jsonl.ts';
import {createPlain} from '../lines/plain.ts';
import type {Live} from '../live/folder.ts';
import {requestEnded} from '../progress/counted.ts';
import type {Snapshot} from '../progress/snapshot.ts';
import type {Request} from '../request/schema.ts';
import {askSecrets, canAsk, confirm} from './ask.ts';
import type {LineOutput} from './face.ts';
import type {Loaded} from './load.ts';
import {pacedLines} from './paced-lines.ts';
import {signInPeople} from './sign-in-people.ts';
import {type Listener, type RunParts, startRun} from './start-run.ts';
import {Cancelled, notStarted, UsageProblem} from './system.ts';

/** @returns the exit code @throws UsageProblem, ReportError, Cancelled where it is not to start */
export async function runLines(loaded: Loaded, output: LineOutput, parts: RunParts): Promise<number> {
  const lines = listenerOf(output, loaded, parts);
  try {
    return await runWith(lines, loaded, output, parts);
  } catch (error) {
    lines.refused?.(parts.system.now());
    throw error;
  }
}

async function runWith(
  lines: RunListener,
  loaded: Loaded,
  output: LineOutput,
  parts: RunParts,
): Promise<number> {
  const {system, options} = parts;
  if (loaded.advice.length > 0 && output !== 'quiet') {
    // Loaded where there is something to break into lines: what measures text takes its time.
    const {tellPerson} = await import('./tell-person.ts');
    for (const line of loaded.advice) tellPerson(line, system);
  }
  const requests = await askSecrets(loaded.requests, system, options);
  await signInPeople(requests, parts);
  if (!options.yes && !options.dryRun) await askToStart(requests, parts);
  let asked = 0;
  let handle: ReturnType<typeof startRun> | undefined;
  /** Where others can watch it; a dry run is not listened to. */
  let live: Live | undefined;
  // Heard before the first line is out: whoever reads it may stop the run at once.
  const release = system.onStopSignal(signal => {
    // A signal comes between two turns of the program: the run has begun, or never will.
    if (handle === undefined) return;
    if (signal === 'HUP') {
      // The terminal is gone; nobody need be there for the run.
      const how =
        live === undefined
          ? ' to its end and its report.'
          : `: ${parts.history.command(`attach ${live.run}`)}`;
      system.stderr.write(`The terminal is gone, the run goes on${how}\n`);
      return;
    }
    if (isOver(handle.store.getSnapshot())) {
      system.stderr.write('The run has ended; its report is being finished.\n');
      return;
    }
    asked++;
    if (asked <= 2)
      system.stderr.write(
        asked === 1
          ? 'Stopping: what is in flight is finished. Once more to stop now.\n'
          : 'Stopping now. Run it again to go on.\n',
      );
    handle.stop();
  });
  try {
    handle = startRun(requests, loaded.from, parts, lines);
    handle.listening.then(
      found => {
        live = found;
      },
      () => undefined,
    );
    const outcome = await handle.done;
    for (const text of [outcome.reportProblem, outcome.warning])
      if (text !== undefined) system.stderr.write(`${text}\n`);
    return outcome.exitCode;
  } finally {
    release();
  }
}

/** There is nothing left to stop: what goes on is the report, and what --notify asks for. */
function isOver({requests, exitCode}: Snapshot): boolean {
  return exitCode !== undefined || (requests.length > 0 && requests.every(({state}) => requestEnded(state)));
}

async function askToStart(requests: readonly Request[], {system, options}: RunParts): Promise<void> {
  if (!canAsk(system, options.noInput))
    throw new UsageProblem('This would start copying without a last question. Add --yes to say that it may.');
  const question = `Copy ${countOf(requests.length, 'mailbox', 'mailboxes')}?`;
  if (!(await confirm(question, system, notStarted))) throw new Cancelled(notStarted);
}

type RunListener = Listener & Partial<Pick<JsonLines, 'refused'>>;

function listenerOf(output: LineOutput, {notes}: Loaded, {system}: RunParts): RunListener {
  const write = (text: string) => {
    system.stdout.write(text);
  };
  if (output === 'plain') return createPlain({write, now: system.now});
  if (output === 'jsonl') {
    const lines = createJsonl({write, notes});
    return {...pacedLines(lines, system), refused: lines.refused};
  }
  return {take: () => undefined, tick: () => undefined};
}
