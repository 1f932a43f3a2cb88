// Problems of reaching a server, of signing in and of staying connected. Catalogue data.
import type {End} from '../events.ts';
import {entry} from './entry.ts';
import {pages} from './microsoft.ts';
import {exchangeHost} from './signs.ts';
import {duration, powershellText} from './words.ts';

type Server = {readonly end: End; readonly server: string};
type Login = Server & {readonly login: string};

export const connectionProblems = {
  // Signing in.
  'sign-in-refused': entry<Login>(
    'mailbox',
    'stop',
    p => `The ${p.end} server ${p.server} refuses the user name or password of ${p.login}.`,
    () => 'Check both, and whether IMAP is switched on for this mailbox, then run it again.',
  ),
  'microsoft-password-refused': entry<Login>(
    'mailbox',
    'stop',
    p => `Office 365 no longer takes passwords over IMAP, so ${p.login} cannot sign in with one.`,
    () =>
      'Choose a Microsoft sign-in for this end: oauth-app for many mailboxes, oauth-device for one; or a gateway that takes a password.',
    () => pages.basicAuth,
  ),
  'mailbox-not-connected': entry<Login>(
    'mailbox',
    'slower',
    p => `The sign-in is accepted, but ${p.server} does not open the mailbox ${p.login}.`,
    () =>
      'If it stays so: give the signed-in user or app full access to the mailbox (Add-MailboxPermission), and ' +
      'check that the mailbox exists and has a licence.',
  ),
  'mailbox-sessions-used-up': entry<{
    readonly end: End;
    readonly login: string;
    /** It was waited for, as long as is of use. */
    readonly waited: boolean;
  }>(
    'mailbox',
    'slower',
    p =>
      p.waited
        ? `The mailbox ${p.login} (${p.end}) was opened before and does not open any more: its sessions are used up, or the access was taken away.`
        : `The mailbox ${p.login} (${p.end}) has no session free: those that were cut off a moment ago still count.`,
    p =>
      p.waited
        ? 'Close other programs that use the mailbox, wait a quarter of an hour, then run it again: it goes on where it stopped. If it stays so, see what mailferry check says.'
        : 'mailferry waits and goes on by itself.',
  ),
  'password-refused-anew': entry<{
    readonly end: End;
    readonly login: string;
    /** It was presented again, as often as is safe. */
    readonly waited: boolean;
  }>(
    'mailbox',
    'again',
    p =>
      p.waited
        ? `The ${p.end} server took the password of ${p.login} before, and refuses it now.`
        : `The ${p.end} server refuses the password of ${p.login}, which it took before.`,
    p =>
      p.waited
        ? 'See whether the password was changed or the account is locked, then run it again: it goes on where it was.'
        : 'mailferry waits, presents it twice more at most, and goes on by itself.',
  ),
  'password-sign-in-off': entry<Server>(
    'mailbox',
    'stop',
    p => `The ${p.end} server ${p.server} does not allow a password on this connection.`,
    () => 'Use security tls or starttls; if it is so already, choose another way to sign in.',
  ),
  'password-expired': entry<Login>(
    'mailbox',
    'stop',
    p => `The password or account of ${p.login} at ${p.server} has expired.`,
    () => 'Renew the password at the provider, then run it again.',
  ),
  'app-password-needed': entry<Login>(
    'mailbox',
    'stop',
    p => `${p.server} (${p.end}) does not take the ordinary password of ${p.login} over IMAP.`,
    () => 'Make an app password in the account settings of the provider and give that one.',
  ),
  'imap-switched-off': entry<Login>(
    'mailbox',
    'stop',
    p => `IMAP is switched off for ${p.login} at ${p.server}.`,
    p =>
      `Switch IMAP on in the settings of that mailbox (Office 365: Set-CASMailbox -Identity ${powershellText(p.login)} -ImapEnabled $true), then run it again.`,
  ),
  'sign-in-rights-missing': entry<Login>(
    'mailbox',
    'stop',
    p => `The sign-in at ${p.server} is right, but it may not open the mailbox ${p.login}.`,
    () => 'Ask the administrator of that server for the right to open the mailbox.',
  ),
  'administrator-needed': entry<Login>(
    'mailbox',
    'stop',
    p => `The ${p.end} server ${p.server} cannot open ${p.login} and asks to contact its administrator.`,
    () => 'Contact the administrator of that server, then run it again.',
  ),
  'sign-in-not-tried': entry<Login & {readonly times: number}>(
    'mailbox',
    'stop',
    p =>
      `${p.login} was not tried: ${p.server} (${p.end}) had refused ${p.times} sign-ins in a row and accepted none.`,
    () => 'Mend the ones that were refused, then run it again; servers lock out who goes on trying.',
  ),
  'token-expired': entry<Server>(
    'mailbox',
    'again',
    p => `The sign-in at the ${p.end} server ${p.server} has expired.`,
    () => 'mailferry signs in anew and goes on.',
  ),

  // Reaching the server.
  'host-unknown': entry<Server>(
    'mailbox',
    'stop',
    p => `There is no server with the name ${p.server.replace(/:\d+$/, '')} (${p.end}).`,
    () => 'Check the spelling of the server name.',
  ),
  'name-lookup-failed': entry<Server>(
    'mailbox',
    'again',
    p => `The name ${p.server} (${p.end}) cannot be looked up at the moment.`,
    () => 'Check the network connection and its DNS settings.',
  ),
  'connection-refused': entry<Server>(
    'mailbox',
    'stop',
    p => `Nothing answers at ${p.server} (${p.end}): the connection is refused.`,
    () => 'Check the server name and the port: 993 for tls, 143 for starttls.',
  ),
  'host-unreachable': entry<Server>(
    'mailbox',
    'again',
    p => `There is no way to ${p.server} (${p.end}) from this network.`,
    () => 'Check the network connection, VPN and firewall.',
  ),
  'connect-timed-out': entry<Server>(
    'mailbox',
    'again',
    p => `${p.server} (${p.end}) does not answer.`,
    () => 'Check the server name and port, and whether a firewall stands in the way.',
  ),
  'not-imap': entry<Server>(
    'mailbox',
    'stop',
    p => `What answers at ${p.server} (${p.end}) does not speak IMAP.`,
    () => 'Check the port and the security: 993 for tls, 143 for starttls.',
  ),
  'server-too-old': entry<Server>(
    'mailbox',
    'stop',
    p => `The ${p.end} server ${p.server} does not offer IMAP4rev1, which mailferry needs.`,
    () => 'Ask for an update of the server, or use another address of it.',
  ),
  'proxy-failed': entry<Server>(
    'mailbox',
    'stop',
    p => `The proxy on the way to ${p.server} (${p.end}) does not let the connection through.`,
    () => 'Check the proxy settings.',
  ),

  // Staying connected.
  throttled: entry<Server & {readonly milliseconds: number}>(
    'mailbox',
    'slower',
    p => `The ${p.end} server ${p.server} asks for a pause of ${duration(p.milliseconds)}.`,
    () => 'mailferry waits and goes on by itself, more slowly.',
    p => (exchangeHost.test(p.server) ? pages.practices : undefined),
  ),
  'too-many-connections': entry<Server>(
    'mailbox',
    'slower',
    p => `The ${p.end} server ${p.server} takes no more connections for this mailbox.`,
    () => 'mailferry goes on with fewer; close other mail programs or lower --connections.',
  ),
  'no-room': entry<Server & {readonly open: number}>(
    'mailbox',
    'slower',
    p =>
      `The ${p.end} server ${p.server} takes no more connections beside ${p.open === 1 ? 'the one' : `the ${p.open}`} that mailferry has there.`,
    () =>
      'mailferry goes on once one of them ends. Lower --mailboxes or --connections to have fewer at once.',
  ),
  'limits-exceeded': entry<Server>(
    'mailbox',
    'slower',
    p => `The ${p.end} server ${p.server} says that its limit for this mailbox is used up.`,
    () => 'mailferry goes on more slowly; some providers lift the limit only after hours.',
  ),
  'server-unavailable': entry<
    Server & {
      /** It says that the fault is its own, not that it is away. */
      readonly failed?: boolean;
    }
  >(
    'mailbox',
    'slower',
    p =>
      p.failed
        ? `The ${p.end} server ${p.server} failed at this, and says that the fault is its own.`
        : `The ${p.end} server ${p.server} says it is unavailable at the moment.`,
    p =>
      p.failed
        ? "mailferry tries again; if it stays so, the administrator of that server finds the cause in the server's log."
        : 'mailferry tries again; if it stays so, see whether the mailbox is full or the service is disturbed.',
  ),
  'mailbox-in-use': entry<Server>(
    'mailbox',
    'slower',
    p => `The ${p.end} server ${p.server} says the mailbox is in use by another program.`,
    () => 'mailferry tries again; close other mail programs that use this mailbox.',
  ),
  'server-away': entry<
    Server & {
      /** For how long. */
      readonly milliseconds: number;
      /** It was waited for as long as is of use. */
      readonly givenUp: boolean;
    }
  >(
    'mailbox',
    'again',
    p => `${p.server} (${p.end}) has let nobody in for ${duration(p.milliseconds)}, and did before.`,
    p =>
      p.givenUp
        ? 'Run it again once the server answers: it goes on where it was.'
        : 'mailferry tries again every few minutes, for half a day, and goes on by itself.',
  ),
  'connection-lost': entry<Server>(
    'mailbox',
    'again',
    p => `The connection to ${p.server} (${p.end}) is lost.`,
    () => 'mailferry connects again and goes on where it was.',
  ),
  'timed-out': entry<Server>(
    'mailbox',
    'again',
    p => `${p.server} (${p.end}) has stopped answering.`,
    () => 'mailferry connects again and goes on where it was.',
  ),
  'answer-unreadable': entry<Server>(
    'mailbox',
    'again',
    p => `An answer of ${p.server} (${p.end}) cannot be understood.`,
    () => 'mailferry connects again; if it stays so, please report it with the detail.',
  ),
  'command-refused': entry<Server>(
    'mailbox',
    'stop',
    p => `The ${p.end} server ${p.server} refuses a command.`,
    () => 'Read what the server says; running it again goes on where it stopped.',
  ),
};
