// What can go wrong, said once: a code, how far it reaches, what to do about it. Screens, logs and reports
// all print these sentences.

/** How much is lost by it: one message, one folder, one mailbox (request), or the whole run. */
export type Scope = 'message' | 'folder' | 'mailbox' | 'run';

/** What the engine does next: try again, try again more slowly, leave this one out, or stop this scope. */
export type Verdict = 'again' | 'slower' | 'skip' | 'stop';

/** Plain data, safe to print anywhere: no secret, no control character, bounded length. */
export type Problem = {
  readonly code: string;
  readonly scope: Scope;
  readonly verdict: Verdict;
  /** What is wrong, one sentence for a person. */
  readonly sentence: string;
  /** What the person can do about it, one sentence. */
  readonly nextStep?: string;
  /** The server's own words, cleaned. */
  readonly detail?: string;
};
