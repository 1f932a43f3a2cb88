// What proves that a quirk is handled: a change of the code, and the test that must notice it.
import type {Change, Defence} from '../../helpers/defence.ts';

export type Proof = Defence & {
  /** Number in the list of what a simulator must emulate. */
  readonly fact: number;
};

export function proof(fact: number, about: string, change: Change, test: string, title: string): Proof {
  return {fact, about, change, test, title};
}
