// The lines about what was asked for, before or in place of work: what is wrong or to be looked at in a CSV or a
// profile, and why nothing was begun. `run` and `check` share them.
import {z} from 'zod';
import {eventVersion} from '../engine/events.ts';

const text = z.string();
const count = z.number();

const found = {
  /** An error refuses the file; a warning or advice does not. */
  severity: z.enum(['error', 'warning', 'advice']),
  /** From 1; of a row that spans lines, its first. Absent in a profile. */
  line: count.exactOptional(),
  /** From 1. Absent where the whole row or file is meant. */
  column: z.object({number: count, name: text}).exactOptional(),
  /** The field of the request, as `--set` takes it. */
  field: text.exactOptional(),
  sentence: text,
  /** What the cell holds, cleaned and bounded. Never a secret. */
  value: text.exactOptional(),
  /** What to write instead. */
  fix: text.exactOptional(),
  /** Further lines of which the same is true. */
  more: count.exactOptional(),
};

/** `file`: the CSV's path, absolute, or the profile's name. */
const inputProblem = z.object({file: text, ...found});

/**
 * One thing about the CSV or the profile. Those that refuse it come before the last line, the others behind the first, or
 * before the last where nothing was begun.
 */
export const inputProblemSchema = z.object({
  version: z.literal(eventVersion),
  type: z.literal('input-problem'),
  at: count,
  ...inputProblem.shape,
});

/** The last line where there is no other: nothing was begun, a check was stopped, or mailferry itself broke, or the run that was watched broke off. */
export const refusedSchema = z.object({
  version: z.literal(eventVersion),
  type: z.enum(['refused', 'broke']),
  at: count,
  exitCode: count,
  /** For a person. */
  sentence: text,
});

/** The only line of `check --fix`: what was changed, and what is left in the file that was written. */
export const fixedSchema = z.object({
  version: z.literal(eventVersion),
  type: z.literal('fixed'),
  at: count,
  exitCode: count,
  file: text,
  changes: z.array(z.object({line: count.exactOptional(), sentence: text})).readonly(),
  problems: z.array(z.object(found)).readonly(),
});

export type InputProblem = z.output<typeof inputProblem>;
export type InputProblemLine = z.output<typeof inputProblemSchema>;
export type RefusedLine = z.output<typeof refusedSchema>;
export type FixedLine = z.output<typeof fixedSchema>;
