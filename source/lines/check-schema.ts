// The lines of `check --output jsonl` as a schema: what is checked, a line a mailbox as its look is finished, how it
// ended; or why it did not begin, or that it was stopped. Follows check/row.ts and engine/look/inspection.ts; a test holds the
// lines against it.
import {z} from 'zod';
import {eventVersion} from '../engine/events.ts';
import {fixedSchema, inputProblemSchema, refusedSchema} from './input-schema.ts';
import {messageNameSchema, plannedFolderSchema, problemSchema} from './jsonl-schema.ts';

const text = z.string();
const count = z.number();
/** Selected folders that are not in the numbers: not counted by date; and in `messages`, but of no known size. */
const missing = {uncounted: count.exactOptional(), unsized: count.exactOptional()};
const range = z.object({low: count, high: count});

const inspectedEnd = z.object({
  login: text,
  server: text,
  folders: count,
  messages: count,
  bytes: count.exactOptional(),
  freeBytes: count.exactOptional(),
  largestMessage: count.exactOptional(),
});

const inspectedFolder = z.object({
  ...plannedFolderSchema.shape,
  inDates: z.object({messages: count, bytes: count}).exactOptional(),
});

export const checkLineSchema = z.discriminatedUnion('type', [
  z.object({
    version: z.literal(eventVersion),
    type: z.literal('check-started'),
    at: count,
    from: text,
    requests: count,
  }),
  z.object({
    version: z.literal(eventVersion),
    type: z.literal('checked'),
    at: count,
    request: count,
    title: text,
    state: z.enum(['ready', 'stopped', 'unreached']),
    /** Where there are dates, `messages` and `bytes` are those of the mail within them. */
    since: text.exactOptional(),
    before: text.exactOptional(),
    messages: count,
    bytes: count,
    ...missing,
    excluded: count,
    refused: count,
    forecast: range.exactOptional(),
    source: inspectedEnd.exactOptional(),
    destination: inspectedEnd.exactOptional(),
    folders: z.array(inspectedFolder).readonly(),
    problems: z.array(problemSchema).readonly(),
    foreseen: z
      .array(z.object({folder: text, message: messageNameSchema, problem: problemSchema}))
      .readonly()
      .exactOptional(),
    /** Where `foreseen` names only the first of them. */
    foreseenInAll: count.exactOptional(),
  }),
  z.object({
    version: z.literal(eventVersion),
    type: z.literal('check-finished'),
    at: count,
    exitCode: count,
    totals: z.object({
      requests: count,
      ready: count,
      stopped: count,
      unreached: count,
      dated: count.exactOptional(),
      messages: count,
      bytes: count,
      ...missing,
      forecast: range.exactOptional(),
    }),
    /** check.csv, check.json and check-messages.csv, absolute, but those that could not be written; absent where none could. */
    files: z.array(text).readonly().exactOptional(),
  }),
  inputProblemSchema,
  refusedSchema,
  fixedSchema,
]);

export type CheckLine = z.output<typeof checkLineSchema>;
