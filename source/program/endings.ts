// What the program says when it ends without a result, and with which exit code: to people on standard error, to
// programs that read JSON lines as the last line.
import {stoppedCode} from '../early-stop.ts';
import {eventVersion} from '../engine/events.ts';
import {cleanText} from '../format/clean.ts';
import {jsonText} from '../format/json.ts';
import type {RefusedLine} from '../lines/input-schema.ts';
import {inputProblemLine} from '../lines/jsonl.ts';
import {RunGone, RunLost} from '../live/run-errors.ts';
import {ProfileError} from '../profiles/profile-error.ts';
import {ReportError} from '../report/report-error.ts';
import {InputRefused} from './input-refused.ts';
import {Cancelled, ScreensBroke, type System, UsageProblem} from './system.ts';
import {tellPerson} from './tell-person.ts';

export type Ending = {
  readonly exitCode: 1 | 2 | typeof stoppedCode;
  /** For standard error. */
  readonly words: string;
  /** The same in one sentence. */
  readonly sentence: string;
  /** The engine may still be at work with nobody to see it; the ledger holds what it has done. */
  readonly leave?: true;
};

/** Whoever kills a run has stopped it, and it can be gone on with in the same way; that is no bug of ours. */
const lostCodes = {refused: 2, silent: 2, broke: 1, killed: stoppedCode} as const;

/** @param error whatever was thrown */
export function endingOf(error: unknown): Ending {
  if (error instanceof InputRefused) return {exitCode: 2, words: error.message, sentence: error.sentence};
  if (error instanceof Cancelled) return said(stoppedCode, error.message);
  if (error instanceof UsageProblem || error instanceof ProfileError) return said(2, error.message);
  if (error instanceof RunLost) return said(lostCodes[error.how], error.message);
  if (error instanceof RunGone) return said(1, error.message);
  if (error instanceof ReportError) return said(2, `${error.message} ${error.nextStep}\nNothing was copied.`);
  if (error instanceof ScreensBroke) {
    const what = cleanText(error.message, 200).replace(/\.$/, '');
    const words = `mailferry has made a mistake of its own (${what}): run it again to go on, and please report this.`;
    return {...said(1, words), leave: true};
  }
  const words = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return {
    ...said(1, `mailferry has made a mistake of its own; please report this:\n${words}`),
    sentence: `mailferry has made a mistake of its own: ${cleanText(error instanceof Error ? error.message : String(error), 200)}`,
  };
}

function said(exitCode: Ending['exitCode'], words: string): Ending {
  return {exitCode, words, sentence: words.replaceAll(/\s+/g, ' ')};
}

/** The last lines of the output for programs: every problem of the file, then that nothing comes of it. */
export function endingLines(error: unknown, at: number): string {
  const {exitCode, sentence} = endingOf(error);
  const problems = error instanceof InputRefused ? error.problems : [];
  const broke = exitCode === 1 || (error instanceof RunLost && lostCodes[error.how] !== 2);
  const last: RefusedLine = {
    ...{version: eventVersion, type: broke ? 'broke' : 'refused', at, exitCode},
    sentence: cleanText(sentence, 2000),
  };
  return [...problems.map(problem => inputProblemLine(problem, at)), last]
    .map(line => `${jsonText(line)}\n`)
    .join('');
}

/** @returns the exit code, unless it leaves at once */
export function tellEnding(
  error: unknown,
  argv: readonly string[],
  system: System,
  leave: () => void,
): number {
  const ending = endingOf(error);
  if (wantsJsonLines(argv)) system.stdout.write(endingLines(error, system.now()));
  tellPerson(ending.words, system, ending.leave === true ? leave : undefined);
  return ending.exitCode;
}

/** Whether the command line asks for JSON lines, even where the rest of it cannot be read. */
function wantsJsonLines(argv: readonly string[]): boolean {
  return argv.some(
    (word, index) => word === '--output=jsonl' || (word === '--output' && argv[index + 1] === 'jsonl'),
  );
}
