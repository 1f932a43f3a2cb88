// Who may sign in to which mailbox. Exchange gives no reasons: a refusal is one line, and whoever is let in without
// the right to the mailbox is told so at the first command.
import type {IssuedToken, TokenTable} from '../identity/tokens.ts';
import type {ExchangeMailbox} from './mailbox.ts';

/** What a token may be for. Microsoft writes ps.outlook.com into those of the scope outlook.office365.com/.default. */
export const audiences = {
  app: ['https://outlook.office365.com', 'https://ps.outlook.com'],
  delegated: ['https://outlook.office.com', 'https://outlook.office365.com', 'https://ps.outlook.com'],
} as const satisfies Record<string, readonly string[]>;

export type Directory = {
  /** By address, lower case. */
  readonly mailboxes: ReadonlyMap<string, ExchangeMailbox>;
  readonly tokens: TokenTable;
  /** Application ids with a service principal in Exchange; every application where not given. */
  readonly servicePrincipals?: ReadonlySet<string>;
};

/** `connected` false: authenticated, and every command but CAPABILITY and LOGOUT is refused. */
export type Admission =
  | {readonly admitted: false; readonly mailbox?: ExchangeMailbox}
  | {
      readonly admitted: true;
      readonly connected: boolean;
      readonly mailbox: ExchangeMailbox;
      /** ms since 1970; absent for a password. */
      readonly expires?: number;
    };

/** The answer to AUTHENTICATE XOAUTH2, decoded. */
export function readXoauth2(answer: string): {user: string; token: string} | undefined {
  const found = /^user=([^\x01]+)\x01auth=Bearer ([^\x01]+)\x01\x01$/.exec(answer);
  return found?.[1] === undefined || found[2] === undefined ? undefined : {user: found[1], token: found[2]};
}

/** @param now ms since 1970 */
export function admitToken(directory: Directory, user: string, token: string, now: number): Admission {
  const mailbox = directory.mailboxes.get(user.toLowerCase());
  const refused: Admission = {admitted: false, ...(mailbox === undefined ? {} : {mailbox})};
  const issued = directory.tokens.read(token);
  if (issued === undefined || issued.expires <= now || mailbox === undefined) return refused;
  const permission = issued.kind === 'app' ? 'IMAP.AccessAsApp' : 'IMAP.AccessAsUser.All';
  const permitted = issued.permissions.some(each => each === permission || each.endsWith(`/${permission}`));
  if (!takes(issued) || !permitted) return refused;
  if (issued.kind === 'app' && directory.servicePrincipals?.has(issued.subject) === false) return refused;
  if (mailbox.options.state === 'imap-off') return refused;
  return connect(mailbox, mayOpen(mailbox, issued.kind, issued.subject), issued.expires);
}

function takes({audience, kind}: IssuedToken): boolean {
  const known: readonly string[] = audiences[kind];
  return known.includes(audience.replace(/\/$/, ''));
}

/** `user` may be `delegate@domain\shared@domain`. */
export function admitPassword(directory: Directory, user: string, password: string): Admission {
  const [owner = '', shared = owner] = user.toLowerCase().split('\\');
  const mailbox = directory.mailboxes.get(shared);
  const signer = directory.mailboxes.get(owner);
  const right = signer !== undefined && (signer.options.password ?? 'pass') === password;
  if (mailbox === undefined || !right || mailbox.options.state === 'imap-off')
    return {admitted: false, ...(mailbox === undefined ? {} : {mailbox})};
  return connect(mailbox, mayOpen(mailbox, 'delegated', owner));
}

function mayOpen(mailbox: ExchangeMailbox, kind: 'app' | 'delegated', subject: string): boolean {
  const {fullAccess, principal = mailbox.address} = mailbox.options;
  const granted = fullAccess?.some(each => each.toLowerCase() === subject.toLowerCase());
  if (kind === 'app') return granted ?? true;
  const own = [principal, mailbox.address].some(name => name.toLowerCase() === subject.toLowerCase());
  return own || granted === true;
}

function connect(mailbox: ExchangeMailbox, allowed: boolean, expires?: number): Admission {
  const {state = 'ok'} = mailbox.options;
  const early = state === 'transient' && mailbox.signIns < mailbox.quirks.transientConnects;
  const connected = allowed && !early && state !== 'no-licence' && state !== 'no-mailbox';
  return {admitted: true, connected, mailbox, ...(expires === undefined ? {} : {expires})};
}
