// What servers, TLS, the network and the disk say, and which problem each means. Data for problem-from-error.ts.
// Server texts: Exchange Online's as collected from public logs; response codes: RFC 3501, 5530, 7889, 9051.

/** Problems that need only the end, the server and the login to be said. */
export type SignInCode =
  | 'sign-in-refused'
  | 'microsoft-password-refused'
  | 'mailbox-not-connected'
  | 'password-sign-in-off'
  | 'password-expired'
  | 'app-password-needed'
  | 'imap-switched-off'
  | 'sign-in-rights-missing'
  | 'administrator-needed'
  | 'token-expired';

export type ServerCode =
  | 'too-many-connections'
  | 'limits-exceeded'
  | 'server-unavailable'
  | 'mailbox-in-use'
  | 'connection-lost'
  | 'timed-out'
  | 'host-unknown'
  | 'name-lookup-failed'
  | 'connection-refused'
  | 'host-unreachable'
  | 'connect-timed-out'
  | 'server-too-old'
  | 'proxy-failed'
  | 'tls-expired'
  | 'tls-not-yet-valid'
  | 'tls-revoked'
  | 'tls-wrong-name'
  | 'tls-self-signed'
  | 'tls-unknown-issuer'
  | 'tls-not-spoken'
  | 'tls-weak'
  | 'tls-untrusted'
  | 'tls-too-old'
  | 'tls-failed'
  | 'starttls-missing'
  | 'starttls-meddled'
  | 'answer-unreadable';

/** Problems that depend on what was under way. */
export type PlaceCode =
  | 'over-quota'
  | 'too-large'
  | 'too-many-alike'
  | 'no-right'
  | 'folder-gone'
  | 'name-reserved'
  | 'refused'
  | 'message-gone';

export type Sign = SignInCode | ServerCode | PlaceCode;

/** The server, or one behind it, is not there for the moment. */
export const unavailableWords =
  /server unavailable|temporar(y|ily)|try again later|backend.{0,200}unavailable/i;

/** In the words of servers that send no code. */
export const folderGoneWords = /(doesn't|does not) exist\b/i;

/** A server's own words, most telling first. They outrank codes: Exchange sends no codes at all. */
export const serverWords: readonly (readonly [RegExp, Sign])[] = [
  [/basic authentication is (disabled|blocked)|BasicAuthBlocked/i, 'microsoft-password-refused'],
  [/authenticated but not connected/i, 'mailbox-not-connected'],
  [/AccessTokenExpired|token (has )?expired/i, 'token-expired'],
  // Mail.ru writes it with one p.
  [/application-specific password|ap+(lication)? password (is )?required/i, 'app-password-needed'],
  // Yandex, of every wrong password; what is to be done says of IMAP too.
  [/invalid credentials or imap is disabled/i, 'sign-in-refused'],
  [/not enabled for imap|imap (access )?is (disabled|not enabled|switched off)/i, 'imap-switched-off'],
  [/(command|bandwidth) limits|rate limit/i, 'limits-exceeded'],
  [
    /too many (simultaneous |concurrent |open )?(imap )?(connections|sessions)|maximum number of connections|connection limit/i,
    'too-many-connections',
  ],
  [unavailableWords, 'server-unavailable'],
  [
    /over ?quota|quota.{0,20}(exceeded|full|reached)|exceed\w*.{0,30}quota|mailbox (is )?full|storage limit.{0,20}exceeded/i,
    'over-quota',
  ],
  [
    /maximum size of appendable message|message.{0,20}too (large|big)|exceeds? .{0,40}message size|(mail|message) size is larger/i,
    'too-large',
  ],
  // Cyrus 3.3 and Fastmail, with the code LIMIT: of one message, not of the mailbox.
  [/too many identical/i, 'too-many-alike'],
  [folderGoneWords, 'folder-gone'],
  [/folder name is reserved/i, 'name-reserved'],
  [/received in invalid state|not valid in this state/i, 'connection-lost'],
];

/** Response codes of NO and BAD answers. */
export const responseCodes: Readonly<Record<string, Sign>> = {
  AUTHENTICATIONFAILED: 'sign-in-refused',
  AUTHORIZATIONFAILED: 'sign-in-rights-missing',
  EXPIRED: 'password-expired',
  PRIVACYREQUIRED: 'password-sign-in-off',
  CONTACTADMIN: 'administrator-needed',
  UNAVAILABLE: 'server-unavailable',
  SERVERBUG: 'server-unavailable',
  INUSE: 'mailbox-in-use',
  LIMIT: 'limits-exceeded',
  OVERQUOTA: 'over-quota',
  APPENDLIMIT: 'too-large',
  TOOBIG: 'too-large',
  NOPERM: 'no-right',
  'READ-ONLY': 'no-right',
  TRYCREATE: 'folder-gone',
  NONEXISTENT: 'folder-gone',
  EXPUNGEISSUED: 'message-gone',
  CORRUPTION: 'refused',
  CANNOT: 'refused',
  CLIENTBUG: 'refused',
};

/** `code` of errors from Node (DNS, sockets, TLS) and from imapflow. */
export const errorCodes: Readonly<Record<string, ServerCode>> = {
  ENOTFOUND: 'host-unknown',
  EAI_NONAME: 'host-unknown',
  EAI_AGAIN: 'name-lookup-failed',
  EAI_FAIL: 'name-lookup-failed',
  ESERVFAIL: 'name-lookup-failed',
  ECONNREFUSED: 'connection-refused',
  EHOSTUNREACH: 'host-unreachable',
  EHOSTDOWN: 'host-unreachable',
  ENETUNREACH: 'host-unreachable',
  ENETDOWN: 'host-unreachable',
  EADDRNOTAVAIL: 'host-unreachable',
  CONNECT_TIMEOUT: 'connect-timed-out',
  GREETING_TIMEOUT: 'connect-timed-out',
  UPGRADE_TIMEOUT: 'connect-timed-out',
  ETIMEDOUT: 'timed-out',
  ETIMEOUT: 'timed-out',
  ECONNRESET: 'connection-lost',
  ECONNABORTED: 'connection-lost',
  ENETRESET: 'connection-lost',
  EPIPE: 'connection-lost',
  ERR_STREAM_DESTROYED: 'connection-lost',
  ERR_STREAM_PREMATURE_CLOSE: 'connection-lost',
  ERR_STREAM_WRITE_AFTER_END: 'connection-lost',
  ERR_SOCKET_CLOSED: 'connection-lost',
  NoConnection: 'connection-lost',
  OneAtATime: 'connection-lost',
  EConnectionClosed: 'connection-lost',
  StateLogout: 'connection-lost',
  ClosedAfterConnectText: 'connection-lost',
  ClosedAfterConnectTLS: 'connection-lost',
  PollFailed: 'connection-lost',
  CERT_HAS_EXPIRED: 'tls-expired',
  CERT_NOT_YET_VALID: 'tls-not-yet-valid',
  CERT_REVOKED: 'tls-revoked',
  ERR_TLS_CERT_ALTNAME_INVALID: 'tls-wrong-name',
  HOSTNAME_MISMATCH: 'tls-wrong-name',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'tls-self-signed',
  SELF_SIGNED_CERT_IN_CHAIN: 'tls-unknown-issuer',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'tls-unknown-issuer',
  UNABLE_TO_GET_ISSUER_CERT: 'tls-unknown-issuer',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'tls-unknown-issuer',
  CERT_UNTRUSTED: 'tls-unknown-issuer',
  INVALID_CA: 'tls-unknown-issuer',
  // The rest of OpenSSL's reasons against a certificate; Node calls most of them UNSPECIFIED.
  UNSPECIFIED: 'tls-untrusted',
  CERT_SIGNATURE_FAILURE: 'tls-untrusted',
  CERT_CHAIN_TOO_LONG: 'tls-untrusted',
  CERT_REJECTED: 'tls-untrusted',
  PATH_LENGTH_EXCEEDED: 'tls-untrusted',
  INVALID_PURPOSE: 'tls-untrusted',
  UNABLE_TO_DECRYPT_CERT_SIGNATURE: 'tls-untrusted',
  UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY: 'tls-untrusted',
  ERROR_IN_CERT_NOT_BEFORE_FIELD: 'tls-untrusted',
  ERROR_IN_CERT_NOT_AFTER_FIELD: 'tls-untrusted',
  ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION: 'tls-too-old',
  ERR_SSL_UNSUPPORTED_PROTOCOL: 'tls-too-old',
  ERR_SSL_WRONG_VERSION_NUMBER: 'tls-not-spoken',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'tls-not-spoken',
  STARTTLS_INJECTION: 'starttls-meddled',
  EPROTO: 'tls-failed',
  MissingServerExtension: 'server-too-old',
  ProxyError: 'proxy-failed',
  EPROXY: 'proxy-failed',
  UnsupportedProxyAddress: 'proxy-failed',
  UnexpectedTag: 'answer-unreadable',
  MissingTag: 'answer-unreadable',
  InvalidResponse: 'answer-unreadable',
  ResponseProcessingFailed: 'answer-unreadable',
  Z_DATA_ERROR: 'answer-unreadable',
  COMPRESS_TRAILING_DATA: 'answer-unreadable',
  MAX_IMAP_NESTING_REACHED: 'answer-unreadable',
  LineTooLarge: 'answer-unreadable',
  LiteralTooLarge: 'answer-unreadable',
  ResponseTooLarge: 'answer-unreadable',
  TooManyTokens: 'answer-unreadable',
  TooManyResponses: 'answer-unreadable',
  DownloadOverflow: 'answer-unreadable',
  DownloadIncomplete: 'answer-unreadable',
};

/** Hosts of Office 365 and its national clouds, with or without a port. */
export const exchangeHost =
  /(^|\.)(outlook\.com|office365\.com|office365\.us|office\.com|outlook\.cn|partner\.outlook\.cn|outlook\.de)(:\d+)?$/i;
