// A run for programs: one event a line, as jsonl-schema.ts describes it.
import {eventVersion, type RunEvent} from '../engine/events.ts';
import {jsonText} from '../format/json.ts';
import type {InputProblem, InputProblemLine} from './input-schema.ts';
import type {JoinedLines} from './plain.ts';
import {snapshotLine} from './snapshot-line.ts';

/** The line of an event, without its line end. Each carries the version, so that a single line can be read alone. */
function jsonLine(event: RunEvent): string {
  return jsonText({version: eventVersion, ...event});
}

/** @param at ms since 1970 */
export function inputProblemLine(problem: InputProblem, at: number): InputProblemLine {
  return {version: eventVersion, type: 'input-problem', at, ...problem};
}

type Options = {
  /** Takes whole lines with their line end. */
  readonly write: (text: string) => void;
  /** About the file the run is made from; told once the run is described. */
  readonly notes?: readonly InputProblem[];
};

export type JsonLines = JoinedLines & {
  /** It has not begun, and whoever knows why says so next. `at` in ms since 1970. */
  refused(at: number): void;
};

/** The first line is run-started, or how a run stands that is joined later; the last is run-finished. */
export function createJsonl({write, notes = []}: Options): JsonLines {
  let untold = notes;
  const tellNotes = (at: number) => {
    for (const note of untold) write(`${jsonText(inputProblemLine(note, at))}\n`);
    untold = [];
  };
  return {
    stands(snapshot, at) {
      write(`${jsonText(snapshotLine(snapshot, at))}\n`);
    },
    take(event) {
      write(`${jsonLine(event)}\n`);
      if (event.type === 'run-started') tellNotes(event.at);
    },
    refused: tellNotes,
    tick() {},
  };
}
