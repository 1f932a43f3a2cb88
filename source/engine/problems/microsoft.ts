// Problems of signing in with Microsoft and of opening a mailbox at Exchange Online: the cause, the administrator's
// exact step with the real address in it, and a page. Catalogue data; which one it is says problem-doctor.ts.
import type {End} from '../events.ts';
import {entry} from './entry.ts';
import {powershellText} from './words.ts';

type Login = {readonly end: End; readonly server: string; readonly login: string};

/** A refusal of Microsoft's sign-in service. */
type Refusal = Login & {
  /** The number behind AADSTS. */
  readonly number: number;
  /** Application (client) id, where known. */
  readonly app?: string;
  readonly tenant?: string;
};

/** What the access token says of the app, where it says it. */
type Granted = Login & {
  readonly app?: string;
  /** Object id of the enterprise application. */
  readonly objectId?: string;
};

const learn = 'https://learn.microsoft.com';

/** Pages that several problems point to. */
export const pages = {
  imapWithOauth: `${learn}/exchange/client-developer/legacy-protocols/how-to-authenticate-an-imap-pop-smtp-application-by-using-oauth`,
  imapOnOff: `${learn}/exchange/clients-and-mobile-in-exchange-online/pop3-and-imap4/enable-or-disable-pop3-or-imap4-access`,
  imapSettings: `${learn}/exchange/clients-and-mobile-in-exchange-online/pop3-and-imap4/pop3-or-imap4-settings`,
  basicAuth: `${learn}/exchange/clients-and-mobile-in-exchange-online/deprecation-of-basic-authentication-exchange-online`,
  limits: `${learn}/office365/servicedescriptions/exchange-online-service-description/exchange-online-limits`,
  practices: `${learn}/exchange/mailbox-migration/office-365-migration-best-practices`,
  errorCodes: `${learn}/entra/identity-platform/reference-error-codes`,
} as const;

const lookUp = (p: Refusal) => `https://login.microsoftonline.com/error?code=${Math.trunc(p.number)}`;
const appOf = (p: {readonly app?: string}) => (p.app === undefined ? 'the app' : `the app ${p.app}`);
const registration = 'Entra admin center > App registrations > your app';
const enterprise = 'Entra admin center > Enterprise applications > your app';

/** `New-ServicePrincipal …` with the ids of the token, or where to find them. */
function servicePrincipalLine(p: {readonly app?: string; readonly objectId?: string}): string {
  return `New-ServicePrincipal -AppId ${p.app ?? 'APPLICATION_ID'} -ObjectId ${p.objectId ?? 'OBJECT_ID'} -DisplayName mailferry`;
}

/** `Add-MailboxPermission …` for the app, or for a user. */
function fullAccessLine(p: {readonly login: string; readonly who: string}): string {
  return `Add-MailboxPermission -Identity ${powershellText(p.login)} -User ${p.who} -AccessRights FullAccess -AutoMapping $false`;
}

const imapOnLine = (login: string) => `Set-CASMailbox -Identity ${powershellText(login)} -ImapEnabled $true`;
const imapShowLine = (login: string) => `Get-CASMailbox -Identity ${powershellText(login)}`;
const mailboxShowLine = (login: string) => `Get-EXOMailbox -Identity ${powershellText(login)}`;

const objectIdHint = (p: Granted) =>
  p.objectId === undefined
    ? ' OBJECT_ID is the one under Enterprise applications, not the one under App registrations.'
    : '';

export const microsoftProblems = {
  // The sign-in service has refused: AADSTS codes.
  'app-secret-expired': entry<Refusal>(
    'mailbox',
    'stop',
    p => `The client secret of ${appOf(p)} has expired.`,
    () => `Make a new one (${registration} > Certificates & secrets) and give its value.`,
    lookUp,
  ),
  'app-secret-wrong': entry<Refusal>(
    'mailbox',
    'stop',
    p => `Microsoft does not know the client secret given for ${appOf(p)}.`,
    () =>
      `Give the secret's value, not its id (${registration} > Certificates & secrets); the value is shown only when it is made.`,
    lookUp,
  ),
  'app-certificate-refused': entry<Refusal>(
    'mailbox',
    'stop',
    p => `Microsoft does not accept the certificate given for ${appOf(p)}.`,
    () =>
      `Upload its public part (${registration} > Certificates & secrets > Certificates), and check its dates and the clock of this computer.`,
    lookUp,
  ),
  'app-not-in-tenant': entry<Refusal>(
    'mailbox',
    'stop',
    p => `${capital(appOf(p))} is not known in the tenant${p.tenant === undefined ? '' : ` ${p.tenant}`}.`,
    () =>
      'Check client id and tenant id (Entra admin center > App registrations > your app > Overview); an app of another tenant needs the consent of an administrator of this one first.',
    lookUp,
  ),
  'app-switched-off': entry<Refusal>(
    'mailbox',
    'stop',
    p => `${capital(appOf(p))} is switched off in this tenant.`,
    () => `Switch it on: ${enterprise} > Properties > Enabled for users to sign in.`,
    lookUp,
  ),
  'tenant-unknown': entry<Refusal>(
    'mailbox',
    'stop',
    p => `Microsoft knows no tenant${p.tenant === undefined ? ' of that name' : ` ${p.tenant}`}.`,
    () => 'Give the tenant id or a domain of the tenant (Entra admin center > Overview).',
    lookUp,
  ),
  'consent-missing': entry<Refusal>(
    'mailbox',
    'stop',
    p => `Nobody has allowed ${appOf(p)} to use IMAP in this tenant.`,
    () =>
      `An administrator grants it: ${registration} > API permissions > Grant admin consent (IMAP.AccessAsApp for app-only, IMAP.AccessAsUser.All for users).`,
    lookUp,
  ),
  'consent-declined': entry<Refusal>(
    'mailbox',
    'stop',
    p => `The user has declined to let ${appOf(p)} use the mailbox ${p.login}.`,
    () =>
      `Sign in again and accept, or have an administrator grant it (${registration} > API permissions > Grant admin consent).`,
    lookUp,
  ),
  'conditional-access': entry<Refusal>(
    'mailbox',
    'stop',
    p => `A Conditional Access policy of the tenant forbids this sign-in for ${p.login}.`,
    () =>
      'See which: Entra admin center > Monitoring > Sign-in logs > Conditional Access. Exclude the app or the account from it, or sign in from an allowed place.',
    lookUp,
  ),
  'device-flow-blocked': entry<Refusal>(
    'mailbox',
    'stop',
    p => `The tenant does not allow the sign-in with a device code (${p.login}).`,
    () =>
      'Sign in through the browser or app-only, or exclude the account from the policy: Entra admin center > Conditional Access > Authentication flows.',
    lookUp,
  ),
  'mfa-needed': entry<Refusal>(
    'mailbox',
    'stop',
    p => `The account ${p.login} needs a second factor, which cannot be given here.`,
    () => 'Sign in through the browser or with a device code, or use an app-only sign-in.',
    lookUp,
  ),
  'account-locked': entry<Refusal>(
    'mailbox',
    'stop',
    p => `The account ${p.login} is locked after too many failed sign-ins.`,
    () =>
      'Wait for the lock to end or unlock it (Entra admin center > Protection > Risky users, Password protection); mend the password before the next try.',
    lookUp,
  ),
  'account-disabled': entry<Refusal>(
    'mailbox',
    'stop',
    p => `The account ${p.login} is disabled.`,
    p =>
      `Enable it (Microsoft 365 admin center > Users > ${p.login} > Unblock sign-in), or use an app-only sign-in.`,
    lookUp,
  ),
  'microsoft-password-wrong': entry<Refusal>(
    'mailbox',
    'stop',
    p => `Microsoft does not accept user name or password of ${p.login}.`,
    () => 'Check both, then sign in again.',
    lookUp,
  ),
  'microsoft-password-expired': entry<Refusal>(
    'mailbox',
    'stop',
    p => `The Microsoft password of ${p.login} has expired.`,
    () => 'Set a new one at https://myaccount.microsoft.com, then sign in again.',
    lookUp,
  ),
  'user-not-found': entry<Refusal>(
    'mailbox',
    'stop',
    p => `There is no account ${p.login} in this tenant.`,
    p =>
      `Check user id and domain: Get-EXORecipient -Identity ${powershellText(p.login)} shows whether the address exists; sign in with its UserPrincipalName.`,
    lookUp,
  ),
  'user-of-other-tenant': entry<Refusal>(
    'mailbox',
    'stop',
    p => `The account ${p.login} belongs to another tenant than the one asked.`,
    () => "Give that tenant's id, or sign in with an account of this one.",
    lookUp,
  ),
  'user-not-assigned': entry<Refusal>(
    'mailbox',
    'stop',
    p => `${p.login} is not assigned to ${appOf(p)}.`,
    () => `Assign the user: ${enterprise} > Users and groups.`,
    lookUp,
  ),
  'sign-in-too-old': entry<Refusal>(
    'mailbox',
    'stop',
    p => `The remembered sign-in of ${p.login} is no longer valid.`,
    () => 'Sign in again; a changed password or 90 days without use end it.',
    lookUp,
  ),
  'public-client-off': entry<Refusal>(
    'mailbox',
    'stop',
    p => `${capital(appOf(p))} is not registered for sign-ins without a secret.`,
    () =>
      `${registration} > Authentication: add the platform "Mobile and desktop applications" with http://localhost and set "Allow public client flows" to Yes.`,
    lookUp,
  ),
  'redirect-mismatch': entry<Refusal>(
    'mailbox',
    'stop',
    p => `${capital(appOf(p))} does not allow the browser to come back to this computer.`,
    () =>
      `${registration} > Authentication: add the platform "Mobile and desktop applications" with the address http://localhost.`,
    lookUp,
  ),
  'permission-not-offered': entry<Refusal>(
    'mailbox',
    'stop',
    p => `${capital(appOf(p))} asks for a permission that this tenant does not offer it.`,
    () =>
      `${registration} > API permissions > APIs my organization uses > Office 365 Exchange Online: add IMAP.AccessAsApp (app-only) or IMAP.AccessAsUser.All, then grant admin consent.`,
    lookUp,
  ),
  'device-code-expired': entry<Refusal>(
    'mailbox',
    'stop',
    p => `Nobody entered the device code for ${p.login} in time.`,
    () => 'Start again and enter the new code within 15 minutes.',
    lookUp,
  ),

  // The token is there, and Exchange does not take it. The wire says no more than "AUTHENTICATE failed.".
  'token-for-other-resource': entry<Granted & {readonly audience: string}>(
    'mailbox',
    'stop',
    p => `The access token for ${p.login} is for ${p.audience}, not for Exchange.`,
    () =>
      'Ask for it with the scope https://outlook.office365.com/.default (app-only) or https://outlook.office.com/IMAP.AccessAsUser.All, never together with Graph scopes.',
    () => pages.imapWithOauth,
  ),
  'imap-permission-missing': entry<Granted & {readonly permission: string}>(
    'mailbox',
    'stop',
    p => `${capital(appOf(p))} has no permission ${p.permission}, so Exchange refuses ${p.login}.`,
    p =>
      `${registration} > API permissions > APIs my organization uses > Office 365 Exchange Online: add ${p.permission}, then Grant admin consent.`,
    () => pages.imapWithOauth,
  ),
  'address-form': entry<Login>(
    'mailbox',
    'stop',
    p => `"${p.login}" is not the address of a mailbox, and Office 365 takes nothing else as a user name.`,
    () =>
      'Give user id and domain so that they make the mailbox\'s own address (john and contoso.com), without "\\" and without a second "@".',
    () => pages.imapWithOauth,
  ),
  'app-not-in-exchange': entry<Granted & {readonly refused: number}>(
    'mailbox',
    'stop',
    p =>
      `Exchange lets ${appOf(p)} into none of the ${p.refused} mailboxes tried: most likely it is not registered in Exchange, or with the wrong object id.`,
    p => `Exchange Online PowerShell: ${servicePrincipalLine(p)}.${objectIdHint(p)}`,
    () => pages.imapWithOauth,
  ),
  'microsoft-token-refused': entry<Granted>(
    'mailbox',
    'stop',
    p => `Office 365 does not let ${appOf(p)} into ${p.login}, and does not say why.`,
    p =>
      `Likely, in this order: (1) where the app opens no other mailbox, it is not registered in Exchange: ${servicePrincipalLine(p)};${objectIdHint(p)} ` +
      `(2) IMAP is switched off: ${imapOnLine(p.login)}; (3) it is no mailbox's own address: ${mailboxShowLine(p.login)}.`,
    () => pages.imapWithOauth,
  ),
  'token-refused-anew': entry<
    Omit<Login, 'server'> & {
      /** It was tried again, as often as is of use. */
      readonly waited: boolean;
    }
  >(
    'mailbox',
    'again',
    p =>
      p.waited
        ? `Office 365 let ${p.login} (${p.end}) in before, and refuses it now, again and again, without saying why.`
        : `Office 365 refuses the sign-in of ${p.login} (${p.end}), which it took before.`,
    p =>
      p.waited
        ? `Run it again in a while: it goes on where it was. If it stays so, the access was taken away or IMAP switched off: ${imapShowLine(p.login)} shows ImapEnabled.`
        : 'mailferry tries again and goes on by itself.',
  ),
  'imap-off-or-address': entry<Login>(
    'mailbox',
    'stop',
    p =>
      `Office 365 refuses ${p.login} alone, while the same sign-in opens other mailboxes: IMAP is switched off for it, or it is no mailbox's own address.`,
    p => `${imapShowLine(p.login)} shows which. If ImapEnabled is False: ${imapOnLine(p.login)}.`,
    () => pages.imapOnOff,
  ),
  'own-mailbox-refused': entry<Login & {readonly user: string}>(
    'mailbox',
    'stop',
    p => `${p.user} is signed in, but Office 365 refuses IMAP for ${p.login}, and does not say why.`,
    p =>
      `Likely, in this order: (1) IMAP is switched off: ${imapOnLine(p.login)}; (2) it is not the mailbox's own address: ${mailboxShowLine(p.login)}.`,
    () => pages.imapOnOff,
  ),

  // Signed in, and the mailbox does not open: "User is authenticated but not connected."
  'full-access-missing': entry<Granted & {readonly user?: string}>(
    'mailbox',
    'stop',
    p =>
      `${p.user ?? capital(appOf(p))} is signed in, but may not open the mailbox ${p.login}: most likely FullAccess is missing.`,
    p =>
      `${fullAccessLine({login: p.login, who: p.user === undefined ? (p.objectId ?? 'OBJECT_ID') : powershellText(p.user)})}. ` +
      `If it is granted already, see whether the mailbox exists and has a licence: ${mailboxShowLine(p.login)}.`,
    () => pages.imapWithOauth,
  ),
  'mailbox-missing': entry<Login>(
    'mailbox',
    'stop',
    p =>
      `${p.login} is signed in, but has no mailbox that opens: most likely there is no licence or no mailbox.`,
    p =>
      `${mailboxShowLine(p.login)} shows whether there is one; licences: Microsoft 365 admin center > Users > Active users > ${p.login} > Licenses and apps.`,
    () => pages.imapWithOauth,
  ),
};

function capital(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}
