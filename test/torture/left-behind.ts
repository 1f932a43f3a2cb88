// What a run left behind, whole or killed: no secret is in any of it, and nobody but its owner may read it.
import {readdirSync, readFileSync, type Stats, statSync} from 'node:fs';
import {join} from 'node:path';
import {mark, marksIn} from '../cli/marked-secrets.ts';

/** A password that the search cannot miss: letters and digits, for Dovecot's configuration takes no more. */
export const markedPassword = `right${mark}right`;

/** More lines for a Dovecot's configuration: every user has the marked password besides the usual one. */
export const alsoMarked = `passdb {\n  driver = static\n  args = password=${markedPassword}\n}`;

export type LeftBehind = {
  readonly files: number;
  /** Files and folders whose modes were looked at. */
  readonly modes: number;
  /** Sentences, none where all is as it must be. */
  readonly wrong: readonly string[];
};

/**
 * Searches what was printed, and the folders with all below them; they are mailferry's own. What goes meanwhile is let go:
 * other runs may be at work.
 */
export function lookAtLeft(folders: readonly string[], printed: readonly string[]): LeftBehind {
  const wrong = printed.flatMap(text =>
    marksIn(Buffer.from(text)).map(form => `a secret was printed (${form})`),
  );
  let files = 0;
  let modes = 0;
  for (const path of folders.flatMap(belowAndItself)) {
    const stats = ifThere(() => statSync(path));
    if (stats === undefined) continue;
    modes += 1;
    const refusal = openTo(stats);
    if (refusal !== undefined) wrong.push(`${path} ${refusal}`);
    if (!stats.isFile()) continue;
    const bytes = ifThere(() => readFileSync(path));
    if (bytes === undefined) continue;
    files += 1;
    wrong.push(...marksIn(bytes).map(form => `a secret is in ${path} (${form})`));
  }
  return {files, modes, wrong};
}

function openTo(stats: Stats): string | undefined {
  const mode = stats.mode & 0o777;
  return mode === (stats.isDirectory() ? 0o700 : 0o600) ? undefined : `has the mode ${mode.toString(8)}`;
}

const belowAndItself = (folder: string): readonly string[] => [
  folder,
  ...(ifThere(() => readdirSync(folder, {recursive: true, encoding: 'utf8'})) ?? []).map(name =>
    join(folder, name),
  ),
];

function ifThere<Result>(look: () => Result): Result | undefined {
  try {
    return look();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** How much was looked at in all. */
export const sumOfLeft = ({files, modes}: Omit<LeftBehind, 'wrong'>): string =>
  `${files}, modes looked at: ${modes}`;
