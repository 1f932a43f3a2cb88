// Which problem an error is: by what it says, and by what was being done.
import type {End} from '../events.ts';
import {exchangeGreeting} from '../exchange-greeting.ts';
import {microsoftRefusal, notConnected, type SignInFacts, tokenRefusal} from './doctor.ts';
import {asRecord, type Facts, numberOf, readError, textOf} from './facts.ts';
import type {Problem} from './problems.ts';
import {problem} from './problems.ts';
import {problemOfRefusal} from './sign-in.ts';
import type {Sign} from './signs.ts';
import {errorCodes, exchangeHost, responseCodes, serverWords} from './signs.ts';

export type ErrorContext = {
  readonly end: End;
  readonly login: string;
  /** For people: host, or host:port. */
  readonly server: string;
  readonly during: 'connect' | 'sign-in' | 'list' | 'create' | 'fetch' | 'append' | 'other';
  /** The folder at work, for people. */
  readonly folder?: string;
  /** Bytes of the message at work, and what the destination takes, where known. */
  readonly size?: number;
  readonly limit?: number;
  /** How the mailbox is signed in to. */
  readonly auth?: 'password' | 'oauth-app' | 'oauth-device' | 'oauth-browser';
  readonly provider?: string;
  /** Client id and tenant of a Microsoft sign-in, where the request names them. */
  readonly app?: string;
  readonly tenant?: string;
  /** The server's first line. Exchange is known by it, by the provider, or by the host. */
  readonly greeting?: string;
  /** This server has worked before in this run: a refusal or an unknown name is an outage, not a mistake. */
  readonly reconnecting?: boolean;
  /** It has been tried again after a pause, to no avail. */
  readonly staysSo?: boolean;
  /** The server has opened this mailbox before, in this run or an earlier one. */
  readonly opened?: boolean;
  /** It has done so in this run, by the same sign-in. */
  readonly entered?: boolean;
  /** The local file at work: a ledger, a report. */
  readonly path?: string;
  /** ms since 1970: tells whether a token that was refused had expired. */
  readonly now?: number;
};

/** Longest pause taken from a server, in ms: a bound for a number that a server sends. */
const longestPause = 24 * 3_600_000;

/** Says an error as a problem of the catalogue. Never throws; what it does not know is an internal error. */
export function problemFromError(error: unknown, given: ErrorContext): Problem {
  const facts = readError(error);
  const context = facts.greeting === '' ? given : {...given, greeting: facts.greeting};
  if (facts.name === 'SignInRefused') return tokenRefused(error, context);
  if (facts.name === 'SignInUnreachable') return providerUnreachable(error, facts, context);
  const throttled = throttle(facts, context);
  if (throttled !== undefined) return throttled;
  const local = localProblem(facts, context);
  if (local !== undefined) return local;
  const sign = signOf(facts, context);
  if (sign !== undefined) return problemOfSign(sign, facts, context);
  return problem('internal-error', {}, {detail: facts.stackless});
}

/** The identity provider gives no token (auth/sign-in-refused.ts). */
function tokenRefused(error: unknown, context: ErrorContext): Problem {
  const {oauthError, aadsts, code, description} = asRecord(error);
  const {end, login} = context;
  const detail = {detail: textOf(description)};
  const number = numberOf(aadsts);
  // Who declines a device code gets a number that others have for a code typed wrongly.
  const declined = oauthError === 'authorization_declined';
  const known = number === undefined || declined ? undefined : microsoftRefusal(number, context, detail);
  if (known !== undefined) return known;
  const which = problemOfRefusal(textOf(oauthError), numberOf(aadsts));
  return which === 'token-refused'
    ? problem(which, {end, login, refusal: textOf(code)}, detail)
    : problem(which, {end, login}, detail);
}

/** Said with the name of the identity provider, not the mail server's. */
function providerUnreachable(error: unknown, facts: Facts, context: ErrorContext): Problem {
  const there: ErrorContext = {...context, server: textOf(asRecord(error)['host']), during: 'connect'};
  const sign = signOfTransport(facts, there);
  if (sign === undefined || sign === 'answer-unreadable')
    return problem(
      'identity-provider-busy',
      {end: context.end, login: context.login},
      {detail: facts.message},
    );
  return problemOfSign(sign, facts, there);
}

function throttle(facts: Facts, context: ErrorContext): Problem | undefined {
  const said = /Request is throttled/i.test(facts.words);
  if (facts.code !== 'ETHROTTLE' && !said && facts.throttleReset === undefined) return undefined;
  const inWords = /Backoff Time[:=\s]+(\d{1,12})/i.exec(facts.words)?.[1];
  const asked = facts.throttleReset ?? (inWords === undefined ? 60_000 : Number(inWords));
  const milliseconds = Math.min(longestPause, Math.max(1, asked));
  return problem(
    'throttled',
    {end: context.end, server: context.server, milliseconds},
    {detail: facts.words},
  );
}

/** This computer's own troubles: disk, rights, ledger, memory, and the user's stop. */
function localProblem(facts: Facts, context: ErrorContext): Problem | undefined {
  const path = context.path ?? 'in the state folder';
  const detail = {detail: facts.message};
  if (facts.code === 'ABORT_ERR') return problem('stopped-by-user', {});
  if (facts.sqlite !== undefined) {
    // The primary result code is the low byte: https://sqlite.org/rescode.html
    const primary = facts.sqlite & 0xff;
    if (primary === 5 || primary === 6) return problem('ledger-locked', {path}, detail);
    if (primary === 13) return problem('disk-full', {}, detail);
    if (primary === 11 || primary === 26) return problem('ledger-damaged', {path}, detail);
    if ([3, 8, 10, 14, 23].includes(primary)) return problem('ledger-unwritable', {path}, detail);
    return undefined;
  }
  if (facts.code === 'ENOSPC' || facts.code === 'EDQUOT') return problem('disk-full', {}, detail);
  if (facts.syscall !== 'connect' && ['EACCES', 'EPERM', 'EROFS'].includes(facts.code))
    return problem('file-not-allowed', {}, detail);
  if (['ENOMEM', 'ERR_MEMORY_ALLOCATION_FAILED', 'ERR_BUFFER_TOO_LARGE'].includes(facts.code))
    return problem('out-of-memory', {}, detail);
  return undefined;
}

function signOf(facts: Facts, context: ErrorContext): Sign | undefined {
  for (const [pattern, sign] of serverWords) if (pattern.test(facts.words)) return sign;
  if (facts.mailboxMissing) return 'folder-gone';
  const byResponse = Object.hasOwn(responseCodes, facts.responseCode)
    ? responseCodes[facts.responseCode]
    : undefined;
  if (byResponse === 'limits-exceeded' && ['connect', 'sign-in'].includes(context.during))
    return 'too-many-connections';
  if (byResponse !== undefined) return byResponse;
  if (facts.authenticationFailed) return signOfRefusedSignIn(facts, context);
  const transport = signOfTransport(facts, context);
  if (transport !== undefined && transport !== 'answer-unreadable') return transport;
  if (facts.status === 'NO' || facts.status === 'BAD') {
    if (context.during === 'sign-in') return signOfRefusedSignIn(facts, context);
    return 'refused';
  }
  if (facts.status === 'BYE') return 'connection-lost';
  if (context.during === 'append' && facts.code === 'InvalidMessageContent') return 'refused';
  return transport;
}

function signOfRefusedSignIn(facts: Facts, context: ErrorContext): Sign {
  if (/Login is disabled/i.test(facts.message) || /No matching authentication/i.test(facts.message))
    return context.auth === undefined || context.auth === 'password'
      ? isExchangeItself(context)
        ? 'microsoft-password-refused'
        : 'password-sign-in-off'
      : 'sign-in-refused';
  // Exchange answers every password with "LOGIN failed." since basic authentication has gone.
  const password = context.auth === undefined || context.auth === 'password';
  if (
    password &&
    context.entered !== true &&
    isExchange(context) &&
    /LOGIN failed|AUTHENTICATE failed/i.test(facts.words)
  )
    return 'microsoft-password-refused';
  return 'sign-in-refused';
}

/** What a damaged byte can look like in TLS. */
const spoken: ReadonlySet<Sign> = new Set<Sign>(['tls-failed', 'tls-not-spoken', 'tls-too-old']);

function signOfTransport(facts: Facts, context: ErrorContext): Sign | undefined {
  const sign = signOfFirstTransport(facts, context);
  // It has spoken TLS before: what it says now was damaged on its way. Any other sign of TLS stays what it is.
  const damaged = context.reconnecting === true || /BAD_RECORD_MAC|DECRYPT_ERROR/.test(facts.code);
  return damaged && sign !== undefined && spoken.has(sign) ? 'connection-lost' : sign;
}

function signOfFirstTransport(facts: Facts, context: ErrorContext): Sign | undefined {
  if (facts.tlsFailed && /after a PREAUTH greeting/i.test(facts.message)) return 'starttls-meddled';
  if (facts.tlsFailed && /does not support STARTTLS/i.test(facts.message)) return 'starttls-missing';
  if (/wrong version number|packet length too long/i.test(facts.message)) return 'tls-not-spoken';
  if (facts.code === 'UNSPECIFIED' && /too weak/i.test(facts.message)) return 'tls-weak';
  if (facts.code === 'EACCES' && facts.syscall === 'connect') return 'host-unreachable';
  const known = Object.hasOwn(errorCodes, facts.code) ? errorCodes[facts.code] : undefined;
  if (known === 'timed-out' && context.during === 'connect') return 'connect-timed-out';
  if (known !== undefined) return known;
  if (facts.tlsFailed || /^(ERR_SSL_|ERR_TLS_|CERT_|CRL_)/.test(facts.code)) return 'tls-failed';
  if (facts.code.startsWith('ParserError')) return 'answer-unreadable';
  return undefined;
}

function problemOfSign(sign: Sign, facts: Facts, context: ErrorContext): Problem {
  const {end, server, login, folder} = context;
  const more = {detail: facts.words || (facts.status === '' ? facts.message : '')};
  switch (sign) {
    case 'over-quota':
      // A source that is full still reads; there the words mean something else.
      return context.end === 'source' ? refused(context, more) : problem(sign, {}, more);
    case 'too-large':
      if (context.during !== 'append') return refused(context, more);
      return context.size === undefined
        ? problem('message-refused', {}, more)
        : problem(
            'message-too-large',
            {size: context.size, ...(context.limit === undefined ? {} : {limit: context.limit})},
            more,
          );
    case 'too-many-alike':
      return context.during === 'append'
        ? problem('message-too-many-alike', {}, more)
        : refused(context, more);
    case 'folder-gone':
      if (folder === undefined || context.during === 'create') return refused(context, more);
      if (end === 'destination') return problem('destination-folder-missing', {folder}, more);
      return problem('folder-vanished', {folder}, more);
    case 'no-right':
      if (folder === undefined || context.during === 'create') return refused(context, more);
      if (end === 'destination') return problem('folder-not-writable', {folder}, more);
      return problem('folder-unreadable', {folder}, more);
    case 'name-reserved':
      return folder === undefined ? refused(context, more) : problem('folder-name-reserved', {folder}, more);
    case 'message-gone':
      return context.during === 'fetch' ? problem('message-vanished', {}, more) : refused(context, more);
    case 'refused':
      return refused(context, more);
    case 'sign-in-refused':
      if (context.auth !== undefined && context.auth !== 'password' && isExchange(context))
        return tokenRefusal(doctorFacts(context, facts), context, more);
      return context.entered
        ? problem('password-refused-anew', {end, login, waited: false}, more)
        : problem(sign, {end, server, login}, more);
    case 'mailbox-not-connected':
      return notConnected(doctorFacts(context, facts), context, more);
    case 'server-unavailable':
      return problem(
        sign,
        {end, server, ...(facts.responseCode === 'SERVERBUG' ? {failed: true} : {})},
        more,
      );
    case 'host-unknown':
    case 'connection-refused':
      return problem(sign, {end, server}, {...more, ...(context.reconnecting ? {verdict: 'again'} : {})});
    case 'answer-unreadable':
      return problem(context.during === 'connect' ? 'not-imap' : sign, {end, server}, more);
    default:
      return problem(sign, {end, server, login}, more);
  }
}

function doctorFacts(context: ErrorContext, {claims}: Facts): SignInFacts {
  return {...context, ...(claims === undefined ? {} : {claims})};
}

/** A plain NO or BAD: what it costs depends on what was asked. */
function refused(context: ErrorContext, more: {detail: string}): Problem {
  const {end, server, folder} = context;
  if (context.during === 'append') return problem('message-refused', {}, more);
  if (context.during === 'fetch') return problem('message-unreadable', {}, more);
  if (context.during === 'create' && folder !== undefined)
    return problem('folder-not-created', {folder}, more);
  if (folder !== undefined && end === 'source') return problem('folder-unreadable', {folder}, more);
  return problem('command-refused', {end, server}, more);
}

function isExchange(context: ErrorContext): boolean {
  return context.provider === 'o365' || isExchangeItself(context);
}

/** By what answers: a request may name any host as its Office 365 end, a gateway for example. */
function isExchangeItself(context: ErrorContext): boolean {
  return (
    exchangeHost.test(context.server) ||
    (context.greeting !== undefined && exchangeGreeting.test(context.greeting))
  );
}
