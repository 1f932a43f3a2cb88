// Reads the values of a response (RFC 9051 section 9): atoms, quoted strings, literals, lists. Tolerant of what
// servers really send, bounded in depth and count.
import {emptyLiteral, Literal} from './literal.ts';
import type {WireResponse} from './wire.ts';

/** An atom or string as latin1 text, a literal as its bytes, NIL as null, a parenthesised list as an array. */
export type Value = string | Literal | null | readonly Value[];

const deepest = 40;
const sectionName = /^(BODY|BINARY)(\.PEEK|\.SIZE)?$/i;

/**
 * @param from index in the first line after which values start
 * @throws RangeError where lists nest deeper than any server's do
 */
export function readValues(response: WireResponse, from: number): Value[] {
  const {lines, literals} = response;
  let lineIndex = 0;
  let line = lines[0] ?? '';
  let at = from;
  const top: Value[] = [];
  const stack: Value[][] = [top];
  let current = top;

  for (;;) {
    while (at < line.length && line.charCodeAt(at) === 32) at++;
    if (at >= line.length) {
      lineIndex++;
      if (lineIndex >= lines.length) return top;
      line = lines[lineIndex] ?? '';
      at = 0;
      continue;
    }
    const code = line.charCodeAt(at);
    if (code === 40) {
      if (stack.length > deepest) throw new RangeError('The server sent lists nested too deep');
      const list: Value[] = [];
      current.push(list);
      stack.push(list);
      current = list;
      at++;
    } else if (code === 41) {
      stack.pop();
      current = stack.at(-1) ?? top;
      at++;
    } else if (code === 34) {
      const [text, next] = quoted(line, at);
      current.push(text);
      at = next;
    } else if ((code === 123 || code === 126) && lineIndex < literals.length && isLiteralTail(line, at)) {
      current.push(literals[lineIndex] ?? emptyLiteral);
      lineIndex++;
      line = lines[lineIndex] ?? '';
      at = 0;
    } else {
      const start = at;
      let inSection = false;
      for (; at < line.length; at++) {
        const next = line.charCodeAt(at);
        // Only a FETCH section may hold blanks and parentheses; a keyword may well hold a bracket.
        if (next === 91 && sectionName.test(line.slice(start, at))) inSection = true;
        else if (next === 93) inSection = false;
        else if (!inSection && (next === 32 || next === 40 || next === 41)) break;
      }
      const atom = line.slice(start, at);
      current.push(atom.length === 3 && atom.toUpperCase() === 'NIL' ? null : atom);
    }
  }
}

function isLiteralTail(line: string, at: number): boolean {
  return /^~?\{\d+\+?\}$/.test(line.slice(at));
}

function quoted(line: string, start: number): [string, number] {
  let at = start + 1;
  const close = line.indexOf('"', at);
  const plain = close === -1 ? line.slice(at) : line.slice(at, close);
  if (!plain.includes('\\')) return [plain, close === -1 ? line.length : close + 1];
  let text = '';
  for (; at < line.length; at++) {
    const char = line.charAt(at);
    if (char === '"') return [text, at + 1];
    if (char === '\\') at++;
    text += line.charAt(at);
  }
  return [text, at];
}

/** A string value as latin1 text; '' for NIL and lists. */
export function textOf(value: Value | undefined): string {
  if (typeof value === 'string') return value;
  return value instanceof Literal ? value.bytes.toString('latin1') : '';
}

/** A whole number the server sent, from 0 to 2^53 - 1; undefined for anything else. */
export function numberOf(value: Value | undefined): number | undefined {
  if (typeof value !== 'string' || !/^\d{1,16}$/.test(value)) return undefined;
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : undefined;
}
