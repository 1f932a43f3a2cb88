// The command of --notify: told at the end of a run what came of it. What it does, and whether it can, changes nothing
// about the run.
import {readFile} from 'node:fs/promises';
import {join} from 'node:path';
import {jsonText} from '../format/json.ts';
import {runShellCommand} from '../profiles/shell-command.ts';

export type Ended = {
  readonly run: string;
  readonly exitCode: number;
  /** Folder of the report, where one could be written. */
  readonly reports?: string;
};

/** A mail or a message is sent in less; nobody waits longer for a run that is over. */
const mostSeconds = 30;

/**
 * Runs the command through the shell: summary.json on its standard input; MAILFERRY_RUN, MAILFERRY_EXIT_CODE and
 * MAILFERRY_REPORTS in its environment.
 *
 * @param env what it gets besides
 * @returns what to tell a person where it failed; it never rejects
 */
export async function notify(
  command: string,
  ended: Ended,
  env: Readonly<Record<string, string | undefined>>,
  seconds = mostSeconds,
): Promise<string | undefined> {
  const {run, exitCode, reports} = ended;
  const own = {
    MAILFERRY_RUN: run,
    MAILFERRY_EXIT_CODE: String(exitCode),
    ...(reports === undefined ? {} : {MAILFERRY_REPORTS: reports}),
  };
  try {
    const result = await runShellCommand(command, seconds * 1000, undefined, {
      input: await summaryOf(ended),
      env: {...env, ...own},
    });
    if (result.timedOut)
      return `The command of --notify was not done within ${seconds} seconds; it was ended.`;
    if (result.status === 0) return undefined;
    const how = result.status === null ? 'was killed' : `ended with status ${result.status}`;
    return `The command of --notify ${how}. Run it by hand to see why; the run itself is not touched by it.`;
  } catch {
    return 'The command of --notify could not be started: there is no shell.';
  }
}

/** Without a report: what is known all the same. */
async function summaryOf({run, exitCode, reports}: Ended): Promise<string> {
  try {
    if (reports !== undefined) return await readFile(join(reports, 'summary.json'), 'utf8');
  } catch {
    // It could not be written, and that has been said.
  }
  return `${jsonText({version: 1, run, exitCode})}\n`;
}
