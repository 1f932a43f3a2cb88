// Messages that Exchange cannot convert, and what it says to them. Pure.
import {contentTypeOf, decodeBody, type Field, fieldOf, partsOf, readEntity, unfold} from './mime.ts';

export type ContentRefusal = {
  /** What follows the tag. */
  readonly answer:
    | 'BAD Command Argument Error. 11'
    | 'BAD Command Error. 10'
    | 'NO Message contains NUL characters'
    | 'NO Message contains bare newlines';
  /** For tests; Exchange tells nobody. */
  readonly why:
    | 'long line'
    | 'report'
    | 'unknown charset'
    | 'too many parts'
    | 'nested too deep'
    | 'NUL'
    | 'bare line feed';
};

/** Not Exchange: what Cyrus refuses, and how it says it. */
export function bytesRefusal(bytes: Buffer): ContentRefusal | undefined {
  if (bytes.includes(0)) return {answer: 'NO Message contains NUL characters', why: 'NUL'};
  for (let at = bytes.indexOf(10); at !== -1; at = bytes.indexOf(10, at + 1))
    if (bytes[at - 1] !== 13) return {answer: 'NO Message contains bare newlines', why: 'bare line feed'};
  return undefined;
}

/** Bytes, parts and levels that Exchange takes. */
const longestLine = 10_239;
export const mostParts = 250;
const deepest = 30;

const argument = 'BAD Command Argument Error. 11';

export function contentRefusal(bytes: Buffer): ContentRefusal | undefined {
  if (hasLongLine(bytes)) return {answer: 'BAD Command Error. 10', why: 'long line'};
  const seen = {parts: 0};
  const why = look(bytes.toString('latin1'), 0, seen);
  return why === undefined ? undefined : {answer: argument, why};
}

function hasLongLine(bytes: Buffer): boolean {
  for (let from = 0; bytes.length - from > longestLine; ) {
    const end = bytes.indexOf(10, from);
    const line = (end === -1 ? bytes.length : end) - from - (end > from && bytes[end - 1] === 13 ? 1 : 0);
    if (line > longestLine) return true;
    if (end === -1) return false;
    from = end + 1;
  }
  return false;
}

function look(text: string, depth: number, seen: {parts: number}): ContentRefusal['why'] | undefined {
  if (depth > deepest) return 'nested too deep';
  const {fields, body} = readEntity(text);
  if (hasUnknownCharset(fields)) return 'unknown charset';
  const {type, boundary} = contentTypeOf(fields);
  if (type === 'multipart/report') return 'report';
  if (type === 'message/rfc822') {
    const inner = decodeBody(body, fieldOf(fields, 'Content-Transfer-Encoding')).toString('latin1');
    return look(inner, depth + 1, seen);
  }
  if (boundary === '') return undefined;
  const parts = partsOf(body, boundary);
  seen.parts += parts.length;
  if (seen.parts > mostParts) return 'too many parts';
  for (const part of parts) {
    const why = look(part, depth + 1, seen);
    if (why !== undefined) return why;
  }
  return undefined;
}

function hasUnknownCharset(fields: readonly Field[]): boolean {
  return fields.some(({value}) =>
    [...unfold(value).matchAll(/=\?([^?*\s]+)(?:\*[^?]*)?\?[BQ]\?[^?]*\?=/gi)].some(
      ([, charset]) => !isCharset(charset ?? ''),
    ),
  );
}

function isCharset(label: string): boolean {
  try {
    return new TextDecoder(label) !== undefined;
  } catch {
    return false;
  }
}
