// What an error says, whoever threw it: Node, TLS, SQLite, imapflow or the engine itself. Errors are read by their fields,
// so that this stays free of imapflow.
import type {TokenClaims} from '../auth/token-claims.ts';

export type Facts = {
  readonly name: string;
  readonly code: string;
  /** NO, BAD, BYE or empty. */
  readonly status: string;
  /** The server's own words: the answer, or the reason of its BYE. */
  readonly words: string;
  readonly responseCode: string;
  readonly authenticationFailed: boolean;
  readonly tlsFailed: boolean;
  readonly mailboxMissing: boolean;
  readonly throttleReset: number | undefined;
  /** Of the token that was sent (imap/sign-in.ts). */
  readonly claims: TokenClaims | undefined;
  readonly sqlite: number | undefined;
  readonly syscall: string;
  /** Of the server that refused (imap/sign-in.ts). */
  readonly greeting: string;
  readonly message: string;
  readonly stackless: string;
};

/** Advice for programmers of Node at the end of its words about certificates; the next step says what a person can do. */
const nodeAdvice = /; if the root CA is installed locally, .*$/s;

export function readError(error: unknown): Facts {
  const fields = asRecord(error);
  // Wrapped errors: imapflow's normalized time-outs (_err), AggregateError of several addresses, `cause`.
  const inner = asRecord(fields['cause'] ?? fields['_err'] ?? firstOf(fields['errors']));
  const text = (name: string) => textOf(fields[name]) || textOf(inner[name]);
  const message = (textOf(fields['message']) || textOf(inner['message'])).replace(nodeAdvice, '');
  const name = textOf(fields['name']);
  const code = text('code') || (name === 'AbortError' ? 'ABORT_ERR' : '');
  return {
    name,
    code,
    status: text('responseStatus').toUpperCase(),
    words: text('responseText') || text('reason') || answerText(textOf(fields['response'])),
    responseCode: text('serverResponseCode').toUpperCase() || bracketCode(textOf(fields['response'])),
    authenticationFailed: fields['authenticationFailed'] === true,
    tlsFailed: fields['tlsFailed'] === true,
    mailboxMissing: fields['mailboxMissing'] === true,
    throttleReset: numberOf(fields['throttleReset']),
    claims: fields['tokenClaims'] as TokenClaims | undefined,
    sqlite: code === 'ERR_SQLITE_ERROR' ? numberOf(fields['errcode']) : undefined,
    syscall: text('syscall'),
    greeting: textOf(fields['greeting']),
    message,
    stackless: error instanceof Error ? `${name}: ${message}` : String(error),
  };
}

export function asRecord(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function firstOf(value: unknown): unknown {
  return Array.isArray(value) ? value[0] : undefined;
}

/** Bounded: a server may send megabytes. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value.slice(0, 4000) : '';
}

export function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

/**
 * imapflow's `response` of a refused sign-in is the whole line: `3 NO [CODE] Basic authentication is disabled.`; where
 * Exchange accepts the sign-in and does not open the mailbox it is the words alone.
 */
function answerText(response: string): string {
  return /^\S+ (?:NO|BAD|BYE) (?:\[[^\]]{0,200}\] ?)?(.*)$/is.exec(response)?.[1] ?? response;
}

function bracketCode(response: string): string {
  return /^\S+ (?:NO|BAD|BYE) \[([A-Z-]{1,40})/i.exec(response)?.[1]?.toUpperCase() ?? '';
}
