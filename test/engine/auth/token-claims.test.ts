import fc from 'fast-check';
import {expect, test} from 'vitest';
import {isForExchange, readTokenClaims} from '../../../source/engine/auth/token-claims.ts';

/** An unsigned token with these claims. */
function jwt(claims: object): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({alg: 'none'})}.${part(claims)}.signature`;
}

test('an app-only token tells its app, its enterprise application and its roles', () => {
  const claims = readTokenClaims(
    jwt({
      aud: 'https://ps.outlook.com',
      appid: 'app-1',
      oid: 'object-1',
      idtyp: 'app',
      roles: ['IMAP.AccessAsApp', 7],
      exp: 1_900_000_000,
    }),
  );
  expect(claims).toEqual({
    audience: 'https://ps.outlook.com',
    appId: 'app-1',
    objectId: 'object-1',
    appOnly: true,
    roles: ['IMAP.AccessAsApp'],
    scopes: [],
    expires: 1_900_000_000_000,
  });
});

test("a user's token tells the user and the scopes", () => {
  const claims = readTokenClaims(jwt({upn: 'ann@baya.com', scp: 'IMAP.AccessAsUser.All Mail.Read'}));
  expect(claims).toMatchObject({
    appOnly: false,
    user: 'ann@baya.com',
    scopes: ['IMAP.AccessAsUser.All', 'Mail.Read'],
  });
});

test('opaque tokens and rubbish tell nothing, and never throw', () => {
  for (const token of [
    '',
    'EwBAAl3BAAUFFpUAo7J3Ve0bjLBWZWCclRC3EoAA',
    'a.b.c',
    'a.bnVsbA.c',
    `a.${'b'.repeat(99_999)}.c`,
  ])
    expect(readTokenClaims(token)).toBeUndefined();
  fc.assert(
    fc.property(fc.jsonValue(), value => {
      readTokenClaims(jwt(value as object));
    }),
  );
});

test('only the names of Exchange are for Exchange', () => {
  const audience = (aud: string) => {
    const claims = readTokenClaims(jwt({aud}));
    return claims !== undefined && isForExchange(claims);
  };
  expect(
    [
      'https://outlook.office365.com',
      'https://outlook.office.com/',
      'https://ps.outlook.com',
      'https://partner.outlook.cn',
    ].every(audience),
  ).toBe(true);
  expect(
    [
      'https://graph.microsoft.com',
      '00000003-0000-0000-c000-000000000000',
      'https://outlook.office365.com.evil.example',
    ].some(audience),
  ).toBe(false);
});
