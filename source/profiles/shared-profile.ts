// A profile as a file to hand to a colleague. No secret is in it; where one is to be found may be.
import {z} from 'zod';
import {answered, effective} from '../request/endpoint.ts';
import {type Answers, type End, keyOf} from '../request/fields.ts';
import {providerOfServer} from '../request/providers/catalogue.ts';
import {isCommandReference, isSecretReference} from '../request/secret-text.ts';
import {setAnswers} from '../request/set-answers.ts';
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
  if (textsIn(value).some(each => /[\p{Cc}\u2028\u2029]/u.test(each)))
    throw new ProfileError(
      `The profile in ${from} holds characters that nobody sees, such as a line break. Have it sent again without them.`,
    );
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

/** All texts in what was read. */
function textsIn(value: unknown): readonly string[] {
  const texts: string[] = [];
  const left: unknown[] = [value];
  while (left.length > 0) {
    const each = left.pop();
    if (typeof each === 'string') texts.push(each);
    else if (typeof each === 'object' && each !== null) left.push(...Object.values(each));
  }
  return texts;
}

/** The command references among the `--set` options, each as it is typed. One that cannot be read refuses every run. */
function setCommands(texts: readonly string[]): readonly string[] {
  return texts
    .filter(text => secretsOf(answersOf([text])).some(isCommandReference))
    .map(text => `--set ${text}`);
}

/** What it would run on this machine, as it is written: for a password, or at the end of a run. */
export function commandsIn(profile: Profile): readonly string[] {
  const {notify, set = []} = profile.options;
  return [
    ...secretsOf(profile.kind === 'request' ? profile.answers : {}).filter(isCommandReference),
    ...setCommands(set),
    ...(notify === undefined ? [] : [`--notify ${notify}`]),
  ];
}

/**
 * What it would take from this machine to a server that it names, each with the server: passwords from a file, the
 * environment or the keychain, those in a CSV that was not written for that server, the token of a sign-in at Microsoft.
 */
export function sentBy(profile: Profile): readonly string[] {
  const set = answersOf(profile.options.set ?? []);
  const answers = profile.kind === 'request' ? {...set, ...profile.answers} : set;
  return (['source', 'destination'] as const).flatMap(end => {
    const secret = answers[keyOf(end, 'Secret')] ?? '';
    const server = (profile.kind === 'csv' ? answered : effective)(answers, keyOf(end, 'Server'));
    const unnamed = profile.kind === 'csv' ? `the ${end} servers in its CSV` : `the ${end} server`;
    const to = server === '' ? unnamed : server;
    return [
      ...(isSecretReference(secret) && !isCommandReference(secret) ? [`${secret.trim()} to ${to}`] : []),
      ...(profile.kind === 'csv' && server !== '' ? [`the ${end} passwords in its CSV to ${to}`] : []),
      ...(sendsToken(answers, end, server) ? [`a sign-in at Microsoft to ${to}`] : []),
    ];
  });
}

/** What it asks for that lets others on the line read along, or stand in for a server. */
export function weakens(profile: Profile): readonly string[] {
  const {allowPlaintext = false, ca, set = []} = profile.options;
  const answers = {...answersOf(set), ...(profile.kind === 'request' ? profile.answers : {})};
  return [
    ...(allowPlaintext ? ['--allow-plaintext'] : []),
    ...(ca === undefined ? [] : [`--ca ${ca}`]),
    ...(['source', 'destination'] as const).flatMap(end => {
      const security = answered(answers, keyOf(end, 'Security')).toLowerCase();
      return security === 'none' ? [`no encryption to the ${end} server`] : [];
    }),
  ];
}

/** A token opens the mailbox at Microsoft, whichever server it was sent to. */
function sendsToken(answers: Answers, end: End, server: string): boolean {
  const auth = answered(answers, keyOf(end, 'Auth')).toLowerCase();
  return server !== '' && auth.startsWith('oauth') && providerOfServer(server)?.id !== 'o365';
}

function secretsOf({sourceSecret = '', destinationSecret = ''}: Answers): readonly string[] {
  return [sourceSecret, destinationSecret];
}

/** Of `--set` options, as far as they can be read. */
function answersOf(texts: readonly string[]): Answers {
  const read = setAnswers(texts.filter(text => setAnswers([text]).ok));
  return read.ok ? read.answers : {};
}
