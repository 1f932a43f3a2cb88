// The access tokens an identity provider under test has issued, and what the simulated Exchange reads in them.
import {randomUUID} from 'node:crypto';

export type IssuedToken = {
  /** The user principal name for a delegated token, the application's id for an app-only one. */
  readonly subject: string;
  readonly kind: 'app' | 'delegated';
  /** `aud`: Exchange refuses tokens for another resource. */
  readonly audience: string;
  /** Scopes of a delegated token, roles of an app-only one. */
  readonly permissions: readonly string[];
  /** ms since 1970, by the clock of the table. */
  readonly expires: number;
};

export class TokenTable {
  readonly now: () => number;
  readonly #issued = new Map<string, IssuedToken>();

  /** @param now ms since 1970; tests own it */
  constructor(now: () => number) {
    this.now = now;
  }

  issue(about: IssuedToken): string {
    const token = `simulated.${randomUUID()}`;
    this.#issued.set(token, about);
    return token;
  }

  /** What the token says, also where it has expired; undefined for one that was never issued. */
  read(token: string): IssuedToken | undefined {
    return this.#issued.get(token);
  }
}
