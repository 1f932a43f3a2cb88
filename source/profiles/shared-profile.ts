// A profile as a file to hand to a colleague. No secret is in it; where one is to be found may be.
import {z} from 'zod';
import {isCommandReference} from '../request/secret-text.ts';
import {type Profile, profileNameRule, profileSchema} from './profile.ts';
import {ProfileError} from './profile-error.ts';
import {schemaVersion} from './profile-file.ts';

const sharedSchema = z.object({
  mailferry: z.literal('profile'),
  /** That of the file of profiles. */
  version: z.int().min(1),
  name: z.string(),
  profile: profileSchema,
});

export type SharedProfile = {readonly name: string; readonly profile: Profile};

/** Ends with a line break. */
export function sharedText({name, profile}: SharedProfile): string {
  return `${JSON.stringify({mailferry: 'profile', version: schemaVersion, name, profile}, null, 2)}\n`;
}

/** @param from what the file is called in messages @throws ProfileError where it is not one */
export function readShared(text: string, from: string): SharedProfile {
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\ufeff/, ''));
  } catch {
    throw new ProfileError(`${from} is no profile: it is not JSON. "mailferry profiles export" writes one.`);
  }
  const head = sharedSchema.pick({mailferry: true, version: true}).safeParse(value);
  if (!head.success)
    throw new ProfileError(`${from} is no profile of mailferry. "mailferry profiles export" writes one.`);
  if (head.data.version > schemaVersion)
    throw new ProfileError(`${from} was written by a newer mailferry. Update mailferry.`);
  const shared = sharedSchema.safeParse(value);
  if (!shared.success) {
    const where = shared.error.issues[0]?.path.join('.') ?? '';
    throw new ProfileError(
      `The profile in ${from} is damaged${where === '' ? '' : ` at "${where}"`}. Have it sent again.`,
    );
  }
  const {name, profile} = shared.data;
  const refusal = profileNameRule(name);
  if (refusal !== undefined) throw new ProfileError(`The profile in ${from} has a bad name. ${refusal}`);
  return {name, profile};
}

/** What it would run on this machine, as it is written: for a password, or at the end of a run. */
export function commandsIn(profile: Profile): readonly string[] {
  const answers = profile.kind === 'request' ? profile.answers : {};
  const {sourceSecret = '', destinationSecret = ''} = answers;
  const {notify} = profile.options;
  return [
    ...[sourceSecret, destinationSecret].filter(isCommandReference),
    ...(notify === undefined ? [] : [`--notify ${notify}`]),
  ];
}
