// The line that says how a run stands, for who comes to it later (`attach --output jsonl`): what the events before would
// have told, without the single messages. Follows progress/snapshot.ts.
import {z} from 'zod';
import {eventVersion} from '../engine/events.ts';
import {
  countsSchema,
  folderStateSchema,
  plannedFolderSchema,
  problemSchema,
  requestStateSchema,
  requestSummarySchema,
} from './jsonl-schema.ts';

const text = z.string();
const count = z.number();
/** ms since 1970 */
const time = z.number();

const progress = {
  counts: countsSchema,
  /** Bytes of all selected messages; of those, the ones that are there already or were copied. */
  selectedBytes: count,
  doneBytes: count,
  /** True once it is known how much there is to do. */
  counted: z.boolean(),
};

const folder = plannedFolderSchema.omit({messages: true, bytes: true}).extend({
  messages: count.exactOptional(),
  state: folderStateSchema,
  ...progress,
  problem: problemSchema.exactOptional(),
});

const request = requestSummarySchema.extend({
  state: requestStateSchema,
  problem: problemSchema.exactOptional(),
  notes: z.array(problemSchema).readonly(),
  ...progress,
  paused: z.boolean(),
  stopping: z.enum(['finish', 'abort']).exactOptional(),
  waits: z
    .array(z.object({end: z.enum(['source', 'destination']), until: time, problem: problemSchema}))
    .readonly(),
  startedAt: time.exactOptional(),
  endedAt: time.exactOptional(),
  folders: z.array(folder).readonly(),
});

export const runSnapshotSchema = z.object({
  version: z.literal(eventVersion),
  type: z.literal('run-snapshot'),
  at: time,
  run: text,
  dryRun: z.boolean(),
  startedAt: time,
  mailboxes: count.exactOptional(),
  paused: z.boolean(),
  stopping: z.enum(['finish', 'abort']).exactOptional(),
  totals: countsSchema,
  selectedBytes: count,
  doneBytes: count,
  counted: z.boolean(),
  notes: z.array(problemSchema).readonly(),
  requests: z.array(request).readonly(),
});

export type RunSnapshotLine = z.output<typeof runSnapshotSchema>;
