// What a saved profile holds. Never a secret: where one is needed, it says where the secret is, or is asked for.
import {z} from 'zod';
import {allOptions, keyOfOption, type Option, type RunOptions} from '../command-line/option-table.ts';
import {type Answers, type FieldKey, fields} from '../request/fields.ts';
import {withoutSecrets} from '../request/without-secrets.ts';

const keys = fields.map(field => field.key) as [FieldKey, ...FieldKey[]];

/** Clear secrets are dropped on the way in and on the way out: a file may have been edited by hand. */
export const answersSchema = z
  .partialRecord(z.enum(keys), z.string().max(10_000))
  .transform((answers): Answers => withoutSecrets(answers));

function schemaOf(option: Option): z.ZodType {
  switch (option.kind) {
    case 'switch':
      return z.boolean();
    case 'choice':
      return z.enum(option.choices);
    case 'number':
      return z.int().min(option.least).max(option.most);
    case 'list':
      return z.array(z.string().max(10_000)).readonly();
    default:
      return z.string().min(1).max(10_000);
  }
}

/** The options that option-table.ts marks; what else a file has is dropped. */
export const runOptionsSchema = z
  .object(
    Object.fromEntries(
      allOptions
        .filter(option => option.profile)
        .map(option => [keyOfOption(option.name), schemaOf(option).optional()]),
    ),
  )
  .transform(options => options as RunOptions);

export const profileSchema = z.discriminatedUnion('kind', [
  z.object({kind: z.literal('request'), answers: answersSchema, options: runOptionsSchema.default({})}),
  z.object({kind: z.literal('csv'), path: z.string().min(1), options: runOptionsSchema.default({})}),
]);

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
