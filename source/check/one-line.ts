// Where standard output is no terminal a finding is one line, however long: who searches a file finds the whole of it.

import type {Problem} from '../engine/problems/problems.ts';
import {cleanText} from '../format/clean.ts';
import {problemText} from '../lines/sentences.ts';

/** The width that breaks no line. */
export const unbroken = Number.POSITIVE_INFINITY;

/** Code points of a sentence or a step: more than any of ours, which hold folders and addresses. */
export const longestText = 2000;

/** What is wrong, the server's own words, what to do, and where more is written. */
export function oneLine(problem: Problem): string {
  return cleanText(problemText(problem), 2 * longestText);
}
