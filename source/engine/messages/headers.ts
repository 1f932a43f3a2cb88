// Reads header fields of messages as they are, not as the RFCs want them. Bytes become latin1 text first, so that
// nothing is lost; 8-bit text is read as UTF-8 where it is that.
import {TextDecoder} from 'node:util';
import {cleanText} from '../../format/clean.ts';

/** Field name in lower case to its values in order, unfolded, one latin1 character a byte. */
export type Headers = ReadonlyMap<string, readonly string[]>;

/** Bounds on what a hostile message can make us hold. */
const mostBytes = 256 * 1024;
const mostValues = 2000;

/**
 * Fields of a header block, up to its empty line or its end; `block` may be the whole message. Lines that are no field
 * are passed over.
 * @param wanted names in lower case; all fields where not given
 */
export function parseHeaders(block: Uint8Array, wanted?: ReadonlySet<string>): Map<string, string[]> {
  const bytes = Buffer.from(block.buffer, block.byteOffset, Math.min(block.byteLength, mostBytes));
  // Values are slices of this text and keep it in memory: see `detached`.
  const whole = headerEnd(bytes);
  const text = bytes.toString('latin1', 0, whole === -1 ? bytes.length : whole);
  const headers = new Map<string, string[]>();
  const letters = wanted === undefined ? -1 : lettersOf(wanted);
  let values = 0;
  let last: string[] | undefined;
  let colon = -1;
  let at = 0;
  while (at < text.length && values < mostValues) {
    let end = text.indexOf('\n', at);
    if (end === -1) end = text.length;
    const lineEnd = end > at && text.charCodeAt(end - 1) === 13 ? end - 1 : end;
    const start = at;
    at = end + 1;
    if (lineEnd === start) break;
    const first = text.charCodeAt(start);
    if (first === 0x20 || first === 0x09) {
      const index = (last?.length ?? 0) - 1;
      const value = last?.[index];
      if (last !== undefined && value !== undefined) last[index] = value + text.slice(start, lineEnd);
      continue;
    }
    // Looked for once where it is far away, or many lines without one would cost the square of their number.
    if (colon < start) colon = text.indexOf(':', start);
    if (colon === -1) break;
    if (colon === start || colon >= lineEnd) {
      last = undefined;
      continue;
    }
    values++;
    // Most fields of a message differ from those wanted in their first letter.
    if ((letters & (1 << (first & 31))) === 0) {
      last = undefined;
      continue;
    }
    const name = text.slice(start, colon).trimEnd().toLowerCase();
    if (wanted !== undefined && !wanted.has(name)) {
      last = undefined;
      continue;
    }
    const value = text.slice(colon + 1, lineEnd).trim();
    last = headers.get(name);
    if (last === undefined) {
      last = [value];
      headers.set(name, last);
    } else last.push(value);
  }
  return headers;
}

/** A bit for each letter that one of the names begins with, whatever its case. */
function lettersOf(names: ReadonlySet<string>): number {
  let letters = 0;
  for (const name of names) letters |= 1 << (name.charCodeAt(0) & 31);
  return letters;
}

/** The header is whole in these first bytes of a message, or as long as any is read. */
export function holdsHeader(bytes: Buffer): boolean {
  return bytes.length >= mostBytes || headerEnd(bytes) !== -1;
}

/** Where the first empty line begins; -1 where there is none. */
function headerEnd(bytes: Buffer): number {
  // Looked at byte by byte: no text is made of the body that follows, and a search by calls costs more than it saves.
  for (let at = 1; at < bytes.length; at++) {
    if (bytes[at] !== 10) continue;
    const before = bytes[at - 1];
    if (before === 10) return at;
    if (before === 13 && bytes[at - 2] === 10) return at - 1;
  }
  return -1;
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

/** Those that were needed, by label. The Encoding Standard has 230 labels, but takes blanks around them. */
const mostDecoders = 300;
const decoders = new Map<string, TextDecoder>();
const strictUtf8 = new TextDecoder('utf-8', {fatal: true});

function decoderOf(charset: string): TextDecoder {
  if (charset === '') return strictUtf8;
  const label = charset.toLowerCase();
  const known = decoders.get(label);
  if (known !== undefined) return known;
  const decoder = new TextDecoder(label);
  if (decoders.size < mostDecoders) decoders.set(label, decoder);
  return decoder;
}

/** A name that the Encoding Standard knows, or none. */
export function isCharset(name: string): boolean {
  try {
    return decoderOf(name) !== undefined;
  } catch {
    return false;
  }
}

/** Bytes in a named charset; an unknown one reads as UTF-8 where valid, else latin1. */
export function decodeCharset(bytes: Uint8Array, charset: string): string {
  try {
    return decoderOf(charset).decode(bytes);
  } catch {
    return utf8OrLatin1(Buffer.from(bytes).toString('latin1'));
  }
}

function utf8OrLatin1(value: string): string {
  if (!/[\x80-\xff]/.test(value)) return value;
  try {
    return strictUtf8.decode(Buffer.from(value, 'latin1'));
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

/** The same texts, to be kept: a slice keeps the whole header in memory. */
export function detached(fields: DisplayFields): DisplayFields {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [name, Buffer.from(value).toString()]),
  );
}
