// A token endpoint's good answer: access token in the table, refresh token, id token, and what MSAL reads of a user.
import {createHash, randomUUID} from 'node:crypto';
import type {TokenTable} from './tokens.ts';

/** What a refresh token stands for; it can be used once. */
export type Grant = {
  readonly clientId: string;
  readonly user: string;
  readonly tenant: string;
  readonly scopes: readonly string[];
  /** ms since 1970. */
  readonly expires: number;
};

const oidc = ['openid', 'profile', 'email', 'offline_access'];

/** The resource of the scopes that are not OpenID's: 'https://outlook.office.com'; all of them, to find a mixture. */
export function resourcesOf(scopes: readonly string[]): readonly string[] {
  const resources = scopes
    .filter(scope => !oidc.includes(scope))
    .map(scope =>
      scope.includes('/') ? scope.slice(0, scope.lastIndexOf('/')) : 'https://graph.microsoft.com',
    );
  return [...new Set(resources)];
}

const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A stable id out of a name, in the form of Microsoft's. */
const idOf = (name: string) =>
  createHash('sha256')
    .update(name)
    .digest('hex')
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5');

export function appTokens(table: TokenTable, clientId: string, seconds: number): object {
  const accessToken = table.issue({
    subject: clientId,
    kind: 'app',
    audience: 'https://outlook.office365.com',
    permissions: ['IMAP.AccessAsApp'],
    expires: table.now() + seconds * 1000,
  });
  return {token_type: 'Bearer', expires_in: seconds, ext_expires_in: seconds, access_token: accessToken};
}

export function userTokens(
  table: TokenTable,
  grant: Omit<Grant, 'expires'>,
  seconds: number,
  origin: string,
): {body: object; refreshToken: string} {
  const [audience = ''] = resourcesOf(grant.scopes);
  const permissions = grant.scopes
    .filter(scope => !oidc.includes(scope))
    .map(scope => scope.slice(scope.lastIndexOf('/') + 1));
  const accessToken = table.issue({
    subject: grant.user,
    kind: 'delegated',
    audience,
    permissions,
    expires: table.now() + seconds * 1000,
  });
  const refreshToken = `refresh.${randomUUID()}`;
  const [user, tenant] = [idOf(grant.user), idOf(grant.tenant)];
  const issuedAt = Math.floor(table.now() / 1000);
  const claims = {
    aud: grant.clientId,
    iss: `${origin}/${tenant}/v2.0`,
    iat: issuedAt,
    exp: issuedAt + seconds,
    oid: user,
    sub: user,
    tid: tenant,
    preferred_username: grant.user,
    ver: '2.0',
  };
  return {
    refreshToken,
    body: {
      token_type: 'Bearer',
      scope: grant.scopes.join(' '),
      expires_in: seconds,
      ext_expires_in: seconds,
      access_token: accessToken,
      refresh_token: refreshToken,
      id_token: `${part({alg: 'RS256', typ: 'JWT', kid: 'test'})}.${part(claims)}.${part({})}`,
      client_info: part({uid: user, utid: tenant}),
    },
  };
}
