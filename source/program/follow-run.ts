// `mailferry attach` without the screens: the run as it stands, what happens in it from now on, how it ends.
import {createJsonl} from '../lines/jsonl.ts';
import {createPlain, type JoinedLines} from '../lines/plain.ts';
import {summaryText} from '../summary/text.ts';
import {openRun, type Where} from './attach.ts';
import type {LineOutput} from './face.ts';
import type {System} from './system.ts';
import {ticking} from './ticking.ts';

/**
 * @param run its name; without one the only run at work
 * @returns the run's exit code; 0 where it goes on and this program was told to leave
 * @throws UsageProblem where there is nothing to see, RunLost where the run breaks off
 */
export async function followRun(
  run: string | undefined,
  output: LineOutput,
  where: Where,
  system: System,
): Promise<number> {
  const write = (text: string) => {
    system.stdout.write(text);
  };
  const lines = linesFor(output, write, system);
  let told = false;
  const handle = await openRun(run, where, {
    stands: snapshot => {
      // Before its start it has nothing to say; what comes with its end has been told.
      if (snapshot.startedAt !== 0 && !told) lines.stands(snapshot, system.now());
    },
    take: event => {
      lines.take(event);
      told ||= event.type === 'run-finished';
    },
  });
  const left = Promise.withResolvers<undefined>();
  const leave = () => {
    handle.detach?.();
    left.resolve(undefined);
  };
  const release = system.onStopSignal(leave);
  // Nobody reads any more (| head): the run does not need this program.
  system.stdout.on('error', leave);
  const stopTicking = ticking(system, lines);
  try {
    const outcome = await Promise.race([handle.done, left.promise]);
    if (outcome === undefined) {
      const {run: name} = handle.store.getSnapshot();
      system.stderr.write(`The run ${name} goes on: ${where.history.command(`attach ${name}`)}\n`);
      return 0;
    }
    const {snapshot, reports, exitCode} = outcome;
    if (!told && output === 'plain') write(`${summaryText(snapshot, reports)}\n`);
    if (!told && output === 'jsonl') {
      const at = snapshot.endedAt ?? system.now();
      if (handle.detach === undefined) lines.stands(snapshot, at);
      const written = reports === undefined ? {} : {reports};
      lines.take({type: 'run-finished', at, exitCode, totals: snapshot.totals, ...written});
    }
    return exitCode;
  } finally {
    release();
    system.stdout.off('error', leave);
    stopTicking();
  }
}

function linesFor(output: LineOutput, write: (text: string) => void, {now}: System): JoinedLines {
  if (output === 'plain') return createPlain({write, now});
  if (output === 'jsonl') return createJsonl({write});
  return {stands: () => undefined, take: () => undefined, tick: () => undefined};
}
