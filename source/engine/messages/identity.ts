// When two messages are one. A ladder: Message-ID with Date and sender; without a Message-ID the stable headers,
// and then the body has to be looked at. Servers refold, recode and reorder headers, add what is missing and
// drop what they do not know; the keys survive that. Equal Message-ID alone never makes two messages one.
import {hash} from 'node:crypto';
import type {Headers} from './headers.ts';
import {decodeText} from './headers.ts';

/** Fields to fetch: BODY.PEEK[HEADER.FIELDS (…)]. */
export const headerFieldsForIdentity = ['Message-ID', 'Date', 'From', 'To', 'Cc', 'Subject'] as const;

/** The same as `parseHeaders` takes them; displayFields needs no others. */
export const identityFields: ReadonlySet<string> = new Set(
  headerFieldsForIdentity.map(name => name.toLowerCase()),
);

export type MessageKey = {
  /** 16 bytes as hex. */
  readonly key: string;
  /** Equal keys are equal messages; otherwise the body decides. */
  readonly strong: boolean;
  /**
   * Grounds for comparing bodies where keys differ, the better first: the Message-ID alone (Exchange writes a Date
   * where it cannot read one), the headers without it (Exchange adds a Message-ID where none is).
   */
  readonly hints: readonly string[];
  /**
   * The hint of the same message without a Date, where this one has a Date: Exchange writes one where there is none.
   * Only what is at the destination is looked up by it.
   */
  readonly undated?: string;
  /** Its Date, ms since 1970, where that is written so that nobody reads another moment in it. Of what is looked for only. */
  readonly sentAt?: number;
};

/** @param looking the message is looked for, not sent: `undated` is wanted too */
export function headerKey(headers: Headers, looking = false): MessageKey {
  const messageId = messageIdOf(headers);
  const date = dateOf(headers);
  const from = addressesOf(headers, 'from');
  const to = addressesOf(headers, 'to');
  const cc = addressesOf(headers, 'cc');
  const subject = squeeze(decodeText((headers.get('subject')?.[0] ?? '').slice(0, 8000))).normalize('NFC');
  // A Date that cannot be read is none: Exchange writes another in its place.
  const readable = /^-?\d+$/.test(date);
  const head = digest(['head', readable ? date : '', from, to, cc, subject]);
  const undated = looking && readable ? {undated: digest(['head', '', from, to, cc, subject])} : {};
  if (messageId === '') return {key: head, strong: false, hints: [head], ...undated};
  return {
    key: digest(['id', messageId, date, from]),
    strong: true,
    hints: [digest(['id', messageId]), head],
    ...undated,
    ...(looking && isPlainDate((headers.get('date')?.[0] ?? '').replace(/[ \t]+/g, ' '))
      ? {sentAt: Number(date) * 1000}
      : {}),
  };
}

function digest(parts: readonly string[]): string {
  return hash('sha256', JSON.stringify(parts), 'hex').slice(0, 32);
}

function messageIdOf(headers: Headers): string {
  const value = headers.get('message-id')?.[0] ?? '';
  const inside = /<([^<>]*)>/.exec(value)?.[1] ?? value;
  return /\s/.test(inside) ? inside.replace(/\s+/g, '') : inside;
}

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const zones: Readonly<Record<string, number>> = {
  edt: -240,
  est: -300,
  cdt: -300,
  cst: -360,
  mdt: -360,
  mst: -420,
  pdt: -420,
  pst: -480,
};

/**
 * As RFC 5322 has it, with a zone in numbers: a server that writes it anew writes the same moment.
 * @param value wherever it was folded, a blank stands there
 */
function isPlainDate(value: string): boolean {
  return /^\s*(?:[A-Z][a-z]{2}, +)?(?:[012]?[1-9]|[123]0|31) (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) (?:19[7-9]|20\d)\d (?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d [+-](?:0\d|1[0-4])[0-5]\d\s*(?:\([^()]*\)\s*)?$/.test(
    value,
  );
}

/** Seconds since 1970 where it can be read, so that another notation of the same moment is equal; else its text. */
function dateOf(headers: Headers): string {
  const value = squeeze((headers.get('date')?.[0] ?? '').slice(0, 200)).toLowerCase();
  const parts =
    /(\d{1,2})[ -]([a-z]{3})[a-z]*\.?[ -](\d{2,4}),? (\d{1,2}):(\d{2})(?::(\d{2}))?(?:\.\d+)? ?([+-]\d{4}|[a-z]{1,5})?/.exec(
      value,
    );
  const month = months.indexOf(parts?.[2] ?? '');
  if (parts === null || month < 0) return value;
  const [, day, , yearText = '', hour, minute, second = '0', zone = ''] = parts;
  const digits = Number(yearText);
  // RFC 5322 4.3: two digits below 50 are 20xx; three digits are counted from 1900.
  const year = yearText.length > 3 ? digits : digits + (yearText.length === 2 && digits < 50 ? 2000 : 1900);
  const offset = /^[+-]/.test(zone)
    ? (zone.startsWith('-') ? -1 : 1) * (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(3)))
    : Object.hasOwn(zones, zone)
      ? (zones[zone] ?? 0)
      : 0;
  const utc = Date.UTC(year, month, Number(day), Number(hour), Number(minute), Number(second));
  return String(utc / 1000 - offset * 60);
}

/** One address, bare or behind a name, with nothing in it that has to be unquoted or taken apart. */
const singleAddress = /^(?:[^"(),;:<>]*<([^"(),;:<>\s]+)>|([^"(),;:<>\s]+))$/;

const quotedText = /"((?:[^"\\]|\\.)*)"(@?)/sy;

/** Without what is in quotes; before an @ it is part of an address. */
function unquoted(value: string): string {
  let text = '';
  let at = 0;
  for (let open = value.indexOf('"'); open !== -1; open = value.indexOf('"', at)) {
    quotedText.lastIndex = open;
    const found = quotedText.exec(value);
    // Where one quote is never closed, none behind it is: looking again from each would cost the square of their number.
    if (found === null) break;
    const [whole, inside = '', address] = found;
    text += value.slice(at, open) + (address === '' ? ' ' : `${inside}@`);
    at = open + whole.length;
  }
  return text + value.slice(at);
}

/** Mail addresses, sorted: display names, quoting and order change on the way. */
function addressesOf(headers: Headers, name: string): string {
  const values = headers.get(name);
  if (values === undefined) return '';
  const value = values.join(', ').slice(0, 64_000);
  const [, behindName, bareAddress = behindName] = singleAddress.exec(value) ?? [];
  if (bareAddress?.includes('@')) return bareAddress.toLowerCase();
  const bare = unquoted(value).replace(/\([^()]*\)/g, ' ');
  const addresses = new Set<string>();
  for (const part of bare.split(/[,;]/)) {
    const address = (/<([^<>]*)>/.exec(part)?.[1] ?? part).replace(/^[^:]{0,200}:/, '').replace(/\s+/g, '');
    if (address.includes('@')) addresses.add(address.toLowerCase());
  }
  if (addresses.size === 0) return squeeze(decodeText(value)).toLowerCase();
  return [...addresses].sort().join(',');
}

function squeeze(text: string): string {
  return (/[^\S ]| {2}/.test(text) ? text.replace(/\s+/g, ' ') : text).trim();
}
