// Why Microsoft or Exchange did not let us in. Microsoft's sign-in service gives a number; Exchange gives no reason,
// so there the access token is read: what is certain is said as certain, the rest as likely, in its order. Pure.
import {isForExchange, type TokenClaims} from '../auth/token-claims.ts';
import type {End} from '../events.ts';
import type {Problem, ProblemMore} from './problems.ts';
import {problem} from './problems.ts';

export type SignInFacts = {
  readonly end: End;
  readonly server: string;
  readonly login: string;
  readonly auth?: string;
  /** Client id and tenant, where the request names them. */
  readonly app?: string;
  readonly tenant?: string;
  /** What the token that was refused says of itself; absent where it is opaque. */
  readonly claims?: TokenClaims;
};

/** Codes of problem-microsoft.ts whose parameters are a refusal's. */
type RefusalCode =
  | 'app-secret-expired'
  | 'app-secret-wrong'
  | 'app-certificate-refused'
  | 'app-not-in-tenant'
  | 'app-switched-off'
  | 'tenant-unknown'
  | 'consent-missing'
  | 'consent-declined'
  | 'conditional-access'
  | 'mfa-needed'
  | 'account-locked'
  | 'account-disabled'
  | 'microsoft-password-wrong'
  | 'microsoft-password-expired'
  | 'user-not-found'
  | 'user-of-other-tenant'
  | 'user-not-assigned'
  | 'sign-in-too-old'
  | 'public-client-off'
  | 'redirect-mismatch'
  | 'permission-not-offered'
  | 'device-code-expired';

/** https://learn.microsoft.com/entra/identity-platform/reference-error-codes */
const numbers: Readonly<Record<RefusalCode, readonly number[]>> = {
  'app-secret-expired': [7000222],
  'app-secret-wrong': [7000215, 7000216],
  'app-certificate-refused': [700027, 700024, 7000214, 50027],
  'app-not-in-tenant': [700016, 700022, 500021, 50001],
  'app-switched-off': [7000112, 500014, 7000110],
  'tenant-unknown': [90002, 900021, 900023, 50059, 900382],
  'consent-missing': [65001, 65006, 90094, 90093, 90008, 650056, 650057],
  'consent-declined': [65004],
  'conditional-access': [
    53000, 53001, 53002, 53003, 53004, 53011, 50097, 50131, 530031, 530032, 530034, 530035,
  ],
  'mfa-needed': [50076, 50079, 50074, 50072, 50158, 50078],
  'account-locked': [50053],
  'account-disabled': [50057],
  'microsoft-password-wrong': [50126, 50056],
  'microsoft-password-expired': [50055, 50144],
  'user-not-found': [50034, 51004],
  'user-of-other-tenant': [50020],
  'user-not-assigned': [50105],
  'sign-in-too-old': [700082, 70008, 700084, 50173, 50132, 50133, 70043, 54005, 50089],
  'public-client-off': [7000218, 700025],
  'redirect-mismatch': [50011, 500113, 500117],
  'permission-not-offered': [28000, 70011, 500011, 65005, 650053, 1002012],
  'device-code-expired': [70019, 70020, 70018],
};

const codeOf = new Map<number, RefusalCode>(
  (Object.entries(numbers) as [RefusalCode, readonly number[]][]).flatMap(([code, all]) =>
    all.map(number => [number, code] as const),
  ),
);

/**
 * Microsoft's sign-in service has refused. Undefined for a number that is not in the table.
 * @param number the one behind AADSTS
 */
export function microsoftRefusal(
  number: number,
  facts: SignInFacts,
  more: ProblemMore = {},
): Problem | undefined {
  const {end, server, login, app, tenant} = facts;
  const refusal = {
    end,
    server,
    login,
    number,
    ...(app === undefined ? {} : {app}),
    ...(tenant === undefined ? {} : {tenant}),
  };
  const code = codeOf.get(number);
  if (code === undefined) return undefined;
  // With a device code nothing else is looked at first, so that the policy is most likely the one against it.
  if (code === 'conditional-access' && number === 53003 && facts.auth === 'oauth-device')
    return problem('device-flow-blocked', refusal, more);
  return problem(code, refusal, more);
}

/**
 * Exchange has refused a token: `NO AUTHENTICATE failed.` At times it does so for a moment to one that it takes before and
 * after (EX1215307); what the token itself tells is so all the same.
 * @param how opened: the mailbox did open once, so that nothing is missing that it always takes
 */
export function tokenRefusal(
  facts: SignInFacts,
  {now, opened = false}: {readonly now?: number; readonly opened?: boolean},
  more: ProblemMore = {},
): Problem {
  const {end, server, login, claims} = facts;
  const base = {end, server, login};
  const granted = {...base, ...idsOf(claims)};
  if (!opened && !isAddress(login)) return problem('address-form', base, more);
  const anew = () => problem('token-refused-anew', {end, login, waited: false}, more);
  if (claims === undefined) return opened ? anew() : problem('microsoft-token-refused', granted, more);
  if (!isForExchange(claims))
    return problem('token-for-other-resource', {...granted, audience: claims.audience ?? ''}, more);
  if (now !== undefined && claims.expires !== undefined && claims.expires <= now)
    return problem('token-expired', {end, server}, more);
  if (claims.appOnly) {
    if (!claims.roles.some(role => /^IMAP\.AccessAsApp$/i.test(role)))
      return problem('imap-permission-missing', {...granted, permission: 'IMAP.AccessAsApp'}, more);
    return opened ? anew() : problem('microsoft-token-refused', granted, more);
  }
  if (!claims.scopes.some(scope => /(^|\/)IMAP\.AccessAsUser\.All$/i.test(scope)))
    return problem('imap-permission-missing', {...granted, permission: 'IMAP.AccessAsUser.All'}, more);
  return opened ? anew() : problem('own-mailbox-refused', {...base, user: claims.user ?? login}, more);
}

/**
 * Exchange has accepted the sign-in, and does not open the mailbox: `BAD User is authenticated but not connected.`
 * It says so too when there were many connections a moment ago, so that only what stays so is a missing right.
 * @param how staysSo: it was tried again after a pause; opened: it did open once, so that no right is missing
 */
export function notConnected(
  facts: SignInFacts,
  {staysSo = false, opened = false}: {readonly staysSo?: boolean; readonly opened?: boolean},
  more: ProblemMore = {},
): Problem {
  const {end, server, login, claims} = facts;
  const base = {end, server, login};
  if (opened) return problem('mailbox-sessions-used-up', {end, login, waited: false}, more);
  if (!staysSo) return problem('mailbox-not-connected', base, more);
  if (facts.auth === undefined || facts.auth === 'password')
    return problem('mailbox-not-connected', base, {...more, verdict: 'stop'});
  const own = claims?.user !== undefined && claims.user.toLowerCase() === login.toLowerCase();
  if (own) return problem('mailbox-missing', base, more);
  const user = claims?.user;
  return problem(
    'full-access-missing',
    {...base, ...idsOf(claims), ...(user === undefined ? {} : {user})},
    more,
  );
}

/** The ids that New-ServicePrincipal wants, where the token tells them. */
export function idsOf(claims: TokenClaims | undefined): {readonly app?: string; readonly objectId?: string} {
  return {
    ...(claims?.appId === undefined ? {} : {app: claims.appId}),
    // A user's object id is not what New-ServicePrincipal wants.
    ...(claims?.objectId === undefined || !claims.appOnly ? {} : {objectId: claims.objectId}),
  };
}

/** One address, and nothing else: no `DOMAIN\user`, no `user@domain\shared`. */
function isAddress(login: string): boolean {
  return /^[^\s@\\/"<>]+@[^\s@\\/"<>]+\.[^\s@\\/"<>]+$/.test(login);
}
