// Takes the secrets of a sign-in out of what is said about it. A server may say back what it was sent, as in 'Unknown
// command: LOGIN "ann" "secret"', and its words go into sentences, journals and reports.
import {mask} from '../../request/secret.ts';

/** A text without the secrets. */
export type Hide = (text: string) => string;

/** Characters of the shortest that is hidden: 'no' and 'in' are in every sentence, and a mask there would tell of them. */
const shortest = 4;
/** Characters from which on one is hidden inside a word too, and where its end is cut off: 'pass' is no part of 'password'. */
const unlikely = 8;
/** Characters of a text that are kept: more than is ever shown (textOf in problems/facts.ts). */
const longest = 8000;

const base64Run = /[\w+/-]{4,}={0,2}/g;
/** From one place only, or each of many blanks would be a beginning. */
const endOfText = /(?<=[\p{L}\p{N}]|^)[^\p{L}\p{N}]*$/u;

/**
 * What hides these secrets, each in every form in which it is sent: as it is, quoted (LOGIN), as UTF-8 read byte by byte,
 * encoded for a URL (the token endpoint), and in base64, alone or with what stands around it (PLAIN, XOAUTH2). Case does
 * not count: a server may say a command back in upper case.
 */
export function hiding(secrets: readonly (string | undefined)[]): Hide {
  const known = secrets.filter(secret => secret !== undefined && secret.length >= shortest) as string[];
  if (known.length === 0) return text => text;
  let found: {clear: readonly string[]; pattern: RegExp; cores: readonly string[]} | undefined;
  return text => {
    // Few servers refuse a sign-in.
    found ??= formsOf(known);
    const {clear, pattern, cores} = found;
    const hidden = text
      .slice(0, longest)
      .replace(pattern, mask)
      .replace(base64Run, run => (isEncoded(run, cores) ? mask : run));
    const [tail = ''] = endOfText.exec(hidden) ?? [];
    const body = hidden.slice(0, hidden.length - tail.length);
    const lower = body.toLowerCase();
    const cut = Math.max(...clear.map(form => cutOff(lower, form.toLowerCase(), tells)));
    return cut === 0 ? hidden : body.slice(0, -cut) + mask + tail;
  };
}

function formsOf(secrets: readonly string[]) {
  const clear = [...new Set(secrets.flatMap(clearForms))].sort((a, b) => b.length - a.length);
  return {
    clear,
    pattern: new RegExp(clear.map(patternOf).join('|'), 'giu'),
    cores: [...new Set(secrets.flatMap(base64Cores))],
  };
}

function clearForms(secret: string): string[] {
  const whole = secret.toWellFormed();
  return [
    secret,
    secret.replace(/["\\]/g, '\\$&'),
    Buffer.from(secret).toString('latin1'),
    encodeURIComponent(whole),
    new URLSearchParams([['', whole]]).toString().slice(1),
  ];
}

function patternOf(form: string): string {
  const escaped = form.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
  return form.length < unlikely ? `(?<![\\p{L}\\p{N}])${escaped}(?![\\p{L}\\p{N}])` : escaped;
}

/** The characters that a secret makes in base64 whatever stands before and behind it, at each of its three offsets. */
function base64Cores(secret: string): string[] {
  const bytes = Buffer.from(secret);
  return [0, 1, 2].map(offset => {
    const whole = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64');
    return whole
      .slice(Math.ceil((offset * 8) / 6), Math.floor(((offset + bytes.length) * 8) / 6))
      .toLowerCase();
  });
}

/** Base64 that holds one, or the beginning of one that was cut off; also as URLs have it. */
function isEncoded(run: string, cores: readonly string[]): boolean {
  const plain = run.toLowerCase().replace(/=+$/, '').replaceAll('-', '+').replaceAll('_', '/');
  return cores.some(core => plain.includes(core) || cutOff(plain, core) > 0);
}

/**
 * How many characters of the form a text ends with that goes no further; 0 where they are too few to tell.
 * @param tells whether they can be no word of the server's own, by them and what stands before
 */
function cutOff(text: string, form: string, tells = (_part: string, _before: string) => true): number {
  for (let length = Math.min(form.length - 1, text.length); length >= unlikely; length--) {
    const part = form.slice(0, length);
    if (text.endsWith(part) && tells(part, text.slice(0, -length))) return length;
  }
  return 0;
}

/** "Wrong user name or password." is no beginning of Password123, and a mask there would say that it is. */
const tells = (part: string, before: string) => /[^\p{L}]/u.test(part) || before.endsWith('"');

/** Takes them out of all that an error says, and out of what it was made of: other errors, a server's answer. */
export function hideIn(error: unknown, hide: Hide, deepest = 5): void {
  if (typeof error !== 'object' || error === null || deepest === 0) return;
  for (const name of Reflect.ownKeys(error)) {
    const value: unknown = Reflect.get(error, name);
    if (typeof value === 'string') Reflect.set(error, name, hide(value));
    else if (isOfIt(value)) hideIn(value, hide, deepest - 1);
  }
}

/** No socket, nor anything else at work. */
function isOfIt(value: unknown): boolean {
  if (value instanceof Error || Array.isArray(value)) return true;
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
