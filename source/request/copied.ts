// What comes along where text is copied from a page, a chat or a word processor: characters that nobody can see, and
// typographic quotes. A sign-in with one of them is refused by the server while every message shows the right name.
import {domainToASCII} from 'node:url';
import type {Refusal} from './rules.ts';

/** Format characters and all else that draws nothing. Controls have a rule of their own. */
const unseen = /[\p{Cf}\p{Default_Ignorable_Code_Point}]/u;
const everyUnseen = new RegExp(unseen, 'gu');
const unseenButJoiners = /(?![\u200C\u200D])[\p{Cf}\p{Default_Ignorable_Code_Point}]/gu;
const joiners = /[\u200C\u200D]/g;

const quote = /[\u00AB\u00BB\u2018-\u201F\u2039\u203A\u301D-\u301F\uFF02\uFF07]/;
const isQuote = (letter: string | undefined) => letter !== undefined && quote.test(letter);

/** Longer than any name at a server, and looked into no further. */
const longest = 1000;

/** Unicode's names of those that are met. */
const names: Readonly<Record<string, string>> = {
  '\u00AD': 'SOFT HYPHEN',
  '\u034F': 'COMBINING GRAPHEME JOINER',
  '\u061C': 'ARABIC LETTER MARK',
  '\u115F': 'HANGUL CHOSEONG FILLER',
  '\u1160': 'HANGUL JUNGSEONG FILLER',
  '\u180E': 'MONGOLIAN VOWEL SEPARATOR',
  '\u200B': 'ZERO WIDTH SPACE',
  '\u200C': 'ZERO WIDTH NON-JOINER',
  '\u200D': 'ZERO WIDTH JOINER',
  '\u200E': 'LEFT-TO-RIGHT MARK',
  '\u200F': 'RIGHT-TO-LEFT MARK',
  '\u202A': 'LEFT-TO-RIGHT EMBEDDING',
  '\u202B': 'RIGHT-TO-LEFT EMBEDDING',
  '\u202C': 'POP DIRECTIONAL FORMATTING',
  '\u202D': 'LEFT-TO-RIGHT OVERRIDE',
  '\u202E': 'RIGHT-TO-LEFT OVERRIDE',
  '\u2060': 'WORD JOINER',
  '\u2066': 'LEFT-TO-RIGHT ISOLATE',
  '\u2067': 'RIGHT-TO-LEFT ISOLATE',
  '\u2068': 'FIRST STRONG ISOLATE',
  '\u2069': 'POP DIRECTIONAL ISOLATE',
  '\u3164': 'HANGUL FILLER',
  '\uFE0E': 'VARIATION SELECTOR-15',
  '\uFE0F': 'VARIATION SELECTOR-16',
  '\uFEFF': 'ZERO WIDTH NO-BREAK SPACE',
  '\uFFA0': 'HALFWIDTH HANGUL FILLER',
};

function codeOf(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
}

/** 'U+200B ZERO WIDTH SPACE'; the code alone of one that is not among those that are met. */
function named(character: string): string {
  const name = names[character];
  return name === undefined ? codeOf(character) : `${codeOf(character)} ${name}`;
}

/** IDNA keeps joiners where a script needs them (RFC 5892 appendix A), and drops all else that cannot be seen. */
function needsJoiners(text: string): boolean {
  const bare = text.replace(joiners, '');
  if (bare === text || text.length > longest) return false;
  const ascii = domainToASCII(text);
  return ascii !== '' && ascii !== domainToASCII(bare);
}

function quotesAt(text: string): {readonly before: boolean; readonly behind: boolean} {
  return {before: isQuote(text[0]), behind: text.length > 1 && isQuote(text.at(-1))};
}

/** Typographic quotes stand around all of it. */
export function isQuoted(text: string): boolean {
  const {before, behind} = quotesAt(text.trim());
  return before && behind;
}

/** Without the quotes and blanks at its ends, however many. */
export function withoutQuotes(text: string): string {
  let from = 0;
  let to = text.length;
  const goes = (letter: string | undefined) => isQuote(letter) || letter?.trim() === '';
  while (from < to && goes(text[from])) from++;
  while (to > from && goes(text[to - 1])) to--;
  return text.slice(from, to);
}

/** A name at a server without what nobody can see and the typographic quotes around it. */
export function withoutCopied(text: string): string {
  const trimmed = text.trim();
  const seen = trimmed.replace(needsJoiners(trimmed) ? unseenButJoiners : everyUnseen, '');
  const {before, behind} = quotesAt(trimmed);
  return seen === trimmed && !before && !behind ? text : withoutQuotes(seen);
}

/** Nothing else can have been meant: a quote at one end alone may be left from something longer. */
export function isCopyOnly(text: string): boolean {
  const {before, behind} = quotesAt(text.replace(everyUnseen, '').trim());
  return before === behind;
}

/** The codes of what nobody can see in it, the first of them once each: 'U+200B'. */
export function unseenCodes(text: string): readonly string[] {
  return [...new Set(text.slice(0, longest).match(everyUnseen) ?? [])].slice(0, 3).map(codeOf);
}

/** What it is called in a sentence: 'a character that nobody can see, U+200B ZERO WIDTH SPACE'. */
export function unseenWords(character: string): string {
  return `a character that nobody can see, ${named(character)}`;
}

/** The same of the first one in a text. */
export function unseenIn(text: string): string | undefined {
  const first = unseen.exec(text)?.[0];
  return first === undefined ? undefined : unseenWords(first);
}

/** @param what the text is, at the beginning of a sentence: 'The user id' */
export function copiedRule(text: string, what: string): Refusal {
  const words = unseenIn(needsJoiners(text) ? text.replace(joiners, '') : text);
  if (words !== undefined) return `${what} holds ${words}. Type it again without it.`;
  const {before, behind} = quotesAt(text);
  return before || behind
    ? `${what} has a typographic quote before or behind it. Type it again without quotes.`
    : undefined;
}
