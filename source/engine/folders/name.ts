// Makes one level of a folder's name fit for the destination.
import {createHash} from 'node:crypto';
import type {ProblemCode} from '../problems/problems.ts';

export type NameRules = {
  /** Separates levels at the destination; empty where it has no hierarchy. */
  readonly delimiter: string;
  /** Only what IMAP itself forbids is replaced, for servers known to take the rest. */
  readonly literalNames?: boolean;
};

export type RepairCode = Extract<
  ProblemCode,
  'name-separator' | 'name-character' | 'name-too-long' | 'name-collision'
>;

/** Bytes of a level that file systems and servers take. */
export const longestLevel = 255;

/** The name as the destination can hold it, and what was in the way. Deterministic; needs no other name. */
export function repairLevel(level: string, rules: NameRules): {name: string; repairs: RepairCode[]} {
  const repairs: RepairCode[] = [];
  let name = level;
  const step = (code: RepairCode, repaired: string) => {
    if (repaired !== name && !repairs.includes(code)) repairs.push(code);
    name = repaired;
  };
  const substitute = substituteAt(rules.delimiter);
  if (rules.delimiter !== '') step('name-separator', name.replaceAll(rules.delimiter, substitute));
  step('name-character', name.toWellFormed().replace(/[\p{Cc}\u2028\u2029]/gu, substitute));
  if (rules.literalNames !== true) {
    // '%' and '*' are wildcards of LIST; '/' breaks Maildir and mbox layouts behind another separator.
    step('name-character', name.replace(/[%*/]/g, substitute));
    // Exchange closes the connection on a name that ends in a blank.
    step('name-character', name.trim());
    // '~' and '#' begin home directories and namespaces (RFC 9051 5.1.2); '.' and '..' are directories.
    step('name-character', name.replace(/^[~#]/, substitute));
    if (/^\.{1,2}$/.test(name)) step('name-character', name.replaceAll('.', substitute));
  }
  if (name === '') step('name-character', substitute);
  step('name-too-long', shorten(name, longestLevel, level));
  return {name, repairs};
}

/** For a server that refuses the name: nothing but letters and digits of any script, blanks, '-', '_' and '.'. */
export function plainLevel(name: string, delimiter: string): string {
  return name.replace(/[^\p{L}\p{M}\p{N} ._-]/gu, substituteAt(delimiter));
}

function substituteAt(delimiter: string): string {
  return delimiter === '_' ? '-' : '_';
}

/** Cut to `most` bytes with a short digest of `whole`, so that two long names stay two. */
export function shorten(name: string, most: number, whole: string): string {
  if (encodedLength(name) <= most) return name;
  const tail = `-${createHash('sha256').update(whole, 'utf16le').digest('hex').slice(0, 8)}`;
  let kept = '';
  for (const char of name) {
    if (encodedLength(kept + char) > most - tail.length) break;
    kept += char;
  }
  return kept.trimEnd() + tail;
}

/** Bytes of a name in modified UTF-7 (RFC 3501 5.1.3) or UTF-8, whichever is more: servers store either. */
export function encodedLength(name: string): number {
  let bytes = 0;
  let run = 0;
  for (let i = 0; i <= name.length; i++) {
    const unit = i < name.length ? name.charCodeAt(i) : 0x20;
    if (unit >= 0x20 && unit <= 0x7e) {
      // '&', base64 of UTF-16 without padding, '-'.
      if (run > 0) bytes += 2 + Math.ceil((run * 16) / 6);
      run = 0;
      if (i < name.length) bytes += unit === 0x26 ? 2 : 1;
    } else run++;
  }
  return Math.max(bytes, Buffer.byteLength(name, 'utf8'));
}
