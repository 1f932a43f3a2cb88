// Apart from the store, so that catching it does not load what the store needs.

/** Its message is a sentence for a person. */
export class ProfileError extends Error {
  override readonly name = 'ProfileError';
}
