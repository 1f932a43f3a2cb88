// What a check can say of a field: an error, or advice.
import type {Answers} from './fields.ts';
import type {Refusal} from './rules.ts';

export type Finding = {
  /** An error refuses the request; advice does not. */
  readonly severity: 'error' | 'advice';
  /** What is wrong, then what to do. Never holds a secret. */
  readonly sentence: string;
  /** What Tab takes over: 'use john, baya.com'. */
  readonly fix?: {
    readonly label: string;
    readonly answers: Answers;
    /** Nothing else can have been meant: a CSV is mended so without asking. */
    readonly sure?: boolean;
  };
};

export type Fix = NonNullable<Finding['fix']>;

/** An error of the rule's sentence; nothing where the rule refuses nothing. */
export function refuse(sentence: Refusal, fix?: Fix): Finding | undefined {
  if (sentence === undefined) return undefined;
  return fix === undefined ? {severity: 'error', sentence} : {severity: 'error', sentence, fix};
}

export function advise(sentence: string, fix?: Fix): Finding {
  return {severity: 'advice', sentence, ...(fix === undefined ? {} : {fix})};
}
