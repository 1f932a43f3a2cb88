// The file of the saved profiles as it is on disk: its form, how an older one becomes today's, and what is done with
// one that cannot be read. Nothing is ever thrown away: what is replaced is kept beside it under another name.
import {copyFileSync, existsSync, readFileSync, renameSync} from 'node:fs';
import {basename, dirname, join} from 'node:path';
import {z} from 'zod';
import {replacePrivate} from '../files/replace-private.ts';
import type {Answers} from '../request/fields.ts';
import {codeOf} from './error-code.ts';

/** Raised when an older mailferry could no longer read the file. */
export const schemaVersion = 2;

/** Each profile is parsed by itself, so that one that cannot be read does not take the others along. */
export const fileSchema = z.object({
  schemaVersion: z.int().min(1),
  profiles: z.record(z.string(), z.unknown()).default({}),
  /** What was answered last for each request type, and which type that was. */
  last: z
    .object({type: z.string(), answers: z.record(z.string(), z.unknown())})
    .optional()
    .catch(undefined),
});

export type ProfileFile = {
  schemaVersion: number;
  profiles: Record<string, unknown>;
  last?: {type: string; answers: Record<string, Answers>};
};

type Form = Readonly<Record<string, unknown>>;

/** How a file of one version becomes one of the next. */
const migrations: Readonly<Record<number, (file: Form) => Form>> = {
  // Version 1 kept the last answers of one request, whatever its type.
  1: ({lastAnswers, ...file}) => {
    const answers = z.looseObject({type: z.string().min(1)}).safeParse(lastAnswers).data;
    return {
      ...file,
      schemaVersion: 2,
      ...(answers === undefined ? {} : {last: {type: answers.type, answers: {[answers.type]: answers}}}),
    };
  },
};

export type Found =
  | {readonly state: 'fine' | 'damaged' | 'newer'}
  | {readonly state: 'older'; readonly version: number; readonly file: Form}
  | {readonly state: 'unreadable'; readonly code: string};

export function examine(path: string): Found {
  if (!existsSync(path)) return {state: 'fine'};
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    return {state: 'unreadable', code: codeOf(error)};
  }
  try {
    const file: unknown = JSON.parse(text);
    const parsed = z.looseObject(fileSchema.shape).safeParse(file);
    if (!parsed.success) return {state: 'damaged'};
    const version = parsed.data.schemaVersion;
    if (version === schemaVersion) return {state: 'fine'};
    return version > schemaVersion ? {state: 'newer'} : {state: 'older', version, file: file as Form};
  } catch {
    return {state: 'damaged'};
  }
}

/**
 * Brings an older file up to date, and keeps it as it was beside it.
 * @throws where the folder cannot be written
 */
export function migrate(path: string, {version, file}: Extract<Found, {state: 'older'}>): void {
  let form = file;
  for (let from = version; from < schemaVersion; from++) form = migrations[from]?.(form) ?? form;
  const kept = join(dirname(path), `${basename(path, '.json')}.version-${version}.json`);
  if (!existsSync(kept)) copyFileSync(path, kept);
  replacePrivate(path, `${JSON.stringify(form, null, '\t')}\n`);
}

/** Renames a damaged file to the first free name beside it, which is given. @throws where it cannot */
export function putAside(path: string): string {
  for (let number = 1; ; number++) {
    const aside = join(dirname(path), `${basename(path, '.json')}.damaged-${number}.json`);
    if (existsSync(aside)) continue;
    renameSync(path, aside);
    return aside;
  }
}
