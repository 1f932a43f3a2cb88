// What an error says of when a server may be asked again, and what it is called when it has come too often. Pure.

import {SignInRefused, SignInUnreachable} from '../auth/sign-in-refused.ts';
import type {End} from '../events.ts';
import {exchangeGreeting} from '../exchange-greeting.ts';
import {ConnectionLost, ServerRefused} from '../imap/errors.ts';
import type {Session} from '../imap/session.ts';
import {lastly} from '../problems/last-step.ts';
import {type Problem, type ProblemCode, problem} from '../problems/problems.ts';

/** How an error came about. */
export type Circumstances = {
  /** The connection that was lost; many that go at once count as one loss. */
  readonly session?: Session | undefined;
  /** It happened while signing in. */
  readonly entering?: boolean;
  /** Outages that were known when the sign-in began: connections that are refused together are refused once. */
  readonly outages?: number;
  /** Who signs in holds a connection to the other end. */
  readonly holding?: boolean;
  /** A token that has ended is replaced by a new one. */
  readonly renewable?: boolean;
};

/** ms, in which a server is left alone that asks for it: one that asks for none is not asked without end. */
export const backOff = {least: 250, most: 24 * 60 * 60 * 1000};

/** Exchange ends a session after about ten refusals, whatever they were for (quirk `errorBudget`). */
export function usedUp(error: unknown, session: Session | undefined): boolean {
  const closed = error instanceof ConnectionLost && /Connection closed\. 14/i.test(error.reason ?? '');
  return closed && session?.exchange === true && session.wire.refusals > 0;
}

/** Nothing answers there, whoever comes. */
const unreached = new Set(['host-unknown', 'name-lookup-failed', 'host-unreachable', 'connection-refused']);
/** The same, or what answers is out of order, maybe for this mailbox only. */
const out = new Set([
  ...unreached,
  ...['connect-timed-out', 'connection-lost', 'timed-out', 'server-unavailable', 'identity-provider-busy'],
]);

export type Absence = {
  /** Something answered, and hung up or said that it is out of order. */
  readonly reached: boolean;
  /** It is not the server that is missed, but the one who gives tokens: its host, where known. */
  readonly tokens: boolean;
  readonly host?: string;
};

/** Where an error says that a server, or who gives the tokens for it, is not there; undefined where it is. */
export function absenceOf(error: unknown, why: Problem): Absence | undefined {
  if (error instanceof ServerRefused || !out.has(why.code)) return undefined;
  if (error instanceof SignInUnreachable) return {reached: false, tokens: true, host: error.host};
  if (error instanceof SignInRefused) return {reached: true, tokens: true};
  const {code} = error as {readonly code?: unknown};
  const silent = why.code === 'connect-timed-out' && (code === 'CONNECT_TIMEOUT' || code === 'ETIMEDOUT');
  return {reached: !silent && !unreached.has(why.code), tokens: false};
}

/** No further session is granted: those that were lost count for a while yet. */
export function isCap(error: unknown, why: Problem, {entering}: Circumstances, opened: boolean): boolean {
  if (why.code === 'mailbox-not-connected' || why.code === 'mailbox-sessions-used-up') return true;
  if (entering !== true) return false;
  // Exchange also just hangs up on a session too many, after its greeting.
  const greeting = (error as {greeting?: unknown} | null)?.greeting;
  const hungUp = why.code === 'connection-lost' && typeof greeting === 'string';
  return (opened && why.code === 'too-many-connections') || (hungUp && exchangeGreeting.test(greeting));
}

const turnedAway = new Set<string>([
  'too-many-connections',
  'connection-lost',
  'connection-refused',
  'connect-timed-out',
] satisfies ProblemCode[]);

/** Before the server knew for which mailbox: it takes no more connections from this computer, or none at all. */
export function isTurnedAway(error: unknown, why: Problem): boolean {
  if (error instanceof SignInUnreachable || error instanceof SignInRefused) return false;
  return turnedAway.has(why.code) && (error as {greeting?: unknown} | null)?.greeting === undefined;
}

export function isUnstored(error: unknown, why: Problem): boolean {
  return error instanceof ServerRefused && error.command === 'APPEND' && why.code === 'server-unavailable';
}

/** The server refuses a sign-in that it has taken before. */
export function isRefusedAnew(
  why: Problem,
): why is Problem & {readonly code: 'token-refused-anew' | 'password-refused-anew'} {
  return why.code === 'token-refused-anew' || why.code === 'password-refused-anew';
}

/**
 * ms that an error says its server wants to be left alone, within `backOff`; undefined where it says none: a
 * ServerRefused, or what imapflow throws at the sign-in.
 */
export function throttleReset(error: unknown): number | undefined {
  const value = (error as {throttleReset?: unknown} | null)?.throttleReset;
  if (typeof value !== 'number' || !Number.isFinite(value) || value < 0) return undefined;
  return Math.min(Math.max(value, backOff.least), backOff.most);
}

/** What an error is called once it has come again and again. */
export function lastWord(why: Problem, {end, login}: {readonly end: End; readonly login: string}): Problem {
  if (why.code === 'mailbox-sessions-used-up')
    return problem(why.code, {end, login, waited: true}, {verdict: 'stop', ...detailOf(why)});
  if (isRefusedAnew(why))
    return problem(why.code, {end, login, waited: true}, {verdict: 'stop', ...detailOf(why)});
  // Exchange says this too where a mailbox is full (quirk `quotaRefusal`), and nothing else.
  if (
    end === 'destination' &&
    why.code === 'server-unavailable' &&
    /Unavailable\. 15/i.test(why.detail ?? '')
  )
    return problem('over-quota-likely', {}, detailOf(why));
  return lastly(why);
}

function detailOf({detail}: Problem): {readonly detail?: string} {
  return detail === undefined ? {} : {detail};
}
