// The access tokens an identity provider under test has issued, and what the simulated Exchange reads in them.
import {createHash, randomUUID} from 'node:crypto';

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
    const token = [{typ: 'JWT', alg: 'none'}, claimsOf(about)].map(part).join('.');
    const signed = `${token}.simulated-${randomUUID()}`;
    this.#issued.set(signed, about);
    return signed;
  }

  /** What the token says, also where it has expired; undefined for one that was never issued. */
  read(token: string): IssuedToken | undefined {
    return this.#issued.get(token);
  }
}

const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** The object id of an application's entry under Enterprise applications, or of a user: the same at each time. */
export function objectIdOf(subject: string): string {
  return createHash('sha256').update(`object ${subject.toLowerCase()}`).digest('hex').slice(0, 32);
}

/** As Microsoft's tokens tell it, to whom decodes them. */
function claimsOf({subject, kind, audience, permissions, expires}: IssuedToken): object {
  return {
    aud: audience,
    exp: Math.floor(expires / 1000),
    oid: objectIdOf(subject),
    ...(kind === 'app'
      ? {appid: subject, idtyp: 'app', roles: permissions}
      : {upn: subject, scp: permissions.map(each => each.slice(each.lastIndexOf('/') + 1)).join(' ')}),
  };
}
