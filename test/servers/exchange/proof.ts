// What proves that a quirk is handled: a change of the code, and the test that must notice it.

export type Change = {
  /** Below source/. */
  readonly file: string;
  /** Occurs there once. */
  readonly code: string;
  readonly instead: string;
};

export type Proof = {
  /** Number in the list of what a simulator must emulate. */
  readonly fact: number;
  /** What the code does about it. */
  readonly about: string;
  readonly change: Change;
  /** Below test/. */
  readonly test: string;
  /** As written there, up to the first placeholder. */
  readonly title: string;
};

export function proof(fact: number, about: string, change: Change, test: string, title: string): Proof {
  return {fact, about, change, test, title};
}
