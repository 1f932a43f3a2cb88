// Code that keeps a promise, the edit that takes it out, and the test that must notice.
import {readFileSync} from 'node:fs';
import {join} from 'node:path';

const root = join(import.meta.dirname, '../..');

export type Change = {
  /** Below source/. */
  readonly file: string;
  /** Occurs there once. */
  readonly code: string;
  readonly instead: string;
};

export type Defence = {
  /** What the code does. */
  readonly about: string;
  readonly change: Change;
  /** Below test/. */
  readonly test: string;
  /** As written there, up to the first placeholder. */
  readonly title: string;
  /** The test runs the built program. */
  readonly built?: true;
};

/** Makes the rows of one file that one test file watches. @param file below source/, @param test below test/, without their ends */
export const rowOf =
  (file: string, test: string) =>
  (about: string, code: string, instead: string, title: string): Defence => ({
    about,
    change: {file: `${file}.ts`, code, instead},
    test: `${test}.test.ts`,
    title,
  });

/**
 * The defences whose code is not there once, or whose test is not there, in words. Whoever changes such a line names the
 * new one, so that `npm run torture -- --only quirks` can take it out.
 */
export function untrue(defences: readonly Defence[]): readonly string[] {
  const read = (path: string) => readFileSync(join(root, path), 'utf8');
  return defences.flatMap(({about, change: {file, code, instead}, test, title}) => {
    const times = read(`source/${file}`).split(code).length - 1;
    const titled = read(`test/${test}`).includes(title);
    return times === 1 && titled && code !== instead ? [] : [`${about}: code ${times} times, test ${titled}`];
  });
}
