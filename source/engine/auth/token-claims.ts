// What an access token says of itself. It is read without being verified: only to tell a person why it was refused.

/** The claims that decide whether Exchange takes a token. Bounded, not cleaned. */
export type TokenClaims = {
  /** Whom it is for: Exchange takes https://outlook.office365.com and its twins only. */
  readonly audience?: string;
  /** What an app may do on its own (`roles`). */
  readonly roles: readonly string[];
  /** What it may do in a user's name (`scp`). */
  readonly scopes: readonly string[];
  /** An app on its own, not a user. */
  readonly appOnly: boolean;
  /** ms since 1970. */
  readonly expires?: number;
  /** Application (client) id. */
  readonly appId?: string;
  /** Object id of the user; for an app-only token that of its enterprise application. */
  readonly objectId?: string;
  /** The user who signed in: john@contoso.com. */
  readonly user?: string;
};

const longestToken = 64 * 1024;

/** Undefined where the token is no JWT: those of personal accounts are opaque. */
export function readTokenClaims(token: string): TokenClaims | undefined {
  if (token.length > longestToken) return undefined;
  const parts = token.split('.');
  if (parts.length !== 3 || !/^[\w-]{2,}$/.test(parts[1] ?? '')) return undefined;
  let payload: unknown;
  try {
    payload = JSON.parse(Buffer.from(parts[1] ?? '', 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
  if (typeof payload !== 'object' || payload === null) return undefined;
  const claims = payload as Record<string, unknown>;
  const text = (...names: readonly string[]) =>
    names
      .map(name => claims[name])
      .find((value): value is string => typeof value === 'string' && value !== '');
  const roles = Array.isArray(claims['roles'])
    ? claims['roles'].filter((role): role is string => typeof role === 'string').slice(0, 100)
    : [];
  const scopes = (text('scp') ?? '').split(' ').filter(scope => scope !== '');
  const expires = claims['exp'];
  const audience = text('aud');
  const appId = text('appid', 'azp');
  const objectId = text('oid');
  const user = text('upn', 'preferred_username', 'unique_name');
  return {
    roles,
    scopes,
    appOnly: claims['idtyp'] === 'app' || (scopes.length === 0 && user === undefined),
    ...(audience === undefined ? {} : {audience}),
    ...(typeof expires === 'number' && Number.isFinite(expires) ? {expires: expires * 1000} : {}),
    ...(appId === undefined ? {} : {appId}),
    ...(objectId === undefined ? {} : {objectId}),
    ...(user === undefined ? {} : {user}),
  };
}

/** Exchange's own names as a resource, worldwide and national (its `aud` is often https://ps.outlook.com). */
const exchangeAudience =
  /^(https:\/\/(outlook\.office(365)?\.com|ps\.outlook\.com|outlook\.office365\.us|partner\.outlook\.cn)\/?|00000002-0000-0ff1-ce00-000000000000)$/i;

export function isForExchange(claims: TokenClaims): boolean {
  return claims.audience === undefined || exchangeAudience.test(claims.audience);
}
