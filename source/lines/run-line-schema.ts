// The lines of a run's `--output jsonl` as a schema, for programs that read them. events.schema.json is the same as JSON
// Schema (2020-12), for other languages: open to new fields and types, which do not raise the version.
import {z} from 'zod';
import {eventVersion} from '../engine/events.ts';
import {inputProblemSchema, refusedSchema} from './input-schema.ts';
import {runEventSchema} from './jsonl-schema.ts';
import {runSnapshotSchema} from './snapshot-schema.ts';

/** An event; what is said of the file that the run is made from; how the run stands; why there is none. */
export const jsonLineSchema = z.intersection(
  z.object({version: z.literal(eventVersion)}),
  z.discriminatedUnion('type', [
    ...runEventSchema.options,
    inputProblemSchema,
    runSnapshotSchema,
    refusedSchema,
  ]),
);
