// Saved profiles and the last answers, in one file that only its owner can read. A file that cannot be read is put
// aside, never overwritten.
import {existsSync, mkdirSync, readFileSync, renameSync} from 'node:fs';
import {join} from 'node:path';
import Conf from 'conf';
import {z} from 'zod';
import type {Answers} from '../request/fields.ts';
import {answersSchema, type Profile, type ProfileInput, profileNameRule, profileSchema} from './profile.ts';
import {ProfileError} from './profile-error.ts';

/** Raised when an older mailferry could no longer read the file. */
const schemaVersion = 1;

const fileSchema = z.object({
  schemaVersion: z.int().min(1),
  profiles: z.record(z.string(), z.unknown()).default({}),
  lastAnswers: z.unknown().optional(),
});

type File = {
  schemaVersion: number;
  profiles: Record<string, unknown>;
  lastAnswers: Answers;
};

export type NamedProfile = {readonly name: string; readonly profile: Profile};

export type Profiles = {
  /** What went wrong when the file was opened; everything works on, with what could be read. */
  readonly notice?: string;
  /** By name. */
  list(): readonly NamedProfile[];
  get(name: string): Profile | undefined;
  /** Replaces a profile of that name. Throws ProfileError: a bad name, or the file cannot be written. */
  save(name: string, profile: ProfileInput): void;
  /** False where there is none. */
  remove(name: string): boolean;
  /** False where there is none of the old name; throws ProfileError where the new one is taken. */
  rename(from: string, to: string): boolean;
  /** What was answered last, as defaults for the next time. */
  lastAnswers(): Answers;
  rememberAnswers(answers: Answers): void;
};

const configName = 'profiles';

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
}

type Found = {state: 'fine'} | {state: 'damaged'} | {state: 'newer'} | {state: 'unreadable'; code: string};

function examine(path: string): Found {
  if (!existsSync(path)) return {state: 'fine'};
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    return {state: 'unreadable', code: codeOf(error)};
  }
  try {
    const parsed = fileSchema.safeParse(JSON.parse(text));
    if (!parsed.success) return {state: 'damaged'};
    return {state: parsed.data.schemaVersion > schemaVersion ? 'newer' : 'fine'};
  } catch {
    return {state: 'damaged'};
  }
}

/** Renames the damaged file to the first free name beside it. */
function putAside(cwd: string, path: string): string {
  for (let number = 1; ; number++) {
    const name = `${configName}.damaged-${number}.json`;
    if (existsSync(join(cwd, name))) continue;
    renameSync(path, join(cwd, name));
    return name;
  }
}

/** Nothing can be kept, and nothing is overwritten. */
function withoutFile(notice: string): Profiles {
  const refuse = (): never => {
    throw new ProfileError(notice);
  };
  return {
    notice,
    list: () => [],
    get: () => undefined,
    save: refuse,
    remove: () => false,
    rename: () => false,
    lastAnswers: () => ({}),
    rememberAnswers: () => {},
  };
}

/** @param cwd the folder of the file; made if missing */
export function openProfiles({cwd}: {cwd: string}): Profiles {
  const path = join(cwd, `${configName}.json`);
  const found = examine(path);
  if (found.state === 'unreadable') {
    return withoutFile(
      `The saved profiles in ${path} cannot be read (${found.code}). Check who owns the file.`,
    );
  }
  if (found.state === 'newer') {
    return withoutFile(`The saved profiles in ${path} were written by a newer mailferry. Update mailferry.`);
  }
  let notice: string | undefined;
  let conf: Conf<File>;
  try {
    if (found.state === 'damaged') {
      const aside = putAside(cwd, path);
      notice = `The saved profiles could not be read. The file is kept as ${join(cwd, aside)}; a new one is begun.`;
    }
    mkdirSync(cwd, {recursive: true, mode: 0o700});
    conf = new Conf<File>({
      cwd,
      configName,
      configFileMode: 0o600,
      // A name may hold dots.
      accessPropertiesByDotNotation: false,
      clearInvalidConfig: false,
    });
  } catch (error) {
    return withoutFile(
      `Profiles cannot be saved in ${cwd} (${codeOf(error)}). Check that it can be written.`,
    );
  }
  return storeOn(conf, notice);
}

function storeOn(conf: Conf<File>, openNotice: string | undefined): Profiles {
  /** As the file has them: one that this version cannot read stays in the file. */
  const kept = (): Record<string, unknown> => ({
    ...fileSchema.shape.profiles.catch({}).parse(conf.get('profiles')),
  });

  const attempt = <Result>(work: () => Result): Result => {
    try {
      return work();
    } catch (error) {
      throw new ProfileError(`The profiles cannot be saved in ${conf.path} (${codeOf(error)}).`);
    }
  };
  const write = (profiles: Record<string, unknown>) => attempt(() => conf.set({schemaVersion, profiles}));

  const checkName = (name: string) => {
    const refusal = profileNameRule(name);
    if (refusal !== undefined) throw new ProfileError(refusal);
  };

  const readable = Object.entries(kept()).filter(
    ([, value]) => profileSchema.safeParse(value).success,
  ).length;
  const unreadable = Object.keys(kept()).length - readable;
  const notice =
    openNotice ??
    (unreadable === 0 ? undefined : `${unreadable} of the saved profiles in ${conf.path} cannot be read.`);

  const get = (name: string): Profile | undefined => {
    const profiles = kept();
    return Object.hasOwn(profiles, name) ? profileSchema.safeParse(profiles[name]).data : undefined;
  };

  return {
    ...(notice === undefined ? {} : {notice}),
    list: () =>
      Object.keys(kept())
        .sort((left, right) => left.localeCompare(right, 'en'))
        .flatMap(name => {
          const profile = get(name);
          return profile === undefined ? [] : [{name, profile}];
        }),
    get,
    save(name, profile) {
      checkName(name);
      write({...kept(), [name]: profileSchema.parse(profile)});
    },
    remove(name) {
      const profiles = kept();
      if (!Object.hasOwn(profiles, name)) return false;
      const {[name]: _, ...others} = profiles;
      write(others);
      return true;
    },
    rename(from, to) {
      const profiles = kept();
      const {[from]: moved, ...others} = profiles;
      if (!Object.hasOwn(profiles, from)) return false;
      if (from === to) return true;
      checkName(to);
      if (Object.hasOwn(others, to)) throw new ProfileError(`There is a profile "${to}" already.`);
      write({...others, [to]: moved});
      return true;
    },
    lastAnswers: () => answersSchema.safeParse(conf.get('lastAnswers')).data ?? {},
    rememberAnswers(answers) {
      attempt(() => conf.set({schemaVersion, lastAnswers: answersSchema.parse(answers)}));
    },
  };
}
