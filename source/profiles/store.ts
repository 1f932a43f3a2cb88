// Saved profiles and the last answers, in one file that only its owner can read. A file that cannot be read is put
// aside, never overwritten.

import {join} from 'node:path';
import Conf from 'conf';
import {makeFolder} from '../files/make-folder.ts';
import type {Answers} from '../request/fields.ts';
import {codeOf} from './error-code.ts';
import {withLock} from './lock.ts';
import {answersSchema, type Profile, type ProfileInput, profileNameRule, profileSchema} from './profile.ts';
import {ProfileError} from './profile-error.ts';
import {examine, fileSchema, migrate, type ProfileFile, putAside, schemaVersion} from './profile-file.ts';

export type NamedProfile = {readonly name: string; readonly profile: Profile};

export type LastAnswers = {
  readonly type: string;
  /** By request type. */
  readonly answers: Readonly<Record<string, Answers>>;
};

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
  /** What was answered last for each request type, and the type that was last; without secrets. */
  lastAnswers(): LastAnswers;
  /** Throws ProfileError where the file cannot be written. */
  rememberAnswers(answers: Answers): void;
};

const configName = 'profiles';

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
    lastAnswers: () => ({type: '', answers: {}}),
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
  let conf: Conf<ProfileFile>;
  try {
    makeFolder(cwd);
    if (found.state !== 'fine') notice = withLock(lockOf(path), () => repair(path));
    conf = new Conf<ProfileFile>({
      cwd,
      configName,
      configFileMode: 0o600,
      // A name may hold dots.
      accessPropertiesByDotNotation: false,
      clearInvalidConfig: false,
    });
  } catch (error) {
    return withoutFile(
      error instanceof ProfileError
        ? error.message
        : `Profiles cannot be saved in ${cwd} (${codeOf(error)}). Check that it can be written.`,
    );
  }
  return storeOn(conf, notice);
}

const lockOf = (path: string) => `${path}.lock`;

/** What is still to be done now that nobody else does it; gives what to tell. */
function repair(path: string): string | undefined {
  const found = examine(path);
  if (found.state === 'older') migrate(path, found);
  if (found.state !== 'damaged') return undefined;
  const aside = putAside(path);
  return `The saved profiles could not be read. The file is kept as ${aside}; a new one is begun.`;
}

function storeOn(conf: Conf<ProfileFile>, openNotice: string | undefined): Profiles {
  /** As the file has them: one that this version cannot read stays in the file. */
  const kept = (): Record<string, unknown> => ({
    ...fileSchema.shape.profiles.catch({}).parse(conf.get('profiles')),
  });

  /** Reads, changes and writes while no other mailferry does. */
  const change = <Result>(work: () => Result): Result => {
    try {
      return withLock(lockOf(conf.path), work);
    } catch (error) {
      if (error instanceof ProfileError) throw error;
      throw new ProfileError(`The profiles cannot be saved in ${conf.path} (${codeOf(error)}).`);
    }
  };
  const write = (profiles: Record<string, unknown>) => conf.set({schemaVersion, profiles});

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
      const parsed = profileSchema.parse(profile);
      change(() => write({...kept(), [name]: parsed}));
    },
    remove: name =>
      change(() => {
        const profiles = kept();
        if (!Object.hasOwn(profiles, name)) return false;
        const {[name]: _, ...others} = profiles;
        write(others);
        return true;
      }),
    rename: (from, to) =>
      change(() => {
        const profiles = kept();
        const {[from]: moved, ...others} = profiles;
        if (!Object.hasOwn(profiles, from)) return false;
        if (from === to) return true;
        checkName(to);
        if (Object.hasOwn(others, to)) throw new ProfileError(`There is a profile "${to}" already.`);
        write({...others, [to]: moved});
        return true;
      }),
    lastAnswers: () => lastOf(conf),
    rememberAnswers(answers) {
      const parsed = answersSchema.parse(answers);
      const type = parsed.type ?? '';
      if (type === '' || type.startsWith('__')) return;
      change(() => {
        const last = lastOf(conf);
        conf.set({schemaVersion, last: {type, answers: {...last.answers, [type]: parsed}}});
      });
    },
  };
}

/** What a hand has spoilt in it is left out. */
function lastOf(conf: Conf<ProfileFile>): LastAnswers {
  const last = fileSchema.shape.last.parse(conf.get('last'));
  if (last === undefined) return {type: '', answers: {}};
  const answers = Object.entries(last.answers).flatMap(([type, one]) => {
    const parsed = answersSchema.safeParse(one).data;
    return parsed === undefined ? [] : [[type, parsed] as const];
  });
  return {type: last.type, answers: Object.fromEntries(answers)};
}
