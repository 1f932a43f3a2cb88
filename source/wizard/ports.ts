// What the questions need from outside: remembered profiles, and files to read. cli.tsx gives the real ones.
import type {Answers} from '../request/fields.ts';
import type {FolderChoice} from './folder-choice.ts';

/** Never holds a clear secret. */
export type SavedProfile = FolderChoice & {readonly name: string; readonly answers: Answers};

export type ProfilesPort = {
  list(): Promise<readonly SavedProfile[]>;
  /** Replaces a profile of the same name. Rejects with a sentence for a person. */
  save(profile: SavedProfile): Promise<void>;
};

export type Entry = {readonly name: string; readonly isDirectory: boolean};

export type FilesPort = {
  /** The home directory, absolute: what ~ stands for. */
  readonly home: string;
  /** Where relative paths start, absolute. */
  readonly workingDirectory: string;
  /** Rejects where the file cannot be read; `code` is the system's (ENOENT, EACCES, EISDIR). */
  read(path: string): Promise<Uint8Array>;
  /** The entries of a directory, absolute path; rejects where it cannot be listed. */
  list(directory: string): Promise<readonly Entry[]>;
};
