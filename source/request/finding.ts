// The two things a check can say.
import type {Finding} from './fields.ts';
import type {Refusal} from './rules.ts';

export type Fix = NonNullable<Finding['fix']>;

/** An error of the rule's sentence; nothing where the rule refuses nothing. */
export function refuse(sentence: Refusal, fix?: Fix): Finding | undefined {
  if (sentence === undefined) return undefined;
  return fix === undefined ? {severity: 'error', sentence} : {severity: 'error', sentence, fix};
}

export function advise(sentence: string, fix?: Finding['fix']): Finding {
  return {severity: 'advice', sentence, ...(fix === undefined ? {} : {fix})};
}
