// What comes of asking an identity provider for a token and not getting one. problem-from-error.ts reads the fields.
import {cleanText} from '../../format/clean.ts';

/** What a provider answers besides the words: RFC 6749 section 5.2, and Microsoft's number for it. */
export type Refusal = {
  /** `error`: invalid_grant, interaction_required, expired_token … */
  readonly oauthError: string;
  /** `error_description`, as sent. */
  readonly description: string;
  /** Microsoft's number, where the description does not begin with it. */
  readonly aadsts?: number;
};

/**
 * The identity provider refuses a token. No part of a secret or a token is in it.
 * Microsoft's numbers: https://learn.microsoft.com/entra/identity-platform/reference-error-codes
 */
export class SignInRefused extends Error {
  override readonly name = 'SignInRefused';
  /** 'AADSTS50076', else the OAuth error. */
  readonly code: string;
  readonly aadsts?: number;
  readonly oauthError: string;
  /** For people: without the number, trace ids and times, one line. */
  readonly description: string;

  constructor({oauthError, description, aadsts}: Refusal) {
    const said = /\bAADSTS(\d{4,8})/.exec(description.slice(0, 2000))?.[1];
    const number = said === undefined ? aadsts : Number(said);
    const error = cleanText(oauthError, 60);
    const words = wordsOf(description);
    const code = number === undefined ? error : `AADSTS${number}`;
    super(words === '' ? code : `${code}: ${words}`);
    this.code = code;
    if (number !== undefined) this.aadsts = number;
    this.oauthError = error;
    this.description = words;
  }
}

/** Microsoft's descriptions end with trace ids and a time, on further lines or in the same one. */
function wordsOf(description: string): string {
  const [words = ''] = description.slice(0, 4000).split(/\s*(?:Trace ID|Correlation ID|Timestamp):/i);
  return cleanText(words.replace(/^\s*AADSTS\d+:\s*/, '').trim(), 400);
}

/** The identity provider cannot be reached, or answers nothing that can be understood. */
export class SignInUnreachable extends Error {
  override readonly name = 'SignInUnreachable';
  /** Node's: ENOTFOUND, ECONNREFUSED, CERT_HAS_EXPIRED … */
  readonly code: string;
  /** The identity provider's host, with its port where that is not 443. */
  readonly host: string;

  constructor(host: string, code: string, message: string, cause?: unknown) {
    super(message, {cause});
    this.host = cleanText(host, 160);
    this.code = code;
  }
}
