// One line of the catalogue of problems.
import type {Scope, Verdict} from './problems.ts';

/** The parameters it needs are the argument of its sentence. */
export type ProblemEntry<P> = {
  readonly scope: Scope;
  readonly verdict: Verdict;
  readonly sentence: (parameters: P) => string;
  readonly nextStep?: (parameters: P) => string;
  /** A page that says more: https, fixed or made of numbers only. */
  readonly link?: (parameters: P) => string | undefined;
};

export function entry<P>(
  scope: Scope,
  verdict: Verdict,
  sentence: (parameters: P) => string,
  nextStep?: (parameters: P) => string,
  link?: (parameters: P) => string | undefined,
): ProblemEntry<P> {
  return {
    scope,
    verdict,
    sentence,
    ...(nextStep === undefined ? {} : {nextStep}),
    ...(link === undefined ? {} : {link}),
  };
}
