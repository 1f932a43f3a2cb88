// The lines of `mailferry runs --output jsonl` as a schema: one a run, the newest first. Follows program/runs-list.ts.
import {z} from 'zod';
import {eventVersion} from '../engine/events.ts';

const text = z.string();
const count = z.number();
/** ms since 1970 */
const time = z.number();

export const runLineSchema = z.object({
  version: z.literal(eventVersion),
  type: z.literal('run'),
  run: text,
  /** The CSV's path, absolute, or the profile's name. */
  from: text,
  state: z.enum(['running', 'paused', 'stopping', 'complete', 'stopped', 'failed', 'broken-off']),
  startedAt: time,
  /** Absent while it is at work, and where it was broken off. */
  endedAt: time.exactOptional(),
  exitCode: count.exactOptional(),
  /** Mailboxes; of those, the ones that are processed, and those that failed or have failed messages. */
  requests: count,
  processed: count,
  failed: count,
  /** Messages, where they are known: those at the destination are `arrived`. */
  messages: z.object({selected: count, arrived: count, failed: count}).exactOptional(),
  /** Folder of the reports, absolute. */
  reports: text.exactOptional(),
  /** The run whose failures it tried again. */
  retryOf: text.exactOptional(),
});

export type RunLine = z.output<typeof runLineSchema>;
