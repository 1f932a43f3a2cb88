// The rules of single texts in a request. Each gives the sentence that refuses the text, or undefined. The schema
// and the form both ask here, so they cannot differ.
import {isIP} from 'node:net';
import {domainToASCII} from 'node:url';
import {copiedRule} from './copied.ts';
import type {Provider} from './providers/provider.ts';

/** Refuses, in a sentence for a person; undefined is "fine". */
export type Refusal = string | undefined;

// C0, DEL and C1 controls, line and paragraph separators, and what turns the writing direction: none of them can
// be seen, and all of them can make a screen or a log lie.
const unseen = /[\u0000-\u001F\u007F-\u009F\u2028\u2029\u200E\u200F\u202A-\u202E\u2066-\u2069]/;
const blank = /\s/u;

export function controlCharacters(text: string, what: string): Refusal {
  if (unseen.test(text))
    return `${what} holds a control character or a line break. Type it again without it.`;
  if (!text.isWellFormed()) return `${what} holds half a character. Type it again.`;
  return undefined;
}

/** A user id is the part before the @ (LegacyFlo's rule for every end). */
export function userIdRule(text: string): Refusal {
  if (text === '') return 'The user id is missing. Type the part of the address before the @.';
  const copied = copiedRule(text, 'The user id');
  if (copied !== undefined) return copied;
  if (text.includes('@')) return 'The user id must not contain the domain. Type only the part before the @.';
  const control = controlCharacters(text, 'The user id');
  if (control !== undefined) return control;
  if (blank.test(text)) return 'The user id must not contain blanks.';
  if (text.length > 256) return 'The user id is longer than 256 characters.';
  return undefined;
}

// RFC 1035 section 2.3.4: a label has at most 63 octets, a name 255 with its length octets, so 253 as text.
const label = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
// Names inside a company's or a container's network use underscores too.
const hostLabel = /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/;

function isName(text: string, part: RegExp): boolean {
  const ascii = domainToASCII(text.toLowerCase().replaceAll('_', 'u'));
  if (ascii === '' || ascii.length > 253) return false;
  const plain = /^[\x20-\x7e]*$/.test(text) ? text.toLowerCase() : ascii;
  const labels = plain.split('.');
  // RFC 3696 section 2: the last label is never all digits, so that a name is never taken for an address.
  return labels.every(each => part.test(each)) && !/^\d+$/.test(labels.at(-1) ?? '');
}

/** A domain name; it may be missing only where the provider signs in by the user id alone. */
export function domainRule(text: string, provider: Pick<Provider, 'domainNeeded' | 'example'>): Refusal {
  const example = provider.example.domain;
  if (text === '')
    return provider.domainNeeded ? `The domain is missing, for example ${example}.` : undefined;
  const copied = copiedRule(text, 'The domain');
  if (copied !== undefined) return copied;
  if (text.includes('@')) return `The domain is the part after the @, for example ${example}.`;
  if (!isName(text, label)) return `This is not a domain name. Type one such as ${example}.`;
  if (provider.domainNeeded && !text.includes('.')) {
    return `A domain name has at least one dot, for example ${example}.`;
  }
  return undefined;
}

/** A host name or an IP address, nothing around it. */
export function serverRule(text: string): Refusal {
  if (text === '') return 'The server is missing. Type its host name or IP address.';
  const copied = copiedRule(text, 'The server');
  if (copied !== undefined) return copied;
  if (isIP(text) !== 0 || isName(text, hostLabel)) return undefined;
  if (/^[\d.]+$/.test(text))
    return 'This is not an IP address: it has four numbers from 0 to 255, joined by dots.';
  return 'This is not a host name or an IP address. Type the name alone, for example imap.example.com.';
}

export function portRule(text: string): Refusal {
  const port = /^\d{1,6}$/.test(text) ? Number(text) : 0;
  if (port >= 1 && port <= 65_535) return undefined;
  return 'The port must be a whole number from 1 to 65535. Secure IMAP uses 993.';
}

/** True where nothing leaves the machine: localhost, 127.0.0.0/8, ::1. */
function isLoopback(server: string): boolean {
  const host = server.toLowerCase().replace(/\.$/, '');
  if (host === 'localhost' || host.endsWith('.localhost')) return true;
  if (isIP(host) === 4) return host.startsWith('127.');
  if (isIP(host) !== 6) return false;
  const address = new URL(`http://[${host}]/`).hostname;
  return address === '[::1]' || /^\[::ffff:7f[0-9a-f]{2}:[0-9a-f]+\]$/.test(address);
}

/** Without TLS the password crosses the network in clear, so that is for this machine only. */
export function securityRule(security: string, server: string, allowPlaintext: boolean): Refusal {
  if (security !== 'none' || allowPlaintext || isLoopback(server)) return undefined;
  return 'Security "none" sends the password in clear, so it is accepted for this machine (localhost) only. Use tls or starttls.';
}

export const longestTitle = 200;

export function titleRule(text: string): Refusal {
  if (text.length > longestTitle) return `The title is longer than ${longestTitle} characters.`;
  return controlCharacters(text, 'The title');
}

/** What is said of a day that is written otherwise. */
export const dayForm = 'A day is written YYYY-MM-DD, for example 2019-01-31.';

/** A calendar day that exists, YYYY-MM-DD. */
export function dayRule(text: string): Refusal {
  const parts = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (parts === null) return dayForm;
  const date = new Date(`${text}T00:00:00Z`);
  // Date takes 2019-02-30 for 2 March in some engines and for no date in others.
  if (Number.isNaN(date.getTime()) || date.toISOString().slice(0, 10) !== text || parts[1] === '0000') {
    return `There is no day ${text} in the calendar.`;
  }
  return undefined;
}

/** Since is inclusive and Before exclusive, so equal days select nothing. Both are valid days. */
export function periodRule(since: string, before: string): Refusal {
  if (since < before) return undefined;
  return `Since (${since}) must be earlier than Before (${before}): Before is the first day that is left out.`;
}

export const sameMailboxSentence =
  'Source and destination are the same mailbox. Choose another mailbox for one of them.';
