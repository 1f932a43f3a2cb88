// A run for programs: one event a line, as jsonl-schema.ts describes it.
import {eventVersion, type RunEvent} from '../engine/events.ts';
import {jsonText} from '../format/json.ts';
import type {Lines} from './plain.ts';

/** The line of an event, without its line end. Each carries the version, so that a single line can be read alone. */
export function jsonLine(event: RunEvent): string {
  return jsonText({version: eventVersion, ...event});
}

/** `write` takes whole lines with their line end. The first line is run-started, the last run-finished. */
export function createJsonl({write}: {write: (text: string) => void; now?: () => number}): Lines {
  return {
    take(event) {
      write(`${jsonLine(event)}\n`);
    },
    tick() {},
  };
}
