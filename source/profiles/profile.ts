// What a saved profile holds. Never a secret: where one is needed, it says where the secret is, or is asked for.
import {z} from 'zod';
import {type Answers, type FieldKey, fields} from '../request/fields.ts';
import {withoutSecrets} from '../request/without-secrets.ts';

const keys = fields.map(field => field.key) as [FieldKey, ...FieldKey[]];

/** Clear secrets are dropped on the way in and on the way out: a file may have been edited by hand. */
export const answersSchema = z
  .partialRecord(z.enum(keys), z.string().max(10_000))
  .transform((answers): Answers => withoutSecrets(answers));

const runOptionsSchema = z.object({
  include: z.array(z.string()).readonly().optional(),
  exclude: z.array(z.string()).readonly().optional(),
  withJunk: z.boolean().optional(),
  mailboxes: z.int().min(1).optional(),
  connections: z.int().min(1).optional(),
  /** MB of mail held in flight. */
  memory: z.int().min(1).optional(),
  passwordPolicy: z.enum(['off', 'advise', 'strict']).optional(),
  /** Path of a PEM file. */
  ca: z.string().optional(),
  allowPlaintext: z.boolean().optional(),
});

export const profileSchema = z.discriminatedUnion('kind', [
  z.object({kind: z.literal('request'), answers: answersSchema, options: runOptionsSchema.default({})}),
  z.object({kind: z.literal('csv'), path: z.string().min(1), options: runOptionsSchema.default({})}),
]);

export type RunOptions = Readonly<z.output<typeof runOptionsSchema>>;
export type Profile = Readonly<z.output<typeof profileSchema>>;
export type ProfileInput = Readonly<z.input<typeof profileSchema>>;

/** `mailferry run NAME` must not take a profile for a file or an option. Gives the sentence that refuses a name. */
export function profileNameRule(name: string): string | undefined {
  if (name.trim() === '') return 'A profile needs a name.';
  if (name !== name.trim()) return 'The name must not begin or end with a blank.';
  if (name.length > 60) return 'The name is longer than 60 characters.';
  if (/[\p{Cc}\p{Cf}\u2028\u2029]/u.test(name) || !name.isWellFormed()) {
    return 'The name holds a character that cannot be shown.';
  }
  if (/[/\\]/.test(name) || /\.csv$/i.test(name)) return 'The name must not look like a path or a CSV file.';
  if (name.startsWith('-') || name.startsWith('__')) return 'The name must not begin with "-" or "__".';
  return undefined;
}
