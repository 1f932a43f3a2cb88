// Reads header fields of messages as they are, not as the RFCs want them. Bytes become latin1 text first, so that
// nothing is lost; 8-bit text is read as UTF-8 where it is that.
import {cleanText} from '../clean.ts';

/** Field name in lower case to its values in order, unfolded, one latin1 character a byte. */
export type Headers = ReadonlyMap<string, readonly string[]>;

/** Bounds on what a hostile message can make us hold. */
const mostBytes = 256 * 1024;
const mostValues = 2000;

/** Fields of a header block, up to its empty line or its end. Lines that are no field are passed over. */
export function parseHeaders(block: Uint8Array): Map<string, string[]> {
  const text = Buffer.from(block.buffer, block.byteOffset, Math.min(block.byteLength, mostBytes)).toString(
    'latin1',
  );
  const headers = new Map<string, string[]>();
  let values = 0;
  let last: string[] | undefined;
  let at = 0;
  while (at < text.length && values < mostValues) {
    let end = text.indexOf('\n', at);
    if (end === -1) end = text.length;
    const line = text.slice(at, text.charCodeAt(end - 1) === 13 && end > at ? end - 1 : end);
    at = end + 1;
    if (line === '') break;
    const first = line.charCodeAt(0);
    if (first === 0x20 || first === 0x09) {
      const index = (last?.length ?? 0) - 1;
      const value = last?.[index];
      if (last !== undefined && value !== undefined) last[index] = value + line;
      continue;
    }
    const colon = line.indexOf(':');
    if (colon < 1) {
      last = undefined;
      continue;
    }
    const name = line.slice(0, colon).trimEnd().toLowerCase();
    last = headers.get(name) ?? [];
    last.push(line.slice(colon + 1).trim());
    headers.set(name, last);
    values++;
  }
  return headers;
}

/** A field's value as text: raw 8-bit bytes as UTF-8 where valid, encoded words (RFC 2047) decoded. */
export function decodeText(value: string): string {
  const readable = utf8OrLatin1(value);
  if (!readable.includes('=?')) return readable;
  // Blanks between two encoded words belong to the encoding. The characters of one may be split over both.
  const joined = readable.replace(/(\?=)\s+(?==\?[^\s?]{1,60}\?[BbQq]\?)/g, '$1');
  return joined.replace(
    /(?:=\?[^\s?]{1,60}\?[BbQq]\?[^?]{0,2000}\?=)+/g,
    run => decodeRun([...run.matchAll(/=\?([^\s?*]{1,60})(?:\*[^?]*)?\?([BbQq])\?([^?]*)\?=/g)]) ?? run,
  );
}

function decodeRun(words: readonly RegExpExecArray[]): string | undefined {
  if (words.length === 0) return undefined;
  let text = '';
  let bytes: Buffer[] = [];
  let charset = '';
  const flush = () => {
    if (bytes.length > 0) text += decodeCharset(Buffer.concat(bytes), charset);
    bytes = [];
  };
  for (const [, wordCharset = '', encoding = '', encoded = ''] of words) {
    if (wordCharset.toLowerCase() !== charset) flush();
    charset = wordCharset.toLowerCase();
    bytes.push(encoding.toUpperCase() === 'B' ? Buffer.from(encoded, 'base64') : decodeQ(encoded));
  }
  flush();
  return text;
}

function decodeQ(text: string): Buffer {
  const spaced = text.replaceAll('_', ' ');
  return Buffer.from(
    spaced.replace(/=([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  );
}

/** Bytes in a named charset; an unknown one reads as UTF-8 where valid, else latin1. */
export function decodeCharset(bytes: Uint8Array, charset: string): string {
  try {
    return new TextDecoder(charset === '' ? 'utf-8' : charset, {fatal: charset === ''}).decode(bytes);
  } catch {
    return utf8OrLatin1(Buffer.from(bytes).toString('latin1'));
  }
}

function utf8OrLatin1(value: string): string {
  if (!/[\x80-\xff]/.test(value)) return value;
  try {
    return new TextDecoder('utf-8', {fatal: true}).decode(Buffer.from(value, 'latin1'));
  } catch {
    return value;
  }
}

export type DisplayFields = {readonly messageId?: string; readonly from?: string; readonly subject?: string};

/** What names a message to a person: decoded, cleaned, bounded. Absent where the message has none. */
export function displayFields(headers: Headers): DisplayFields {
  const show = (name: string, most: number) => {
    const value = headers.get(name)?.[0];
    return value === undefined ? '' : cleanText(decodeText(value.slice(0, 8000)), most).trim();
  };
  const messageId = show('message-id', 250);
  const from = show('from', 200);
  const subject = show('subject', 200);
  return {
    ...(messageId === '' ? {} : {messageId}),
    ...(from === '' ? {} : {from}),
    ...(subject === '' ? {} : {subject}),
  };
}
