// What a Dovecot 2.3 needs to serve tests: loopback, any user, no fsync, no delay after a failed sign-in.
import {basename, join} from 'node:path';
import type {CertificateKind, Certificates} from './certificates.ts';

export type DovecotOptions = {
  /** sdbox where not given: its APPEND does not slow down with the folder's size, as maildir's does. */
  readonly format?: 'sdbox' | 'mdbox' | 'maildir';
  /** Hierarchy separator of the namespace, '/' where not given. */
  readonly separator?: string;
  /** Namespace prefix with its separator, for example 'INBOX.'. */
  readonly prefix?: string;
  /** Keeps separator and other forbidden characters in names, escaped on disk (listescape plugin). */
  readonly anyName?: boolean;
  /** Password of each user. Where not given every user name is a mailbox with the password 'pass'. */
  readonly passwords?: Readonly<Record<string, string>>;
  /** The one password of all users, in place of 'pass': letters and digits. */
  readonly password?: string;
  /** Capabilities not told to the client. Dovecot goes on understanding them. */
  readonly hide?: readonly string[];
  /** Offers COMPRESS=DEFLATE (zlib plugins). */
  readonly compress?: boolean;
  /** Told after the others, for example 'APPENDLIMIT=1000000'. */
  readonly add?: readonly string[];
  /** Special-use attribute by folder name (UTF-8, levels joined by the separator). */
  readonly specialUse?: Readonly<Record<string, string>>;
  /** Space of each mailbox in bytes; APPEND beyond it is refused with OVERQUOTA. */
  readonly quotaBytes?: number;
  /** Larger messages are refused. */
  readonly largestMessage?: number;
  /** required: no sign-in before STARTTLS on the plain port; none: no TLS at all. */
  readonly tls?: 'offered' | 'required' | 'none';
  readonly certificate?: CertificateKind;
  /** Connections a user may hold at once, 1000 where not given. */
  readonly connectionsPerUser?: number;
  /** What it says first; with Exchange's words mailferry takes it for one. */
  readonly greeting?: string;
  /** Further lines of dovecot.conf, last. */
  readonly extra?: string;
};

export type DovecotPlace = {
  readonly directory: string;
  readonly imapPort: number;
  readonly imapsPort: number;
  readonly certificates: Certificates;
  /** Who owns the mail; not root. */
  readonly uid: number;
  readonly gid: number;
  /** Who runs it where that is not root. */
  readonly runBy?: {readonly user: string; readonly group: string};
};

/** What Dovecot 2.3 tells after sign-in, in its order. */
const capabilities =
  'IMAP4rev1 SASL-IR LOGIN-REFERRALS ID ENABLE IDLE SORT SORT=DISPLAY THREAD=REFERENCES THREAD=REFS THREAD=ORDEREDSUBJECT MULTIAPPEND URL-PARTIAL CATENATE UNSELECT CHILDREN NAMESPACE UIDPLUS LIST-EXTENDED I18NLEVEL=1 CONDSTORE QRESYNC ESEARCH ESORT SEARCHRES WITHIN CONTEXT=SEARCH LIST-STATUS BINARY MOVE SNIPPET=FUZZY PREVIEW=FUZZY PREVIEW STATUS=SIZE SAVEDATE LITERAL+ NOTIFY SPECIAL-USE'.split(
    ' ',
  );

const usualSpecialUse = {
  Drafts: '\\Drafts',
  Junk: '\\Junk',
  Sent: '\\Sent',
  Trash: '\\Trash',
};

const quoted = (text: string) => `"${text.replaceAll(/["\\]/g, '\\$&')}"`;

/** The whole dovecot.conf. */
export function dovecotConfig(options: DovecotOptions, place: DovecotPlace): string {
  const {directory, certificates, runBy} = place;
  const format = options.format ?? 'sdbox';
  const tls = options.tls ?? 'offered';
  const quota = options.quotaBytes !== undefined || options.largestMessage !== undefined;
  const zlib = options.compress === true;
  const plugins = [
    ...(quota ? ['quota'] : []),
    ...(options.anyName ? ['listescape'] : []),
    ...(zlib ? ['zlib'] : []),
  ];
  const imapPlugins = [...plugins, ...(quota ? ['imap_quota'] : []), ...(zlib ? ['imap_zlib'] : [])];
  const told = [...(quota ? ['QUOTA'] : []), ...(zlib ? ['COMPRESS=DEFLATE'] : []), ...(options.add ?? [])];
  const shown = [...capabilities, ...told].filter(name => !options.hide?.includes(name));
  const setsCapabilities = options.hide !== undefined || options.add !== undefined;
  const specialUse = Object.entries(options.specialUse ?? usualSpecialUse);

  return `base_dir = ${join(directory, 'run')}
state_dir = ${join(directory, 'state')}
log_path = ${join(directory, 'dovecot.log')}
protocols = imap
listen = 127.0.0.1
login_greeting = ${options.greeting ?? 'ready'} ${basename(directory)}
# As root Dovecot insists on its own unprivileged login users; as anyone else it can only be that one user.
${
  runBy
    ? `default_internal_user = ${runBy.user}
default_internal_group = ${runBy.group}
default_login_user = ${runBy.user}`
    : ''
}
default_vsz_limit = 0
default_client_limit = 4000
default_process_limit = 1000
first_valid_uid = 0
first_valid_gid = 0
mail_uid = ${place.uid}
mail_gid = ${place.gid}
mail_location = ${format}:${join(directory, 'mail', '%u')}
mail_fsync = never
mail_max_userip_connections = ${options.connectionsPerUser ?? 1000}
mail_plugins = ${plugins.join(' ')}
auth_mechanisms = plain login
auth_username_chars =
auth_failure_delay = 0
disable_plaintext_auth = ${tls === 'required' ? 'yes' : 'no'}
ssl = ${tls === 'none' ? 'no' : tls === 'required' ? 'required' : 'yes'}
ssl_cert = <${certificates.certificateFile}
ssl_key = <${certificates.keyFile}
ssl_min_protocol = TLSv1.2
service anvil {
  unix_listener anvil-auth-penalty {
    mode = 0
  }
}
service imap-login {
  inet_listener imap {
    port = ${place.imapPort}
  }
  inet_listener imaps {
    port = ${tls === 'none' ? 0 : place.imapsPort}
    ssl = yes
  }
  # One process for every sign-in saves a fork for each connection.
  service_count = 0
  process_min_avail = 1
  ${runBy ? 'chroot =' : ''}
}
service imap {
  service_count = 256
}
${runBy ? 'service anvil {\n  chroot =\n}\nservice stats {\n  chroot =\n}' : ''}
protocol imap {
  mail_plugins = ${imapPlugins.join(' ')}
  mail_max_userip_connections = ${options.connectionsPerUser ?? 1000}
  ${setsCapabilities ? `imap_capability = ${shown.join(' ')}` : ''}
}
plugin {
  ${options.anyName ? 'listescape_char = "\\\\"' : ''}
  ${options.quotaBytes === undefined ? '' : `quota_rule = *:storage=${options.quotaBytes}B`}
  ${quota ? 'quota = count:mailbox\n  quota_vsizes = yes\n  quota_grace = 0' : ''}
  ${options.largestMessage === undefined ? '' : `quota_max_mail_size = ${options.largestMessage}B`}
}
namespace mail {
  inbox = yes
  separator = ${options.separator ?? '/'}
  prefix = ${options.prefix ?? ''}
${specialUse.map(([name, use]) => `  mailbox ${quoted(name)} {\n    special_use = ${use}\n  }`).join('\n')}
}
passdb {
${
  options.passwords
    ? `  driver = passwd-file\n  args = scheme=PLAIN username_format=%u ${join(directory, 'passwords')}`
    : `  driver = static\n  args = password=${options.password ?? 'pass'}`
}
}
userdb {
  driver = static
  args = uid=${place.uid} gid=${place.gid} home=${join(directory, 'home', '%u')}
}
${options.extra ?? ''}
`;
}
