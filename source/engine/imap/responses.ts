// What the engine reads from the responses of its commands. Pure.

import {internalDateMs} from './internal-date.ts';
import {Literal} from './literal.ts';
import {decodeMailbox, encodeMailbox} from './modified-utf7.ts';
import {numberOf, readValues, textOf, type Value} from './values.ts';
import type {LiteralSink, WireResponse} from './wire.ts';

export type MailboxStatus = {
  readonly messages: number;
  readonly uidNext: number;
  readonly uidValidity: number;
  /** Bytes, where the server has STATUS=SIZE (RFC 8438). */
  readonly bytes?: number;
};

/** Where the mailboxes are (RFC 2342). */
export type Namespaces = {
  /** Of the personal namespace. */
  readonly prefix: string;
  /** '' where the server has no hierarchy. */
  readonly delimiter: string;
  /** Prefixes of other users' and shared mailboxes: not part of this mailbox. */
  readonly foreign: readonly string[];
};

export type FetchedMessage = {
  readonly uid: number;
  readonly flags: readonly string[];
  /** As sent: '17-Jul-1996 02:44:25 -0700'. Empty where the server sent none. */
  readonly internalDate: string;
  /** RFC822.SIZE, where it was asked for. */
  readonly size?: number;
  /** The message, or its header, as asked. */
  readonly body?: Literal;
  /** It is larger than the server had said, and was not kept: to be streamed. */
  readonly oversize?: true;
};

/** What one response says of a message: the flags may come in another. */
export type ReadMessage = Omit<FetchedMessage, 'flags' | 'oversize'> & {readonly flags?: readonly string[]};

export type StreamedMessage = Omit<FetchedMessage, 'body' | 'size' | 'oversize'> & {readonly size: number};

/** A mailbox name as a command takes it. */
export function mailbox(name: string): string {
  return quoted(encodeMailbox(name));
}

/**
 * A name that is on the wire's side already. A server may have sent one as a literal with a line end in it, and what
 * stands behind that would be another command: no folder is found by such a name.
 */
export function quoted(wire: string): string {
  return `"${wire.replace(/[\r\n\0]/g, '?').replace(/["\\]/g, '\\$&')}"`;
}

/** Bytes left by a QUOTA response (RFC 9208), infinitely many where it bounds none; undefined for another response. */
export function readQuota(response: WireResponse): number | undefined {
  if (!/^\* QUOTA /i.test(response.lines[0] ?? '')) return undefined;
  let free = Number.POSITIVE_INFINITY;
  const resources = readValues(response, 8)[1];
  if (!Array.isArray(resources)) return free;
  for (let index = 0; index + 2 < resources.length; index += 3) {
    const used = numberOf(resources[index + 1]);
    const limit = numberOf(resources[index + 2]);
    if (textOf(resources[index]).toUpperCase() !== 'STORAGE' || used === undefined || limit === undefined)
      continue;
    free = Math.min(free, Math.max(0, limit - used) * 1024, Number.MAX_SAFE_INTEGER);
  }
  return free;
}

/** @throws RangeError for what is no UID: a message that cannot be asked for must not be passed over */
export function* uidsFound(text: string): Generator<number> {
  for (const [digits] of text.matchAll(/\d+/g)) yield uidOf(digits);
}

/** UID and RFC822.SIZE of a FETCH response; undefined where it lacks one. @throws RangeError as above */
export function readSize(line: string): {uid: number; size: number} | undefined {
  const usual = usualSize.exec(line);
  if (usual !== null) return {uid: uidOf(usual[1] ?? ''), size: bounded(Number(usual[2]))};
  const named = /[( ]UID (\d+)/i.exec(line)?.[1];
  const size = /[( ]RFC822\.SIZE (\d+)/i.exec(line)?.[1];
  if (named === undefined || size === undefined || !/^\* \d+ FETCH /i.test(line)) return undefined;
  return {uid: uidOf(named), size: bounded(Number(size))};
}

/** As most servers send it: a line a message comes so, and one look costs a fraction of three. */
const usualSize = /^\* \d+ FETCH \(UID (\d+) RFC822\.SIZE (\d+)\)$/;

function uidOf(digits: string): number {
  const uid = Number(digits);
  if (!isUid(uid)) throw new RangeError(`The server has a message with UID ${digits.slice(0, 30)}`);
  return uid;
}

/** In any case (RFC 9051 section 5.1). */
export const isInbox = (name: string): boolean => name.toUpperCase() === 'INBOX';

export function isNoSelect(flags: readonly string[]): boolean {
  return flags.some(flag => /^\\(noselect|nonexistent)$/i.test(flag));
}

export function readStatus(response: WireResponse, into: Map<string, MailboxStatus>): boolean {
  if (!/^\* STATUS /i.test(response.lines[0] ?? '')) return false;
  const values = readValues(response, 9);
  const items = values[1];
  if (!Array.isArray(items)) return true;
  const numbers = new Map<string, number>();
  for (let index = 0; index + 1 < items.length; index += 2) {
    const number = numberOf(items[index + 1]);
    if (number !== undefined) numbers.set(textOf(items[index]).toUpperCase(), number);
  }
  const bytes = numbers.get('SIZE');
  into.set(decodeMailbox(textOf(values[0])), {
    messages: bounded(numbers.get('MESSAGES') ?? 0),
    uidNext: bounded(numbers.get('UIDNEXT') ?? 0),
    uidValidity: numbering(numbers.get('UIDVALIDITY') ?? 0),
    ...(bytes === undefined ? {} : {bytes: Math.min(bytes, mostBytes)}),
  });
  return true;
}

/**
 * A UIDVALIDITY as it is kept: of its 32 bits (RFC 9051 section 9) where a server tells more, as one that counts milliseconds
 * does (Dynadot); 0 where it tells none. The same number wherever the server tells it.
 */
export function numbering(told: number): number {
  if (!Number.isSafeInteger(told)) return 0;
  return told > largestNumber ? told % (largestNumber + 1) || 1 : told;
}

/** As a server tells of them: it may say nothing of its own. */
export type ToldNamespaces = Omit<Namespaces, 'delimiter'> & {readonly delimiter?: string};

/** The first personal namespace, and the prefixes of the others; undefined where it is another response. */
export function readNamespaces(response: WireResponse): ToldNamespaces | undefined {
  if (!/^\* NAMESPACE /i.test(response.lines[0] ?? '')) return undefined;
  const [personal, others, shared] = readValues(response, 12).map(group =>
    (Array.isArray(group) ? (group as readonly Value[]) : []).flatMap(each =>
      Array.isArray(each) ? [{prefix: decodeMailbox(textOf(each[0])), delimiter: textOf(each[1])}] : [],
    ),
  );
  const [own] = personal ?? [];
  return {
    prefix: own?.prefix ?? '',
    ...(own === undefined ? {} : {delimiter: own.delimiter}),
    foreign: [...(others ?? []), ...(shared ?? [])].map(each => each.prefix).filter(prefix => prefix !== ''),
  };
}

export const uidInLine = /[( ]UID (\d+)/i;

/** Numbers have 32 bits (RFC 9051 section 9); no UID is 0. */
const largestNumber = 2 ** 32 - 1;
/** Of a folder: a terabyte, so that sums over all of them stay whole numbers. */
const mostBytes = 2 ** 40;
const isUid = (uid: number): boolean => uid > 0 && uid <= largestNumber;
/** A count, UID or size that a server tells, kept in its bounds. */
export const bounded = (number: number): number => Math.min(number, largestNumber);
const dateInLine = /[( ]INTERNALDATE "([^"]*)"/i;

export const discard: LiteralSink = {write: () => true, end: () => undefined};

/** Flags and date where they stand before the body. */
export function aboutBefore(before: string): Pick<StreamedMessage, 'flags' | 'internalDate'> | undefined {
  const flags = /[( ]FLAGS \(([^()]*)\)/i.exec(before)?.[1];
  const internalDate = dateInLine.exec(before)?.[1];
  if (flags === undefined || internalDate === undefined) return undefined;
  return {flags: flags.split(' ').filter(flag => flag !== ''), internalDate};
}

export function readFetch(response: WireResponse): ReadMessage | undefined {
  return readUsual(response) ?? readItems(response);
}

/**
 * A whole message as most servers send it. Every message of a mailbox comes so, and taking the line apart word by word
 * costs several times this.
 */
const usualMessage =
  /^\* \d{1,10} FETCH \(UID (\d{1,10}) FLAGS \(([^()"[]*)\) INTERNALDATE "([^"\\]*)" BODY\[\] \{\d+\+?\}$/;

/** Undefined where anything is otherwise: then `readItems` says what it is. */
function readUsual({lines, literals}: WireResponse): ReadMessage | undefined {
  const [body] = literals;
  if (lines.length !== 2 || lines[1] !== ')' || body === undefined) return undefined;
  const [, digits, flags = '', internalDate = ''] = usualMessage.exec(lines[0] ?? '') ?? [];
  const uid = Number(digits);
  if (!isUid(uid)) return undefined;
  return {uid, internalDate, flags: flagsIn(flags), body};
}

/** As `readItems` reads them: NIL in any case is the keyword NIL. */
const flagsIn = (text: string): string[] =>
  text === ''
    ? []
    : text
        .split(' ')
        .filter(flag => flag !== '')
        .map(flag => (/^nil$/i.test(flag) ? 'NIL' : flag));

function readItems(response: WireResponse): ReadMessage | undefined {
  const head = /^\* \d{1,10} FETCH /i.exec(response.lines[0] ?? '');
  if (head === null) return undefined;
  const items = readValues(response, head[0].length)[0];
  if (!Array.isArray(items)) return undefined;
  let uid: number | undefined;
  let flags: readonly string[] | undefined;
  let internalDate = '';
  let size: number | undefined;
  let body: Literal | undefined;
  for (let index = 0; index + 1 < items.length; index += 2) {
    const name = textOf(items[index]).toUpperCase();
    const value = items[index + 1];
    if (name === 'UID') uid = numberOf(value);
    else if (name === 'FLAGS' && Array.isArray(value))
      flags = (value as readonly Value[]).map(flagOf).filter(flag => flag !== '');
    else if (name === 'INTERNALDATE') internalDate = textOf(value);
    else if (name === 'RFC822.SIZE') {
      const number = numberOf(value);
      if (number !== undefined) size = bounded(number);
    } else if (name.startsWith('BODY[')) {
      // A body of NIL means: nothing there, which is not an empty message.
      if (value instanceof Literal) body = value;
      else if (typeof value === 'string') body = new Literal([Buffer.from(value, 'latin1')]);
    }
  }
  if (uid === undefined || !isUid(uid)) return undefined;
  return {
    uid,
    internalDate,
    ...(flags === undefined ? {} : {flags}),
    ...(size === undefined ? {} : {size}),
    ...(body === undefined ? {} : {body}),
  };
}

/** Among flags NIL is a keyword like any other. */
const flagOf = (value: Value): string => (value === null ? 'NIL' : textOf(value));

/** The INTERNALDATE in a line of an answer, ms since 1970. */
export function arrivalIn(line: string): number | undefined {
  const date = dateInLine.exec(line)?.[1];
  return date === undefined ? undefined : internalDateMs(date);
}
