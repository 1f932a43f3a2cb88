// What the server says of itself. The texts are Exchange Online's own (greetings of 2022 and 2026, capabilities of
// 2019 to 2026).
import type {Quirks} from './quirks.ts';

/** UTF-16LE in base64, as the real front ends name themselves. */
const frontEnd = Buffer.from('SIM1P001CA0001.SIMP001.PROD.OUTLOOK.COM', 'utf16le').toString('base64');

/** @param connection number of the connection, which makes its id */
export function greetingOf(quirks: Quirks, connection: number): string {
  if (quirks.greeting === 'old') return `* OK The Microsoft Exchange IMAP4 service is ready. [${frontEnd}]`;
  const id = `1b2c3d4e-0000-0000-0000-${String(connection).padStart(12, '0')}`;
  return `* OK Microsoft Exchange IMAP4 service ready. ${id} (tcpproxy/15.21.0406.000 BACKENDAUTHENTICATE) [${frontEnd}]`;
}

export const signingOff = 'Microsoft Exchange Server IMAP4 server signing off.';
export const identity = '("name" "Microsoft.Exchange.Imap4.Imap4Server" "version" "15.20")';

export function capabilities(quirks: Quirks, signedIn: boolean): string {
  return (
    signedIn ? after[quirks.capabilityAfter] : before[passwords(quirks) ? '2026-03' : quirks.capabilityBefore]
  ).replace(quirks.saslIr ? '' : ' SASL-IR', '');
}

/** LOGINDISABLED would keep clients from sending the password that is accepted here. */
function passwords(quirks: Quirks): boolean {
  return quirks.password === 'accepted' && quirks.capabilityBefore === '2026-09';
}

const before = {
  classic:
    'IMAP4 IMAP4rev1 AUTH=PLAIN AUTH=XOAUTH2 SASL-IR UIDPLUS ID UNSELECT CHILDREN IDLE NAMESPACE LITERAL+',
  '2026-03':
    'IMAP4 IMAP4rev1 AUTH=PLAIN AUTH=XOAUTH2 SASL-IR UIDPLUS MOVE ID UNSELECT CHILDREN IDLE NAMESPACE LITERAL+',
  '2026-09':
    'IMAP4 IMAP4rev1 AUTH=XOAUTH2 LOGINDISABLED SASL-IR UIDPLUS MOVE ID UNSELECT CHILDREN IDLE NAMESPACE LITERAL+',
} as const;

const after = {
  classic:
    'IMAP4 IMAP4rev1 AUTH=PLAIN AUTH=XOAUTH2 SASL-IR UIDPLUS MOVE ID UNSELECT CLIENTACCESSRULES CLIENTNETWORKPRESENCELOCATION BACKENDAUTHENTICATE CHILDREN IDLE NAMESPACE LITERAL+',
  rev2: 'IMAP4 IMAP4rev1 AUTH=PLAIN AUTH=XOAUTH2 SASL-IR UIDPLUS MOVE ID UNSELECT ENABLE IMAP4rev2 CLIENTACCESSRULES CLIENTNETWORKPRESENCELOCATION BACKENDAUTHENTICATE BACKENDAUTHENTICATE-IR CHILDREN IDLE NAMESPACE LITERAL+',
} as const;
