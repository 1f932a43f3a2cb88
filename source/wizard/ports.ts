// What the questions need from outside: remembered profiles, and files to read. program/tui.tsx gives the real ones.

import type {Replace} from '../files/whole-file.ts';
import type {Profile} from '../profiles/profile.ts';
import type {Profiles} from '../profiles/store.ts';

/** What the screens use of the profile store. */
export type ProfilesPort = Pick<
  Profiles,
  'list' | 'get' | 'save' | 'remove' | 'notice' | 'lastAnswers' | 'rememberAnswers'
>;

/** A profile of one request, by its name. */
export type SavedRequest = {
  readonly name: string;
  readonly profile: Extract<Profile, {kind: 'request'}>;
};

/** A run whose answers these are. `differs`: a profile of its name is there, and asks for something else. */
export type GoneOnWith = {readonly from: string; readonly differs: boolean};

export type Entry = {readonly name: string; readonly isDirectory: boolean};

export type FilesPort = {
  /** The home directory, absolute: what ~ stands for. */
  readonly home: string;
  /** Where relative paths start, absolute. */
  readonly workingDirectory: string;
  /** Rejects where the file cannot be read; `code` is the system's (ENOENT, EACCES, EISDIR), EFBIG where it is larger than any CSV. */
  read(path: string): Promise<Uint8Array>;
  /** Writes a file that only its owner can read. Rejects with `code` EEXIST or ECHANGED where `replace` does not allow it. */
  write(path: string, bytes: Uint8Array, replace: Replace): Promise<void>;
  /** Whether both paths lead to one file, through links too; false where one of them leads to none. */
  isSame(one: string, other: string): Promise<boolean>;
  /** The entries of a directory, absolute path; rejects where it cannot be listed. */
  list(directory: string): Promise<readonly Entry[]>;
};
