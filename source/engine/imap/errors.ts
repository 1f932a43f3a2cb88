// What a connection can end a command with; `end` says which end's it is. The field names are imapflow's, so that one reading of errors
// (problem-from-error.ts) serves sign-in and bulk work alike.

import type {End} from '../events.ts';
import {folderGoneWords, responseCodes, unavailableWords} from '../problems/signs.ts';

/** Codes (RFC 5530) of a server whose own parts failed it, or were not to be had. */
const doubtful: ReadonlySet<string> = new Set(['SERVERBUG', 'UNAVAILABLE', 'INUSE']);

/** Why a folder is not created, in words, where it is not for its name. */
const otherGrounds = /permission|denied|access|\brights?\b|already exists/i;

/** The server answered NO or BAD. The connection stays usable. */
export class ServerRefused extends Error {
  readonly code = 'ServerRefused';
  readonly end: End;
  readonly command: string;
  readonly responseStatus: 'NO' | 'BAD';
  readonly responseText: string;
  /** RFC 5530 response code, upper case: OVERQUOTA, TRYCREATE … */
  readonly serverResponseCode?: string;
  /** ms the server asks to wait (Exchange: "Suggested Backoff Time"). */
  readonly throttleReset?: number;

  /** @param command the first word of what was asked: 'APPEND', 'UID' … */
  constructor(end: End, status: 'NO' | 'BAD', text: string, command: string) {
    super(text);
    this.end = end;
    this.command = command;
    this.name = 'ServerRefused';
    this.responseStatus = status;
    this.responseText = text;
    const code = /^\[([A-Za-z0-9-]+)/.exec(text)?.[1];
    if (code !== undefined) this.serverResponseCode = code.toUpperCase();
    const wait = backoffTime(text);
    if (wait !== undefined) this.throttleReset = wait;
  }

  /**
   * It failed for a fault of its own, and may have more than what it refused: Dovecot, killed while it stored mail, finds
   * the files at the next APPEND, says SERVERBUG to it, and shows them from then on; a proxy that has lost the server
   * behind it says UNAVAILABLE, whatever that one has done. Any other NO leaves the mailbox as it was (RFC 9051 section
   * 6.3.12); where it does not, no more is there than what it refused.
   */
  get inDoubt(): boolean {
    if (this.throttleReset !== undefined || this.responseStatus !== 'NO') return false;
    return doubtful.has(this.serverResponseCode ?? '') || unavailableWords.test(this.responseText);
  }

  /** The server minds when a command comes before the last one is answered: it is the way of sending that it refuses. */
  get isObjection(): boolean {
    return this.responseStatus === 'BAD' && /not valid in this state|invalid state/i.test(this.responseText);
  }

  /** A folder was not created, and it may be for its name: few servers have a code for that (CANNOT). */
  get mayMindName(): boolean {
    if (this.command !== 'CREATE' || this.responseStatus !== 'NO') return false;
    const {serverResponseCode: code} = this;
    if (code === undefined) return !otherGrounds.test(this.responseText);
    return code === 'CANNOT' || this.folderGone;
  }

  /** The folder that was asked for is not there. Any other refusal says nothing of what is in it. */
  get folderGone(): boolean {
    if (this.responseStatus !== 'NO' || this.throttleReset !== undefined) return false;
    const code = this.serverResponseCode;
    if (code !== undefined)
      return Object.hasOwn(responseCodes, code) && responseCodes[code] === 'folder-gone';
    return folderGoneWords.test(this.responseText) && !unavailableWords.test(this.responseText);
  }
}

/** The link is gone, or was given up. What was in flight is unknown and must be settled by looking. */
export class ConnectionLost extends Error {
  readonly end: End;
  readonly code: string;
  /** The server's BYE, if it sent one. */
  readonly reason?: string;
  readonly throttleReset?: number;

  constructor(end: End, code: string, message: string, reason?: string) {
    super(reason === undefined ? message : `${message}: ${reason}`);
    this.end = end;
    this.name = 'ConnectionLost';
    this.code = code;
    if (reason !== undefined) {
      this.reason = reason;
      const wait = backoffTime(reason);
      if (wait !== undefined) this.throttleReset = wait;
    }
  }

  /**
   * The server has refused a command because another was under way. Nothing is to blame: all is asked again over another
   * connection, and no command before the last one is answered.
   */
  get crowded(): boolean {
    return this.code === crowded;
  }

  /** The server said what our reader makes nothing of; it was not too much, and the line did not go. */
  get unreadable(): boolean {
    return this.code === 'InvalidResponse' || this.code === 'UnexpectedTag';
  }

  /** The token's time was over (quirk `tokenExpiry`): nothing that was under way is to blame. */
  get tokenExpired(): boolean {
    return /AccessTokenExpired/i.test(this.reason ?? '');
  }
}

const crowded = 'OneAtATime';

export function crowdedOut({end, responseText}: ServerRefused): ConnectionLost {
  return new ConnectionLost(end, crowded, 'The server takes one command at a time', responseText);
}

const longestBackoff = 24 * 60 * 60 * 1000;

/** Exchange's only throttle signal is this text (quirk `throttle`). Bounded to a day. */
export function backoffTime(text: string): number | undefined {
  const match = /Backoff Time[:=\s]+(\d{1,12})/i.exec(text);
  return match?.[1] === undefined ? undefined : Math.min(Number(match[1]), longestBackoff);
}

/** For `catch`: a refusal is as good as an answer. */
export function ignoreRefusal(error: unknown): string {
  if (error instanceof ServerRefused) return '';
  throw error;
}

/** A mailbox that is not there is no error; a server that asks to wait is. */
export function ignoreAbsence(error: unknown): string {
  if (error instanceof ServerRefused && error.throttleReset === undefined && error.responseStatus === 'NO')
    return '';
  throw error;
}

/**
 * Nor is one that the server does not tell of: hMailServer answers BAD for a folder that may not be read, and for one that is
 * not there. Not for Exchange, whose BAD is about the session.
 */
export function ignoreUntold(error: unknown): string {
  if (error instanceof ServerRefused && error.throttleReset === undefined && !error.isObjection) return '';
  throw error;
}
