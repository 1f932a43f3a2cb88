// A CSV or a profile that cannot be used as it is: what people read, and what programs are told.
import type {InputProblem} from '../lines/input-schema.ts';
import {UsageProblem} from './system.ts';

export class InputRefused extends UsageProblem {
  /** The whole story in one sentence. */
  readonly sentence: string;
  /** Every problem, errors and others, in the order of the file. */
  readonly problems: readonly InputProblem[];

  /** @param lines for people */
  constructor(lines: readonly string[], sentence: string, problems: readonly InputProblem[]) {
    super(lines.join('\n'));
    this.sentence = sentence;
    this.problems = problems;
  }
}
