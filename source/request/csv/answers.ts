// What the cells of a row answer.

import {type Answers, type FieldKey, fieldOf} from '../fields.ts';
import type {CsvGiven} from './problem.ts';

export function isSecretKey(key: FieldKey): boolean {
  return fieldOf(key).kind === 'secret';
}

/** An empty cell and the word "blank", in any letters, both mean "not given". A password may be nothing but blanks. */
export function answerOf(cell: string, key: FieldKey): string | undefined {
  const trimmed = cell.trim();
  if (cell === '' || trimmed.toLowerCase() === 'blank') return undefined;
  if (isSecretKey(key)) return cell;
  if (trimmed === '') return undefined;
  return key === 'destinationFolder' || key === 'sourceFolder' ? cell : trimmed;
}

/** What a row's cells answer, without what counts for every row. Clear secrets are among it. */
export function answersIn(cells: readonly string[], places: ReadonlyMap<FieldKey, number>): Answers {
  const answers: Partial<Record<FieldKey, string>> = {};
  for (const [key, index] of places) {
    const answer = answerOf(cells[index] ?? '', key);
    if (answer !== undefined) answers[key] = answer;
  }
  return answers;
}

/** What counts for a row: its own answers, what fills its gaps, what takes their place. */
export function rowAnswers(own: Answers, given: CsvGiven): Answers {
  return {...given.fill, ...own, ...given.overrides};
}
